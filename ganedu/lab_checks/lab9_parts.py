"""Lab 9: our version of the student's functions, and how one of theirs is asked beside them."""

import numpy as np

from .common import call, called

NOT_YOURS = (
    "latent", "ganedu.latent", "vectors", "ganedu.latent.vectors", "finding", "ganedu.latent.finding", "counting",
    "ganedu.latent.counting", "measures", "ganedu.measures", "intervals", "ganedu.measures.intervals", "Share",
    "scipy", "scipy.stats", "scipy.spatial", "statsmodels", "sklearn", "keras", "tensorflow", "torch", "colleagues",
)  # fmt: skip
Z = 1.96


def _mean_of(z, k):
    return np.asarray(z).reshape(-1, k, z.shape[1]).mean(1)


def _arithmetic(a, b, c):
    return a - b + c


def _usual_length(z):
    return float(np.sqrt((np.asarray(z) ** 2).sum(1)).mean())


def _length_factor(weights):
    return float(np.sqrt(np.sum(np.square(weights))))


def _fits(p, wanted, names):
    columns = [list(names).index(name) for name in wanted]
    return ((np.asarray(p)[:, columns] > 0.5) == np.array(list(wanted.values()), bool)).all(1)


def _expected(a, b, c):
    return dict(c) | {name: a[name] for name in a if name in b and a[name] != b[name]}


def _share_interval(hits, n):
    middle, half = hits + Z**2 / 2, Z * np.sqrt(hits * (n - hits) / n + Z**2 / 4)
    return float((middle - half) / (n + Z**2)), float((middle + half) / (n + Z**2))


def _paired_gain(a, b):
    d = np.asarray(a, float) - np.asarray(b, float)
    half = Z * d.std(ddof=1) / np.sqrt(len(d))
    return float(d.mean()), float(d.mean() - half), float(d.mean() + half)


def _judged(low, high, against):
    return "above" if low > against else "below" if high < against else "not shown"


def _lerp(a, b, t):
    t = np.asarray(t)[:, None]
    return (1 - t) * a + t * b


def _slerp(a, b, t):
    t = np.asarray(t)[:, None]
    w = np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    return (np.sin((1 - t) * w) * a + np.sin(t * w) * b) / np.sin(w)


def _direction(z, has):
    w = z[has].mean(0) - z[~has].mean(0)
    return w / np.linalg.norm(w)


def _comes_along(before, after, names, meant):
    change = {name: float(y - x) for name, x, y in zip(names, before, after) if name != meant}
    name = max(change, key=lambda key: abs(change[key]))
    return name, change[name]


PARTS = called({
    "mean_of": _mean_of, "arithmetic": _arithmetic, "usual_length": _usual_length, "length_factor": _length_factor,
    "fits": _fits, "expected": _expected, "share_interval": _share_interval, "paired_gain": _paired_gain,
    "judged": _judged, "lerp": _lerp, "slerp": _slerp, "direction": _direction, "comes_along": _comes_along,
})  # fmt: skip

HINTS = [
    ("RecursionError", "it calls itself, without an end"),
    (r"boolean subtract", "hits are True and False, which NumPy does not subtract: a.astype(float)"),
    (r"unary ~: '(list|float|int)'|ufunc 'invert' not supported", "~ turns a mask of True and False round"),
    (r"'tuple' object has no attribute|'tuple' and 'str'", "`names` is a tuple: names.index(\"smile\") is the column"),
    (r"KeyError", "not every name is in every dictionary: `name in b` asks"),
    (r"dictionary changed size", "do not change a dictionary while you go through it: build a new one"),
    (r"unhashable type|object is not callable", "round brackets call, square ones look up"),
    (r"cannot reshape array", "N latents are N / k groups of k: reshape(-1, k, L)"),
    (r"could not be broadcast|not broadcastable", "a latent is [L], and t is [T]: t[:, None] has the shape [T, 1], which "
     "goes with [L]"),
    (r"'list' object has no attribute|unsupported operand .*'list'", "a list: np.array(...) of it first"),
    (r"is not in (list|tuple)|x not in tuple", "an attribute's column is its place in `names`"),
]  # fmt: skip


# Where a cell that is given stops, what it got from a function of the student's is to blame.
PLAYED = [
    (r"unsupported operand .*'list'|'list' object has no attribute|same number of dimensions|setting an array element|inhomogeneous",
     "a list, where one array belongs: run the check of the function that gives it"),
    (r"not aligned|mismatch in its core|could not be broadcast|IndexError|KeyError",
     "what a function gave does not fit here: run the checks of the functions above"),
]  # fmt: skip


def alone(function, *arguments, hints=()):
    """The student's function with our version of the others, and without the library's."""
    with np.errstate(all="ignore"):
        return call(function, *arguments, parts=PARTS, forbidden=NOT_YOURS, hints=[*hints, *HINTS])


def play(show, *arguments):
    """show(*arguments) with the student's own parts, for no points: a failure is one line."""
    return call(show, *arguments, changes=True, hints=[*PLAYED, *HINTS])


def near(x, y):
    return np.shape(x) == np.shape(y) and np.allclose(x, y, rtol=1e-4, atol=1e-6, equal_nan=True)
