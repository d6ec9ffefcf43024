"""Runs the experiments of the table that no record holds yet, several at a time.

    reproduce(sweeps.find("B-cgan"))

joblib hands the runs out; each trains in a process of its own, whose number of threads is set
before TensorFlow starts.  So it is the same run whether joblib's workers are threads of this
process, as by default, or the machines of a cluster that the user gives it:

    with joblib.parallel_config(backend="dask"):
        jobs.reproduce(sweeps.find("B-cgan"), jobs=-1)

A run is a folder that can be stopped anywhere (`runs`), a record is written whole or not at all,
and a run whose starter is gone ends itself: after a kill -9 the same call goes on.

This module imports TensorFlow only in the process that trains, so that a worker is light.
"""

import inspect
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from .. import files

try:
    import resource
except ImportError:  # Windows
    resource = None

THREADS = (
    "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)  # fmt: skip
WORK = Path("runs") / "reproduce"


def cores():
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def reproduce(rows, root=None, work=WORK, seeds=None, jobs=None, again=False, say=print):
    """Trains, measures and records what is missing of some rows of the table.

    Args:
        rows: of `sweeps.ROWS`.
        root: folder of the records, by default the nearest (`records.root`).
        work: where the runs' folders are made.
        seeds: how many runs of each row; by default as many as the row says.
        jobs: how many runs at a time, by default one a core.  The cores are shared out evenly
            as threads.  On a cluster -1 uses all workers, and a run has one thread.
        again: repeat the recorded runs, with the recipe, precision and threads of the record,
            and say whether the same came out; a record is only replaced if something else did.
        say: what is called with each line of progress.

    Returns:
        (number of runs recorded, list of lines that say which failed).
    """
    import joblib

    from . import records, sweeps

    root = Path(records.root() if root is None else root)
    if jobs is not None and (isinstance(jobs, bool) or not isinstance(jobs, int) or jobs == 0):
        raise ValueError(f"jobs is {jobs!r}; give a whole number above 0, or -1 for all there are")
    jobs = cores() if jobs is None else jobs
    threads = max(1, cores() // jobs) if jobs > 0 else 1
    tasks, old = [], {}
    for row in rows:
        have = sweeps.recorded(row, root)
        for seed in range(row.seeds if seeds is None else seeds):
            if seed in have and not again:
                continue
            tasks.append(_task(row, seed, have.get(seed), threads, Path(work).absolute()))
            old[tasks[-1]["folder"]] = have.get(seed)
    if not tasks:
        say(f"nothing is missing in {root}")
        return 0, []
    if again:
        for task in tasks:  # one that was stopped half-way goes on
            if (Path(task["folder"]) / "record.json").exists():
                shutil.rmtree(task["folder"])
    progress = _Progress(tasks, jobs, say)
    pool = joblib.Parallel(n_jobs=jobs, prefer="threads", return_as="generator_unordered")
    failed = []
    with progress:
        for task, record, strip, words in pool(joblib.delayed(one)(task) for task in tasks):
            if record is None:
                failed.append(f"{task['setting']} seed {task['seed']}: {words}")
                progress.line(failed[-1])
                continue
            before = old[task["folder"]]
            words = "recorded" if before is None else _same(before, record)
            if words != EQUAL:
                _write(root, record, strip)
            progress.line(f"{task['setting']} seed {task['seed']}: {words}")
    return len(tasks) - len(failed), failed


EQUAL = "the same metrics as recorded"


def _same(before, now):
    """In words: did the run measure what its record says?"""
    a, b = before["metrics"], now["metrics"]
    changed = [name for name in (a | b) if a.get(name) != b.get(name)]
    if not changed:
        return EQUAL
    shown = [f"{n} {a.get(n)} -> {b.get(n)}" for n in changed
             if isinstance(a.get(n), int | float) and isinstance(b.get(n), int | float)]  # fmt: skip
    return f"recorded anew: {', '.join(shown[:4]) or ', '.join(changed)}"


def _write(root, record, strip):
    """A record made elsewhere, put among the others; strip: the bytes of its PNG."""
    from . import records

    target = records.path(root, record["claims"][0], record["setting"], record["seed"])
    files.make_folder(target.parent)
    files.write(target.with_suffix(".png"), strip)
    records.save(root, record)


def _task(row, seed, record, threads, work):
    """All that a run needs to know, as JSON values; of a record, what it says was done."""
    task = {
        "claims": list(row.claims), "setting": row.setting, "seed": seed,
        "recipe": row.recipe.to_dict(), "measure": row.measure, "precision": row.precision,
        "threads": threads, "minutes": row.minutes,
        "folder": str(work / row.claims[0] / f"{row.setting}-seed{seed}"),
    }  # fmt: skip
    if record is not None:
        kept = {name: record[name] for name in ("recipe", "measure", "precision", "threads")}
        task |= {name: value for name, value in kept.items() if value is not None}
    return task


def one(task):
    """Does one run in a process of its own: (task, record or None, its strip, what went wrong)."""
    folder = Path(task["folder"])
    files.make_folder(folder)
    if (folder / "config.json").exists():  # it goes on as it began, whatever `jobs` is now
        begun = json.loads((folder / "config.json").read_text()).get("threads")
        task = task | {"threads": begun or task["threads"]}
    pinned = os.environ | {name: str(task["threads"]) for name in THREADS}
    with open(folder / "log.txt", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=log, stderr=log,
            env=pinned,
        )  # fmt: skip
        try:
            process.communicate(json.dumps(task | {"starter": os.getpid()}).encode())
        finally:
            if process.poll() is None:  # interrupted
                process.kill()
                process.wait()
    if process.returncode:
        return task, None, None, _why(process.returncode, folder / "log.txt")
    record = json.loads((folder / "record.json").read_text())
    return task, record, (folder / "film.png").read_bytes(), ""


def _why(code, log):
    """The last line of a failed run's log, or the signal that ended it."""
    if code < 0:
        return f"ended by {signal.Signals(-code).name}; the same command goes on"
    lines = log.read_text(errors="replace").strip().splitlines() or ["no output"]
    return f"{lines[-1]} (all of it: {log})"


class _Progress:
    """What is done, and about how long the rest takes; in a terminal, as it goes."""

    def __init__(self, tasks, jobs, say):
        self.tasks, self.jobs, self.say = tasks, max(jobs, 1), say
        self.done, self.began = 0, time.monotonic()
        self.minutes = sum(task["minutes"] for task in tasks)
        self.start = self._trained()
        self._over = threading.Event()

    def _trained(self):
        """Minutes' worth of training that is in the runs' folders."""
        worth = 0.0
        for task in self.tasks:
            path = Path(task["folder"]) / "metrics.jsonl"
            epochs = path.read_bytes().count(b"\n") if path.exists() else 0
            worth += task["minutes"] * min(epochs / task["recipe"]["epochs"], 1)
        return worth

    def left(self):
        """Minutes, from what was trained since the start; at first from the table's figures."""
        now, passed = self._trained(), (time.monotonic() - self.began) / 60
        rest = self.minutes - now
        if now > self.start:
            return rest * passed / (now - self.start)
        return rest / self.jobs

    def _status(self):
        return f"{self.done} of {len(self.tasks)} runs, about {self.left():.0f} min left"

    def line(self, words):
        self.done += 1
        clear = "\r\033[K" if self._shown else ""
        self.say(f"{clear}{words}; {self._status()}")

    def __enter__(self):
        self._shown = self.say is print and sys.stdout.isatty()
        self.say(f"{len(self.tasks)} runs, {self.jobs} at a time, {self.tasks[0]['threads']} "
                 f"thread{'s' * (self.tasks[0]['threads'] > 1)} each; about {self.left():.0f} min")
        self._ticker = threading.Thread(target=self._tick, daemon=True)
        self._ticker.start()
        return self

    def _tick(self):
        while self._shown and not self._over.wait(2):
            epochs = f"{self._trained() / self.minutes:.0%} trained"
            print(f"\r\033[K{self._status()} ({epochs})", end="", flush=True)

    def __exit__(self, *_):
        self._over.set()
        self._ticker.join()


def _end_with(starter):
    """Ends this process when the one that started it is gone."""

    def watch():
        while os.getppid() == starter:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def main():
    """The process of one run: the task comes in as JSON, the record is left in the run's folder."""
    task = json.loads(sys.stdin.read())
    _end_with(task["starter"])
    print(f"started by {task['starter']}", flush=True)

    from . import records, runs, sweeps, trainer
    from .recipes import Recipe

    began = time.monotonic()
    folder, recipe = Path(task["folder"]), Recipe.from_dict(task["recipe"])
    gan, diverged = None, ""
    try:
        gan = trainer.train(folder, recipe, task["seed"], task["precision"])
    except trainer.Diverged as error:
        diverged = str(error)
    trained = time.monotonic()
    run = runs.Run(folder)
    measure = sweeps.MEASURES[task["measure"]]
    lines = run.metrics()
    # A long one keeps what it has found so far, and goes on there.
    more = {"kept": folder / "measured.json", "history": lines, "diverged": diverged}
    more = {name: more[name] for name in more.keys() & inspect.signature(measure).parameters}
    metrics = {"diverged": diverged} if diverged else {}
    if not diverged or "diverged" in more:  # there is no GAN to measure, but for the clinic that is a finding
        metrics |= measure(gan, recipe, **more)
    names = [n for n in (lines[0] if lines else {}) if n not in ("epoch", "steps", "seconds")]
    record = {
        "claims": task["claims"],
        "setting": task["setting"],
        "seed": task["seed"],
        "scale": recipe.scale,
        "recipe": recipe.to_dict(),
        "precision": run.precision,
        "threads": run.config["threads"],
        "measure": task["measure"],
        "metrics": metrics,
        "curves": {name: [line[name] for line in lines if name in line] for name in names},
        "memory": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2) if resource else None,
        "seconds": {
            "training": round(sum(line["seconds"] for line in lines), 1),
            "all": round(time.monotonic() - began, 1),
        },
        "versions": run.config["versions"],
        "machine": run.config["machine"],
        "commit": records.commit(),
        "command": f"python -m ganedu reproduce {task['claims'][0]} --setting {task['setting']}",
    }
    print(f"trained in {trained - began:.0f} s, measured in {time.monotonic() - trained:.0f} s")
    files.write(folder / "record.json", json.dumps(record))


if __name__ == "__main__":
    main()
