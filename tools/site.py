"""Build the site: run the notebooks that changed, then let Jupyter Book make the pages.

A notebook is run at most once for each state of what it depends on (its own cells, the
package, the bundled data, the recorded results, the locked versions).  The executed copy is
kept in build/executed/; `make test` leaves its copies there too, so that the site built
after it runs nothing again.  Jupyter Book itself never runs a notebook: its own cache does
not notice a change in the package.

    python -m tools.site build               without any solution
    python -m tools.site build --solutions   with the answers and the solved labs
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import nbformat
import yaml

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
SITE = BUILD / "site"
ANSI = re.compile(r"\x1b\[[\d;]*m")  # colours
CELL_TIMEOUT = 450  # seconds: ten times the largest budget of a notebook


class NotBuilt(Exception):
    """A notebook failed, or Jupyter Book warned."""


@cache
def surroundings():
    """A hash of everything but its own cells that a notebook's results can depend on."""
    digest = hashlib.sha256(platform.python_version().encode())
    folders = {"ganedu": "**/*.py", "ganedu/assets": "*", "book/records": "**/*"}
    paths = [p for folder, names in folders.items() for p in (ROOT / folder).glob(names)]
    for path in [ROOT / "requirements.lock", *sorted(paths)]:
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def copy_path(path):
    """Where the executed copy of the notebook at `path` is kept, for its present state."""
    path = Path(path).resolve()
    cells = [(c.cell_type, c.source, c.metadata) for c in nbformat.read(path, 4).cells]
    text = json.dumps([surroundings(), cells], sort_keys=True)
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    return BUILD / "executed" / path.parent.name / f"{path.stem}.{key}.ipynb"


def store(path, notebook):
    """Keep `notebook`, the executed form of the file at `path`, instead of older copies."""
    target = copy_path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    for old in target.parent.glob(f"{Path(path).stem}.*.ipynb"):
        old.unlink(missing_ok=True)
    partial = target.with_suffix(f".{os.getpid()}")
    nbformat.write(notebook, partial)
    partial.replace(target)


def executed(path):
    """The notebook at `path` with its outputs: the kept copy, or a fresh run."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    path = Path(path).resolve()
    target = copy_path(path)
    if target.exists():
        return nbformat.read(target, 4)
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    print(f"running {name} ...", end=" ", flush=True)
    start = time.monotonic()
    notebook = nbformat.read(path, 4)
    client = NotebookClient(
        notebook, timeout=CELL_TIMEOUT, kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute(stderr=subprocess.DEVNULL)  # what the kernel itself mutters
    except (CellExecutionError, CellTimeoutError) as error:
        print("failed")
        raise NotBuilt(f"{name}: {ANSI.sub('', str(error))}") from None
    print(f"{time.monotonic() - start:.0f} s", flush=True)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # times: no page needs them
    store(path, notebook)
    return notebook


def stage(source, solutions):
    """Fill the folder `source` with the pages, configuration and contents for the build."""
    shutil.rmtree(source, ignore_errors=True)
    book = ROOT / "book"
    shutil.copytree(book, source / "book", ignore=shutil.ignore_patterns(
        "*.ipynb", "_*", "mathjax", "references.bib", "records", ".ipynb_checkpoints"))
    for name in ("_ext", "_static", "mathjax"):
        shutil.copytree(book / name, source / name)
    shutil.copy(book / "references.bib", source)

    config = yaml.safe_load((book / "_config.yml").read_text())
    if config["repository"]["url"]:
        config["html"]["use_repository_button"] = True
        config["launch_buttons"] = {"colab_url": "https://colab.research.google.com"}
    config["sphinx"]["config"]["hide_solutions"] = not solutions
    (source / "_config.yml").write_text(yaml.safe_dump(config))

    contents = yaml.safe_load((book / "_toc.yml").read_text())
    for part in contents["parts"]:
        for chapter in part["chapters"]:
            for page in [chapter, *chapter.get("sections", [])]:
                place_notebook(source, page["file"])
            labs = [s["file"] for s in chapter.get("sections", [])
                    if s["file"].startswith("labs/")]
            for lab in labs if solutions else []:
                solution = lab.replace("labs/", "solutions/")
                chapter["sections"].append({"file": solution, "title": "The lab, solved"})
                place_notebook(source, solution)
    for folder in ("labs", "solutions") if solutions else ("labs",):
        if (ROOT / folder / "targets").is_dir():
            shutil.copytree(ROOT / folder / "targets", source / folder / "targets")
    (source / "_toc.yml").write_text(yaml.safe_dump(contents, sort_keys=False))


def place_notebook(source, page):
    """Put the notebook of a page, if it is one, into `source`: labs as they are, others run."""
    path = ROOT / f"{page}.ipynb"
    if path.exists():
        notebook = nbformat.read(path, 4) if page.startswith("labs/") else executed(path)
        (source / page).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, source / f"{page}.ipynb")


def build(solutions=False):
    """Build the site and return the path of its first page."""
    stage(BUILD / "site-src", solutions)
    out = BUILD / "site-out"
    shutil.rmtree(out, ignore_errors=True)
    print("building the pages ...", flush=True)
    command = [
        Path(sys.executable).with_name("jupyter-book"), "build", BUILD / "site-src",
        "--path-output", out, "--all", "-W", "-n", "--keep-going",
    ]
    result = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    if result.returncode:
        raise NotBuilt(complaints(result.stdout + result.stderr))
    shutil.rmtree(SITE, ignore_errors=True)
    (out / "_build" / "html").rename(SITE)
    shutil.rmtree(SITE / "_sources", ignore_errors=True)
    return SITE / "index.html"


def complaints(output):
    """The warnings and errors of a build, each with the three lines that follow it."""
    lines = [line for line in ANSI.sub("", output).splitlines()
             if "absl::InitializeLog" not in line]
    told = {i + after for i, line in enumerate(lines) for after in range(4)
            if ("WARNING:" in line or "ERROR:" in line) and i + after < len(lines)}
    return "\n".join([lines[i] for i in sorted(told)] or lines[-40:])


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="site", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("build", help="build the site in build/site")
    command.add_argument("--solutions", action="store_true", help="show every solution")
    options = parser.parse_args(arguments)
    try:
        print(f"The site is ready: open {build(options.solutions)} in a browser")
    except NotBuilt as error:
        sys.exit(f"The site was not built.\n{error}")


if __name__ == "__main__":
    main()
