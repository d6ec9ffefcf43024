"""The repository itself: style, stripped notebooks, links, licences, the lock, the imports."""

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml

from tools import student_zip

ROOT = Path(__file__).parents[1]
MODULES = sorted(path.relative_to(ROOT / "ganedu").with_suffix("").as_posix().replace("/", ".")
                 for path in (ROOT / "ganedu").rglob("*.py") if path.stem[0] != "_")
NOTEBOOKS = sorted(path for folder in ("book", "solutions", "labs")
                   for path in (ROOT / folder).glob("*.ipynb"))
EACH_NOTEBOOK = pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=[f"{path.parent.name}/{path.stem}" for path in NOTEBOOKS])


def ours():
    """Every file that git knows, or would add; without git, every file of the source folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
        paths = [ROOT / name for name in names.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        built = {".git", ".venv", "build", "dist", "runs"}
        paths = [path for top in ROOT.iterdir() if top.name not in built
                 for path in [top, *top.rglob("*")] if "__pycache__" not in path.parts]
    return [path for path in paths if path.is_file()]


def texts():
    """(path, text) of every text file of ours that we wrote."""
    for path in ours():
        if "mathjax" not in path.parts and "assets" not in path.parts:
            try:
                yield path, path.read_text("utf-8")
            except UnicodeDecodeError:
                pass


# ------------------------------------------------------------------ style


def test_ruff():
    result = subprocess.run([sys.executable, "-m", "ruff", "check", "."],
                            cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_notebooks_are_stripped():
    command = [sys.executable, "-m", "nbstripout", "--keep-id", "--verify", *NOTEBOOKS]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@EACH_NOTEBOOK
def test_a_notebook_is_complete(path):
    """Valid, every cell has an id of its own, and the price is on it."""
    raw = json.loads(path.read_text())
    ids = [cell.get("id") for cell in raw["cells"]]
    assert None not in ids and len(set(ids)) == len(ids)
    nbformat.validate(nbformat.from_dict(raw))
    most = 25 if path.parent.name == "book" else 20
    assert 0 < raw["metadata"]["ganedu"]["budget_seconds"] <= most
    assert raw["metadata"]["kernelspec"]["name"] == "python3"


def test_no_machine_paths_and_no_registry_hosts():
    """What is committed names no folder of one machine and no host of a package registry."""
    host = re.compile(
        r"(?<![\w.])/(?:root|home|Users|work|tmp)/[\w.-]+|https?://[\w.:-]*(?:pypi|pythonhosted|"
        r"npmjs|pytorch)\.[\w./-]+|index-url[ =]+http|https?://(?:localhost|\d+\.\d+\.\d+\.\d+)"
    )
    found = {f"{path.relative_to(ROOT)}: {match.group()}" for path, text in texts()
             if path != Path(__file__) for match in host.finditer(text)}
    assert not found


# ------------------------------------------------------------------ links


def markdown_of(path):
    if path.suffix == ".md":
        return path.read_text()
    cells = json.loads(path.read_text())["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def test_internal_links_resolve():
    """Links and pictures to files exist; {doc} names a page; labels are defined."""
    broken = []
    pages = {path: markdown_of(path) for path in ours()
             if path.suffix in (".md", ".ipynb") and "mathjax" not in path.parts}
    label = r"^\(([\w-]+)\)=|^:(?:label|name): *([\w-]+)|\$\$ *\(([\w-]+)\)"
    labels = {name for text in pages.values()
              for names in re.findall(label, text, re.MULTILINE) for name in names if name}
    for path, text in pages.items():
        text = re.sub(r"```.*?```|``.*?``", "", text, flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)|\{doc\}`(?:[^`<]*<)?([^`>]+)>?`", text):
            link, page = target
            if page:
                found = any((path.parent / f"{page}{end}").exists() for end in (".md", ".ipynb"))
            elif re.match(r"[a-z]+:|#", link) or link in labels:
                found = True
            else:
                found = (path.parent / link.split("#")[0]).exists()
            if not found:
                broken.append(f"{path.relative_to(ROOT)}: {link or page}")
    assert not broken


def test_every_module_has_a_page():
    """A page for each wing, which shows its modules, and for each module beside the wings."""
    contents = (ROOT / "book" / "_toc.yml").read_text()
    for module in MODULES:
        wing = module.split(".")[0]
        page = ROOT / "book" / "api" / f"{wing}.md"
        assert f"automodule:: ganedu.{module}\n" in page.read_text()
        assert f"book/api/{wing}\n" in contents
    pages = {path.stem for path in (ROOT / "book" / "api").glob("*.md")} - {"index"}
    assert pages == {module.split(".")[0] for module in MODULES}


def test_every_module_says_in_one_line_what_it_is():
    """The first line of its docstring: the page of the package lists all of these."""
    assert "% every module\n" in (ROOT / "book" / "api" / "index.md").read_text()
    for module in MODULES:
        path = ROOT / "ganedu" / Path(*module.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        line = (ast.get_docstring(ast.parse(path.read_text())) or "").split("\n")[0]
        assert re.fullmatch(r"[A-Z].{15,98}[.?:]", line), f"{module}: {line!r}"


def test_every_module_is_read_in_one_sitting():
    lengths = {path: len(path.read_text().splitlines()) for path in (ROOT / "ganedu").rglob("*.py")}
    assert not {str(path): n for path, n in lengths.items() if n >= 400}


def test_every_make_target_is_explained_and_phony():
    text = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))
    phony = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE).group(1).split())
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert targets == phony
    for target in targets:
        assert re.search(rf"^  {target} +\w.{{10,}}$", shown.stdout, re.MULTILINE), target


# ------------------------------------------------------------------ licences and packaging


def test_licences():
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")
    text = (ROOT / "LICENSE-TEXT").read_text()
    assert "CC BY 4.0" in text and "creativecommons.org/licenses/by/4.0/legalcode" in text
    overview = (ROOT / "LICENSES.md").read_text()
    assert all(name in overview for name in ("MNIST", "Fashion-MNIST", "MathJax", "Apache-2.0"))
    assert "Apache License" in (ROOT / "book" / "mathjax" / "LICENSE").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "MIT"
    assert all((ROOT / name).stat().st_size for name in project["license-files"])


def test_mathjax_is_what_its_owners_published():
    folder = ROOT / "book" / "mathjax"
    listed = dict(reversed(line.split("  ")) for line in
                  (folder / "SHA256SUMS").read_text().splitlines())
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*")
             if path.is_file() and path.name != "SHA256SUMS"}
    assert there == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


def test_the_lock_names_versions_and_no_host():
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    wanted = [line for line in lines if line.strip() and not line.strip().startswith("#")]
    for line in wanted:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.+!]+( ;.*)?$", line), line
    names = {re.split(r"[=\[]", line)[0] for line in wanted}
    assert not {name for name in names if name == "torch" or name.startswith("nvidia")}
    assert {"tensorflow-cpu", "keras", "jupyter-book", "nbval", "nbgrader"} <= names
    assert not any("://" in line for line in lines)


def test_a_plain_install_brings_no_tensorflow_and_no_book_tools():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    plain = {re.split(r"[>=<\[;]", name)[0] for name in project["dependencies"]}
    lab = {re.split(r"[>=<\[;]", name)[0] for name in project["optional-dependencies"]["lab"]}
    assert not any("tensorflow" in name for name in plain | lab)
    assert not {"jupyter-book", "sphinx", "pytest", "nbval", "torch"} & (plain | lab)


def test_without_tensorflow_one_line_says_what_to_install(tmp_path):
    """Run where TensorFlow is not to be found, as after a plain `pip install ganedu`."""
    code = (
        "import importlib.util, sys\n"
        "class Without:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] == 'tensorflow':\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Without())\n"
        "real = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: (\n"
        "    None if name.split('.')[0] == 'tensorflow' else real(name, *rest))\n"
        "try:\n"
        "    import ganedu\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                            cwd=ROOT, check=True)
    (line,) = result.stdout.splitlines()
    assert 'pip install "ganedu[cpu]"' in line


# ------------------------------------------------------------------ which module may use which

# Module or wing -> what of the package it may use, beside itself.
ALONE = {
    "checks": set(), "files": set(), "named": {"checks"},
    "data": {"checks"}, "data.dataset": {"checks"}, "data.transforms": {"checks"},
    "distributions": set(), "networks": {"checks", "distributions", "gan", "named"}, "networks.layers": {"checks"}, "networks.fast": {"checks"},
    "networks.conditioning": {"named", "networks"},
    "game.orders": {"checks", "named"}, "game.objectives": {"checks", "named"},
    "game.terms": {"checks", "game", "named"},
    "game.balance": {"checks", "named"}, "game.augment": {"checks", "named"},
    "game": {"checks", "named"}, "gan": {"checks", "data", "distributions", "fitting", "game", "saving"},
    "fitting": {"checks", "data"}, "saving": {"game", "named"},
    "measures": {"checks", "data", "networks", "pictures"},
    "latent.vectors": {"checks"}, "latent": {"checks", "measures"}, "clinic.states": set(),
    "clinic": {"checks", "data", "experiments", "game", "measures"},
}  # fmt: skip


def modules_used(path):
    """The modules of ganedu that a file imports, anywhere in it: dotted, relative to ganedu."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]  # ("ganedu", wing)
    used = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.level or
                                                 (node.module or "").startswith("ganedu")):
            base = package[: len(package) - node.level + 1] if node.level else ()
            base += tuple(node.module.split(".")) if node.module else ()
            found = [base + (name.name,) for name in node.names]
            used |= {".".join(known) for parts in found
                     for known in [parts[1:], parts[1:-1]] if ".".join(known) in PLACES}
        elif isinstance(node, ast.Import):
            used |= {name.name.removeprefix("ganedu.") for name in node.names
                     if name.name.startswith("ganedu.")}
    return used


WINGS = sorted({module.split(".")[0] for module in MODULES if "." in module})
PLACES = {*MODULES, *WINGS}


def files_of(place):
    path = ROOT / "ganedu" / place.replace(".", "/")
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


@pytest.mark.parametrize("place", ALONE)
def test_a_basic_place_can_be_read_alone(place):
    used = {module for path in files_of(place) for module in modules_used(path)}
    used = {m for m in used if m != place and not m.startswith(f"{place}.")}
    assert {m if m in ALONE[place] else m.split(".")[0] for m in used} <= ALONE[place]


def test_no_module_imports_in_a_circle():
    uses = {name: {m for m in modules_used(files_of(name)[0]) if m in MODULES} for name in MODULES}
    while uses:
        free = {name for name, used in uses.items() if not used & uses.keys()}
        assert free, f"in a circle: {uses}"
        uses = {name: used for name, used in uses.items() if name not in free}


# ------------------------------------------------------------------ for students


@pytest.mark.slow
def test_the_students_zip_works_by_itself(tmp_path):
    """Unpacked somewhere else, with only the wheel's ganedu: a lab starts, the data loads."""
    archive = student_zip.pack(tmp_path / "labs.zip")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path)
        names = packed.namelist()
    folder = tmp_path / "ganedu-labs"
    assert not any("solution" in name for name in names)
    assert not any("{solution}" in path.read_text() for path in folder.rglob("*.ipynb"))
    for path in folder.rglob("*.ipynb"):  # links between labs and chapters work
        for link in re.findall(r"\]\(([\w./]+\.(?:ipynb|png))\)", path.read_text()):
            assert (path.parent / link).exists(), f"{path.name}: {link}"
    assert "&" not in (folder / "README.txt").read_text()  # PowerShell has no &&
    assert {path.name for path in NOTEBOOKS if path.parent.name == "labs"} == {
        path.name for path in (folder / "labs").glob("*.ipynb")}
    (wheel,) = folder.glob("*.whl")
    assert wheel.name in (folder / "README.txt").read_text()
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
                    "--disable-pip-version-check", "--target", tmp_path / "site", wheel],
                   check=True)
    lab = min((folder / "labs").glob("*.ipynb"))
    cells = [cell for cell in nbformat.read(lab, 4).cells if cell.cell_type == "code"]
    first = "\n\n".join(cell.source for cell in cells[:1])
    check = (
        "import ganedu, ganedu.data\n"
        "images, labels, names = ganedu.data.load('digits')[:3]\n"
        "print(ganedu.__file__, images.shape, len(names), sep='|')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", f"{first}\n\n{check}"], cwd=folder / "labs", text=True,
        capture_output=True, check=True,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site"), "MPLBACKEND": "agg"},
    )
    where, shape, classes = result.stdout.splitlines()[-1].split("|")
    assert Path(where).is_relative_to(tmp_path)
    assert (shape, classes) == ("(10000, 28, 28, 1)", "10")


# ------------------------------------------------------------------ the site's sources


def test_every_page_of_the_contents_has_a_source():
    contents = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text())
    pages = {contents["root"]}
    for part in contents["parts"]:
        for chapter in part["chapters"]:
            pages |= {chapter["file"], *(s["file"] for s in chapter.get("sections", []))}
    assert all(any((ROOT / f"{page}{end}").exists() for end in (".md", ".ipynb"))
               for page in pages)
    chapters = {f"book/{path.stem}" for path in (ROOT / "book").glob("*.ipynb")}
    labs = {f"labs/{path.stem}" for path in (ROOT / "labs").glob("*.ipynb")}
    assert chapters | labs <= pages


def test_the_first_page_and_the_notebooks_give_the_same_times():
    """Welcome's minutes, `75` or `45 to 60`, are those of the shortest and the longest."""
    def minutes(text):
        return [int(n) for n in re.search(r"(\d+)(?: to (\d+))? minutes", text).groups() if n]

    welcome = (ROOT / "book" / "welcome.md").read_text().split("- Time:", 1)[1]
    for folder, told in zip(("book", "labs"), welcome.split(";")):
        each = {n for path in (ROOT / folder).glob("*.ipynb")
                for n in minutes(markdown_of(path).split("**How long it takes.**", 1)[1])}
        assert minutes(told) == sorted({min(each), max(each)}), (folder, each)
