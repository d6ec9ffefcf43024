"""What the tests of the labs share: a lab's functions without a kernel, and slips in them."""

import contextlib
import importlib
import io
import linecache
from functools import cache
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
LABS = sorted((ROOT / "labs").glob("*.ipynb"))
SOLUTIONS = sorted((ROOT / "solutions").glob("*.ipynb"))


def grader(cell):
    return cell.metadata.get("nbgrader", {})


def is_check(cell):
    return bool(grader(cell).get("grade")) and not grader(cell).get("solution")


def is_answer(cell):
    return bool(grader(cell).get("solution"))


def checks_of(lab):
    return importlib.import_module(f"ganedu.lab_checks.lab{lab}")


def number_of(path):
    """4 of 04_measuring.ipynb: the labs' numbers are their chapters', and some have no lab."""
    return int(path.name[:2])


def of_number(paths, lab):
    return next(path for path in paths if number_of(path) == lab)


def cells_of(lab):
    return nbformat.read(of_number(SOLUTIONS, lab), 4).cells


@cache
def names_of(lab):
    """The functions that a lab asks for, in their order: the argument of each check cell."""
    return [cell.source.split("(")[1].split(")")[0] for cell in cells_of(lab) if is_check(cell)]


@cache
def answers(lab):
    """Function -> the source of its answer cell."""
    sources = [cell.source for cell in cells_of(lab) if is_answer(cell)]
    return {name: next(s for s in sources if f"def {name}(" in s) for name in names_of(lab)}


@cache
def _given(lab):
    import matplotlib

    matplotlib.use("agg")
    sources = [cell.source for cell in cells_of(lab) if grader(cell) and not is_check(cell)
               and not is_answer(cell) and "plt.show()" not in cell.source.split("def ")[0]]
    space = {"__name__": "notebook"}
    for source in sources:
        kept = source.split("\nfor finding")[0]  # the auditor's report is not needed here
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(kept, "given", "exec"), space)
    return space, sources


def notebook(lab, **changed):
    """The names of a solved lab after its cells were run; `changed` are other answers' sources."""
    space, sources = _given(lab)
    space = dict(space)
    for source in sources[1:]:  # classes and functions see this notebook's names, not another's
        if source.lstrip().startswith(("def ", "class ", "'''")):
            exec(compile(source.split("\nfor finding")[0], "given", "exec"), space)
    for name, source in (answers(lab) | changed).items():
        file = f"<{name}>"
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        exec(compile(source, file, "exec"), space)
    return space


def slip(lab, name, old, new):
    """The answer of `name` with `new` in place of `old`; old is a part of it, or its body."""
    source = answers(lab)[name]
    if old == "":  # the whole body
        head = source[source.index("def "): source.index(":\n", source.index("def ")) + 2]
        return head + "".join(f"    {line}\n" for line in new.split("\n"))
    assert old in source, f"{name}: the solution no longer holds {old!r}"
    return source.replace(old, new)


def verdict(lab, name, space, seed=0):
    """What the check says: None if it is right, else the message."""
    checks = checks_of(lab)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            getattr(checks, name)(space[name], seed=seed)
    except checks.Wrong as error:
        return str(error)
    return None
