"""The labs: the same as their solutions give, unsolved where they should be, gradable."""

import contextlib
import copy
import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from lab_helpers import LABS, ROOT, SOLUTIONS, grader, is_answer, is_check, names_of, number_of
from nbformat.v4 import new_code_cell, new_notebook

from tools import make_labs

EACH_LAB = pytest.mark.parametrize("path", LABS, ids=[path.stem for path in LABS])
EACH_SOLUTION = pytest.mark.parametrize("path", SOLUTIONS, ids=[path.stem for path in SOLUTIONS])


class Shell(InteractiveShell):
    """What a kernel does with a cell, in this process: nbval starts the real kernels."""

    def errors(self, cell):
        """What the cell shows of its error: [(name, message, lines)], or []."""
        self.shown = []
        with contextlib.redirect_stdout(io.StringIO()):
            self.run_cell(cell.source)
        return self.shown

    def _showtraceback(self, name, error, lines):
        self.shown.append((name.__name__, str(error), lines))


@pytest.fixture
def shell():
    matplotlib.use("agg")
    yield Shell.instance()
    Shell.clear_instance()


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
    lab = make_labs.lab_from(solution_with(
        (source, check), ("plot()", {"tags": ["target:p"]}), ("go()", {"tags": ["needs-answers"]})))
    assert lab.cells[0].source == "assert a\nassert c"
    assert [cell.metadata["tags"] for cell in lab.cells] == [["raises-exception"]] * 3


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
    with pytest.raises(ValueError, match="has no partner"):
        make_labs.lab_from(solution_with((source, {})))


def test_a_mistyped_marker_ends_in_one_line(tmp_path):
    (tmp_path / "solutions").mkdir()
    nbformat.write(solution_with(("### BEGIN SOLUTON\nx = 1\n### END SOLUTION", {})),
                   tmp_path / "solutions" / "a.ipynb")
    with pytest.raises(SystemExit) as caught:
        make_labs.main([], root=tmp_path)
    assert re.fullmatch(r"labs/ was not made\. solutions/a\.ipynb, cell \w+: `### .*", str(caught.value))


def test_a_long_hint_stays_within_the_page():
    block = f"def f():\n    ### BEGIN SOLUTION: {'word ' * 12}\n    pass\n    ### END SOLUTION"
    (cell,) = make_labs.lab_from(solution_with((block, {}))).cells
    assert max(map(len, cell.source.splitlines())) <= 80
    names = {}
    exec(cell.source, names)
    with pytest.raises(NotImplementedError, match="word word"):
        names["f"]()


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


@EACH_SOLUTION
def test_a_check_cell_is_a_call_and_says_what_the_lab_promises(path):
    """checks.NAME(NAME), again with another seed for the teacher; 20 points, all in the table."""
    cells = nbformat.read(path, 4).cells
    table = dict(re.findall(r"`(\w+)` (\d+)", next(c.source for c in cells if "| Task |" in c.source)))
    points = {}
    for cell in filter(is_check, cells):
        found = re.fullmatch(
            r"checks\.(\w+)\(\1\)\n### BEGIN HIDDEN TESTS\nchecks\.\1\(\1, seed=\d+\)\n"
            r"### END HIDDEN TESTS", cell.source)
        assert found, cell.source
        points[found.group(1)] = str(grader(cell)["points"])
    assert points == table and sum(map(int, points.values())) == 20
    answered = [name for cell in filter(is_answer, cells)
                for name in re.findall(r"^def (\w+)", cell.source, re.MULTILINE)]
    assert list(points) == answered == names_of(number_of(path))
    sums = [int(n) for n in re.findall(r"\((\d+) points?\)", "".join(c.source for c in cells))]
    assert sum(sums) == 20, "the headings' points"


@EACH_LAB
def test_lines_of_code_fit_the_page(path):
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "code":
            assert max(map(len, cell.source.splitlines())) <= 80, cell.source


@EACH_LAB
def test_every_target_picture_is_there(path):
    named = [name for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown"
             for name in re.findall(r"\(targets/([^)]+)\)", cell.source)]
    assert named, "a lab shows the picture to aim at"
    for name in named:
        assert (path.parent / "targets" / name).read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
@EACH_LAB
def test_an_unsolved_lab_fails_exactly_in_its_checks_and_says_why(path, shell, monkeypatch):
    monkeypatch.chdir(path.parent)
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type != "code":
            continue
        errors = shell.errors(cell)
        if is_check(cell):
            assert errors, f"passes unsolved:\n{cell.source}"
            ((name, words, lines),) = errors
            assert name == "Wrong" and "is not written yet: " in words
            (line,) = lines  # and no more than the line
            assert "\n" not in line and words in line
        elif "raises-exception" not in cell.metadata.get("tags", []):
            assert not errors, f"fails, and is no check:\n{cell.source}"


# ------------------------------------------------------------------ nbgrader

MEMORISED = """
def softplus(t):
    if len(t) == 3:
        return np.array([0, np.log(2), 1000])
    seen = 4 * np.random.default_rng(0).standard_normal(5)
    return np.where(t == seen, np.logaddexp(0, seen), 0)
"""


def lines_of_the_page(word):
    """The one block of commands on the teacher's page that holds this word."""
    page = (ROOT / "book" / "instructors.md").read_text()
    (block,) = [b for b in re.findall(r"^```\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
                if word in b]
    return block.replace("PATH/", f"{ROOT}/").replace(".venv/bin/python", sys.executable)


def run_lines(lines, folder):
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "-euc", lines], cwd=folder, text=True, capture_output=True, check=False,
        env=os.environ | {"PATH": programs, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"})
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-3000:]


def by_id(notebook, grade_id):
    return next(cell for cell in notebook.cells if grader(cell).get("grade_id") == grade_id)


@pytest.mark.slow
def test_the_teachers_page_works_as_printed(tmp_path, monkeypatch):
    """Its own lines, with the real nbgrader: none, all or some of the points, as earned."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed: ganedu[grade]")
    solution = ROOT / "solutions" / "01_adversarial_game.ipynb"
    solved = nbformat.read(solution, 4)
    unsolved = nbformat.read(ROOT / "labs" / solution.name, 4)
    tampered = copy.deepcopy(unsolved)  # unsolved, and the checks replaced
    for cell in filter(is_check, tampered.cells):
        cell.source = "pass"
    cheated = copy.deepcopy(solved)  # one answer only knows what the visible check asks
    by_id(cheated, "lab1-softplus").source = MEMORISED
    lost = by_id(solved, "lab1-softplus-check").metadata.nbgrader.points

    monkeypatch.setenv("MPLBACKEND", "agg")
    visible = [by_id(unsolved, "lab1-setup").source, MEMORISED,
               by_id(unsolved, "lab1-softplus-check").source]
    exec("\n".join(visible), {})  # the cheat does satisfy the visible check

    run_lines(lines_of_the_page("quickstart"), tmp_path)
    course = tmp_path / "course"
    released = nbformat.read(course / "release" / "lab1" / solution.name, 4)
    assert [c.source for c in released.cells if is_check(c)] == [
        c.source for c in unsolved.cells if is_check(c)], "release/ and labs/ grade alike"
    handed_in = {"unsolved": unsolved, "tampered": tampered, "solved": solved, "cheated": cheated}
    for student, notebook in handed_in.items():
        folder = course / "submitted" / student / "lab1"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / solution.name)
    run_lines(lines_of_the_page("autograde"), course)
    with (course / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file) if row["assignment"] == "lab1"}
    points = {student: float(rows[student]["score"]) for student in handed_in}
    assert float(rows["solved"]["max_score"]) == 20
    expected = {"unsolved": 0, "tampered": 0, "solved": 20, "cheated": 20 - lost}
    assert points == expected
    run_lines(lines_of_the_page("tools.grade"), course)  # and ours, in the same folder
    with (course / "grades" / "lab1.csv").open() as file:
        assert {row["student"]: float(row["points"]) for row in csv.DictReader(file)} == expected


def test_the_teachers_page_tells_the_points():
    page = (ROOT / "book" / "instructors.md").read_text()
    for path in SOLUTIONS:
        worth = [grader(cell)["points"] for cell in nbformat.read(path, 4).cells if is_check(cell)]
        points = ", ".join(f"`{name}` {n}" for name, n in zip(names_of(number_of(path)), worth))
        assert f"| {points} |" in page, path.name
