"""Lab 5: our version of the student's functions."""

import numpy as np

from ..experiments import records
from ..measures.intervals import difference
from .lab5_given import student

NOT_YOURS = ("measures", "intervals", "difference", "effects", "scipy", "ganedu.measures",
             "ganedu.measures.intervals", "ganedu.experiments.effects", "scipy.stats", "statsmodels",
             "pingouin")  # fmt: skip


def _spread(a, b):
    return difference(a, b).spread


def _interval(a, b):
    found = difference(a, b)
    return found.low, found.high


def _call(a, b):
    return difference(a, b).way


def _share_called(size, n, draws, rng):
    pairs = ((rng.normal(size, 1, n), rng.normal(0, 1, n)) for _ in range(draws))
    return sum(_call(a, b) != "none" for a, b in pairs) / draws


def _values(runs, metric):
    """Seed -> value, of the runs that have one."""
    found = {run["seed"]: records.of_run(run, metric) for run in runs}
    return {seed: value for seed, value in found.items() if value is not None}


def _effect(runs, base, metric):
    a, b = (list(_values(group, metric).values()) for group in (runs, base))
    return _call(a, b) if min(len(a), len(b)) > 1 else "diverged"


def _same_seed(runs, base, metric):
    a, b = _values(runs, metric), _values(base, metric)
    seeds = sorted(a.keys() & b.keys())
    return float(np.corrcoef([a[s] for s in seeds], [b[s] for s in seeds])[0, 1])


PARTS = {
    "spread": _spread, "interval_of_difference": _interval, "call": _call, "student": student,
    "share_called": _share_called, "at_least_one": lambda share, knobs: 1 - (1 - share) ** knobs,
    "effect": _effect, "same_seed": _same_seed,
    "break_even": lambda n: 1 - (student(2 * n - 2) / student(n - 1)) ** 2,
}  # fmt: skip
