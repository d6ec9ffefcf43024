"""What the usual mistakes in lab 8's Tasks 1 to 4 give: (words, function of the case that makes it)."""

import numpy as np

from .lab8_parts import _feature_count, _feature_vector, _grid_max_pool

# ------------------------------------------------------------------ pooling


def _pooled_by(rows, columns=None, most=np.max):
    """The pooling whose cell i of a side covers rows(i, side, n)."""
    def pooled(maps, n):
        def lines(side, cells):
            return [slice(*(cells or rows)(i, side, n)) for i in range(n)]

        return np.stack([np.stack([most(maps[:, r, c], axis=(1, 2)) for c in lines(maps.shape[2], columns)], 1)
                         for r in lines(maps.shape[1], rows)], 1)
    return pooled


def _right(i, side, n):
    return i * side // n, -(-(i + 1) * side // n)


def _of_height(maps, n):
    square = np.full((len(maps), max(maps.shape[1:3]), maps.shape[1], maps.shape[3]), -np.inf, maps.dtype)
    square[:, : maps.shape[1], : maps.shape[2]] = maps[:, :, : maps.shape[1]]
    return _grid_max_pool(square[:, : maps.shape[1]], n)


POOLED = [
    ("a cell is cut short: it *ends* at (i + 1) H / n rounded up, -(-(i + 1) * H // n)",
     _pooled_by(lambda i, s, n: (i * s // n, (i + 1) * s // n))),
    ("a cell begins too late: it *begins* at i H / n rounded down, i * H // n",
     _pooled_by(lambda i, s, n: (-(-i * s // n), -(-(i + 1) * s // n)))),
    ("a cell of round(H / n) rows, or of H // n, leaves rows out: from floor(i H / n) up to ceil((i + 1) H / n)",
     _pooled_by(lambda i, s, n: (i * (s // n), (i + 1) * (s // n)))),
    ("a cell of round(H / n) rows, or of H // n, leaves rows out: from floor(i H / n) up to ceil((i + 1) H / n)",
     _pooled_by(lambda i, s, n: (i * s // n, i * s // n + s // n))),
    ("i * (H // n) is not floor(i H / n): multiply first, then divide",
     _pooled_by(lambda i, s, n: (i * (s // n), s if i == n - 1 else (i + 1) * (s // n)))),
    ("the cells are one row too large: a slice leaves its end out already",
     _pooled_by(lambda i, s, n: (i * s // n, -(-(i + 1) * s // n) + 1))),
    ("the last row of each cell is left out: a slice ends *before* its end, so no - 1",
     _pooled_by(lambda i, s, n: (i * s // n, max(-(-(i + 1) * s // n) - 1, i * s // n + 1)))),
    ("that is the mean of each cell; its largest number", _pooled_by(_right, most=np.mean)),
    ("that is the smallest number of each cell; the largest", _pooled_by(_right, most=np.min)),
    ("that is the sum of each cell; its largest number", _pooled_by(_right, most=np.sum)),
    ("the largest number may be below 0: do not start from zeros",
     lambda maps, n: np.maximum(_grid_max_pool(maps, n), 0)),
    ("the largest by its size, without the sign: no abs", lambda maps, n: _grid_max_pool(np.abs(maps), n)),
    ("rows and columns of the cells are exchanged: [N, row, column, C]",
     lambda maps, n: _grid_max_pool(maps, n).swapaxes(1, 2)),
    ("the channels are mixed: each keeps its own largest number, max over axis=(1, 2)",
     lambda maps, n: np.broadcast_to(_grid_max_pool(maps, n).max(3, keepdims=True), (len(maps), n, n, maps.shape[3]))),
    ("the images are mixed: each keeps its own largest number, max over axis=(1, 2)",
     lambda maps, n: np.broadcast_to(_grid_max_pool(maps, n).max(0), (len(maps), n, n, maps.shape[3]))),
    ("the columns are cut by the *height*: W has cells of its own",
     lambda maps, n: _of_height(maps, n) if maps.shape[1] <= maps.shape[2] else _pooled_by(
         _right, lambda i, s, n, h=maps.shape[1]: _right(i, h, n))(maps, n)),
    ("the rows are cut by the *width*: H has cells of its own",
     lambda maps, n: _pooled_by(lambda i, s, n, w=maps.shape[2]: _right(i, w, n), _right)(maps, n)),
    ("every cell has the largest number of the whole map; of its own rows and columns", lambda maps, n:
     np.broadcast_to(maps.max((1, 2))[:, None, None], (len(maps), n, n, maps.shape[3]))),
]  # fmt: skip

# ------------------------------------------------------------------ joining


def _joined(blocks, n, order=lambda x: x, flat=lambda x: x.reshape(len(x), -1)):
    return np.concatenate([flat(_grid_max_pool(maps, n)) for maps in order(blocks)], 1)


VECTORS = [
    ("the blocks come in their order, the first first", lambda blocks, n: _joined(blocks, n, lambda x: x[::-1])),
    ("each block is flattened as it lies, reshape(N, -1): no transposing first",
     lambda blocks, n: _joined(blocks, n, flat=lambda x: x.transpose(0, 3, 1, 2).reshape(len(x), -1))),
    ("each block is flattened as it lies, reshape(N, -1): no transposing first",
     lambda blocks, n: _joined(blocks, n, flat=lambda x: x.swapaxes(1, 2).reshape(len(x), -1))),
    ("images are mixed: reshape(-1, N).T tears them apart; reshape(N, -1)",
     lambda blocks, n: _joined(blocks, n, flat=lambda x: x.reshape(-1, len(x)).T)),
    ("the features are sorted: each has its place", lambda blocks, n: np.sort(_feature_vector(blocks, n), 1)),
    ("features stay as they are: no scaling", lambda blocks, n: (
        _feature_vector(blocks, n) / np.linalg.norm(_feature_vector(blocks, n), axis=1, keepdims=True))),
]  # fmt: skip

# ------------------------------------------------------------------ counting


COUNTS = [
    ("\"grid\" and \"window\" are exchanged: a grid has n x n cells whatever the side, a window n x n places",
     lambda s, m, how, n: _feature_count(s, m, "window" if how == "grid" else "grid", n)),
    ("`how` is not used: a grid always", lambda s, m, how, n: _feature_count(s, m, "grid", n)),
    ("`how` is not used: windows always", lambda s, m, how, n: _feature_count(s, m, "window", n)),
    ("windows that do not fit are dropped: side // n, rounded down", lambda s, m, how, n: sum(
        (n if how == "grid" else -(-a // n)) ** 2 * b for a, b in zip(s, m))),
    ("windows that do not fit are dropped: side // n, a whole number", lambda s, m, how, n: sum(
        (n if how == "grid" else a / n) ** 2 * b for a, b in zip(s, m))),
    ("side // n is squared, not side * side // n: windows in rows and in columns", lambda s, m, how, n: sum(
        (n * n if how == "grid" else a * a // n) * b for a, b in zip(s, m))),
    ("(side // n) squared, not side squared // n squared: what does not fit is dropped in each direction",
     lambda s, m, how, n: sum((n * n if how == "grid" else a * a // (n * n)) * b for a, b in zip(s, m))),
    ("a cell has two directions: n * n of them, side // n squared", lambda s, m, how, n: sum(
        (n if how == "grid" else a // n) * b for a, b in zip(s, m))),
    ("a grid's count does not depend on the side: n * n cells", lambda s, m, how, n: sum(
        a * a * b if how == "grid" else (a // n) ** 2 * b for a, b in zip(s, m))),
    ("that is the last block alone; the sum over all", lambda s, m, how, n: _feature_count(s[-1:], m[-1:], how, n)),
    ("that is the first block alone; the sum over all", lambda s, m, how, n: _feature_count(s[:1], m[:1], how, n)),
    ("the maps are not counted: each gives so many features", lambda s, m, how, n: _feature_count(
        s, [1] * len(s), how, n)),
    ("the joined vector is as long as its parts *together*: the sum, not the product", lambda s, m, how, n:
     float(np.prod([float(_feature_count([a], [b], how, n)) for a, b in zip(s, m)]))),
    ("windows do not overlap: they move on by n", lambda s, m, how, n: sum(
        (n if how == "grid" else a - n + 1) ** 2 * b for a, b in zip(s, m))),
]  # fmt: skip

# ------------------------------------------------------------------ statistics of a set


def _moments(batches):
    x = np.concatenate([b.reshape(-1, b.shape[-1]) for b in batches]).astype(float)
    return x.mean(0), x.var(0)


def _statistics():
    def per(batches, f):
        return [f(b.reshape(-1, b.shape[-1]).astype(float)) for b in batches]

    def averaged(batches):
        return np.mean(per(batches, lambda x: x.mean(0)), 0), np.mean(per(batches, lambda x: x.var(0)), 0)

    def weighted(batches, weight):
        n = [weight(b) for b in batches]
        return tuple(np.average(per(batches, f), 0, n) for f in (lambda x: x.mean(0), lambda x: x.var(0)))

    def of(change):
        return lambda batches: change(*_moments(batches), sum(b[..., 0].size for b in batches))

    def places(batches):
        x = np.concatenate(batches).astype(float)
        return x.mean(0), x.var(0)

    return [
        ("the batches are averaged as if they were equally large: count the values, and divide the sums once, "
         "at the end", averaged),
        ("the batches are averaged as if they were equally large: count the values, and divide the sums once, "
         "at the end", lambda b: (np.mean(per(b, lambda x: x.mean(0)), 0), np.mean(per(b, lambda x: (x**2).mean(0)), 0)
                                  - np.mean(per(b, lambda x: x.mean(0)), 0) ** 2)),
        ("the mean of the batches' variances is too small: their *means* differ too. Sum x and x ** 2",
         lambda b: weighted(b, lambda x: x[..., 0].size)),
        ("the mean of the batches' variances is too small: their *means* differ too. Sum x and x ** 2",
         lambda b: (_moments(b)[0], averaged(b)[1])),
        ("that is the standard deviation; asked for is the variance, its square", of(lambda m, v, n: (m, np.sqrt(v)))),
        ("that is the sample variance, with n - 1; divide by all n values", of(
            lambda m, v, n: (m, v * n / (n - 1)))),
        ("that is the mean of the squares; the mean squared is to be taken off", of(lambda m, v, n: (m, v + m**2))),
        ("the variance is 0 everywhere: nothing was added up. An iterator can be gone through *once*; a second loop "
         "finds it empty", of(lambda m, v, n: (m, 0 * v))),
        ("the variance has its sign turned: the mean of the squares comes first", of(lambda m, v, n: (m, -v))),
        ("the pair is turned round: the mean comes first", of(lambda m, v, n: (v, m))),
        ("only the last batch counts: add up over all", lambda b: _moments(b[-1:])),
        ("only the first batch counts: add up over all", lambda b: _moments(b[:1])),
        ("the last batch is left out", lambda b: _moments(b[:-1])),
        ("the first batch is left out: did you look at it before the loop?", lambda b: _moments(b[1:])),
        ("these are sums; divide by how many values there are", of(lambda m, v, n: (m * n, v * n))),
        ("you divide by the number of images; a channel has n H W values", lambda b: tuple(
            part * b[0][0, ..., 0].size for part in _moments(b))),
        ("you divide by the number of images; a channel has n H W values", lambda b: (
            _moments(b)[0] * b[0][0, ..., 0].size,
            (_moments(b)[1] + _moments(b)[0] ** 2) * b[0][0, ..., 0].size
            - (_moments(b)[0] * b[0][0, ..., 0].size) ** 2)),
        ("one number for all channels, repeated: each channel has its own", lambda b: tuple(
            np.full(b[0].shape[-1], f(np.concatenate([x.ravel() for x in b]).astype(float)))
            for f in (np.mean, np.var))),
    ]  # fmt: skip


STATISTICS = _statistics()

# ------------------------------------------------------------------ a strength


def _strengths():
    """Rules for the C that is chosen: functions of (grid, right on the held, right on the taught)."""
    def best(which, grid, held, first=True):
        order = sorted(grid) if first else sorted(grid)[::-1]
        return which(order, key=held.get)

    return [
        ("of two that read equally many right take the *smaller* C", lambda grid, held, taught:
         best(max, grid, held, False)),
        ("the first of `grid` that is best is not the smallest: `grid` comes in any order",
         lambda grid, held, taught: max(grid, key=held.get)),
        ("that C reads the *taught* images best: what it was not taught decides, x[held]",
         lambda grid, held, taught: best(max, grid, taught)),
        ("that C reads the *taught* images best: what it was not taught decides, x[held]",
         lambda grid, held, taught: max(grid, key=taught.get)),
        ("that C reads the *fewest* right; take the one that reads the most", lambda grid, held, taught: best(min, grid, held)),
        ("that is the largest C of all: nothing is chosen", lambda grid, held, taught: max(grid)),
        ("that is the smallest C of all: nothing is chosen", lambda grid, held, taught: min(grid)),
        ("that is the first C of `grid`: nothing is chosen", lambda grid, held, taught: grid[0]),
        ("that is the last C of `grid`: the best must be kept", lambda grid, held, taught: grid[-1]),
    ]  # fmt: skip


STRENGTHS = _strengths()


# ------------------------------------------------------------------ a band


def _bands():
    def of(f):
        return lambda a: (np.mean(a), f(np.asarray(a), len(a)))

    def sd(a, k=1):
        return np.std(a, ddof=k)

    return [
        ("s has n - 1 in it: np.std(accuracies, ddof=1)", of(lambda a, n: 1.96 * sd(a, 0))),
        ("the 1.96 is missing", of(lambda a, n: sd(a))),
        ("1.96, not 2", of(lambda a, n: 2 * sd(a))),
        ("that is the variance; its root", of(lambda a, n: 1.96 * sd(a) ** 2)),
        ("no sqrt(n): it is to say how far *one* draw is from the mean, not how sure the mean is",
         of(lambda a, n: 1.96 * sd(a) / np.sqrt(n))),
        ("the band reaches 1.96 s to each side: not twice that", of(lambda a, n: 2 * 1.96 * sd(a))),
        ("the pair is turned round: the mean comes first", lambda a: (1.96 * sd(a), np.mean(a))),
        ("these are the ends of the band; the mean and the 1.96 s", lambda a: (
            np.mean(a) - 1.96 * sd(a), np.mean(a) + 1.96 * sd(a))),
        ("that is the median; the mean", lambda a: (np.median(a), 1.96 * sd(a))),
        ("no per cent: accuracies run from 0 to 1", lambda a: (100 * np.mean(a), 196 * sd(a))),
        ("half of the range says something else: 1.96 times the standard deviation",
         of(lambda a, n: (a.max() - a.min()) / 2)),
    ]  # fmt: skip


BANDS = _bands()
