"""Grading in a process apart: points for answers, for nothing else, and for each answer alone."""

import copy
import csv

import nbformat
import numpy as np
import pytest
from lab_helpers import LABS, SOLUTIONS, grader, is_check, number_of, of_number
from nbformat.v4 import new_code_cell

from tools import grade

LAB = grade.Lab("lab1")
WORTH = dict(LAB.tasks)


def solved():
    return nbformat.read(SOLUTIONS[0], 4)


def unsolved():
    return nbformat.read(LABS[0], 4)


def answer(notebook, name):
    return next(cell for cell in notebook.cells if f"def {name}(" in cell.source)


def graded(notebook, tmp_path, seconds=60):
    path = tmp_path / "handed-in.ipynb"
    path.write_text(notebook if isinstance(notebook, str) else nbformat.writes(notebook))
    points, words, notes = grade.grade(LAB, path, seed=77, seconds=seconds)
    names = [name for name, _ in LAB.tasks]
    return dict(zip(names, points)), dict(zip(names, words)), notes


@pytest.mark.parametrize("value", [
    None, True, 3, 2.5, "text", np.float32(1.5), np.arange(6, dtype="int32").reshape(2, 3), 1 + 2j,
    [1, (2.0, "b"), {"c": np.ones(3), "d": [None]}], (np.zeros(0),), [],
])
def test_a_message_arrives_as_it_was_sent(value):
    found = grade.decode(grade.encode(value))
    assert type(found) is type(value) or isinstance(value, complex)
    np.testing.assert_equal(found, value)


def test_what_cannot_be_sent_arrives_as_its_looks():
    found = grade.decode(grade.encode([print, object]))
    assert [type(f).__name__ for f in found] == ["builtin_function_or_method", "type"]
    assert repr(found[0]) == "<built-in function print>"


@pytest.mark.parametrize("message", [b"", b"x" * 50, np.arange(3).tobytes()])
def test_anything_else_is_no_message(message):
    with pytest.raises(ValueError, match="not a message"):
        grade.decode(message)


def test_of_other_cells_only_definitions_count():
    source = "%matplotlib inline\nimport math\nTABLE = [1, 2]\nrun = train(3)\nprint(1)\n" \
             "def helper(x):\n    return x\nhelper(1)"
    kept = grade.definitions(source, {"softplus"})
    assert kept == "import math\nTABLE = [1, 2]\ndef helper(x):\n    return x"
    assert grade.definitions(source, None) == source.replace("%matplotlib inline", "")


CHEATS = """
import numpy as np, builtins, ast
np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
close = numeric = lambda *a, **k: True
builtins.all = builtins.any = lambda *a: True
class Free(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
import ganedu.checks
"""
HOOKS = """
shell = get_ipython()
shell.input_transformers_post.append(lambda lines: ["pass"])
shell.events.register("pre_run_cell", lambda info: None)
"""
BORROWED = {
    "softplus": "from ganedu.lab_checks import lab1\n"
                "def softplus(t):\n    return lab1.PARTS['softplus'](t)",
    "d_losses": "import sys\nthere = sys.modules\ndef d_losses(d_real, d_fake):\n    return 0",
    "g_loss": "def g_loss(d_fake):\n    import importlib\n    return 0",
}


def test_cheats_earn_nothing(tmp_path):
    notebook = unsolved()
    for cell in filter(is_check, notebook.cells):
        cell.source = "print('right')"
    for name in WORTH:
        cell = answer(notebook, name)
        cell.source = BORROWED.get(name, f"def {name}(*a, **k):\n    return np.zeros(3)")
    notebook.cells.insert(1, new_code_cell(CHEATS))
    notebook.cells.insert(2, new_code_cell(HOOKS))
    answer(notebook, "d_pulls").source = CHEATS + answer(notebook, "d_pulls").source
    points, words, notes = graded(notebook, tmp_path)
    assert sum(points.values()) == 0, points
    assert all(len(text) > 10 and "\n" not in text for text in words.values())
    assert sum("has no place in an answer" in note for note in notes) >= 3, notes


@pytest.mark.slow
def test_what_ends_python_costs_only_itself(tmp_path):
    notebook = solved()
    for cell in list(filter(is_check, notebook.cells)):
        notebook.cells.remove(cell)  # deleted check cells cost nothing
    answer(notebook, "softplus").source += "\nexit()"
    answer(notebook, "g_loss").source += "\nimport os\nos._exit(3)"
    answer(notebook, "d_pulls").source = "def d_pulls(a, b):\n    import os\n    os._exit(0)"
    answer(notebook, "optimal_discriminator").source = "def optimal_discriminator(a, b)\n  return"
    notebook.cells.append(new_code_cell("train(1)\nraise SystemExit"))
    points, words, notes = graded(notebook, tmp_path)
    lost = {name for name in WORTH if points[name] < WORTH[name]}
    assert lost == {"g_loss", "d_pulls", "optimal_discriminator"}, words
    assert "ends Python" in words["d_pulls"] and any("ends Python" in note for note in notes)
    assert any("SyntaxError" in note for note in notes)


@pytest.mark.slow
def test_an_endless_loop_costs_only_itself(tmp_path):
    notebook = solved()
    answer(notebook, "softplus").source = "def softplus(t):\n    while True:\n        pass"
    points, words, _ = graded(notebook, tmp_path, seconds=10)
    assert {n for n in WORTH if points[n] < WORTH[n]} == {"softplus"}
    assert "10 s" in words["softplus"]


@pytest.mark.slow
def test_everybody_is_in_the_table(tmp_path):
    """nbgrader's folders and plain notebooks; broken JSON, an empty folder, helpers in new cells."""
    folder = tmp_path / "submitted"
    for student in ("ada", "empty"):
        (folder / student / "lab1").mkdir(parents=True)
    nbformat.write(solved(), folder / "ada" / "lab1" / "renamed.ipynb")
    (folder / "broken.ipynb").write_text('{"cells": [')
    helped = copy.deepcopy(solved())
    answer(helped, "softplus").source = "def softplus(t):\n    return helper(t)"
    for cell in helped.cells:  # as some editors leave it: no metadata at all
        cell.metadata = {}
    helped.cells.insert(3, new_code_cell("def helper(t):\n    return np.logaddexp(0, t)"))
    nbformat.write(helped, folder / "helped.ipynb")
    grade.main(["lab1", str(folder), "--out", str(tmp_path / "grades"), "--seed", "5"])
    with (tmp_path / "grades" / "lab1.csv").open() as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert {s: int(row["points"]) for s, row in rows.items()} == {
        "ada": 20, "broken": 0, "empty": 0, "helped": 20}
    assert {row["of"] for row in rows.values()} == {"20"}
    page = (tmp_path / "grades" / "lab1" / "empty.md").read_text()
    assert page.startswith("# lab1: 0 of 20 points") and "no notebook was handed in" in page
    assert "cannot be read" in (tmp_path / "grades" / "lab1" / "broken.md").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("number", [*map(number_of, LABS)][1:])
def test_a_solution_gets_all_points_and_a_lab_none(number, tmp_path):
    lab = grade.Lab(f"lab{number}")
    for path, share in [(of_number(SOLUTIONS, number), 1), (of_number(LABS, number), 0)]:
        points, words, notes = grade.grade(lab, path, seed=number + 100)
        assert sum(points) == share * lab.points == share * 20, (words, notes)


def test_bad_arguments_end_in_one_line(tmp_path):
    for arguments in (["lab99", str(tmp_path)], ["lab1", str(tmp_path / "nowhere")]):
        with pytest.raises(SystemExit, match="grade: "):
            grade.main(arguments)


def test_the_lab_knows_its_tasks():
    points = [grader(cell)["points"] for cell in filter(is_check, solved().cells)]
    assert [worth for _, worth in LAB.tasks] == points and LAB.points == 20
