"""Lab 4, measures: its checks.  The oracles are ganedu's own measures, and loops over points."""

import hashlib
from functools import cache
from types import SimpleNamespace

import numpy as np

from .. import measures
from ..measures import readers
from .common import Wrong, array, ask, brief, call, check, pair, returned, run, shown
from .common import play as play
from .lab4_given import digits, distances, mystery
from .lab4_mistakes import distances_gone_wrong, misread, region

NOT_YOURS = ("measures", "evaluate", "prdc", "ganedu.measures.formulas", "ganedu.measures.scoring",
             "ganedu.measures", "prdc.prdc")  # fmt: skip


@cache
def given():
    """The images and features of the lab's first cell."""
    reader, seen, unseen = readers.load("digits"), digits("train", 0, 100), digits("test", 0, 100)
    return SimpleNamespace(reader=reader, seen=seen, unseen=unseen, real=reader.features(unseen))


# ------------------------------------------------------------------ reference parts


def _radii(points, k):
    return np.sort(distances(points, points), axis=1)[:, k]


def _precision_recall(real, fake, k):
    found = measures.precision_recall(real, fake, k=k)
    return found["precision"], found["recall"]


def _neighbour_ratio(images, training):
    x, t = (a.reshape(len(a), -1) for a in (images, training))
    d1, d2 = np.sort(distances(x, t), axis=1)[:, :2].T
    return d1 / np.maximum(d2, 1e-12)


def _copied(images, training, unseen):
    return measures.memorisation(images, training, unseen).copied


PARTS = {
    "frechet_distance": measures.frechet_distance, "distances": distances, "radii": _radii,
    "precision_recall": _precision_recall, "neighbour_ratio": _neighbour_ratio,
    "copied": _copied, "digits": digits, "mystery": mystery,
}  # fmt: skip


def alone(function, *arguments):
    """The student's function with our version of the others, and without the library's."""
    parts = {name: part for name, part in PARTS.items() if name != function.__name__}
    flat = ("np.cov of one feature gives a number, no matrix: np.atleast_2d"
            if arguments[0].shape[-1] == 1 else "is it a matrix? np.linalg.eigh gives the pair "
            "(values, vectors), in this order")
    with np.errstate(all="ignore"):
        return call(function, *arguments, parts=parts, forbidden=NOT_YOURS, hints=[
            ("[01]-dimensional", flat),
            ("LinAlgError|did not converge|infs or NaNs", "NaN in R? Clip the eigenvalues of C1 "
             "too"),
            ("too many indices|memory|Unable to allocate|matmul", "`distances` wants rows: "
             "images.reshape(len(images), -1)"),
        ])


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
        assert np.isclose(d2, right, rtol=1e-6), f"{a.shape}, {b.shape}: {d2:.6g}, not {right:.6g}"

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

    value = call(floor, features, n, np.random.default_rng(seed), forbidden=NOT_YOURS,
                 parts={"frechet_distance": watched})
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
                      (rng.normal(size=(30, 3)), 4), (rng.normal(size=(12, 5)), 11)]:
        found = array(f"for {len(points)} points radii", run(alone, radii, points, k),
                      (len(points),), "a radius each")
        apart = np.sort([np.sqrt(((points - p) ** 2).sum(1)) for p in points], axis=1)
        right = apart[:, k]
        if not np.allclose(found, right):
            assert not np.allclose(found, apart[:, k - 1]), (
                "each point is counted as its own neighbour, at distance 0: your k-th is the "
                "(k-1)-th other one")
            assert not np.allclose(found, apart[:, min(k + 1, len(points) - 1)]), (
                "your radii reach one neighbour too far: place 0 of the sorted distances is the "
                "point itself")
            assert not np.allclose(found, right**2), "distances, not squares: the root"
            assert not np.allclose(found, apart[k]), (
                "that is row k, all distances of one point: column k is the k-th of each")
        assert np.allclose(found, right), (
            f"k = {k}: you give {shown(found[:4])}, one by one it is {shown(right[:4])}")
    return "To the k-th neighbour, the point itself not counted."


@check
def precision_recall(precision_recall, seed):
    rng = np.random.default_rng(seed)
    ties = [np.array(t, float) for t in ([[0, 0], [1, 0], [0, 1], [9, 9], [9, 8]],
                                         [[2, 0], [9, 9.5], [0, 0.5], [5, 5]])]
    wide = np.concatenate([rng.normal(size=(20, 2)) * 0.1, [[5, 0], [-5, 0]]])  # two large balls
    line = np.arange(8.0)[:, None]
    for real, fake, k in [
        (rng.normal(size=(40, 2)), rng.normal(size=(30, 2)) * 1.5 + 0.5, 3),
        (rng.normal(size=(25, 3)), rng.normal(size=(35, 3)) * 0.4, 2),
        (*ties, 1), (*ties[::-1], 1), (wide, rng.uniform(-4, 4, (30, 2)), 2),
        (line, line + 1, 1), (rng.normal(size=(9, 4)), rng.normal(size=(50, 4)), 5),
    ]:
        found = pair("precision_recall", run(alone, precision_recall, real, fake, k),
                     "precision, recall")
        found = [array(f"precision_recall's {name}", part, (), "a share")
                 for name, part in zip(("precision", "recall"), found)]
        r, f = _radii(real, k), _radii(fake, k)
        right = region(fake, real, r), region(real, fake, f)
        if not np.allclose(found, right):
            misread(found, real, fake, r, f, right)
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


@check
def copied(copied, seed):
    seen, unseen = given().seen, given().unseen
    rng = np.random.default_rng(seed)
    honest, many = digits("train", 100, 40), rng.permutation(seen)[:300]
    both = np.concatenate([many, digits("train", 300, 70)])  # 300 of 1,000 are copies
    ratio = _neighbour_ratio
    # Half of all ratios are equal, and exact: so "at most" and "less than" differ.
    tied, two = (rng.integers(-1, 2, (n, 4, 4, 1)).astype("float32") for n in (20, 2))
    edge = np.repeat(two, 30, axis=0)
    for name, images, training, others in [
        ("copies", many, seen, unseen), ("honest digits", honest, seen, unseen),
        ("three copies in ten", both, seen, unseen), ("images all on the limit", edge, tied, edge),
    ]:
        share = array("copied", run(alone, copied, images, training, others), (), "a share")
        right = _copied(images, training, others)
        if not np.isclose(share, right, atol=0.006):
            r, limits = ratio(images, training), ratio(others, training)
            back, at = ratio(training, images), np.quantile(limits, 0.01)
            for words, value in [
                ("r is *at most* the limit: <=, not <", np.mean(r < at)),
                ("the limit is the 1% quantile, 0.01, not the 99% one",
                 np.mean(r <= np.quantile(limits, 0.99))),
                ("the limit is a quantile of neighbour_ratio(unseen, training). From the ratios of "
                 "the judged images themselves every generator would have 1%",
                 np.mean(r <= np.quantile(r, 0.01))),
                ("you find nearly all but the copies. Count r <= limit; the limit is the 0.01 "
                 "quantile", 1 - right),
                *(("neighbour_ratio(images, training): the images come first, then the training "
                   "set. You have them swapped", np.mean(back <= limit))
                  for limit in (at, np.quantile(ratio(training, others), 0.01))),
            ]:
                assert not np.isclose(share, value, atol=0.002), f"of {name}: {words}"
        assert np.isclose(share, right, atol=0.006), (
            f"of {name} you find {share:.3f}, the oracle {right:.3f}: the share of the *images* "
            "with r at most the 1% quantile of neighbour_ratio(unseen, training)")
    return "Honest images get about 0.01, by construction; with 400 images, give or take 0.01."


# ------------------------------------------------------------------ three generators


@check
def evidence(evidence, seed):
    reader, seen, unseen, real = (getattr(given(), n) for n in ("reader", "seen", "unseen", "real"))
    start = int(np.random.default_rng(seed).integers(200, 600))
    mixed = np.concatenate([digits("train", start, 20), seen[::5]])  # half of them copies
    for name, images in [("A", mystery("A")), ("digits, half of them copies", mixed)]:
        found = returned("evidence", run(_evidence, evidence, images))
        assert isinstance(found, dict) and set(found) == {"frechet", "recall", "copied"}, (
            f"it gives {brief(found)}; it must be a dictionary with the keys frechet, recall and "
            "copied")
        assert np.ndim(found["recall"]) == 0, (
            "recall is not one number: precision_recall gives a pair, take its second")
        values = {key: float(array(key, value, ())) for key, value in found.items()}
        f = reader.features(images)
        precision, recall = _precision_recall(real, f, 5)
        right = {"frechet": measures.frechet_distance(f, real), "recall": recall,
                 "copied": _copied(images, seen, unseen)}
        assert np.isclose(values["recall"], recall, atol=0.005) or not np.isclose(
            values["recall"], precision, atol=0.005), (
            f"{name}: that is the precision. precision_recall(real, fake, k) gives the pair "
            "(precision, recall); reals come first")
        hints = {"frechet": "all images, their features, against `real`?",
                 "recall": "precision_recall(real, features, 5), the second of the pair?",
                 "copied": "copied(images, seen, unseen), of images and not of features?"}
        for key, value in values.items():
            assert np.isclose(value, right[key], rtol=0.01, atol=0.006), (
                f"{name}: {key} is {value:.4g}, the oracle's {right[key]:.4g}: {hints[key]}")
    return "Three numbers, as an independent implementation has them."


def _evidence(evidence, images):
    g = given()
    parts = {"reader": g.reader, "seen": g.seen, "unseen": g.unseen, "real": g.real}
    return call(evidence, images, parts=PARTS | parts, forbidden=NOT_YOURS, hints=[
        ("shape|dimension|broadcast|matmul|unpack", "`real` holds features, 64 an image: "
         "reader.features(images) are those of the images. And precision_recall gives a pair, "
         "recall is its second"),
    ])


WORDS = {"memoriser", "blurry", "collapsed"}


@check
def verdict(verdict, seed):
    said = returned("verdict", ask(verdict))
    assert isinstance(said, dict) and set(said) == set("ABC"), (
        f"it gives {brief(said)}; a dictionary with the keys A, B and C")
    assert set(said.values()) == WORDS, (
        f"you say {sorted(map(str, said.values()))}; each of {sorted(WORDS)} once")
    text = ", ".join(f"{name} {said[name]}" for name in "ABC")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "947b7942044a267e", (
        "not all three are right. Hold the numbers in the table above against those of honest digits. Whose "
        "images are real ones, so that only `copied` is odd? Blur moves mean and covariance of the "
        "features; a few good images a class leave hardly any recall. Which of the two has the "
        "larger `frechet`?")
    return "All three are convicted."
