"""Make the students' labs from the solutions.

A lab is its solution with three changes: each block between `### BEGIN SOLUTION` and
`### END SOLUTION` becomes a stub that raises NotImplementedError, hidden tests are cut, and
every check cell (nbgrader's grade cells, and the cells that draw a target picture) is tagged
`raises-exception`, so that the unsolved lab still runs to its end.  Text after
`### BEGIN SOLUTION:` says what to write, and becomes the stub's message.

    python -m tools.make_labs             write labs/ again
    python -m tools.make_labs --check     change nothing; exit 1 where labs/ differs
    python -m tools.make_labs --targets   first run the solutions for their target pictures
"""

import argparse
import base64
import copy
import json
import re
import sys
import textwrap
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 80  # of a line of code
BLOCK = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION:?[ \t]*(.*)\n(?:.*\n)*?.*### END SOLUTION.*$", re.MULTILINE
)
HIDDEN = re.compile(
    r"^.*### BEGIN HIDDEN TESTS.*\n(?:.*\n)*?.*### END HIDDEN TESTS.*\n?", re.MULTILINE
)


def stub(match):
    """The lines that stand for a solution block, as deep as the block was."""
    indent, what = match.group(1), match.group(2).strip() or "write this part yourself"
    lines = textwrap.wrap(f"YOUR CODE HERE: {what}", WIDTH, initial_indent=f"{indent}# ",
                          subsequent_indent=f"{indent}# ")
    raises = f"{indent}raise NotImplementedError({json.dumps(what, ensure_ascii=False)})"
    if len(raises) > WIDTH:
        raises = raises.replace("(", f"(\n{indent}    ", 1)
    return "\n".join([*lines, raises])


def lab_from(solution):
    """The student's notebook of a solution notebook."""
    lab = copy.deepcopy(solution)
    for cell in lab.cells:
        source = HIDDEN.sub("", BLOCK.sub(stub, cell.source)).rstrip("\n")
        if "### BEGIN" in source or "### END" in source:
            mark = next(line.strip() for line in source.splitlines()
                        if "### BEGIN" in line or "### END" in line)
            raise ValueError(f"cell {cell.id}: `{mark}` has no partner, or is not spelt as "
                             "`### BEGIN SOLUTION` and `### END SOLUTION` are")
        cell.source = source
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        tags = list(cell.metadata.get("tags", []))
        grader = cell.metadata.get("nbgrader", {})
        check = grader.get("grade") and not grader.get("solution")
        if check or target_name(cell) or "needs-answers" in tags:
            tags = [t for t in tags if not t.startswith("target:") and t != "needs-answers"]
            tags.append("raises-exception")
        if tags:
            cell.metadata["tags"] = tags
    return lab


def target_name(cell):
    """NAME of a cell tagged `target:NAME`, else None."""
    names = [tag[7:] for tag in cell.metadata.get("tags", []) if tag.startswith("target:")]
    return names[0] if names else None


def save_targets(folder):
    """Run each solution once and write the pictures of its target cells."""
    from tools.site import executed

    (folder / "targets").mkdir(exist_ok=True)
    for path in sorted(folder.glob("*.ipynb")):
        for cell in executed(path).cells:
            if name := target_name(cell):
                found = [out.data for out in cell.outputs if "image/png" in out.get("data", {})]
                if len(found) != 1:
                    raise ValueError(f"{path.name}: {len(found)} pictures for target {name}")
                picture = base64.b64decode(found[0]["image/png"])
                (folder / "targets" / f"{name}.png").write_bytes(picture)


def generate(folder):
    """File name in labs/ -> content, of all that the solutions in `folder` give."""
    files = {}
    for path in sorted(folder.glob("*.ipynb")):
        try:
            lab = lab_from(nbformat.read(path, 4))
        except ValueError as error:
            raise ValueError(f"{path.parent.name}/{path.name}, {error}") from None
        files[path.name] = (nbformat.writes(lab).strip() + "\n").encode()
    for path in sorted((folder / "targets").glob("*.png")):
        files[f"targets/{path.name}"] = path.read_bytes()
    return files


def main(arguments=None, root=ROOT):
    parser = argparse.ArgumentParser(prog="make_labs", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare; 1 if different")
    parser.add_argument("--targets", action="store_true", help="run solutions for pictures")
    options = parser.parse_args(arguments)
    solutions, labs = root / "solutions", root / "labs"
    try:
        if options.targets:
            save_targets(solutions)
        files = generate(solutions)
    except ValueError as error:
        sys.exit(f"labs/ was not made. {error}")
    there = {path.relative_to(labs).as_posix(): path.read_bytes()
             for path in [*labs.glob("*.ipynb"), *labs.glob("targets/*")]}
    wrong = sorted(name for name in files.keys() | there if files.get(name) != there.get(name))
    if options.check and wrong:
        sys.exit(f"labs/ is not what solutions/ gives: {', '.join(wrong)}; run: make labs")
    for name in wrong:
        if name in files:
            (labs / name).parent.mkdir(parents=True, exist_ok=True)
            (labs / name).write_bytes(files[name])
        else:
            (labs / name).unlink()
        print(f"labs/{name} {'written' if name in files else 'removed'}")


if __name__ == "__main__":
    main()
