"""Lab 5: our version of the student's functions, and how one of theirs is asked beside them."""

import numpy as np

from ..experiments import records
from ..measures.intervals import difference
from . import common
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


def _at_least_one(share, knobs):
    return 1 - (1 - share) ** knobs


def _break_even(n):
    return 1 - (student(2 * n - 2) / student(n - 1)) ** 2


PARTS = {
    "spread": _spread, "interval_of_difference": _interval, "call": _call, "student": student,
    "share_called": _share_called, "at_least_one": _at_least_one,
    "effect": _effect, "same_seed": _same_seed,
    "break_even": _break_even,
}  # fmt: skip


def alone(function, *arguments):
    """The student's function with our version of the others, and without the library's."""
    hints = [("'list' object has no attribute|unsupported operand .*'list'",
              "a and b are lists: np.mean(a), np.sum(...), or np.array(a) first"),
             ("Student's t has", "what do you give `student`? The degrees of freedom"),
             ("cannot be interpreted as an integer", "range is for whole numbers: compare each end "
              "with 0"),
             ("KeyError", "a table for some numbers only? It must hold for others, too")]
    return common.call(function, *arguments, parts=PARTS, forbidden=NOT_YOURS, hints=hints)


def groups(seed):
    """Pairs of groups, lists: by hand, of unequal sizes and spreads, far from 0, many seeds."""
    rng = np.random.default_rng(seed)
    made = [([1.0, 3.0], [2.0, 6.0, 4.0]), ([0.8, 0.95, 0.9], [0.7, 0.72, 0.71])]
    for n, m, s, shift in ((2, 7, 3, 1), (6, 3, 0.2, -4), (5, 5, 1, 20), (14, 9, 2, 0.5)):
        made.append(((shift + s * rng.normal(size=n)).tolist(), rng.normal(size=m).tolist()))
    return made
