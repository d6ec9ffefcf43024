"""Lab 11: our version of the student's functions, and how one of theirs is asked beside them."""

import numpy as np

from .common import call, called

NOT_YOURS = (
    "clinic", "ganedu.clinic", "Diagnosis", "gather", "diagnose", "experiments", "ganedu.experiments", "patients",
    "measures", "ganedu.measures", "class_shares", "keras", "tensorflow", "scipy", "sklearn", "torch", "patient",
    "pretenders", "recorded", "seen", "cause_of", "sealed",
)  # fmt: skip
SMALL = ("by_latent", "by_label", "spread", "rarest_share")  # small where a run is sick
LARGE = ("copied", "repeats")
# Each state stands before those that it explains.
ORDER = (
    "diverged", "wrong pixel range", "discriminator too strong", "mode collapse", "generator ignores its latent",
    "generator ignores its label", "memorising", "partial mode collapse", "lost classes",
)  # fmt: skip


def _gaps(f):
    """Distances of all pairs of rows, [N, N]."""
    return np.linalg.norm(f[:, None] - f[None], axis=2)


def _apart(f):
    n = len(f)
    return _gaps(f).sum() / (n * (n - 1))


def _spread(f, f_real):
    return _apart(f) / _apart(f_real)


def _within(f, labels):
    labels = np.asarray(labels)
    pairs = (labels[:, None] == labels) & ~np.eye(len(f), dtype=bool)
    return _gaps(f)[pairs].mean()


def _same_label(f, labels, f_real, y):
    return _within(f, labels) / _within(f_real, y)


def _shares(p):
    return np.bincount(p.argmax(1), minlength=p.shape[1]) / len(p)


def _rarest(p, p_real):
    made, real = _shares(p), _shares(p_real)
    ratios = np.where(real > 0, made / np.where(real > 0, real, 1), np.inf)
    return int(ratios.argmin()), float(ratios.min())


def _limit(sick, well):
    sick, well = (np.array([v for v in values if not np.isnan(v)]) for values in (sick, well))
    if sick.max() < well.min():
        return (sick.max() + well.min()) / 2
    if well.max() < sick.min():
        return (well.max() + sick.min()) / 2
    return np.nan


def _clues(evidence, limits):
    """The states whose clue shows, in an order in which each stands before those that it explains."""
    e = {name: evidence.get(name, np.nan) for name in (
        *SMALL, *LARGE, "nan_epoch", "loss", "low", "d_real", "d_fake")}
    shows = (
        e["nan_epoch"] > 0 or e["loss"] > 100, e["low"] >= 0, e["d_real"] > 0.98 and e["d_fake"] < 0.02,
        e["spread"] < limits["spread"], e["by_latent"] < limits["by_latent"], e["by_label"] < limits["by_label"],
        e["copied"] > limits["copied"], e["repeats"] > limits["repeats"], e["rarest_share"] < limits["rarest_share"],
    )  # fmt: skip
    return [state for state, does in zip(ORDER, shows, strict=True) if does]


def _name(evidence, limits):
    return (*_clues(evidence, limits), "healthy")[0]


def _counts(said, true):
    warned = sum(s != "healthy" and t != "healthy" for s, t in zip(said, true))
    alarms = sum(s != "healthy" and t == "healthy" for s, t in zip(said, true))
    well = sum(t == "healthy" for t in true)
    return warned, len(true) - well, alarms, well


def _worth(found, alarms, base):
    return base * found / (base * found + (1 - base) * alarms)


PARTS = called({
    "spread": _spread, "same_label": _same_label, "rarest": _rarest, "limit": _limit, "name": _name,
    "counts": _counts, "worth": _worth,
})  # fmt: skip

HINTS = [
    ("RecursionError", "it calls itself, without an end"),
    (r"axis \d is out of bounds", "that array has fewer axes: f[:, None] - f[None] has three, [N, N, F]"),
    (r"KeyError: '(d_real|d_fake|loss|nan_epoch|low|spread|repeats|copied|by_\w+|rarest_share)'",
     "a number that was not measured is not in the dictionary: evidence.get(name, np.nan)"),
    (r"not supported between instances of 'NoneType'", "`get` without a second argument gives None for what was not "
     "measured; evidence.get(name, np.nan) gives NaN"),
    ("KeyError", "that name is not in the dictionary: limits has those of the table that stand in `code`"),
    (r"zero-size array|empty sequence|iterable argument is empty", "nothing is left of a list: leave out NaN alone "
     "(np.isnan)"),
    (r"'list' object has no attribute|unsupported operand .*'list'|only integer scalar arrays|'list' and 'float'|"
     r"bad operand type for unary ~: 'list'", "a list: np.array(...) of it first"),
    (r"boolean index did not match", "the mask has another length than the array: one is of the generated images, the "
     "other of the real ones?"),
    (r"too many values to unpack|not enough values", "rarest gives a pair, counts four numbers"),
]  # fmt: skip

# Where a cell that is given stops, what it got from a function of the student's is to blame.
PLAYED = [
    (r"'(list|tuple|str|float|int)' object|inhomogeneous|could not be broadcast|unsupported operand|hits is|n is|"
     r"Cannot specify|expected str instance|format code|format string|must be whole|cannot unpack",
     "one of your functions gives something of another kind: run the checks of the functions above"),
]  # fmt: skip


def alone(function, *arguments, hints=()):
    """The student's function with our version of the others, and without the library's."""
    with np.errstate(all="ignore"):
        return call(function, *arguments, parts=PARTS, forbidden=NOT_YOURS, hints=[*hints, *HINTS])


def play(show, *arguments):
    """show(*arguments) with the student's own parts, for no points: a failure is one line."""
    return call(show, *arguments, changes=True, hints=[*PLAYED, *HINTS])
