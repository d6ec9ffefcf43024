"""What the usual mistakes in lab 10 give: (words, function of the case that makes it)."""

import numpy as np

from .lab10_parts import _multiplications, _overlap, _reach, _steps, _weights

# ------------------------------------------------------------------ weights, multiplications


def _maps(config):
    """The maps behind which batch norm stands: of the projection and of each hidden step."""
    return (config.projection[2], *config.filters)


def _kernels(config, power=2):
    return sum(k**power * a[2] * b[2] for k, _, a, b in _steps(config))


def _dense(config):
    return config.latent_size * int(np.prod(config.projection))


def _norm(config):
    return sum(_maps(config))


WEIGHTS = [
    ("batch norm trains *two* numbers for each map, gamma and beta", lambda c: _weights(c) - _norm(c)),
    ("batch norm's gamma and beta are missing: two numbers for each map of the projection and of each hidden step",
     lambda c: _weights(c) - 2 * _norm(c)),
    ("batch norm's moving mean and variance are not trained: two numbers for each map, not four",
     lambda c: _weights(c) + 2 * _norm(c)),
    ("the maps of the projection have a batch norm too", lambda c: _weights(c) - 2 * c.projection[2]),
    ("the last step has a bias for each colour", lambda c: _weights(c) - c.image_shape[2]),
    ("the last step has no batch norm", lambda c: _weights(c) + 2 * c.image_shape[2]),
    ("the last step has no batch norm; it has a bias, one number for each colour",
     lambda c: _weights(c) + c.image_shape[2]),
    ("what a batch norm follows has no bias: batch norm would take it off again", lambda c: _weights(c) + sum(c.filters)),
    ("what a batch norm follows has no bias: batch norm would take it off again", lambda c: _weights(c) + _norm(c)),
    ("what a batch norm follows has no bias: not the projection either",
     lambda c: _weights(c) + int(np.prod(c.projection))),
    ("what a batch norm follows has no bias: not the projection either",
     lambda c: _weights(c) + int(np.prod(c.projection)) + sum(c.filters)),
    ("batch norm has its two numbers for each *map*, not for each cell of it",
     lambda c: _weights(c) + 2 * int(np.prod(c.projection)) - 2 * c.projection[2]),
    ("a kernel has k x k places: k * k, not k", lambda c: _weights(c) - _kernels(c) + _kernels(c, 1)),
    ("the projection is missing: each latent has a weight for each cell of each map", lambda c: _weights(c) - _dense(c)),
    ("the projection has a weight from each latent to each *cell* of each map, not to each map", lambda c: (
        _weights(c) - _dense(c) + c.latent_size * c.projection[2])),
    ("weights do not depend on where a kernel lies: no height and no width of the maps", lambda c: (
        _weights(c) - _kernels(c) + sum(k * k * a[0] * a[1] * a[2] * b[2] for k, _, a, b in _steps(c)))),
    ("the last step, to the image, is missing", lambda c: (
        _weights(c) - c.kernel_sizes[-1] ** 2 * c.filters[-1] * c.image_shape[2] - c.image_shape[2])),
]  # fmt: skip

MULTIPLICATIONS = [
    ("the kernel is laid down once for each cell of what goes *in*, not of what comes out", lambda c: (
        _dense(c) + sum(b[0] * b[1] * k * k * a[2] * b[2] for k, _, a, b in _steps(c)))),
    ("the projection is missing: each latent times each of its weights", lambda c: _multiplications(c) - _dense(c)),
    ("a kernel has k x k places: k * k, not k", lambda c: (
        _dense(c) + sum(a[0] * a[1] * k * a[2] * b[2] for k, _, a, b in _steps(c)))),
    ("a map has height times width cells: not the height alone", lambda c: (
        _dense(c) + sum(a[0] * k * k * a[2] * b[2] for k, _, a, b in _steps(c)))),
    ("the kernel is laid down in every cell: height times width of them", lambda c: _dense(c) + _kernels(c)),
    ("the last step, to the image, is missing", lambda c: _multiplications(c) - _last(c)),
    ("each of the maps that go in meets each that comes out: c_in times c_out", lambda c: (
        _dense(c) + sum(a[0] * a[1] * k * k * b[2] for k, _, a, b in _steps(c)))),
    ("each of the maps that go in meets each that comes out: c_in times c_out", lambda c: (
        _dense(c) + sum(a[0] * a[1] * k * k * a[2] for k, _, a, b in _steps(c)))),
    ("that is the number of weights; a kernel is used many times over", _weights),
    ("additions do not count here, multiplications alone", lambda c: 2 * _multiplications(c)),
]  # fmt: skip


def _last(config):
    k, _, (height, width, before), (*_, after) = _steps(config)[-1]
    return height * width * k * k * before * after


# ------------------------------------------------------------------ reach, overlap


def _back(config, row, cut=lambda k, s: (k - s) // 2, low=0, high=0, clip=True, order=-1):
    """`reach` with another cut, and ends moved by `low` and `high` in each step."""
    first = last = row
    for k, s, (n, *_), _ in _steps(config)[::order]:
        first, last = -((k - 1 - cut(k, s) - first) // s) + low, (last + cut(k, s)) // s + high
        if clip:
            first, last = max(first, 0), min(last, n - 1)
    return first, last


REACHES = [
    ("nothing is cut off in yours: row i of the image is row i + (k - s) // 2 of the whole",
     lambda c, row: _back(c, row, lambda k, s: 0)),
    ("the cut has the wrong sign: row i of the image is row i *plus* the cut of the whole",
     lambda c, row: _back(c, row, lambda k, s: -((k - s) // 2))),
    ("cut off *in front* is half of k - s, rounded down", lambda c, row: _back(c, row, lambda k, s: k - s)),
    ("cut off in front is half of k - s, rounded *down*", lambda c, row: _back(c, row, lambda k, s: -((s - k) // 2))),
    ("cut off in front is half of k - s, not of k", lambda c, row: _back(c, row, lambda k, s: k // 2)),
    ("the ends are not held within the map: rows run from 0 to n - 1, n of that step's own map",
     lambda c, row: _back(c, row, clip=False)),
    ("the first row is rounded down; the first j with s j + k - 1 >= i is a fraction rounded *up*",
     lambda c, row: _floored(c, row)),
    ("the first row comes one too early: a kernel of k ends at its row k - 1", lambda c, row: _floored(c, row, 0)),
    ("the first row comes one too late", lambda c, row: _back(c, row, low=1)),
    ("the last row is one too large: the pair holds the last row itself, not the one behind it",
     lambda c, row: (_reach(c, row)[0], _reach(c, row)[1] + 1)),
    ("the steps are gone through from the front; from the image back to the first map",
     lambda c, row: _back(c, row, order=1)),
    ("that is one step back only; through all steps, to the first map", lambda c, row: _one(c, row)),
    ("that is how many rows there are; the pair is (first, last)", lambda c, row: (
        _reach(c, row)[1] - _reach(c, row)[0] + 1,) * 2),
    ("the pair is turned round: the first comes first", lambda c, row: _reach(c, row)[::-1]),
    ("kernels are not used in yours: each is s wide, and one row depends on one alone", lambda c, row: (
        row * c.projection[0] // c.image_shape[0],) * 2),
    ("a kernel as wide as three cells on either side? Only those whose kernel lies over the row",
     lambda c, row: _back(c, row, low=-1, high=1)),
]  # fmt: skip


def _floored(config, row, less=1):
    first = row
    for k, s, (n, *_), _ in _steps(config)[::-1]:
        first = max((first + (k - s) // 2 - k + less) // s, 0)
    return first, _reach(config, row)[1]


def _one(config, row):
    k, s, (n, *_), _ = _steps(config)[-1]
    cut = (k - s) // 2
    return max(-((k - 1 - cut - row) // s), 0), min((row + cut) // s, n - 1)


def _whole(k, s, n):
    counts = np.zeros((n - 1) * s + k, int)
    for j in range(n):
        counts[j * s : j * s + k] += 1
    return counts


def _by_one(k, s, n):
    counts = np.zeros((n - 1) * s + k)
    counts[: n + k - 1] = np.convolve(np.ones(n), np.ones(k))
    return counts[(k - s) // 2 :][: n * s]


def _ends(k, s, n):
    """1 where a kernel has its last row."""
    rows = np.arange(n * s) + (k - s) // 2
    return ((rows - k + 1) % s == 0) & (rows >= k - 1) & (rows - k + 1 <= (n - 1) * s)


OVERLAPS = [
    ("the cut in front is missing: the first (k - s) // 2 rows of the whole go", lambda k, s, n: _whole(k, s, n)[: n * s]),
    ("cut off in front is half of k - s, rounded *down*", lambda k, s, n: _whole(k, s, n)[-((s - k) // 2) :][: n * s]),
    ("everything is cut off in front; half of k - s, rounded down", lambda k, s, n: _whole(k, s, n)[k - s :][: n * s]),
    ("at the edge fewer kernels reach a row: the counts there are smaller", lambda k, s, n: np.full(n * s, k // s)),
    ("at the edge fewer kernels reach a row: the counts there are smaller", lambda k, s, n: np.full(n * s, -(-k // s))),
    ("at the edge fewer kernels reach a row: the counts there are smaller", lambda k, s, n: np.resize(
        _overlap(k, s, n + 4)[2 * s : 3 * s], n * s)),
    ("a share of the largest count, in place of the counts", lambda k, s, n: (
        _overlap(k, s, n) / _overlap(k, s, n).max())),
    ("kernels move on by the stride, not by one", _by_one),
    ("that is the product over both axes; along one", lambda k, s, n: _overlap(k, s, n) ** 2),
    ("a kernel of k covers k rows: yours covers one row less", lambda k, s, n: _overlap(k, s, n) - _ends(k, s, n)),
]  # fmt: skip


# ------------------------------------------------------------------ a handicap that fades


STRENGTHS = [
    ("it falls below 0: max(0, ...)", lambda done, steps, share: 1 - done / (share * steps)),
    ("that is what is gone already: 1 minus it", lambda done, steps, share: min(1, done / (share * steps))),
    ("`share` is not used: the handicap is gone after that share of all steps", lambda d, n, share: max(0, 1 - d / n)),
    ("it is to fall to 0 at that share of the steps; yours falls *by* that share",
     lambda d, n, share: max(0, 1 - share * d / n)),
    ("it is to fall evenly, not all at once (// gives whole numbers, / a fraction)",
     lambda d, n, share: float(d < share * n)),
    ("1 - done / share * all_steps takes it times all_steps: brackets around the product",
     lambda d, n, share: max(0, 1 - d / share * n)),
    ("it is to fall in a straight line", lambda d, n, share: max(0, 1 - d / (share * n)) ** 2),
    ("it is to fall in a straight line", lambda d, n, share: max(0, 1 - (d / (share * n)) ** 2)),
    ("it starts at 1, and yours at `share`", lambda d, n, share: max(0, share - d / n)),
]  # fmt: skip

FADED = [
    ("with s = 1 it is to be `dropped`, with s = 0 `h`: the two are exchanged", lambda h, d, s: d + s * (h - d)),
    ("h counts as well: `dropped` alone is weakened here", lambda h, d, s: s * d),
    ("with s = 1 it is to be `dropped` alone: h is added in full", lambda h, d, s: h + s * d),
    ("the difference is dropped minus h", lambda h, d, s: h + s * (h - d)),
    ("no square: s itself", lambda h, d, s: h + s * s * (d - h)),
    ("it is to fade, and yours switches: a mixture of both", lambda h, d, s: d if s > 0.5 else h),
    ("it is to fade, and yours switches: a mixture of both", lambda h, d, s: d if s > 0 else h),
    ("s is not used: `dropped` as it is", lambda h, d, s: d),
    ("s is not used: h as it is", lambda h, d, s: h),
    ("s is not used: the mean of both", lambda h, d, s: (h + d) / 2),
]  # fmt: skip


def _spread(scale):
    """(mean, variance) with the variance times scale(rate, s)."""
    return lambda h, rate, s: (h, s**2 * h**2 * rate / (1 - rate) * scale(rate, s))


MOMENTS = [
    ("the variance goes with the *square* of s", lambda h, r, s: (h, s * h**2 * r / (1 - r))),
    ("s is missing in the variance", lambda h, r, s: (h, h**2 * r / (1 - r))),
    ("that is the standard deviation; its square", lambda h, r, s: (h, s * np.abs(h) * np.sqrt(r / (1 - r)))),
    ("the variance goes with h squared", lambda h, r, s: (h, s**2 * h * r / (1 - r))),
    ("what is kept is divided by 1 - rate: rate (1 - rate) is the variance of the mask alone",
     lambda h, r, s: (h, s**2 * h**2 * r * (1 - r))),
    ("rate and 1 - rate are exchanged", lambda h, r, s: (h, s**2 * h**2 * (1 - r) / r)),
    ("that is E[dropped^2] without the mean's square taken off", lambda h, r, s: (h, s**2 * h**2 / (1 - r))),
    ("the mean does not fall: what is kept is divided by 1 - rate", lambda h, r, s: (
        h * (1 - s * r), s**2 * h**2 * r / (1 - r))),
    ("the mean does not fall: what is kept is divided by 1 - rate", lambda h, r, s: (
        h * (1 - r), s**2 * h**2 * r / (1 - r))),
    ("the mean does not fall with s", lambda h, r, s: (s * h, s**2 * h**2 * r / (1 - r))),
    ("the pair is turned round: the mean comes first", lambda h, r, s: (s**2 * h**2 * r / (1 - r), h)),
    ("fading is not a smaller rate: the *strength* falls, the rate stays", lambda h, r, s: (
        h, h**2 * s * r / (1 - s * r))),
]  # fmt: skip

# ------------------------------------------------------------------ roads compared


def _by(key, reverse=False):
    def ranked(values):
        return sorted(values, key=lambda name: key(np.asarray(values[name], float)), reverse=reverse)
    return ranked


def _lost(x):
    return int(np.isnan(x).sum())


def _mean(x):
    return float(np.nanmean(x)) if _lost(x) < len(x) else 0.0


RANKINGS = [
    ("a road that diverged is praised here for the runs that are left: first count the NaN, then compare means",
     _by(lambda x: _mean(x) if _lost(x) < len(x) else np.inf)),
    ("a small distance is good: the best, the smallest, comes first", _by(lambda x: (_lost(x), _mean(x)), True)),
    ("a small distance is good: the best, the smallest, comes first", _by(lambda x: (_lost(x), -_mean(x)))),
    ("the *most* NaN come first in yours", _by(lambda x: (-_lost(x), _mean(x)))),
    ("the best of its seeds decides in yours; their mean", _by(lambda x: (
        _lost(x), np.nanmin(x) if _lost(x) < len(x) else 0))),
    ("the worst of its seeds decides in yours; their mean", _by(lambda x: (
        _lost(x), np.nanmax(x) if _lost(x) < len(x) else 0))),
    ("the first seed decides in yours; the mean of all", _by(lambda x: (_lost(x), x[0]))),
    ("the *sum* of the seeds favours a road with fewer of them; the mean", _by(lambda x: (_lost(x), np.nansum(x)))),
    ("that is the median; the mean", _by(lambda x: (_lost(x), np.nanmedian(x) if _lost(x) < len(x) else 0))),
    ("whether a road diverged counts in yours, not how often", _by(lambda x: (_lost(x) > 0, _mean(x)))),
    ("the order of the dictionary is not a ranking: sort", list),
    ("the names are sorted by the alphabet; by their distances", sorted),
    ("a mean with NaN in it is NaN, and NaN cannot be sorted: count the NaN first", _by(lambda x: float(x.mean()))),
]  # fmt: skip


def _holding(kind):
    def held(a, b):
        from ..measures import difference

        return kind(difference(a, b), np.asarray(a), np.asarray(b))
    return held


HOLDS = [
    ("a *small* distance is good: a holds if its mean is lower", _holding(lambda d, a, b: d.way == "higher")),
    ("a *small* distance is good: a holds if its mean is lower", _holding(lambda d, a, b: d.low > 0)),
    ("that the means differ is not enough: by more than chance, the whole interval on one side of 0",
     _holding(lambda d, a, b: d.difference < 0)),
    ("better or worse: yours says only that they differ; a must be *lower*", _holding(lambda d, a, b: d.way != "none")),
    ("the low end is below 0 whenever the difference may be; the *whole* interval must be",
     _holding(lambda d, a, b: d.low < 0)),
    ("that the best run of one is better says little: the interval of the means' difference",
     _holding(lambda d, a, b: a.min() < b.min())),
    ("that no runs lie among the others' is another test: the interval of the means' difference",
     _holding(lambda d, a, b: a.max() < b.min())),
    ("turned round: True if a is better", _holding(lambda d, a, b: not d.way == "lower")),
]  # fmt: skip


def _seen(rule):
    return lambda e: rule(*(e.get(name, np.nan) for name in ("spread", "repeats", "distance")))


SYMPTOMS = [
    ("collapsed comes before narrow: its limit of `spread` is the smaller one", _seen(lambda s, r, d: (
        "narrow" if s < 0.5 or r > 0.2 else "collapsed" if s < 0.2 else "far" if d > 0.5 else "none"))),
    ("`repeats` alone makes it narrow, whatever `spread`: or, not and", _seen(lambda s, r, d: (
        "collapsed" if s < 0.2 else "narrow" if s < 0.5 and r > 0.2 else "far" if d > 0.5 else "none"))),
    ("`repeats` is not used", _seen(lambda s, r, d: (
        "collapsed" if s < 0.2 else "narrow" if s < 0.5 else "far" if d > 0.5 else "none"))),
    ("`distance` is asked last: what is narrow is far, too", _seen(lambda s, r, d: (
        "collapsed" if s < 0.2 else "far" if d > 0.5 else "narrow" if s < 0.5 or r > 0.2 else "none"))),
    ("`distance` is asked last: what is collapsed is far, too", _seen(lambda s, r, d: (
        "far" if d > 0.5 else "collapsed" if s < 0.2 else "narrow" if s < 0.5 or r > 0.2 else "none"))),
    ("many repeats do not make it collapsed: narrow", _seen(lambda s, r, d: (
        "collapsed" if s < 0.2 or r > 0.2 else "narrow" if s < 0.5 else "far" if d > 0.5 else "none"))),
    ("a number that is missing shows nothing: evidence.get(name, np.nan), as NaN is neither below nor above a limit",
     lambda e: _seen(lambda s, r, d: "collapsed" if s < 0.2 else "narrow" if s < 0.5 or r > 0.2 else (
         "far" if d > 0.5 else "none"))({"spread": 0, "repeats": 0, "distance": 0} | e)),
    ("below and above are exchanged: a small `spread` is bad, a large `distance` too", _seen(lambda s, r, d: (
        "collapsed" if s > 0.2 else "narrow" if s > 0.5 or r < 0.2 else "far" if d < 0.5 else "none"))),
]  # fmt: skip
