"""Recorded runs: what a page shows that did not run on the page.

A record is one run: a JSON file `<claim>/<setting>-seed<k>.json` and beside it a film strip of
the same name.  It holds claim, scale, setting, seed, metrics, seconds, versions, machine and
commit; whoever has the repository can make it again with the command it names.
"""

import json
import subprocess
from pathlib import Path

from .. import files, pictures

FIELDS = (
    "claim", "scale", "setting", "seed", "metrics", "seconds", "versions", "machine", "commit",
    "command",
)  # fmt: skip


def path(root, claim, setting, seed):
    """Where that record is kept."""
    return Path(root) / claim / f"{setting}-seed{seed}.json"


def save(root, record, strip=None):
    """Writes a record, and its film strip (a uint8 picture) beside it.

    Raises:
        ValueError: if a field is missing or unknown.
    """
    if set(record) != set(FIELDS):
        odd = sorted(set(record) ^ set(FIELDS))
        raise ValueError(f"record has missing or unknown fields {odd}; it has {FIELDS}")
    target = path(root, record["claim"], record["setting"], record["seed"])
    files.make_folder(target.parent)
    if strip is not None:
        pictures.save_png(target.with_suffix(".png"), strip)
    files.write(target, json.dumps(record, indent=1) + "\n")
    return target


def load(root, claim, setting=None):
    """The records of a claim, all seeds, sorted by setting and seed.

    Raises:
        FileNotFoundError: if there is none.
    """
    found = [json.loads(p.read_text()) for p in sorted((Path(root) / claim).glob("*.json"))]
    found = [r for r in found if setting in (None, r["setting"])]
    if not found:
        raise FileNotFoundError(f"no records of claim {claim!r}, setting {setting!r}, in {root}")
    return sorted(found, key=lambda r: (r["setting"], r["seed"]))


def commit():
    """The commit that the working folder stands at, with "+" if its code differs; or "unknown"."""
    try:
        run = {"capture_output": True, "text": True, "check": True}
        head = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], **run).stdout.strip()
        changed = subprocess.run(["git", "status", "--porcelain", "ganedu", "benchmarks"], **run)
        changed = changed.stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head + ("+" if changed else "")
