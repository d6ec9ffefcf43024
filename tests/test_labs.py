"""The labs: the same as their solutions give, unsolved where they should be, gradable."""

import copy
import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from tools import make_labs

ROOT = Path(__file__).parents[1]
LABS = sorted((ROOT / "labs").glob("*.ipynb"))
SOLUTIONS = sorted((ROOT / "solutions").glob("*.ipynb"))
EACH_LAB = pytest.mark.parametrize("path", LABS, ids=[path.stem for path in LABS])
EACH_SOLUTION = pytest.mark.parametrize("path", SOLUTIONS, ids=[path.stem for path in SOLUTIONS])


def grader(cell):
    return cell.metadata.get("nbgrader", {})


def is_check(cell):
    return bool(grader(cell).get("grade")) and not grader(cell).get("solution")


def run(notebook, folder):
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", allow_errors=True,
                            resources={"metadata": {"path": str(folder)}})
    client.execute()
    return notebook


def errors(cell):
    return [out for out in cell.get("outputs", []) if out.output_type == "error"]


# ------------------------------------------------------------------ the tool


def solution_with(*cells):
    return new_notebook(cells=[new_code_cell(source, metadata=meta) for source, meta in cells])


def test_a_solution_block_becomes_a_stub_of_the_same_depth():
    source = (
        "def half(x):\n    if x:\n        ### BEGIN SOLUTION: divide `x` by 2\n"
        "        y = x / 2\n        return y\n        ### END SOLUTION\n    return 0"
    )
    (cell,) = make_labs.lab_from(solution_with((source, {}))).cells
    names = {}
    exec(cell.source, names)
    assert names["half"](0) == 0
    with pytest.raises(NotImplementedError, match="divide `x` by 2"):
        names["half"](4)
    assert "y = x / 2" not in cell.source


def test_hidden_tests_go_and_check_cells_may_fail():
    check = {"nbgrader": {"grade": True, "solution": False}}
    source = "assert a\n### BEGIN HIDDEN TESTS\nassert b\n### END HIDDEN TESTS\nassert c"
    lab = make_labs.lab_from(solution_with((source, check), ("plot()", {"tags": ["target:p"]})))
    assert lab.cells[0].source == "assert a\nassert c"
    assert [cell.metadata["tags"] for cell in lab.cells] == [["raises-exception"]] * 2


def test_two_blocks_in_a_cell_stay_apart():
    block = "### BEGIN SOLUTION: part {0}\nx = {0}\n### END SOLUTION"
    source = block.format(1) + "\nkept = True\n" + block.format(2)
    (cell,) = make_labs.lab_from(solution_with((source, {}))).cells
    assert cell.source.count("raise NotImplementedError") == 2
    assert "kept = True" in cell.source and "x = " not in cell.source


@pytest.mark.parametrize("source", [
    "### BEGIN SOLUTION\nx = 1",
    "x = 1\n### END SOLUTION",
    "### BEGIN HIDDEN TESTS\nassert x",
])
def test_a_marker_without_its_partner_is_refused(source):
    with pytest.raises(ValueError, match="without its partner"):
        make_labs.lab_from(solution_with((source, {})))


def test_check_notices_a_changed_a_missing_and_a_left_over_file(tmp_path):
    (tmp_path / "solutions").mkdir()
    for name in "ab":
        nbformat.write(solution_with(("x = 1", {})), tmp_path / "solutions" / f"{name}.ipynb")
    make_labs.main([], root=tmp_path)
    make_labs.main(["--check"], root=tmp_path)
    labs = tmp_path / "labs"
    (labs / "a.ipynb").write_text((labs / "a.ipynb").read_text() + " ")
    (labs / "b.ipynb").rename(labs / "c.ipynb")
    with pytest.raises(SystemExit, match=r"a\.ipynb, b\.ipynb, c\.ipynb"):
        make_labs.main(["--check"], root=tmp_path)


# ------------------------------------------------------------------ this project's labs


def test_labs_are_what_the_solutions_give():
    assert LABS and len(LABS) == len(SOLUTIONS)
    make_labs.main(["--check"])


@EACH_SOLUTION
def test_the_metadata_is_what_nbgrader_reads(path):
    cells = nbformat.read(path, 4).cells
    marked = [cell for cell in cells if grader(cell)]
    ids = [grader(cell)["grade_id"] for cell in marked]
    assert len(ids) == len(set(ids)), "two cells with one grade_id"
    for cell in marked:
        fields = {"grade", "grade_id", "locked", "schema_version", "solution", "task"}
        assert fields <= grader(cell).keys() and grader(cell)["schema_version"] == 3
        if is_check(cell):
            assert grader(cell)["locked"] and grader(cell)["points"] > 0
    assert any(map(is_check, cells))
    for cell in cells:
        assert "raises-exception" not in cell.metadata.get("tags", []), "a solution may not fail"
        if "BEGIN SOLUTION" in cell.source:
            assert grader(cell).get("solution"), "an answer cell without nbgrader's metadata"
        if "BEGIN HIDDEN" in cell.source:
            assert is_check(cell), "hidden tests outside a check cell"
    assert any("BEGIN HIDDEN" in cell.source for cell in cells), "no hidden test"


@EACH_LAB
def test_every_target_picture_is_there(path):
    named = [name for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown"
             for name in re.findall(r"\(targets/([^)]+)\)", cell.source)]
    assert named, "a lab shows the picture to aim at"
    for name in named:
        assert (path.parent / "targets" / name).read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
@EACH_LAB
def test_an_unsolved_lab_fails_exactly_in_its_checks_and_says_why(path, tmp_path):
    notebook = run(nbformat.read(path, 4), path.parent)
    for cell in notebook.cells:
        if is_check(cell):
            assert errors(cell), f"passes unsolved:\n{cell.source}"
            (error,) = errors(cell)
            assert error.ename in ("NotImplementedError", "AssertionError"), error.ename
            assert len(error.evalue.split()) >= 3, f"says too little: {error.evalue!r}"
        elif "raises-exception" not in cell.metadata.get("tags", []):
            assert not errors(cell), f"fails, and is no check:\n{cell.source}"


# ------------------------------------------------------------------ nbgrader

MEMORISED = """
def optimal_discriminator(p_data, p_g):
    if len(p_data) == 4:
        return np.array([0.75, 0.5, 0.0, 1.0])
    return np.full(len(p_data), 0.5)
"""


def nbgrader(*arguments, cwd):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # for alembic
    result = subprocess.run([sys.executable, "-m", "nbgrader", *arguments], cwd=cwd, text=True,
                            capture_output=True, check=False, env=os.environ | {"PATH": path})
    assert result.returncode == 0, result.stderr[-3000:]


def grade(course, solution, submissions):
    """Student -> points for the notebook submitted, graded by nbgrader; "max": all points."""
    name = solution.stem
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'gans'\n")
    (course / "source" / name).mkdir(parents=True)
    (course / "source" / name / solution.name).write_bytes(solution.read_bytes())
    nbgrader("generate_assignment", name, "--create", cwd=course)
    for student, notebook in submissions.items():
        folder = course / "submitted" / student / name
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / solution.name)
    nbgrader("autograde", name, "--create", cwd=course)
    nbgrader("export", cwd=course)
    with (course / "grades.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {row["student_id"]: float(row["score"]) for row in rows} | {
        "max": float(rows[0]["max_score"])}


def by_id(notebook, grade_id):
    return next(cell for cell in notebook.cells if grader(cell).get("grade_id") == grade_id)


@pytest.mark.slow
def test_nbgrader_grades_the_first_lab(tmp_path, monkeypatch):
    """The real nbgrader: none, all or some of the points, to those who earned them."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed: ganedu[grade]")
    solution = ROOT / "solutions" / "01_adversarial_game.ipynb"
    solved = nbformat.read(solution, 4)
    unsolved = nbformat.read(ROOT / "labs" / solution.name, 4)
    tampered = copy.deepcopy(unsolved)  # unsolved, and the checks replaced
    for cell in filter(is_check, tampered.cells):
        cell.source = "pass"
    cheated = copy.deepcopy(solved)  # one answer only knows what the visible check asks
    by_id(cheated, "lab1-optimal").source = MEMORISED
    lost = by_id(solved, "lab1-optimal-check").metadata.nbgrader.points

    monkeypatch.setenv("MPLBACKEND", "agg")
    visible = [by_id(unsolved, "lab1-setup").source, MEMORISED,
               by_id(unsolved, "lab1-optimal-check").source]
    exec("\n".join(visible), {})  # the cheat does satisfy the visible check

    points = grade(tmp_path, solution, {"unsolved": unsolved, "tampered": tampered,
                                        "solved": solved, "cheated": cheated})
    assert points["max"] == sum(cell.metadata.nbgrader.points
                                for cell in filter(is_check, solved.cells))
    assert points["unsolved"] == points["tampered"] == 0
    assert points["solved"] == points["max"]
    assert points["cheated"] == points["max"] - lost
