"""Lab 8, statistics, strength, few labels, a prediction: the checks of Tasks 2 to 5."""

import weakref

import numpy as np

from .common import Wrong, array, ask, brief, check, pair, returned, run, shown
from .lab7_parts import judge
from .lab8_given import COMPARED, WAYS
from .lab8_mistakes import BANDS, STATISTICS, STRENGTHS
from .lab8_parts import _choose_strength, _mean_and_band, _set_statistics, alone


def _near(x, y):
    return all(np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-3, atol=1e-6) for a, b in zip(x, y))


# ------------------------------------------------------------------ one pass over a set


def _batches(seed, sizes, shape, offset):
    rng = np.random.default_rng(seed)
    drift = rng.normal(size=(len(sizes), shape[-1]))  # batches differ, as in a sorted set
    spread = rng.uniform(0.5, 2, shape[-1])
    return [(offset + drift[i] + spread * rng.normal(size=(n, *shape))).astype(np.float32)
            for i, n in enumerate(sizes)]


def _streamed(set_statistics, seed, sizes, shape, offset):
    """What set_statistics gives for a stream of batches, and how many it kept at once."""
    alive, most, left = [], 0, len(sizes)

    def stream():
        nonlocal most, left
        for batch in _batches(seed, sizes, shape, offset):
            most = max(most, sum(ref() is not None for ref in alive))
            left -= 1
            handed = batch.copy()
            alive.append(weakref.ref(handed))
            yield handed
            del handed
        most = max(most, sum(ref() is not None for ref in alive))

    value = alone(set_statistics, stream(), hints=[
        ("division by zero|ZeroDivision", "nothing was counted: an iterator can be gone through *once*, and each "
         "batch that `next` takes is gone")])
    return {"value": value, "kept": most, "left": left}


@check
def set_statistics(set_statistics, seed):
    plans = [((4, 4, 4), (2, 2, 3), 0), ((5, 5, 5, 2), (3, 3, 2), 1), ((7, 1, 3), (4, 2, 3), -2),
             ((6,), (3, 5, 1), 0.5), ((1, 9, 2, 4), (2, 2, 4), 3)]
    cases, found = [], []
    for number, (sizes, shape, offset) in enumerate([*plans, ((3, 5, 4, 6, 2, 3, 3), (3, 2, 2), 3000)]):
        plan = 100 * seed + number, sizes, shape, offset
        got, batches = run(_streamed, set_statistics, *plan), _batches(*plan)
        value, channels = returned("set_statistics", got["value"]), shape[-1]
        assert isinstance(value, list | tuple) or np.shape(value) == (2, channels), (
            f"set_statistics gives {brief(value)}; it must give the pair (mean, variance): `return a, b`")
        mean, variance = pair("set_statistics", list(value), "mean, variance")
        for name, part in (("mean", mean), ("variance", variance)):
            size = np.shape(part)
            told = f"set_statistics' {name}"
            assert size != () or channels == 1, (
                f"{told} is one number; each channel has its own, [C]"
                + (". Or was nothing added to it? An iterator can be gone through *once*" if name == "variance" else ""))
            assert size != shape, (
                f"{told} has one number for each place; one for each *channel*: over images, rows, columns")
            array(told, np.asarray(part) if size == (channels,) else part, (channels,), "one a channel")
        parts = tuple(np.asarray(part, float) for part in (mean, variance))
        if number == len(plans):
            last = parts, batches, got["kept"], sizes, offset
            continue
        assert np.isfinite(parts).all() or got["left"] or len(batches) < 2, (
            "set_statistics gives NaN: an iterator can be gone through *once*; the second time it is empty")
        cases.append((batches,))
        found.append(parts)

    def tell(case, yours, ours):
        sizes = ", ".join(str(len(b)) for b in case[0])
        which = "mean" if not np.allclose(yours[0], ours[0], rtol=1e-3, atol=1e-6) else "variance"
        at = int(which == "variance")
        return (f"batches of {sizes} images: the {which} of the channels is {shown(yours[at])} by you, "
                f"{shown(ours[at])} by us")

    judge(cases, found, [_set_statistics(*case) for case in cases], STATISTICS, tell, _near)
    parts, batches, kept, sizes, offset = last  # so far from 0 that squares in float32 lose what matters
    assert _near(parts, _set_statistics(batches)), (
        f"values of about {offset} that vary by 1 or 2: the variance is {shown(parts[1])} by you, "
        f"{shown(_set_statistics(batches)[1])} by us. float32 has seven digits: add up in float64, x.astype(float)")
    assert kept <= 2, (
        f"set_statistics keeps {kept} of {len(sizes)} batches at once: it is to need the memory of one, whatever "
        "their number. Keep sums")
    return "One pass, and the memory of one batch."


# ------------------------------------------------------------------ a strength


def _chosen(choose_strength, grid, scores, taught, held, n):
    """How choose_strength calls `fit`, and what it gives: `fit` reads scores[C] of what is held right.

    An image's features are its number and a mark, so that `fit` knows what it is shown.
    """
    x, y = np.stack([np.arange(n), np.arange(n) + 0.5], 1), np.arange(n) % 3
    held, log = np.array(held), []
    order = {int(i): place for mask in (held, ~held) for place, i in enumerate(np.flatnonzero(mask))}

    def fit(features, labels, C):
        if np.ndim(C) or not isinstance(C, int | float | np.number):
            raise Wrong(f"choose_strength: `fit` got {brief(C)} as its C; it takes one number, fit(x, y, C)")
        features, labels = np.asarray(features), np.asarray(labels)
        if features.ndim != 2 or features.shape[1] != 2 or len(features) != len(labels):
            raise Wrong(f"choose_strength: `fit` got features {list(features.shape)} and labels "
                        f"{list(labels.shape)}: x[...] and y[...] of the same images, fit(x, y, C)")
        rows = features[:, 0].astype(int)
        if (labels != y[rows]).any():
            raise Wrong("choose_strength: `fit` got features with labels of *other* images: x[~held], y[~held]")
        kind = "all" if len(rows) == n else "held" if held[rows].all() else "taught" if (
            ~held[rows]).all() and len(rows) == (~held).sum() else "others"
        log.append([kind, float(C)])
        number = len(log)

        def read(given):
            mine = np.asarray(given)[:, 0].astype(int)
            right = np.array([order[i] < (scores if held[i] else taught)[grid.index(float(C))] for i in mine], bool)
            return np.where(right, y[mine], (y[mine] + 1) % 3)

        read.number = number
        return read

    value = alone(choose_strength, fit, x, y, held.copy(), list(grid))
    number = 0
    if isinstance(value, list | tuple) and len(value) == 2:
        number = [getattr(v, "number", 0) for v in value]
        value = [v if isinstance(v, int | float | np.number) else None for v in value]
    elif callable(value):
        value = "a function"
    return {"log": log, "value": value, "number": number}


def _strength_cases(rng):
    """(grid, right of the held ones, right of the taught ones, held)."""
    cases = []
    for grid, scores, taught in (
        ([0.01, 0.1, 1.0, 10.0], [3, 5, 4, 2], [5, 6, 8, 9]), ([10.0, 0.1, 1.0, 0.01], [4, 6, 6, 3], [9, 6, 8, 5]),
        ([1.0, 0.001, 0.1], [2, 1, 7], [9, 3, 6]), ([0.1, 1.0, 5.0], [6, 5, 4], [2, 5, 9]),
        ([0.5, 0.05, 50.0], [5, 5, 3], [4, 9, 6]), ([0.3], [2], [3]), ([2.0, 1.0], [1, 4], [7, 5]),
    ):
        held = np.zeros(24, bool)
        held[rng.permutation(24)[:9]] = True
        cases.append((grid, scores, taught, held.tolist(), 24))
    return cases


@check
def choose_strength(choose_strength, seed):
    cases, found = _strength_cases(np.random.default_rng(seed)), []
    for case in cases:
        grid = case[0]
        got = run(_chosen, choose_strength, *case)
        log, value = [tuple(entry) for entry in got["log"]], got["value"]
        assert log, "choose_strength never calls `fit`"
        returned("choose_strength", value)
        assert isinstance(value, list | tuple) and len(value) == 2, (
            f"choose_strength gives {value if value == 'a function' else brief(value)}; it must give the pair "
            "(C, function): `return a, b`")
        chosen, number = list(value), list(got["number"])
        assert not (number[0] and chosen[1] is not None), "the pair is turned round: the C comes first"
        assert chosen[0] is not None and number[1], (
            "choose_strength: the pair is (C, what `fit` gave for it): one number, and a function")
        C, kinds = float(chosen[0]), [kind for kind, _ in log]
        assert C in grid, (
            f"choose_strength gives C = {C:g}, which is none of {grid}: its *place*, or how many are right?")
        assert "held" not in kinds, (
            "`fit` is taught by the *held out* images; they are for the test: x[~held] teaches, x[held] tests")
        assert "others" not in kinds, "`fit` got a part of the images that is neither x[~held] nor all of x"
        tried = [c for kind, c in log if kind == "taught"]
        assert tried or len(grid) == 1, (
            "every C is taught by *all* training images, so the held out ones are known to it: first x[~held] alone")
        missing = [c for c in grid if c not in tried]
        assert not missing or len(grid) == 1, f"C = {missing[0]:g} of {grid} is never tried on x[~held]"
        kind, last = log[number[1] - 1]
        found.append(C)
        assert kind == "all", (
            "the function that you return was taught by x[~held] alone; teach once more, by *all* training "
            "images, at the C that is chosen")
        assert last == C, f"the function that you return was taught at C = {last:g}, and C is {C:g}"

    def rule(rule):
        return lambda grid, scores, taught, held, n: rule(grid, dict(zip(grid, scores)), dict(zip(grid, taught)))

    def tell(case, yours, ours):
        grid, scores = case[:2]
        told = ", ".join(f"{s} at {C:g}" for C, s in zip(grid, scores))
        return f"of the held out images are read right {told}: you choose C = {yours:g}, it should be {ours:g}"

    def right(grid, scores, taught, held, n):
        x = np.arange(n)
        return _choose_strength(lambda a, b, C: lambda z: np.arange(len(z)) < scores[grid.index(C)], x,
                                np.ones(n, bool), np.array(held), grid)[0]

    judge(cases, found, [right(*case) for case in cases], [(w, rule(r)) for w, r in STRENGTHS], tell, np.isclose)
    return "Held out images choose, all training images teach; the test images are not asked."


# ------------------------------------------------------------------ few labels


def _drawn(draw_labels, y, per_class, seed):
    hints = [(r"arger (sample )?than population", "more are asked for than a class has: is it np.flatnonzero(y == "
              "k)? np.where gives a tuple: its [0]")]
    return alone(draw_labels, y, per_class, np.random.default_rng(seed), hints=hints)


def _rows(value, y):
    """The row numbers of y that value should be."""
    returned("draw_labels", value)
    assert not isinstance(value, tuple), f"draw_labels gives {brief(value)}; it must be one array of rows"
    try:
        rows = np.asarray(value)
    except ValueError:
        raise AssertionError("draw_labels gives several lists; it must be one array of rows: "
                             "np.concatenate") from None
    assert rows.dtype.kind in "biuf", f"draw_labels gives {brief(value)}; it must be one array of rows"
    assert rows.dtype.kind != "b", "draw_labels gives a mask; it must give row numbers: np.flatnonzero(mask)"
    assert rows.dtype.kind in "iu", "draw_labels gives fractions; rows are whole numbers"
    assert rows.ndim == 1, f"draw_labels gives shape {rows.shape}; it must be one array of rows, [R]: np.concatenate"
    out = rows[(rows < 0) | (rows >= len(y))]
    assert not len(out), f"row {out[:1]} is none of y, which has rows 0 to {len(y) - 1}"
    return rows


@check
def draw_labels(draw_labels, seed):
    rng = np.random.default_rng(seed)
    for counts, k in (((9, 12, 7), 4), ((30, 5, 11, 8), 5), ((6, 0, 9), 3), ((40, 40), 1), ((4, 4, 4), 4)):
        y = rng.permutation(np.repeat(np.arange(len(counts)), counts))
        rows = _rows(run(_drawn, draw_labels, y, k, seed), y)
        per = np.bincount(y[rows], minlength=len(counts))
        right = np.where(np.array(counts) > 0, k, 0)
        again = len(rows) - len(set(rows.tolist()))
        assert not again or rows.max() >= len(counts), (
            f"these are labels, or places within a class, not rows of `y`: {shown(rows[:8])}")
        if again:
            raise AssertionError(
                f"{again} of {len(rows)} rows are there twice: without repetition, rng.permutation(...) or "
                "rng.choice(..., replace=False); and a place *within* a class is no row of `y`: here[...]")
        assert len(rows) != k or len(right[right > 0]) == 1, (
            f"{len(rows)} rows in all; per_class = {k} of *each* class")
        assert per.tolist() == right.tolist(), (
            f"per_class = {k}, classes of {list(counts)}: you draw {per.tolist()}, it should be {right.tolist()}"
            + (": right in all, not in each class" if per.sum() == right.sum() else ""))
    y = rng.permutation(np.repeat([0, 1], 20))
    draws = [np.sort(_rows(run(_drawn, draw_labels, y, 8, 100 * seed + i), y)) for i in range(60)]
    again = np.sort(_rows(run(_drawn, draw_labels, y, 8, 100 * seed), y))
    assert not all(np.array_equal(draws[0], rows) for rows in draws), (
        "the same rows are drawn, in some order, whatever `rng`: draw them by it, rng.permutation(...) or "
        "rng.choice(...)")
    assert np.array_equal(draws[0], again), (
        "two generators of one seed draw different rows: is there chance that does not come from `rng`?")
    never = np.bincount(np.concatenate(draws), minlength=40) == 0
    assert not never.any(), f"{never.sum()} of 40 rows are never drawn in 60 draws: every row has the same chance"
    return "As many of each class, none twice, by chance."


@check
def mean_and_band(mean_and_band, seed):
    rng = np.random.default_rng(seed)
    cases = [([0.5, 0.6, 0.7],), ([0.71, 0.69],)] + [(rng.uniform(0.5, 0.9, n).tolist(),) for n in (5, 10, 7)]
    found = []
    for case in cases:
        value = returned("mean_and_band", run(alone, mean_and_band, *case))
        value = list(value) if isinstance(value, np.ndarray) and value.shape == (2,) else value
        value = pair("mean_and_band", value, "mean, 1.96 s")
        found.append(tuple(float(array(f"mean_and_band's {name}", part, (), "of all together"))
                           for name, part in zip(("mean", "band"), value)))

    def tell(case, yours, ours):
        return f"of {shown(case[0])} you give {shown(yours, 4)}, it should be {shown(ours, 4)}"

    judge(cases, found, [_mean_and_band(*case) for case in cases], BANDS, tell,
          lambda x, y: np.allclose(x, y, rtol=1e-4))
    return "So the reports write it: 82.8% or 73.8% -+ 0.4%."


# ------------------------------------------------------------------ a prediction


@check
def prediction(prediction, seed):
    said = returned("prediction", ask(prediction))
    names = ", ".join(COMPARED)
    assert isinstance(said, dict), (
        f"prediction gives {brief(said)}; it is to be a dictionary, with an entry for each of {names}")
    reasons = []
    for name in COMPARED:
        assert name in said, f"no prediction for {name!r}; the comparisons are {names}"
        entry = said[name]
        assert isinstance(entry, list | tuple) and len(entry) == 2 and all(isinstance(e, str) for e in entry), (
            f"of {name!r} you say {brief(entry)}; a word and a reason: (\"higher\", \"because ...\")")
        word, why = entry
        assert word in WAYS, f"of {name!r} you say {word!r}; it must be one of {', '.join(map(repr, WAYS))}"
        assert sum(c.isalpha() for c in why) >= 10, f"of {name!r}: why? A few words, ten letters or more"
        reasons.append(why.strip().lower())
    odd = [name for name in said if name not in COMPARED]
    assert not odd, f"there is no comparison {odd[0]!r}; they are {names}"
    assert len(set(reasons)) == len(reasons), "each comparison has a reason of its own; two of yours are the same"
    return "Said before the picture was seen; whether it holds costs no points."
