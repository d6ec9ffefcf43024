"""Where a page holds the comment `% every module`, put a table of the package's modules.

One row a module, wing by wing: a link to its documentation and the first line of its docstring.
So the page names every module there is, in the words that stand in the code.
"""

import ast
from importlib.util import find_spec
from pathlib import Path

MARK = "% every module"


def modules():
    """(name below ganedu, first line of the docstring) of every module: wings first, then the rest."""
    root = Path(find_spec("ganedu").origin).parent
    found = []
    for path in sorted(root.rglob("*.py")):
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        if not name.startswith("__"):
            line = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n")[0]
            found.append((name.removesuffix(".__init__"), line))
    wings = {name.split(".")[0] for name, _ in found if "." in name}
    return sorted(found, key=lambda row: (row[0].split(".")[0] not in wings, row[0]))


def table():
    rows = ["| Module | In one line |", "|---|---|"]
    for name, line in modules():
        shown = f"{{py:mod}}`{name} <ganedu.{name}>`"
        rows.append(f"| {shown if '.' in name else f'**{shown}**'} | {line.replace('|', chr(92) + '|')} |")
    return "\n".join(rows)


def fill(app, docname, source):
    if MARK in source[0]:
        source[0] = source[0].replace(MARK, table())


def setup(app):
    app.connect("source-read", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
