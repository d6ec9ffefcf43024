"""Notebooks under pytest (nbval): keep what they showed, for the site, and how long they took.

nbval runs every notebook once.  When the last cell of a chapter or a solution has passed, its
executed copy goes where `tools.site` looks for it, so building the site runs nothing again.
"""

import copy
import json
import os
from collections import defaultdict
from pathlib import Path

import nbformat
import pytest

# As `import ganedu` does, for the test files that import TensorFlow before: a process that they start
# imports ganedu first, and is to give the same numbers.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
ROOT = Path(__file__).parent
seconds = defaultdict(float)  # notebook -> time of all its cells and its kernel's start


def pytest_addoption(parser):
    parser.addoption("--stages", help="folder of JUnit reports to sum up at the end")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if type(item).__name__ == "IPyNbCell":
        outputs = item.parent.__dict__.setdefault("outputs_of_passed", {})
        if call.when == "call" and report.passed:
            outputs[item.cell.id] = item.test_outputs
        if call.when == "teardown":
            keep_when_complete(item, outputs)
    return report


def keep_when_complete(item, passed):
    """Store the executed copy of a notebook after its last cell, if every cell has passed."""
    notebook, path = item.parent.nb, item.path
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    to_run = {cell.id for cell in code if "nbval-skip" not in cell.metadata.get("tags", [])}
    of_site = path.parent in (ROOT / "book", ROOT / "solutions")
    if not of_site or item.cell is not code[-1] or passed.keys() != to_run:
        return
    from tools.site import store

    done = copy.deepcopy(notebook)
    for count, cell in enumerate([c for c in done.cells if c.id in passed], start=1):
        cell.execution_count = count
        cell.outputs = [nbformat.from_dict(output) for output in passed[cell.id]]
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    nbformat.validate(done)
    store(path, done)


def pytest_runtest_logreport(report):
    name = report.nodeid.split("::")[0]
    if name.endswith(".ipynb"):
        seconds[name] += report.duration


def pytest_sessionfinish(session):
    if seconds and not hasattr(session.config, "workerinput"):
        target = ROOT / "build" / "test" / "notebooks.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        table = {name: {"seconds": round(seconds[name], 1), "budget_seconds": budget(name)}
                 for name in sorted(seconds)}
        target.write_text(json.dumps(table, indent=1) + "\n")


def budget(name):
    return nbformat.read(ROOT / name, 4).metadata.get("ganedu", {}).get("budget_seconds")


def pytest_terminal_summary(terminalreporter, config):
    if seconds and not hasattr(config, "workerinput"):
        terminalreporter.section("notebooks: seconds (budget, idle)")
        for name in sorted(seconds):
            terminalreporter.line(f"{seconds[name]:6.1f} ({budget(name)})  {name}")
    if folder := config.getoption("--stages"):
        sum_up(Path(folder), terminalreporter)


def sum_up(folder, terminalreporter):
    """One line for each JUnit report in `folder`."""
    from xml.etree import ElementTree

    terminalreporter.section("all stages")
    for path in sorted(folder.glob("*.xml")):
        suite = ElementTree.parse(path).getroot().find("testsuite").attrib
        bad = int(suite["failures"]) + int(suite["errors"])
        good = int(suite["tests"]) - bad - int(suite["skipped"])
        terminalreporter.line(
            f"{path.stem:10} {good} passed, {bad} failed, {suite['skipped']} skipped"
            f" in {float(suite['time']):.0f} s"
        )
