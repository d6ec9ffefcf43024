"""Does each notebook keep to its time?  `python -m benchmarks.notebooks [NOTEBOOK ...]`

Runs the notebooks (all of book/ and solutions/, if none is named) once, one after the other,
kernel start included, and prints their seconds beside the budget that each declares in its
metadata (`ganedu.budget_seconds`).  Exits with 1 if a notebook fails, declares no budget or
is over it.  The files stay as they are.
"""

import argparse
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parent.parent


def seconds_of(path):
    """Wall seconds of running the notebook in its own folder; raises what its cells raise."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}
    )
    start = time.perf_counter()
    client.execute()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.notebooks", description=__doc__.split("  ")[0]
    )
    parser.add_argument("notebooks", nargs="*", type=Path)
    paths = parser.parse_args().notebooks or sorted(
        path
        for folder in ("book", "solutions")
        for path in (ROOT / folder).rglob("*.ipynb")
        if "_build" not in path.parts and ".ipynb_checkpoints" not in path.parts
    )
    if not paths:
        sys.exit("no notebook found in book/ or solutions/")

    good = True
    print(f"{'seconds':>8} {'budget':>7}  notebook")
    for path in paths:
        budget = (
            nbformat.read(path, as_version=4).metadata.get("ganedu", {}).get("budget_seconds")
        )
        try:
            seconds = seconds_of(path)
        except CellExecutionError as error:
            print(f"{'':>8} {budget or '':>7}  {path}: failed: {error.ename}: {error.evalue}")
            good = False
            continue
        verdict = ""
        if budget is None:
            verdict = "declares no metadata.ganedu.budget_seconds"
        elif seconds > budget:
            verdict = "OVER BUDGET"
        good = good and not verdict
        print(f"{seconds:8.1f} {budget or '':>7}  {path}  {verdict}".rstrip())
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
