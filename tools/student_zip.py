"""Pack what a student needs: labs, chapters, the package with its data, how to work offline.

    python -m tools.student_zip        writes build/ganedu-labs.zip
"""

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import nbformat

from tools.make_labs import ROOT

LICENCES = ("LICENSE", "LICENSE-TEXT", "LICENSES.md")
SOLUTION = re.compile(r"^(`{3,})\{solution\}.*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
TARGET = ROOT / "build" / "ganedu-labs.zip"
README = """\
The labs of ganedu
==================

In this folder
    labs/               the labs, with the pictures to aim at in labs/targets/
    book/               the chapters, to read and to run
    {wheel}
                        the package; the images of the lessons are inside it
    versions.txt        the exact versions everything was tested with

You need Python 3.11 or later. Open a terminal in this folder.

1. Make an environment (once)

    Linux, macOS:   python3 -m venv env
                    source env/bin/activate
    Windows:        py -m venv env
                    env\\Scripts\\activate

2a. Install with a network (once, about 2 GB)

    pip install -c versions.txt "./{wheel}[cpu,lab]"

2b. Install without a network
    Somebody with a network, the same system and the same Python version runs

    pip download -d wheels -c versions.txt "./{wheel}[cpu,lab]"

    and gives you the folder wheels/, on a memory stick, say. Put it here, and run

    pip install --no-index --find-links wheels "ganedu[cpu,lab]"

3. Work, from now on without a network

    jupyter lab --LabApp.default_url=/lab/tree/labs

    Read from the top, replace each "YOUR CODE HERE" and the line under it, and run the check
    below it. A check that fails says what is wrong. An unsolved lab runs to its end. The links to
    chapters open these beside the lab.

4. On Colab instead: upload the wheel and the lab, and run in the first cell

    !pip install ./{wheel}
"""


def build_wheel(folder):
    """Build the package's wheel in `folder` and return its path; needs no network."""
    source = Path(folder) / "source"  # a clean copy: setuptools reuses what it built before
    shutil.copytree(ROOT / "ganedu", source / "ganedu",
                    ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", *LICENCES):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps",
               "--disable-pip-version-check", "--no-build-isolation", "-w", folder, source]
    subprocess.run(command, check=True)
    return next(Path(folder).glob("ganedu-*.whl"))


def without_solutions(path):
    """The chapter at `path` without the answers to its exercises."""
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = SOLUTION.sub("", cell.source).strip()
    notebook.cells = [cell for cell in notebook.cells if cell.source]
    return nbformat.writes(notebook)


def pack(target=TARGET):
    """Write the zip and return its path."""
    target.parent.mkdir(parents=True, exist_ok=True)
    labs = ROOT / "labs"
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        wheel = build_wheel(folder)
        archive.write(wheel, f"ganedu-labs/{wheel.name}")
        for path in sorted(labs.glob("*.ipynb")):
            archive.write(path, f"ganedu-labs/labs/{path.name}")
        for path in sorted(labs.glob("targets/*.png")):
            archive.write(path, f"ganedu-labs/labs/targets/{path.name}")
        for path in sorted((ROOT / "book").glob("*.ipynb")):
            archive.writestr(f"ganedu-labs/book/{path.name}", without_solutions(path))
        for path in sorted((ROOT / "book" / "records").rglob("*")):
            if path.is_file():
                archive.write(path, f"ganedu-labs/{path.relative_to(ROOT).as_posix()}")
        archive.write(ROOT / "requirements.lock", "ganedu-labs/versions.txt")
        archive.writestr("ganedu-labs/README.txt", README.format(wheel=wheel.name))
        for name in LICENCES:
            archive.write(ROOT / name, f"ganedu-labs/{name}")
    return target


if __name__ == "__main__":
    path = pack()
    print(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
