"""Recorded runs: what a page shows that did not run on the page.

A record is one run: a JSON file `<claim>/<setting>-seed<k>.json` and beside it a film strip of
the same name.

    claims      ids of the claims that the run speaks to; its folder is that of the first
    setting     which experiment, a row of `sweeps.ROWS`;  seed: which of its runs
    scale       "quick", "standard" or "paper"
    recipe      all that was trained, as `Recipe.to_dict` gives it
    precision   "float32" or "mixed_bfloat16"
    threads     that TensorFlow computed with (null, not known, in the oldest records)
    measure     name of the function in `sweeps.MEASURES` that gave the metrics
    metrics     its numbers, or {"diverged": since when} of a run that turned NaN, and what a measure
                that is asked of such runs too has to say
    curves      figure -> its value after each epoch (null in the oldest)
    seconds     "training": of all epochs; "all": of the process that ended the run, so less where
                an earlier one was stopped
    memory      GiB, the most that the process held (null in the older ones)
    versions, machine, commit, command
                of the run; whoever has the repository can make it again by the command

The same recipe, seed, precision, threads and versions give the same metrics again, bit for bit,
on the same kind of processor: `python -m ganedu reproduce CLAIM --again` tries it.
"""

import fnmatch
import glob
import json
import subprocess
from pathlib import Path

from .. import files, pictures

FIELDS = (
    "claims", "setting", "seed", "scale", "recipe", "precision", "threads", "measure", "metrics",
    "curves", "seconds", "memory", "versions", "machine", "commit", "command",
)  # fmt: skip


def root():
    """The nearest folder of records: `records` or `book/records`, here or above.

    Where there is none, a new one is to be made: `book/records` if there is a book, or `records`.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        for found in (folder / "records", folder / "book" / "records"):
            if next(found.glob("*/*-seed*.json"), None):
                return found
    return here / "book" / "records" if (here / "book").is_dir() else here / "records"


def path(root, claim, setting, seed):
    """Where that record is kept."""
    return Path(root) / claim / f"{setting}-seed{seed}.json"


def save(root, record, strip=None):
    """Writes a record, and its film strip (a uint8 picture) beside it; each whole or not at all.

    Raises:
        ValueError: if a field is missing or unknown.
    """
    if set(record) != set(FIELDS):
        odd = sorted(set(record) ^ set(FIELDS))
        raise ValueError(f"record has missing or unknown fields {odd}; it has {FIELDS}")
    target = path(root, record["claims"][0], record["setting"], record["seed"])
    files.make_folder(target.parent)
    if strip is not None:
        pictures.save_png(target.with_suffix(".png"), strip)
    files.write(target, _text({name: record[name] for name in FIELDS}))
    return target


def _text(values, deep=1):
    """JSON with a line for each name, and for each name of the objects in it."""
    lines = []
    for name, value in values.items():
        nested = deep and isinstance(value, dict) and value
        text = _text(value, deep - 1).replace("\n", "\n ").rstrip() if nested else json.dumps(value)
        lines.append(f" {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read(path):
    """The record in a file, and under "film" the path of its strip.

    Raises:
        ValueError: if the file is no record; in one line.
    """
    path = Path(path)
    try:
        record = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is no record: {error}") from None
    if isinstance(record, dict):
        record = {"memory": None} | record
    if not isinstance(record, dict) or set(record) != set(FIELDS):
        odd = sorted(set(record) ^ set(FIELDS)) if isinstance(record, dict) else "no names at all"
        raise ValueError(f"{path} is no record: missing or unknown fields {odd}")
    return record | {"film": path.with_suffix(".png")}


def load(root, claim=None, setting=None):
    """The records that speak to a claim (None: all), all seeds, sorted by setting and seed.

    Raises:
        FileNotFoundError: if there is none.
        ValueError: if a file is damaged.
    """
    named = f"*/{'*' if setting is None else glob.escape(setting)}-seed*.json"
    found = [read(p) for p in Path(root).glob(named)]
    found = [r for r in found if claim in (None, *r["claims"]) and setting in (None, r["setting"])]
    if not found:
        raise FileNotFoundError(f"no records of claim {claim!r}, setting {setting!r}, in {root}")
    return sorted(found, key=lambda r: (r["setting"], r["seed"]))


def by_setting(root, claim=None):
    """The same, {setting: its records, sorted by seed}; {} if there is none."""
    try:
        found = load(root, claim)
    except FileNotFoundError:
        return {}
    groups = {}
    for record in found:
        groups.setdefault(record["setting"], []).append(record)
    return groups


def value(metrics, metric):
    """One number out of a run's metrics; None where it has none, as a run that diverged.

    Args:
        metrics: of a record.
        metric: "success"; "min class_shares" and "max ..." of a list, "8 class_shares" of its
            eighth class, counted from 0; "training_mode.ink" of what is nested, "max accuracy.add-*"
            of all that are called so; "success - reader_accuracy".
    """
    if " - " in metric:
        a, b = (value(metrics, part) for part in metric.split(" - "))
        return None if a is None or b is None else round(a - b, 6)
    of, _, name = metric.rpartition(" ")
    if "*" in name:
        outer, _, name = name.partition(".")
        inner = metrics.get(outer) or {}
        found = [inner[key] for key in inner if fnmatch.fnmatchcase(key, name)]
    elif "." in metric:
        outer, _, metric = metric.partition(".")
        return value(metrics.get(outer) or {}, metric)
    else:
        found = metrics.get(name)
    if isinstance(found, list) and of.isdigit():
        found = found[int(of)] if int(of) < len(found) else None
        return found if isinstance(found, int | float) else None
    if isinstance(found, list):
        found = [v for v in found if isinstance(v, int | float)]
        return {"min": min, "max": max}[of](found) if of in ("min", "max") and found else None
    return found if not of and isinstance(found, int | float) else None


def of_run(record, metric):
    """One number of a run, also of how it went: as `value`, or None.

    Args:
        record: of the run.
        metric: as `value` takes it; "last g_loss" or "first g_loss", of a curve; "gap", the last
            D(x) - D(G(z)), of D's mean outputs; "seconds", of training.
    """
    curves = record["curves"] or {}
    if metric == "gap":
        real, fake = (of_run(record, f"last d_out_{kind}") for kind in ("real", "fake"))
        return None if real is None or fake is None else round(real - fake, 6)
    if metric == "seconds":
        return record["seconds"].get("training")
    which, _, curve = metric.partition(" ")
    if which in ("first", "last"):
        values = curves.get(curve)
        whole = which == "first" or "diverged" not in record["metrics"]
        return values[0 if which == "first" else -1] if values and whole else None
    return value(record["metrics"], metric)


def real_value(metrics, metric):
    """What real images get, as far as the record says it; or None."""
    if " - " in metric:
        return None
    metric = metric.removeprefix("training_mode.")
    of, _, name = metric.rpartition(" ")
    for places, found in (
        (metrics.get("real") or {}, name),
        (metrics, f"real_{name}"), (metrics, f"{name}_real"), (metrics, f"{name}_floor"),
        (metrics, {"success": "reader_accuracy"}.get(name, "")),
    ):  # fmt: skip
        if (number := value(places, f"{of} {found}".strip())) is not None:
            return number
    return None


def commit():
    """The commit that the working folder stands at, with "+" if its code differs; or "unknown"."""
    try:
        run = {"capture_output": True, "text": True, "check": True}
        head = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], **run).stdout.strip()
        changed = subprocess.run(["git", "status", "--porcelain", "ganedu"], **run)
        changed = changed.stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head + ("+" if changed else "")
