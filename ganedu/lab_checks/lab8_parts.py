"""Lab 8: our version of the student's functions, and how one of theirs is asked beside them."""

import numpy as np

from .common import call, called
from .lab8_given import drawn

NOT_YOURS = (
    "probe", "ganedu.probe", "measures", "ganedu.measures", "linear", "ganedu.measures.linear", "probing",
    "ganedu.experiments.probing", "scipy", "scipy.ndimage", "scipy.optimize", "skimage", "skimage.measure",
    "sklearn", "sklearn.metrics", "sklearn.model_selection", "confusion_matrix", "block_reduce", "keras",
    "MaxPooling2D", "tensorflow", "torch", "suspect", "drawn", "uneven",
)  # fmt: skip


def _cells(side, n):
    """The n slices that a side is cut into."""
    return [slice(i * side // n, -(-(i + 1) * side // n)) for i in range(n)]


def _grid_max_pool(maps, n):
    lines = [np.stack([maps[:, r, c].max((1, 2)) for c in _cells(maps.shape[2], n)], 1)
             for r in _cells(maps.shape[1], n)]
    return np.stack(lines, 1)


def _feature_vector(blocks, n):
    return np.concatenate([_grid_max_pool(maps, n).reshape(len(maps), -1) for maps in blocks], 1)


def _feature_count(sides, maps, how, n):
    return int(sum((n if how == "grid" else side // n) ** 2 * m for side, m in zip(sides, maps)))


def _set_statistics(batches):
    count, total, squares = 0, 0.0, 0.0
    for batch in batches:
        x = np.asarray(batch, float).reshape(-1, np.shape(batch)[-1])
        count, total, squares = count + len(x), total + x.sum(0), squares + (x**2).sum(0)
    return total / count, np.maximum(squares / count - (total / count) ** 2, 0)


def _choose_strength(fit, x, y, held, grid):
    grid = sorted(grid)
    right = [int((fit(x[~held], y[~held], C)(x[held]) == y[held]).sum()) for C in grid]
    C = grid[int(np.argmax(right))]
    return C, fit(x, y, C)


def _draw_labels(y, per_class, rng):
    return drawn(np.asarray(y), per_class, rng)


def _mean_and_band(accuracies):
    return float(np.mean(accuracies)), 1.96 * float(np.std(accuracies, ddof=1))


def _majority_error(train_labels, test_labels):
    return float(np.mean(np.asarray(test_labels) != np.bincount(train_labels).argmax()))


def _evidence(experiment):
    e, table = experiment, np.asarray(experiment.confusion)
    return {
        "error": float(1 - np.trace(table) / table.sum()),
        "translated": float(1 - table.max(0).sum() / table.sum()),
        "majority": _majority_error(e.train_labels, e.test_labels),
        "read": int((table.sum(0) > 0).sum()),
        "overlap": int(np.isin(e.tested_on, e.trained_on).sum()),
    }


PARTS = called({
    "grid_max_pool": _grid_max_pool, "feature_vector": _feature_vector, "feature_count": _feature_count,
    "set_statistics": _set_statistics, "choose_strength": _choose_strength, "draw_labels": _draw_labels,
    "mean_and_band": _mean_and_band, "majority_error": _majority_error, "evidence": _evidence,
})  # fmt: skip

HINTS = [
    (r"NoneType", "something here is None: does each function that you call `return`? (rng.shuffle works in "
     "place, and gives None)"),
    ("RecursionError", "it calls itself, without an end"),
    (r"object of type 'generator' has no len|'generator' object (is not subscriptable|has no attribute)",
     "`batches` is an iterator: it has no length and no index; `for batch in batches` takes one after the other"),
    (r"'Experiment' object is not subscriptable|tuple indices must be",
     "an experiment's parts have a dot before them: experiment.confusion"),
    (r"a cannot be empty|'a' cannot be empty", "a class that is not in `y` has no rows to draw from"),
    (r"unary ~: 'list'|'list' object has no attribute|unsupported operand .*'list'",
     "a list: np.array(...) of it first"),
    (r"cannot reshape array", "the sides are no multiple of n: cut each cell out, maps[:, rows, columns]"),
    (r"dimensions except for the concatenation axis", "joined are the *features* of an image: along axis=1"),
    (r"zero-size array to reduction", "a cell holds nothing: which rows does it start and end at?"),
    (r"truth value of an array", "`not` and `if` ask a whole array at once; ~held turns each entry of a mask round, "
     "and np.where(condition, a, b) asks each"),
    (r"boolean index did not match|too many indices", "`held` is a mask of the N images: x[held], y[held]"),
]  # fmt: skip


# Where a cell that is given stops, what it got from a function of the student's is to blame.
PLAYED = [
    (r"'list' object has no attribute|same number of dimensions|setting an array element|inhomogeneous",
     "a list, where one array belongs: run the check of the function that gives it"),
    (r"not aligned|mismatch in its core|could not be broadcast",
     "two shapes that do not fit: run the checks of the functions above"),
]  # fmt: skip


def alone(function, *arguments, hints=()):
    """The student's function with our version of the others, and without the library's."""
    with np.errstate(all="ignore"):
        return call(function, *arguments, parts=PARTS, forbidden=NOT_YOURS, hints=[*hints, *HINTS])


def play(show, *arguments):
    """show(*arguments) with the student's own parts, for no points: a failure is one line."""
    return call(show, *arguments, changes=True, hints=[*PLAYED, *HINTS])
