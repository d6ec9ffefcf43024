"""Grade labs apart from the notebooks: the student's functions in one process, the checks in another.

    python -m tools.grade lab1 submitted            grades/lab1.csv, grades/lab1/STUDENT.md
    python -m tools.grade lab1 submitted --seed 7   with these numbers, and no others

`submitted` holds a folder (or a notebook) for each student; nbgrader's STUDENT/lab1/*.ipynb is
one of the shapes that are understood.  Of a submission only the code is taken, not the outputs
and not the check cells: the lab's own given cells are run instead of the student's copies of
them, then the student's answer cells, and of other cells what defines something.

The checks run *here*, with a seed that nobody knew, and only ask the other process for numbers,
which are sent without pickle.  So nothing that a submission does to checks, NumPy or its kernel
changes a verdict; a call that ends Python or never returns costs that function its points.
"""

import argparse
import ast
import contextlib
import csv
import importlib
import io
import json
import linecache
import multiprocessing
import os
import re
import secrets
import sys
import tempfile
from pathlib import Path

import nbformat
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
# No answer needs these; with them code could look at the checks' own versions of the functions.
STRANGE = re.compile(
    r"lab_checks|\bimportlib\b|\bsys\s*\.\s*modules|\bgc\b|\binspect\b|\b(?:eval|exec|compile)\s*\(|"
    r"__(?:import|globals|code|builtins|subclasses|dict|closure)__|\bvars\(|\bglobals\(|_getframe|"
    r"get_ipython|\bctypes\b")
SECONDS = 120  # for one cell, or one question of a check; the slowest needs a few seconds


# ------------------------------------------------------------------ the lab


class Lab:
    """What a lab asks for, read from its solution's notebook (or the student's: they agree)."""

    def __init__(self, name):
        found = sorted((ROOT / "labs").glob(f"{int(name.removeprefix('lab')):02d}_*.ipynb"))
        if not found:
            raise ValueError(f"there is no {name} in labs/")
        self.name, self.path = name, found[0]
        self.given, self.answers, self.tasks = [], set(), []
        for cell in nbformat.read(self.path, 4).cells:
            meta = cell.metadata.get("nbgrader", {})
            if meta.get("solution"):
                self.answers.add(meta["grade_id"])
            elif meta.get("grade"):  # checks.NAME(NAME)
                self.tasks.append((ast.parse(cell.source).body[0].value.func.attr, meta["points"]))
            elif meta:
                self.given.append(cell.source.strip())
        self.points = sum(points for _, points in self.tasks)
        self.locked = {c.metadata["nbgrader"]["grade_id"] for c in nbformat.read(self.path, 4).cells
                       if c.metadata.get("nbgrader", {}).get("locked")}

    def code(self, notebook):
        """The student's cells that count, in their order."""
        names = {name for name, _ in self.tasks}
        sources = []
        for cell in notebook.cells:
            if cell.cell_type != "code" or cell.source.strip() in self.given:
                continue
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            if grade_id in self.answers or grade_id not in self.locked:
                whole = grade_id in self.answers
                sources.append(definitions(str(cell.source), None if whole else names))
        return [source for source in sources if source]


def definitions(source, names):
    """A cell without notebook commands; if `names` is given, only what defines something.

    A cell that defines a function of the lab is kept whole; of others imports, functions, classes
    and simple values are kept, so that a helper counts and a training or a plot does not run.
    """
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()]
    source = "\n".join(lines)
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source  # the worker finds the mistake again, and says so
    if names is None or any(getattr(node, "name", None) in names for node in tree.body):
        return source
    kinds = ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
    kept = [node for node in tree.body if isinstance(node, kinds) or
            isinstance(node, ast.Assign) and not any(isinstance(n, ast.Call) for n in ast.walk(node))]
    return "\n".join(ast.unparse(node) for node in kept)


# ------------------------------------------------------------------ messages between the two


def encode(value):
    """Bytes of numbers, texts, arrays and their lists, tuples and dictionaries; no pickle."""
    arrays = {}

    def tree(v):
        if v is None or type(v) in (bool, int, float, str):
            return v
        if isinstance(v, list | tuple):
            return {type(v).__name__ if type(v) in (list, tuple) else "tuple": [tree(x) for x in v]}
        if isinstance(v, dict) and all(isinstance(k, str) for k in v):
            return {"dict": [[k, tree(x)] for k, x in v.items()]}
        if hasattr(v, "numpy"):
            v = v.numpy()
        if isinstance(v, np.ndarray | np.generic) and v.dtype.kind in "biufcU":
            arrays[f"a{len(arrays)}"] = np.asarray(v)
            return {"array": f"a{len(arrays) - 1}", "scalar": isinstance(v, np.generic)}
        if isinstance(v, complex):
            return tree(np.complex128(v))
        return {"other": [type(v).__name__, repr(v)[:200]]}

    buffer, text = io.BytesIO(), json.dumps(tree(value))
    np.savez(buffer, tree=np.frombuffer(text.encode(), np.uint8), **arrays)
    return buffer.getvalue()


class Other:
    """Something that cannot be sent: only its kind and its looks."""

    def __init__(self, kind, text):
        self.text = text
        self.__class__ = type(kind, (Other,), {})

    def __repr__(self):
        return self.text


def decode(message):
    """What `encode` was given; raises ValueError for anything else."""
    try:
        with np.load(io.BytesIO(message), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        found = json.loads(arrays.pop("tree").tobytes())
    except Exception as error:
        raise ValueError("not a message") from error

    def value(t):
        if not isinstance(t, dict):
            return t
        if "array" in t:
            array = arrays[t["array"]]
            return array[()] if t["scalar"] else array
        (kind, inside), = t.items()
        if kind == "dict":
            return {k: value(v) for k, v in inside}
        if kind == "other":
            return Other(*inside)
        return {"list": list, "tuple": tuple}[kind](value(v) for v in inside)

    try:
        return value(found)
    except Exception as error:
        raise ValueError("not a message") from error


# ------------------------------------------------------------------ the student's process


def serve(connection, folder, given):
    """Runs cells and answers questions until the other side is gone."""
    from ganedu.lab_checks.common import Wrong

    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    os.chdir(folder)
    os.environ["MPLBACKEND"] = "agg"
    space = {"__name__": "notebook", "__builtins__": __builtins__}
    for source in given:
        exec(compile(source, "given", "exec"), space)
    connection.send_bytes(encode("ready"))
    while True:
        kind, *rest = decode(connection.recv_bytes())
        try:
            if kind == "cell":
                name, source = rest
                linecache.cache[name] = (len(source), None, source.splitlines(True), name)
                exec(compile(source, name, "exec"), space)
                reply = ["right", None]
            else:
                (module, helper), arguments = rest
                helper = getattr(importlib.import_module(module), helper)
                found = [space.get(a["function"]) if isinstance(a, dict) and "function" in a else a
                         for a in arguments]
                for a, function in zip(arguments, found):
                    if isinstance(a, dict) and "function" in a and not callable(function):
                        raise Wrong(f"the notebook defines no function {a['function']}")
                reply = ["right", helper(*found)]
        except Wrong as error:
            reply = ["wrong", str(error)]
        except BaseException as error:
            reply = ["wrong", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"]
        connection.send_bytes(encode(reply))


class Student:
    """A submission's functions, in a process of their own that is started again if it ends."""

    def __init__(self, lab, cells, seconds=SECONDS):
        self.lab, self.cells, self.seconds = lab, cells, seconds
        self.deadly, self.notes, self.process = set(), [], None
        self.folder = tempfile.TemporaryDirectory()

    def start(self):
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(
            target=serve, args=(theirs, self.folder.name, self.lab.given), daemon=True)
        self.process.start()
        theirs.close()
        if self._reply(3 * self.seconds) != "ready":
            raise RuntimeError("the lab's own cells do not run: is its environment complete?")
        for number, source in enumerate(self.cells, start=1):
            if number in self.deadly:
                continue
            if found := STRANGE.search(source):
                self.deadly.add(number)
                self.notes.append(f"Answer cell {number} was left out: `{found.group()}` has no "
                                  "place in an answer. Please look at it.")
                continue
            try:
                right, words = self._ask("cell", f"<answer cell {number}>", source)
            except EOFError as error:
                self.deadly.add(number)  # without this cell, then
                self.notes.append(f"Answer cell {number} {error}; it was left out.")
                return self.start()
            if right != "right":
                note = f"Answer cell {number} stops: {words}"
                self.notes += [note] if note not in self.notes else []

    def _ask(self, *message):
        self.connection.send_bytes(encode(list(message)))
        reply = self._reply(self.seconds)
        if not (isinstance(reply, list) and len(reply) == 2 and reply[0] in ("right", "wrong")):
            self.stop()
            raise EOFError("breaks the line to the checks")
        return reply

    def _reply(self, seconds):
        try:
            if not self.connection.poll(seconds):
                self.stop()
                raise EOFError(f"does not come to an end within {seconds} s")
            return decode(self.connection.recv_bytes())
        except (EOFError, OSError) as error:
            self.stop()
            raise EOFError(str(error) or "ends Python itself (exit?)") from None
        except ValueError:
            return None

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None

    def run(self, helper, arguments):
        """helper(*arguments) over there; what goes wrong is raised here."""
        from ganedu.lab_checks.common import Wrong

        if self.process is None:
            self.start()
        sent = [{"function": a.__name__} if isinstance(a, Function) else a for a in arguments]
        name = next(a.__name__ for a in arguments if isinstance(a, Function))
        try:
            right, value = self._ask("run", [helper.__module__, helper.__name__], sent)
        except EOFError as error:
            raise Wrong(f"{name} {error}") from None
        if right == "wrong":
            raise Wrong(str(value))
        return value


class Function:
    """Stands here for a function of the student's."""

    def __init__(self, student, name):
        self.student, self.__name__ = student, name

    def __call__(self, *arguments):
        raise TypeError("a check asks through common.run")

    def run_there(self, helper, arguments):
        return self.student.run(helper, arguments)


# ------------------------------------------------------------------ grading


def grade(lab, path, seed, seconds=SECONDS):
    """(points of each task, feedback of each task, notes) for the notebook at `path`."""
    try:
        if path is None:
            raise ValueError("no notebook was handed in")
        notebook = nbformat.reads(Path(path).read_text("utf-8"), 4)
        cells = lab.code(notebook)
    except Exception as error:
        why = str(error) if path is None else f"the notebook cannot be read ({type(error).__name__})"
        return [0] * len(lab.tasks), [why] * len(lab.tasks), [why]
    checks = importlib.import_module(f"ganedu.lab_checks.{lab.name}")
    student = Student(lab, cells, seconds)
    points, words = [], []
    try:
        for name, worth in lab.tasks:
            try:
                for number in (0, seed):  # what the student saw, and what nobody saw
                    with contextlib.redirect_stdout(io.StringIO()):
                        getattr(checks, name)(Function(student, name), seed=number)
            except checks.Wrong as error:
                points.append(0)
                words.append(str(error))
            except Exception as error:  # what came back was stranger than a check foresees
                points.append(0)
                words.append(f"{name} gives something strange ({type(error).__name__})")
            else:
                points.append(worth)
                words.append("right")
    finally:
        student.stop()
        student.folder.cleanup()
    return points, words, student.notes


def submissions(folder, lab):
    """Student -> notebook, or None where there is none."""
    found = {}
    for entry in sorted(p for p in Path(folder).iterdir() if not p.name.startswith(".")):
        if entry.is_dir():
            own = entry / lab.name if (entry / lab.name).is_dir() else entry
            books = sorted(p for p in own.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
            books.sort(key=lambda p: p.name != lab.path.name)
            found[entry.name] = books[0] if books else None
        elif entry.suffix == ".ipynb":
            found[entry.stem] = entry
    return found


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="grade", description=__doc__.splitlines()[0])
    parser.add_argument("lab", help="lab1, lab2, ...")
    parser.add_argument("submitted", type=Path, help="a folder or a notebook for each student")
    parser.add_argument("--out", type=Path, default=Path("grades"), help="default: grades")
    parser.add_argument("--seed", type=int, help="draws the numbers; default: by chance")
    options = parser.parse_args(arguments)
    try:
        lab = Lab(options.lab)
        found = submissions(options.submitted, lab)
    except (ValueError, OSError) as error:
        sys.exit(f"grade: {error}")
    seed = options.seed or 1 + secrets.randbelow(10**6)
    feedback = options.out / lab.name
    feedback.mkdir(parents=True, exist_ok=True)
    names = [name for name, _ in lab.tasks]
    with (options.out / f"{lab.name}.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["student", *names, "points", "of", "seed"])
        for student, path in found.items():
            points, words, notes = grade(lab, path, seed)
            table.writerow([student, *points, sum(points), lab.points, seed])
            lines = [f"# {lab.name}: {sum(points)} of {lab.points} points", "", *notes, *([""] * bool(notes))]
            lines += [f"- `{name}` {got} of {worth}: {text}"
                      for (name, worth), got, text in zip(lab.tasks, points, words)]
            (feedback / f"{student}.md").write_text("\n".join(lines) + "\n")
            print(f"{student:20} {sum(points):3} of {lab.points}")
    print(f"{options.out / lab.name}.csv and one page of feedback a student (seed {seed})")


if __name__ == "__main__":
    main()
