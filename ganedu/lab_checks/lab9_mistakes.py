"""What the usual mistakes in lab 9 give: (words, function of the case that makes it)."""

import numpy as np

from .lab9_parts import (
    _arithmetic,
    _comes_along,
    _direction,
    _expected,
    _judged,
    _lerp,
    _mean_of,
    _share_interval,
    _slerp,
)

# ------------------------------------------------------------------ means, sums, lengths

MEANS = [
    ("the latents i, i + N / k, ... are averaged; the k that *follow each other*: reshape(-1, k, L), then the mean over "
     "axis 1", lambda z, k: z.reshape(k, -1, z.shape[1]).mean(0)),
    ("numbers of a latent are mixed: reshape(-1, k, L) keeps each latent whole",
     lambda z, k: z.reshape(-1, z.shape[1], k).mean(2)),
    ("these are sums; divide by k", lambda z, k: _mean_of(z, k) * k),
    ("you divide by N; each mean is of k", lambda z, k: _mean_of(z, k) * k / len(z)),
    ("you divide by k twice", lambda z, k: _mean_of(z, k) / k),
    ("that is the first latent of each group; the mean of its k", lambda z, k: z[::k]),
    ("that is the last latent of each group; the mean of its k", lambda z, k: z[k - 1 :: k]),
    ("that is the median; the mean", lambda z, k: np.median(z.reshape(-1, k, z.shape[1]), 1)),
    ("that is the mean of all, repeated; each group has its own", lambda z, k: np.repeat(
        z.mean(0)[None], len(z) // k, 0)),
]  # fmt: skip

SUMS = [
    ("that is a + b - c; the attribute of b is taken away: a - b + c", lambda a, b, c: a + b - c),
    ("the brackets: a - (b + c) takes c away too; a - b + c", lambda a, b, c: a - b - c),
    ("that is b - a + c: it adds what b has and a has not", lambda a, b, c: b - a + c),
    ("nothing is taken away: a - b + c", lambda a, b, c: a + b + c),
    ("c is missing: a - b is a way, no place; a - b + c", lambda a, b, c: a - b),
    ("that is the sum's third: no mean here, a - b + c", lambda a, b, c: (a - b + c) / 3),
    ("the length is changed: a - b + c as it is", lambda a, b, c: _arithmetic(a, b, c)
     / np.linalg.norm(_arithmetic(a, b, c), axis=-1, keepdims=True)),
]  # fmt: skip

LENGTHS = [
    ("that is the length of all numbers together, the root of N times too long: of each latent (axis=1), then the mean",
     lambda z: np.linalg.norm(z)),
    ("that is the length of the mean latent; the mean of the lengths", lambda z: np.linalg.norm(z.mean(0))),
    ("that is the mean of the *squared* lengths: take the root of each sum", lambda z: (z**2).sum(1).mean()),
    ("the root comes before the mean: the mean of the lengths is not the root of the mean square",
     lambda z: np.sqrt((z**2).sum(1).mean())),
    ("that is the root of the *mean* of the squares; of their sum", lambda z: np.sqrt((z**2).mean(1)).mean()),
    ("these are sums of absolute numbers; a length is the root of the sum of the squares",
     lambda z: np.abs(z).sum(1).mean()),
    ("that is how many numbers there are, or its root; these latents need not be normal: measure them",
     lambda z: np.sqrt(z.shape[1])),
    ("you take columns; a latent is a row: axis=1", lambda z: np.linalg.norm(z, axis=0).mean()),
    ("these are all lengths together; their mean", lambda z: np.linalg.norm(z, axis=1).sum()),
    ("that is the median of the lengths; the mean", lambda z: np.median(np.linalg.norm(z, axis=1))),
    ("that is the largest; the mean of all lengths", lambda z: np.linalg.norm(z, axis=1).max()),
]  # fmt: skip

FACTORS = [
    ("that is the sum of the weights: independent latents do not point the same way, so their lengths do not add up; "
     "the *squares* do", lambda w: np.sum(w)),
    ("that is the sum of the weights: independent latents do not point the same way, so their lengths do not add up; "
     "the *squares* do", lambda w: abs(np.sum(w))),
    ("lengths do not add up, since independent latents do not point the same way; the *squares* of lengths do",
     lambda w: np.sum(np.abs(w))),
    ("that is how many times the *square* of the length grows; its root", lambda w: np.sum(np.square(w))),
    ("the root of the sum of the *squares*, not of the weights", lambda w: np.sqrt(abs(np.sum(w)))),
    ("the root of the sum of the *squares*, not of the weights", lambda w: np.sqrt(np.sum(np.abs(w)))),
    ("the root of the *mean* of the squares; of their sum", lambda w: np.sqrt(np.mean(np.square(w)))),
    ("that is right for weights of 1 alone: each weight counts by its square", lambda w: np.sqrt(len(w))),
    ("that is right for weights that are all alike: each weight counts by its square", lambda w: 1 / np.sqrt(len(w))),
    ("asked for is *how many times* as long: without sqrt(L)", lambda w: 10 * np.sqrt(np.sum(np.square(w)))),
]  # fmt: skip

# ------------------------------------------------------------------ which, and what it should be


def _wrong_fits():
    def columns(wanted, names):
        return [list(names).index(name) for name in wanted]

    def truths(wanted):
        return np.array(list(wanted.values()), bool)

    def each(p, wanted, names):
        return (p[:, columns(wanted, names)] > 0.5) == truths(wanted)

    def true_ones(p, wanted, names):
        here = [list(names).index(name) for name, has in wanted.items() if has]
        return (p[:, here] > 0.5).all(1)

    def exactly(p, wanted, names):
        only = np.array([bool(wanted.get(name, False)) for name in names])
        return ((p > 0.5) == only).all(1)

    return [
        ("a face fits if *all* is as wanted, and yours fits with one thing of it", lambda *c: each(*c).any(1)),
        ("what is wanted to be False is not looked at: a face that *has* it does not fit", true_ones),
        ("False is taken as True: `wanted[name]` says which of the two is wanted",
         lambda p, w, n: (p[:, columns(w, n)] > 0.5).all(1)),
        ("yours are the faces that do *not* fit", lambda *c: ~each(*c).all(1)),
        ("everything is turned round: more than 0.5 says that it *has* the attribute", lambda *c: (~each(*c)).all(1)),
        ("everything is turned round: more than 0.5 says that it *has* the attribute", lambda p, w, n:
         ((p[:, columns(w, n)] < 0.5) == truths(w)).all(1)),
        ("the column is not the place in `wanted` but that in `names`", lambda p, w, n:
         ((p[:, : len(w)] > 0.5) == truths(w)).all(1)),
        ("a face has an attribute with *more* than 0.5; at 0.5 it has not", lambda p, w, n:
         ((p[:, columns(w, n)] >= 0.5) == truths(w)).all(1)),
        ("attributes that are not wanted may be as they like; yours asks that they are not there", exactly),
        ("only the last attribute counts: is the answer overwritten in the loop?", lambda *c: each(*c)[:, -1]),
        ("only the first attribute counts: does the loop return at once?", lambda *c: each(*c)[:, 0]),
        ("it is no mean: each attribute by itself is more than 0.5, or not", lambda p, w, n: np.where(
            truths(w), p[:, columns(w, n)], 1 - p[:, columns(w, n)]).mean(1) > 0.5),
        ("it is no product: each attribute by itself is more than 0.5, or not", lambda p, w, n: np.where(
            truths(w), p[:, columns(w, n)], 1 - p[:, columns(w, n)]).prod(1) > 0.5),
    ]  # fmt: skip


FITTING = _wrong_fits()
TARGETS = [
    ("that is c as it was: what a has and b has not is added", lambda a, b, c: dict(c)),
    ("that is what a and b differ in, alone; the rest is as in c", lambda a, b, c: _expected(a, b, {})),
    ("what a and b have *alike* cancels, so c keeps its own: only where they differ it is as in a",
     lambda a, b, c: c | a),
    ("that is a, filled up from c; what a and b have alike cancels", lambda a, b, c: {n: a.get(n, c[n]) for n in c}),
    ("where a and b differ it is as in *a*, and yours is as in b", lambda a, b, c: c | {
        n: b[n] for n in a if n in b and a[n] != b[n]}),
    ("c wins over a in yours; where a and b differ it is as in a", lambda a, b, c: _expected(a, b, {}) | c),
    ("what a and b differ in is changed even where c says nothing of it", lambda a, b, c: {
        n: has for n, has in _expected(a, b, c).items() if n in c}),
    ("of an attribute that only a has, a and b do not *differ*: nothing is known of b", lambda a, b, c: c | {
        n: a[n] for n in a if b.get(n) != a[n]}),
    ("of an attribute that b does not name nothing is known: it is not False", lambda a, b, c: c | {
        n: a[n] for n in a if b.get(n, False) != a[n]}),
    ("only what a *has* is looked at; what b has and a has not goes away, False", lambda a, b, c: c | {
        n: True for n in a if n in b and a[n] and not b[n]}),
    ("truths are not added and subtracted: where a and b differ, take a's", lambda a, b, c: {
        n: bool(a.get(n, 0) - b.get(n, 0) + c[n]) for n in c}),
    ("where a and b are alike, in yours, it is as in a; it is where they *differ*", lambda a, b, c: c | {
        n: a[n] for n in a if n in b and a[n] == b[n]}),
]  # fmt: skip

# ------------------------------------------------------------------ intervals


def _intervals():
    z = 1.96

    def ends(middle, half):
        return middle - half, middle + half

    def wilson(hits, n, add=1.0, root=1.0, inside=1.0, below=1.0, z=z):
        middle = hits + add * z**2 / 2
        half = z * (hits * (n - hits) / n + inside * z**2 / 4) ** (0.5 * root)
        return ends(middle / (n + below * z**2), half / (n + below * z**2))

    def wald(hits, n):
        p = hits / n
        return ends(p, z * np.sqrt(p * (1 - p) / n))

    return [
        ("that is the share -+ 1.96 sqrt(p (1 - p) / n), which is 0 wide where there is no hit: Wilson's formula",
         wald),
        ("z^2 / 2 is missing beside `hits`", lambda h, n: wilson(h, n, add=0)),
        ("z^2 / 2, and yours is z / 2", lambda h, n: wilson(h, n, add=1 / z)),
        ("z^2 / 2, and yours is z^2", lambda h, n: wilson(h, n, add=2)),
        ("z^2 / 4 is missing under the root", lambda h, n: wilson(h, n, inside=0)),
        ("z^2 / 4 under the root, and yours is z^2", lambda h, n: wilson(h, n, inside=4)),
        ("z^2 / 4 under the root, and yours is z^2 / 2", lambda h, n: wilson(h, n, inside=2)),
        ("the root is missing", lambda h, n: wilson(h, n, root=2)),
        ("you divide by n; by n + z^2", lambda h, n: wilson(h, n, below=0)),
        ("you divide by n + z; by n + z^2", lambda h, n: wilson(h, n, below=1 / z)),
        ("the brackets: *all* of it is divided by n + z^2", lambda h, n: ends(
            h + z**2 / 2, z * np.sqrt(h * (n - h) / n + z**2 / 4) / (n + z**2))),
        ("the z before the root is missing", lambda h, n: ends(
            (h + z**2 / 2) / (n + z**2), np.sqrt(h * (n - h) / n + z**2 / 4) / (n + z**2))),
        ("z is 1.96, not 2", lambda h, n: wilson(h, n, z=2)),
        ("z is 1.96, and it looks as if yours was 1", lambda h, n: wilson(h, n, z=1)),
        ("hits (n - hits) / n under the root: the / n is missing", lambda h, n: ends(
            (h + z**2 / 2) / (n + z**2), z * np.sqrt(h * (n - h) + z**2 / 4) / (n + z**2))),
        ("the pair is turned round: low comes first", lambda h, n: _share_interval(h, n)[::-1]),
        ("these are the middle and half the width; the two ends", lambda h, n: (
            sum(_share_interval(h, n)) / 2, (_share_interval(h, n)[1] - _share_interval(h, n)[0]) / 2)),
        ("these are the share and half the width; the two ends", lambda h, n: (
            h / n, (_share_interval(h, n)[1] - _share_interval(h, n)[0]) / 2)),
        ("no per cent: shares run from 0 to 1", lambda h, n: tuple(100 * x for x in _share_interval(h, n))),
        ("these are numbers of hits; shares: divide by n + z^2", lambda h, n: tuple(
            x * (n + z**2) for x in _share_interval(h, n))),
    ]  # fmt: skip


INTERVALS = _intervals()


def _gains():
    def of(half, sign=1):
        def gain(a, b):
            d = sign * (a.astype(float) - b)
            h = half(d, len(d), a, b)
            return d.mean(), d.mean() - h, d.mean() + h
        return gain

    def s(d, k=1):
        return d.std(ddof=k)

    def right(d, n, a, b):
        return 1.96 * s(d) / np.sqrt(n)

    return [
        ("s has n - 1 in it: np.std(d, ddof=1)", of(lambda d, n, a, b: 1.96 * s(d, 0) / np.sqrt(n))),
        ("sqrt(n) is missing: asked for is how sure the *mean* is", of(lambda d, n, a, b: 1.96 * s(d))),
        ("you divide by n; by its root", of(lambda d, n, a, b: 1.96 * s(d) / n)),
        ("that has the variance in it; its root, the standard deviation", of(
            lambda d, n, a, b: 1.96 * s(d) ** 2 / np.sqrt(n))),
        ("the 1.96 is missing", of(lambda d, n, a, b: s(d) / np.sqrt(n))),
        ("1.96, not 2", of(lambda d, n, a, b: 2 * s(d) / np.sqrt(n))),
        ("that is the interval of two groups that do not belong together; here each pair is of *one* triple: of the "
         "differences d = a - b", of(lambda d, n, a, b: 1.96 * np.sqrt(s(a) ** 2 / n + s(b) ** 2 / n))),
        ("the sign: what a gains over b is a - b", of(right, -1)),
        ("how often a and b differ says not which of them is ahead: a - b, 1 or 0 or -1", lambda a, b: (
            (a != b).mean(), (a != b).mean() - right((a != b).astype(float), len(a), a, b),
            (a != b).mean() + right((a != b).astype(float), len(a), a, b))),
        ("the three are (mean, low, high), in this order", lambda a, b: tuple(
            of(right)(a, b)[i] for i in (1, 0, 2))),
        ("the three are (mean, low, high), in this order", lambda a, b: tuple(
            of(right)(a, b)[i] for i in (0, 2, 1))),
        ("these are sums; the mean of the differences", lambda a, b: tuple(len(a) * x for x in of(right)(a, b))),
    ]  # fmt: skip


GAINS = _gains()
SAID = [
    ("`against` is in the interval where it is one of its ends: not shown", lambda low, high, x:
     "above" if low >= x else "below" if high <= x else "not shown"),
    ("`against` is in the interval where it is one of its ends: not shown", lambda low, high, x:
     "above" if low >= x else "below" if high < x else "not shown"),
    ("`against` is in the interval where it is one of its ends: not shown", lambda low, high, x:
     "above" if low > x else "below" if high <= x else "not shown"),
    ("\"above\" and \"below\" are exchanged: the *interval* is above what it stands against",
     lambda low, high, x: {"above": "below", "below": "above"}.get(_judged(low, high, x), "not shown")),
    ("the middle says nothing: the whole interval must lie on one side", lambda low, high, x:
     "above" if (low + high) / 2 > x else "below" if (low + high) / 2 < x else "not shown"),
    ("one end on one side is not enough: of \"above\" low must be above, of \"below\" high must be below",
     lambda low, high, x: "above" if high > x else "below" if low < x else "not shown"),
    ("one end on one side is not enough: of \"above\" low must be above, of \"below\" high must be below",
     lambda low, high, x: "above" if high > x else "below" if high < x else "not shown"),
    ("one end on one side is not enough: of \"above\" low must be above, of \"below\" high must be below",
     lambda low, high, x: "above" if low > x else "below" if low < x else "not shown"),
    ("one end on one side is not enough: of \"above\" low must be above, of \"below\" high must be below",
     lambda low, high, x: "below" if low < x else "above" if high > x else "not shown"),
    ("`against` is not 0 always", lambda low, high, x: _judged(low, high, 0)),
    ("an interval below what it stands against shows something too: \"below\"",
     lambda low, high, x: "above" if low > x else "not shown"),
    ("what lies outside is shown, and inside not: yours says it the other way round",
     lambda low, high, x: "not shown" if _judged(low, high, x) != "not shown" else "above"),
]  # fmt: skip

# ------------------------------------------------------------------ walks


def _angle(a, b):
    return np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def _arc(a, b, t, w, over=np.sin):
    t = t[:, None]
    return (np.sin((1 - t) * w) * a + np.sin(t * w) * b) / over(w)


LINES = [
    ("t = 0 is a and t = 1 is b; yours goes from b to a", lambda a, b, t: _lerp(b, a, t)),
    ("a is added, not kept in part: (1 - t) a + t b", lambda a, b, t: a + t[:, None] * b),
    ("only the way from a is there, t (b - a); it starts *at* a", lambda a, b, t: t[:, None] * (b - a)),
    ("that is the half-way point for all t", lambda a, b, t: np.repeat(((a + b) / 2)[None], len(t), 0)),
    ("that is the way along the arc; the straight one", _slerp),
    ("the length is not mended: (1 - t) a + t b as it is", lambda a, b, t: _lerp(a, b, t)
     / np.linalg.norm(_lerp(a, b, t), axis=1, keepdims=True)),
]  # fmt: skip
ARCS = [
    ("that is the straight way, lerp", _lerp),
    ("t = 0 is a and t = 1 is b; yours goes from b to a", lambda a, b, t: _slerp(b, a, t)),
    ("it is not divided by sin(w)", lambda a, b, t: _arc(a, b, t, _angle(a, b), lambda w: 1)),
    ("the angle is that between the *directions*: a and b are to be divided by their lengths in arccos(u v)",
     lambda a, b, t: _arc(a, b, t, np.arccos(np.clip(a @ b, -1, 1)))),
    ("the angle is that between the *directions*: a and b are to be divided by their lengths in arccos(u v)",
     lambda a, b, t: _arc(a, b, t, np.arccos(a @ b))),
    ("the angle is divided by one length only, or by a length's square", lambda a, b, t: _arc(
        a, b, t, np.arccos(a @ b / np.linalg.norm(a) ** 2))),
    ("the cosine of the angle is not the angle: arccos of it", lambda a, b, t: _arc(
        a, b, t, a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))),
    ("the angle is in degrees; np.sin takes radians", lambda a, b, t: _arc(a, b, t, np.degrees(_angle(a, b)))),
    ("that is the straight way with its length mended; of the arc the *steps* are equal too", lambda a, b, t: (
        _lerp(a, b, t) / np.linalg.norm(_lerp(a, b, t), axis=1, keepdims=True)
        * _lerp(np.linalg.norm(a)[None], np.linalg.norm(b)[None], t))),
    ("that is the arc between the directions; a and b keep their lengths: the formula has a and b themselves",
     lambda a, b, t: _slerp(a / np.linalg.norm(a), b / np.linalg.norm(b), t)),
    ("sin((1 - t) w), not (1 - t) sin(w)", lambda a, b, t: (
        (1 - t[:, None]) * np.sin(_angle(a, b)) * a + np.sin(t[:, None] * _angle(a, b)) * b) / np.sin(_angle(a, b))),
    ("b's part is sin(t w), and yours is 1 - sin((1 - t) w) / sin(w), or its like", lambda a, b, t: (
        lambda s: s * a + (1 - s) * b)(np.sin((1 - t[:, None]) * _angle(a, b)) / np.sin(_angle(a, b)))),
    ("the quarter circle, cos and sin, is right for a right angle alone: sin((1 - t) w) / sin(w) and sin(t w) / sin(w)",
     lambda a, b, t: np.cos(t[:, None] * np.pi / 2) * a + np.sin(t[:, None] * np.pi / 2) * b),
]  # fmt: skip

# ------------------------------------------------------------------ directions

WAYS = [
    ("it is not divided by its length: of length 1", lambda z, has: z[has].mean(0) - z[~has].mean(0)),
    ("the sign: from those that have it not to those that have it", lambda z, has: -_direction(z, has)),
    ("that is the mean of those that have it, alone; those that have it not are taken off", lambda z, has:
     z[has].mean(0) / np.linalg.norm(z[has].mean(0))),
    ("the mean of *all* is taken off; that of those that do not have it. (The direction is the same, and the length "
     "is not yet 1)", lambda z, has: z[has].mean(0) - z.mean(0)),
    ("sums, of groups that are not equally large; the *means*", lambda z, has: (
        z[has].sum(0) - z[~has].sum(0)) / np.linalg.norm(z[has].sum(0) - z[~has].sum(0))),
    ("divided by the square of its length; by the length", lambda z, has: _direction(z, has)
     / np.linalg.norm(z[has].mean(0) - z[~has].mean(0))),
    ("divided by the sum of its numbers; by its length, the root of the sum of the squares", lambda z, has: (
        z[has].mean(0) - z[~has].mean(0)) / np.sum(z[has].mean(0) - z[~has].mean(0))),
    ("divided by the sum of its absolute numbers; by its length, the root of the sum of the squares", lambda z, has: (
        z[has].mean(0) - z[~has].mean(0)) / np.abs(z[has].mean(0) - z[~has].mean(0)).sum()),
    ("that are medians; means", lambda z, has: (np.median(z[has], 0) - np.median(z[~has], 0))
     / np.linalg.norm(np.median(z[has], 0) - np.median(z[~has], 0))),
    ("the means are made to length 1 before the difference; afterwards", lambda z, has: (
        z[has].mean(0) / np.linalg.norm(z[has].mean(0)) - z[~has].mean(0) / np.linalg.norm(z[~has].mean(0)))),
    ("`has` is used as numbers of rows (0 and 1); as a mask, z[has] and z[~has]", lambda z, has: (
        z[has.astype(int)].mean(0) - z[1 - has.astype(int)].mean(0)) / np.linalg.norm(
        z[has.astype(int)].mean(0) - z[1 - has.astype(int)].mean(0))),
]  # fmt: skip


def _along():
    def by(key, value=lambda x, y: y - x, skip=True, best=max):
        def found(before, after, names, meant):
            rows = [i for i, name in enumerate(names) if name != meant or not skip]
            i = best(rows, key=lambda i: key(before[i], after[i]))
            return names[i], value(before[i], after[i])
        return found

    def size(x, y):
        return abs(y - x)

    return [
        ("that is what was *meant*; it is to be left out", by(size, skip=False)),
        ("one that falls comes along too: the largest change by its *size*", by(lambda x, y: y - x)),
        ("one that rises comes along too: the largest change by its *size*", by(lambda x, y: x - y)),
        ("the change has its sign: after less before", by(size, size)),
        ("the sign: after less before", by(size, lambda x, y: x - y)),
        ("that is the change's share of what was there; after less before", by(lambda x, y: abs(y / x - 1))),
        ("that is a quotient; after less before", by(size, lambda x, y: y / x)),
        ("that is the share that there is at the end; how much it *changed*", by(lambda x, y: y, lambda x, y: y)),
        ("that is the attribute with the largest share at the end; with the largest *change*", by(lambda x, y: y)),
        ("that is the share at the end; how much it changed", by(size, lambda x, y: y)),
        ("that is the *smallest* change; the largest", by(size, best=min)),
        ("the column is one off: when `meant` is cut out, the names after it move up", lambda b, a, n, m: (
            n[int(np.argmax(np.abs(np.delete(a - b, list(n).index(m)))))], _comes_along(b, a, n, m)[1])),
    ]  # fmt: skip


ALONG = _along()
