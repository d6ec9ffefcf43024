"""Lab 4, measures: its checks.  The oracles are ganedu's own measures, and loops over points."""

import numpy as np

from .. import measures
from .common import (
    Wrong,
    array,
    brief,
    call,
    check,
    global_names,
    pair,
    returned,
    run,
    shown,
)
from .common import play as play
from .lab4_given import digits
from .lab4_mistakes import (
    distances_gone_wrong,
    miscounted,
    misread,
    radii_gone_wrong,
    region,
)
from .lab4_parts import NOT_YOURS, PARTS, _copied, _neighbour_ratio, _radii, given
from .lab4_suspects import evidence as evidence
from .lab4_suspects import table as table
from .lab4_suspects import verdict as verdict


def alone(function, *arguments):
    """The student's function with our version of the others, and without the library's."""
    rows = [("too many indices|memory|Unable to allocate|matmul", "`distances` wants rows: "
             "images.reshape(len(images), -1)")]
    own = [("cannot reshape array of size .* into shape|inhomogeneous", "do you take out the "
            "zeros? Two equal points are neighbours at distance 0: leave out only the point "
            "itself")]
    hints = (_frechet_hints(*arguments) if function.__name__ == "frechet_distance" else
             own if function.__name__ == "radii" else rows)
    with np.errstate(all="ignore"):
        return call(function, *arguments, parts=PARTS, forbidden=NOT_YOURS, hints=hints)


def _frechet_hints(a, b):
    one = a.shape[-1] == 1
    pair = "np.linalg.eigh gives the pair (eigenvalues, eigenvectors), in this order"
    rows = "|".join(str(n) for n in (len(a), len(b)) if n != a.shape[-1])
    return [
        (rf"core dimension.*\b({rows})\b", "np.cov wants rowvar=False: the covariance is [F, F]"),
        ("[01]-dimensional array given", "np.cov of one feature gives a number, no matrix: "
         "np.atleast_2d" if one else f"is it a matrix? {pair}"),
        (r"does not have enough dimensions|\(s\) for @", "`@` takes matrices and vectors, and this is one "
         f"number: is the mean taken with axis=0? And {pair}"),
        ("only (length-1|size-1|0-dimensional) arrays", "d^2 is one number: |m1 - m2|^2 is m @ m "
         "(`*` multiplies entry by entry), and of C1 and C2 take the trace"),
        ("LinAlgError|did not converge|infs or NaNs", "NaN in R? Clip the eigenvalues of C1 too"),
    ]


# ------------------------------------------------------------------ the Frechet distance


def cloud(n, f, seed, scale=1.0, shift=0.0):
    """n points of f features that are correlated with each other."""
    rng = np.random.default_rng(seed)
    return shift + scale * rng.normal(size=(n, f)) @ rng.normal(size=(f, f))


@check
def frechet_distance(frechet_distance, seed):
    def distance(a, b):
        d2 = returned("frechet_distance", run(alone, frechet_distance, a, b))
        assert not np.iscomplexobj(d2), (
            f"it gives {d2}, a complex number. C1 C2 is not symmetric, so its eigenvalues come out "
            "complex by rounding. Take R C2 R with R = C1^(1/2), and eigvalsh")
        assert np.ndim(d2) == 0, f"it gives {brief(np.asarray(d2))}; it must be one number: a trace"
        assert isinstance(d2, float), f"it gives a {type(d2).__name__}; return float(...)"
        assert np.isfinite(d2), (
            f"it gives {d2}. The root of a negative number? Clip the eigenvalues at 0, before each "
            "of the two roots. (np.sqrt of a *matrix* takes the root of each entry)")
        return d2

    def compare(n, m, f, seed):
        a, b = cloud(n, f, seed), cloud(m, f, seed + 1, 1.5, 0.7)
        d2, right = distance(a, b), measures.frechet_distance(a, b)
        if not np.isclose(d2, right, rtol=1e-6):
            for words, value in distances_gone_wrong(a, b, right):
                assert not np.isclose(d2, value, rtol=1e-6), words
        assert np.isclose(d2, right, rtol=1e-6), (
            f"for clouds of shapes {a.shape} and {b.shape} you get {d2:.6g}, it should be "
            f"{right:.6g}")

    compare(50, 40, 3, 10 * seed)
    compare(200, 300, 8, 10 * seed + 2)
    a, b = cloud(60, 4, 10 * seed + 5), cloud(80, 4, 10 * seed + 6)
    own = distance(a, a)
    assert abs(own) < 1e-6, f"a cloud's distance to itself is {own:.2g}; it must be 0"
    assert np.isclose(distance(a, b), distance(b, a)), "from a to b is not as far as from b to a"
    assert np.isclose(distance(a, a + 2), 16), "4 features, each shifted by 2: d^2 is 4 * 2^2 = 16"
    one, other = cloud(70, 1, 7), cloud(90, 1, 8, 3.0, 1.0)
    by_hand = (one.mean() - other.mean()) ** 2 + (one.std(ddof=1) - other.std(ddof=1)) ** 2
    assert np.isclose(distance(one, other), by_hand), (
        "for one feature it must be (m1 - m2)^2 + (s1 - s2)^2")
    compare(5, 6, 12, 10 * seed + 9)  # fewer points than features: some eigenvalues are 0
    x, y = np.zeros((4, 2)), np.zeros((4, 2))
    x[:, 0], y[:, 1] = [-1, 1, -1, 1], [-2, 2, -2, 2]
    assert np.isclose(distance(x, y), 4 / 3 + 16 / 3), "orthogonal clouds have no cross term"
    return "It agrees with ganedu's, and with what can be worked out by hand."


def sets(floor, features, n, seed):
    """What floor hands to frechet_distance, and whether it gives back what that gave."""
    calls = []

    def watched(a, b):
        calls.append([np.asarray(a), np.asarray(b)])
        return 12.5

    just = [("^ValueError", "exactly 2n rows are enough: raise it only for fewer")]
    value = call(floor, features, n, np.random.default_rng(seed), forbidden=NOT_YOURS,
                 parts={"frechet_distance": watched}, hints=just * (len(features) == 2 * n))
    return {"calls": calls, "value": value}


def refuses(floor, rows, n):
    """Does floor raise a ValueError for so few rows?"""
    try:
        floor(np.zeros((rows, 2)), n, np.random.default_rng(0))
    except ValueError:
        return True
    except NotImplementedError:
        raise Wrong("floor is not written yet") from None
    except Exception:
        pass
    return False


@check
def floor(floor, seed):
    def draw(rows, n, seed):
        found = run(sets, floor, np.arange(2.0 * rows).reshape(rows, 2), n, seed)
        assert len(found["calls"]) == 1, (
            f"it calls your frechet_distance {len(found['calls'])} times; it should call it once")
        assert returned("floor", found["value"]) == 12.5, (
            f"it returns {brief(found['value'])}, and not what frechet_distance gave")
        for part in found["calls"][0]:
            assert part.shape == (n, 2), f"for n = {n} a set has shape {part.shape}, not {(n, 2)}"
        one, other = (set(part[:, 0].tolist()) for part in found["calls"][0])
        assert len(one) == n and len(other) == n, (
            "a row comes twice in one set: draw without replacement")
        assert not one & other, (
            f"{len(one & other)} of {n} rows are in both sets. Two draws, each for itself, may "
            "overlap; make *one* permutation and cut it")
        return sorted(one), sorted(other)

    draw(40, 10, seed)
    draw(20, 10, seed + 1)  # all rows are used
    draws = [draw(60, 5, 20 * seed + s) for s in range(12)]
    assert draws[0] != draws[1], "two different rng give the same rows: draw with rng"
    assert draws[0] == draw(60, 5, 20 * seed), (
        "the same rng gives other rows: draw with rng, not with np.random")
    assert len({row for pair in draws for part in pair for row in part}) > 40, (
        "only some of the rows are ever drawn: permute *all* rows, then take n and n")
    assert run(refuses, floor, 19, 10), (
        "19 rows do not give two sets of 10 that share none: raise ValueError")
    return "Two sets that share nothing."


# ------------------------------------------------------------------ precision and recall


@check
def radii(radii, seed):
    rng = np.random.default_rng(seed)
    for points, k in [(np.array([[0.0, 0], [1, 0], [3, 0], [7, 0]]), 1),
                      (rng.normal(size=(30, 3)), 4), (rng.normal(size=(12, 5)), 11),
                      (np.array([[0.0, 0], [0, 0], [1, 0], [3, 0], [7, 0]]), 1)]:
        found = array(f"for {len(points)} points radii", run(alone, radii, points, k),
                      (len(points),), "a radius each")
        apart = np.sort([np.sqrt(((points - p) ** 2).sum(1)) for p in points], axis=1)
        right = apart[:, k]
        wrong = ~np.isclose(found, right, atol=1e-6)
        if wrong.any():
            radii_gone_wrong(found, points, apart, k)
        assert not wrong.any(), (
            f"k = {k}, points {np.flatnonzero(wrong)[:4].tolist()}: you give "
            f"{shown(found[wrong][:4])}, one by one it is {shown(right[wrong][:4])}")
    return "To the k-th neighbour, the point itself not counted."


@check
def precision_recall(precision_recall, seed):
    rng = np.random.default_rng(seed)
    ties = [np.array(t, float) for t in ([[0, 0], [1, 0], [0, 1], [9, 9], [9, 8]],
                                         [[2, 0], [9, 9.5], [0, 0.5], [5, 5]])]
    wide = np.concatenate([rng.normal(size=(20, 2)) * 0.1, [[5, 0], [-5, 0]]])  # two large balls
    line = np.arange(8.0)[:, None]
    def answer(real, fake, k):
        found = pair("precision_recall", run(alone, precision_recall, real, fake, k),
                     "precision, recall")
        found = [array(f"precision_recall's {name}", part, (), "a share")
                 for name, part in zip(("precision", "recall"), found)]
        right = region(fake, real, _radii(real, k)), region(real, fake, _radii(fake, k))
        return found, right, real, fake, k

    first = rng.normal(size=(40, 2)), rng.normal(size=(30, 2)) * 1.5 + 0.5
    for real, fake, k in [
        (*first, 3),
        (rng.normal(size=(25, 3)), rng.normal(size=(35, 3)) * 0.4, 2),
        (*ties, 1), (*ties[::-1], 1), (wide, rng.uniform(-4, 4, (30, 2)), 2),
        (line, line + 1, 1), (rng.normal(size=(9, 4)), rng.normal(size=(50, 4)), 5),
    ]:
        found, right, *_ = given = answer(real, fake, k)
        if not np.allclose(found, right):  # name a mistake only if it explains other clouds too
            misread([given, *(answer(*first, other) for other in (2, 4, 7)),
                     answer(*first[::-1], 3)])
        assert np.allclose(found, right), (
            f"{len(real)} reals, {len(fake)} fakes, k = {k}: you get {shown(found)}, one by one it "
            f"is {shown(right)}")
    return "Every point was asked of every ball."


# ------------------------------------------------------------------ copies


@check
def neighbour_ratio(neighbour_ratio, seed):
    rng = np.random.default_rng(seed)
    for n, m, side in [(7, 9, 4), (12, 30, 6), (3, 2, 5), (8, 8, 3)]:
        x, t = (rng.uniform(-1, 1, (count, side, side, 1)).astype("float32") for count in (n, m))
        found = array(f"for {n} images and {m} training images neighbour_ratio",
                      run(alone, neighbour_ratio, x, t), (n,), "one an image: images come first, "
                      "then the training set")
        d = np.array([np.sort([np.sqrt(((image - other) ** 2).sum()) for other in t])
                      for image in x], float)
        right = d[:, 0] / d[:, 1]
        assert np.isfinite(found).all(), f"r holds NaN or infinite values: {shown(found[:4])}"
        for words, value in [("that is d1^2 / d2^2: take the roots first", right**2),
                             ("upside down: r = d1 / d2 is at most 1", 1 / right),
                             ("that is d1: divide by d2, the second nearest", d[:, 0]),
                             ("you leave the nearest one out, as in Task 3. There the point itself "
                              "was in the cloud; here a training image at distance 0 is what we "
                              "look for", d[:, 1] / d[:, min(2, m - 1)]),
                             ("swapped: the ratios are those of the *images*, which come first",
                              _neighbour_ratio(t, x))]:
            assert np.shape(value) != found.shape or not np.allclose(found, value, atol=1e-4), words
        assert np.allclose(found, right, atol=1e-3), (
            f"you give {shown(found[:4])}, one by one r is {shown(right[:4])}")
    zeros = np.zeros((3, 4, 4, 1))
    found = np.asarray(run(alone, neighbour_ratio, zeros[:2], zeros))
    assert np.array_equal(found, [0, 0]), (
        "an image that is in the training set twice has d1 = d2 = 0; let r be 0 there, you give "
        f"{shown(found)}")
    few = np.asarray(run(alone, neighbour_ratio, given().seen[:50], given().seen))
    assert few.max() < 0.01, f"copies get r up to {few.max():.2f}; it must be 0, or nearly"
    return "0 for copies, near 1 for most others."


def _on_a_line(rng):
    """(images, training, unseen) between two training images, with just the ratios wanted."""
    def at(r):  # the image whose distances to 0 and to 1 have this ratio
        return np.broadcast_to((r / (1 + r))[:, None, None, None], (len(r), 4, 4, 1)).copy()

    limits = np.linspace(0.1, 0.9, 300)  # quantile q is 0.1 + 0.8 q
    between = np.repeat([0.05, 0.10004, 0.1004, 0.1015, 0.104, 0.11, 0.12, 0.15, 0.5, 0.85, 0.95],
                        [10, 12, 15, 18, 40, 14, 11, 16, 20, 22, 22])
    return at(rng.permutation(between)), np.stack([np.zeros((4, 4, 1)), np.ones((4, 4, 1))]), at(
        rng.permutation(limits))


def _copied_alone(copied, *arguments):
    """What `alone` says about a function that does not reach for the notebook's images."""
    for theirs, own in (("seen", "training"), ("unseen", "unseen")):
        if theirs in global_names(copied.__code__):
            raise Wrong(f"copied uses the notebook's `{theirs}`: use the argument `{own}`")
    return alone(copied, *arguments)


@check
def copied(copied, seed):
    seen, unseen = given().seen, given().unseen
    rng = np.random.default_rng(seed)
    honest, many = digits("train", 100, 40), rng.permutation(seen)[:300]
    both = np.concatenate([many, digits("train", 300, 70)])  # 300 of 1,000 are copies
    # Half of all ratios are equal, and exact: so "at most" and "less than" differ.
    tied, two = (rng.integers(-1, 2, (n, 4, 4, 1)).astype("float32") for n in (20, 2))
    edge = np.repeat(two, 30, axis=0)
    cases = {
        "copies": (many, seen, unseen), "honest digits": (honest, seen, unseen),
        "three copies in ten": (both, seen, unseen), "images all on the limit": (edge, tied, edge),
        "images between two training images": _on_a_line(rng),
    }
    found = [float(array("copied", run(_copied_alone, copied, *case), (), "a share"))
             for case in cases.values()]
    right = [_copied(*case) for case in cases.values()]
    if not np.allclose(found, right, atol=0.006):
        miscounted(found, right, list(cases.values()))
    for name, share, oracle in zip(cases, found, right):
        assert np.isclose(share, oracle, atol=0.006), (
            f"of {name} you find {share:.3f}, the oracle {oracle:.3f}: the share of the *images* "
            "with r at most the 1% quantile of neighbour_ratio(unseen, training)")
    return "Honest images get about 0.01, by construction; with 400 images, give or take 0.01."
