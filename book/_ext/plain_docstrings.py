"""Let docstrings be plain text: what they show in a terminal is what the API pages show.

`name` in backticks becomes a literal, an indented block after an empty line (a formula, a few
commands) is shown as it stands, lines with hanging indents ("name: what it is") are a list, and
a star is a star, except in *emphasis*.
"""

import re

INLINE = re.compile(
    r"(:\w+:`[^`]+`|``[^`]+``)"  # already reStructuredText
    r"|`([^`]+)`"
    r"|(?<![\w*])(\*[\w -]+\*)(?![\w*])"  # emphasis
    r"|([*|]|(?<=\w)_(?!\w))"  # would mean something to Sphinx, and does not here
)

SECTIONS = {"Args:", "Attributes:", "Example:", "Examples:", "Note:", "Raises:", "Returns:"}


def inline(line):
    def replace(match):
        kept, name, emphasis, sign = match.groups()
        if not name:
            return kept or emphasis or f"\\{sign}"
        before, after = line[: match.start()][-1:], line[match.end() :][:1]
        return "\\ " * before.isalnum() + f"``{name}``" + "\\ " * after.isalnum()

    return INLINE.sub(replace, line)


def plain(lines):
    """The lines of a docstring as reStructuredText."""
    result, owner = [], ""  # owner: the last line that was not indented
    paragraphs = "\n".join(lines).strip("\n").split("\n\n")
    for paragraph in paragraphs:
        block = paragraph.split("\n")
        if block[0].startswith("    "):
            if owner in SECTIONS:
                result += map(inline, block)
            else:  # a formula or commands; the next one goes on with the same block
                result += ([] if owner == "::" else ["::", ""]) + block
                owner = "::"
        elif block[0] in SECTIONS or not any(line.startswith("    ") for line in block):
            result += map(inline, block)
            owner = block[0]
        else:
            result += [f"  {line.strip()}" if line.startswith("    ") else f"- {line}"
                       for line in map(inline, block)]
            owner = block[0]
        result.append("")
    return result


def process(app, what, name, obj, options, lines):
    lines[:] = [] if lines[:1] and lines[0].startswith("Alias for field number") else plain(lines)


def skip(app, what, name, obj, skipped, options):
    """Leave out what every NamedTuple has."""
    return True if name == "__new__" else None


def setup(app):
    app.connect("autodoc-skip-member", skip)
    app.connect("autodoc-process-docstring", process, priority=400)  # before napoleon
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
