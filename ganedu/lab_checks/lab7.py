"""Lab 7, synthetic data: the checks of Tasks 1 and 2; `lab7_turn` and `lab7_leaks` have the others."""

import numpy as np

from .common import Wrong as Wrong
from .common import array, brief, check, returned, run, shown
from .lab7_leaks import evidence as evidence
from .lab7_leaks import seen_in as seen_in
from .lab7_leaks import table as table
from .lab7_leaks import verdict as verdict
from .lab7_mistakes import CONFIDENT, COUNTS, SHARES
from .lab7_parts import _confident, _mixture, _wrong_label_share, alone, judge, mask, places
from .lab7_parts import play as play
from .lab7_turn import best_round as best_round
from .lab7_turn import in_turn as in_turn
from .lab7_turn import paired_effect as paired_effect

# ------------------------------------------------------------------ the filter


def _probabilities(rng, n, k, sharp):
    logits = sharp * rng.normal(size=(n, k))
    p = np.exp(logits - logits.max(1, keepdims=True))
    return p / p.sum(1, keepdims=True)


@check
def confident(confident, seed):
    rng = np.random.default_rng(seed)
    quarters = np.array([[0.75, 0.25], [0.25, 0.75], [0.5, 0.5]])
    sure = np.eye(4)[rng.integers(0, 4, 7)]
    sure[2] = 0.25
    cases = [(quarters, 0.75), (sure, 1.0), (_probabilities(rng, 40, 10, 2), 0.5),
             (_probabilities(rng, 30, 3, 3), 0.9), (_probabilities(rng, 30, 3, 1), 0.3),
             (_probabilities(rng, 40, 10, 1), 0.13), (_probabilities(rng, 60, 10, 8), 0.999),
             (_probabilities(rng, 6, 10, 1), 0.0)]
    found = []
    for p, at_least in cases:
        value = run(alone, confident, p, at_least)
        n, k = p.shape
        truths = isinstance(value, np.ndarray) and value.dtype.kind == "b"
        assert not (truths and value.shape == (k,)), (
            f"confident gives {k} truths, one for each class; one for each image: axis=1, the classes")
        assert not (truths and value.shape == (n, k)), (
            "confident gives a truth for each probability; one for each image: its predicted class's alone, "
            "p.max(axis=1)")
        found.append(mask("confident", value, n))

    def tell(case, yours, ours):
        off = yours != ours
        return (f"{len(case[0])} images and at_least = {case[1]}: {off.sum()} are judged wrongly, at "
                f"{places(off)}; the first has the probabilities {shown(case[0][off][0])}")

    judge(cases, found, [_confident(*case) for case in cases], CONFIDENT, tell)
    return "Kept is what the classifier is sure of, whatever it takes it for."


@check
def wrong_label_share(wrong_label_share, seed):
    rng = np.random.default_rng(seed)
    cases = [
        (np.array([[0.75, 0.25], [0.25, 0.75], [0.5, 0.5]]), np.array([1, 1, 0]), 0.75),
        (np.array([[0.1, 0.9], [0.8, 0.2], [0.2, 0.8], [0.6, 0.4]]), np.array([1, 1, 0, 0]), 0.75),
    ]
    for n, k, sharp, at_least in ((60, 10, 4, 0.9), (50, 5, 3, 0.8), (80, 10, 8, 0.999), (9, 3, 1, 0.0)):
        p = _probabilities(rng, n, k, sharp)
        other = (p.argmax(1) + rng.integers(1, k, n)) % k
        cases.append((p, np.where(rng.random(n) < 0.4, other, p.argmax(1)), at_least))
    found = []
    for case in cases:
        value = run(alone, wrong_label_share, *case)
        assert not isinstance(value, np.ndarray) or value.shape != (len(case[1]),), (
            "wrong_label_share gives a number for each image; one share of all that are kept: .mean()")
        found.append(float(array("wrong_label_share", value, (), "a share")))

    def tell(case, yours, ours):
        kept = _confident(case[0], case[2]).sum()
        if np.isnan(yours):
            return f"you give NaN: is something divided by 0? Of {len(case[0])} images {kept} are kept"
        return (f"{len(case[0])} images, {kept} of them kept: you give {yours:.4g}, it should be {ours:.4g}")

    right = [_wrong_label_share(*case) for case in cases]
    judge(cases, found, right, SHARES, tell, lambda x, y: np.isclose(x, y, equal_nan=True))
    return "Of what is kept, not of what was made."


# ------------------------------------------------------------------ the mixture


def _rows(mixture, real_labels, made_labels, ratio, seed):
    lacking = not np.isin(real_labels, made_labels).all()
    hints = [
        (r"arger (sample )?than population",
         "a class that made lacks gets none: there are no rows to choose from" if lacking else
         "you ask for more rows than there are: is n_y counted among `real_labels`? And np.where gives a "
         "tuple: its [0]"),
        (r"slice indices must be|expected a sequence of integers|as an integer",
         "how many rows is a whole number, round(ratio * n_y); np.round leaves a float"),
    ]
    return alone(mixture, real_labels, made_labels, ratio, np.random.default_rng(seed), hints=hints)


def _cases_of_labels(rng):
    """(real labels, made labels, ratio)."""
    def labels(*counts):
        return rng.permutation(np.repeat(np.arange(len(counts)), counts))

    return [
        (labels(4, 6, 5), labels(20, 18, 25), 1), (labels(7, 11, 4), labels(20, 19, 30), 0.3),
        (labels(7, 11, 4), labels(40, 60, 37), 2.4), (labels(5, 9, 12, 3), labels(30, 0, 40, 25), 1),
        (labels(8, 0, 6), labels(15, 17, 19), 0.5), (labels(3, 4), labels(9, 9), 0),
        (labels(10, 10, 10, 10), labels(30, 30, 30, 0), 2),
    ]


@check
def mixture(mixture, seed):
    rng = np.random.default_rng(seed)
    cases, found = _cases_of_labels(rng), []
    for real, made, ratio in cases:
        rows = _whole_rows(run(_rows, mixture, real, made, ratio, seed), len(made))
        _none_twice(rows, made)
        found.append(np.bincount(made[rows], minlength=max(real.max(), made.max()) + 1))

    def count(real, made, ratio):
        k = max(real.max(), made.max()) + 1
        return np.bincount(made[_mixture(real, made, ratio, np.random.default_rng(0))], minlength=k)

    def tell(case, yours, ours):
        real, made, ratio = case
        k = len(ours)
        total = " (the sum is right: each class has its own number)" if sum(yours) == sum(ours) else ""
        has, there = (np.bincount(labels, minlength=k).tolist() for labels in (real, made))
        return (f"ratio {ratio}, real images of each class {has}, made ones {there}: you add "
                f"{yours.tolist()}, it should be {ours.tolist()}{total}")

    judge(cases, found, [count(*case) for case in cases], COUNTS, tell)
    _by_chance(mixture, rng, seed)
    return "Each class gets its own share, drawn by chance, none twice."


def _whole_rows(value, n):
    """The rows of `made` that value should be."""
    returned("mixture", value)
    assert not isinstance(value, tuple), f"mixture gives {brief(value)}; it must be one array of rows of made"
    try:
        rows = np.asarray(value)
    except ValueError:
        raise AssertionError("mixture gives several lists; it must be one array of rows: "
                             "np.concatenate") from None
    assert rows.dtype.kind in "biuf", f"mixture gives {brief(value)}; it must be one array of rows of made"
    rows = rows.astype(int) if rows.size == 0 else rows
    assert rows.dtype.kind != "b", (
        "mixture gives a mask; it must give row numbers: np.flatnonzero(mask)")
    assert rows.dtype.kind in "iu", "mixture gives fractions; rows are whole numbers"
    assert rows.ndim == 1, f"mixture gives shape {rows.shape}; it must be one array of rows, [R]"
    out = rows[(rows < 0) | (rows >= n)]
    assert not len(out), (
        f"row {out[:1]} is none of made, which has rows 0 to {n - 1}: are these rows of `made_labels`?")
    return rows


def _none_twice(rows, made):
    again, there = len(rows) - len(set(rows.tolist())), np.bincount(made)
    if not again:
        return
    assert rows.max() >= len(there), (
        "these are labels; it must give row numbers of `made_labels`: np.flatnonzero(made_labels == y) has "
        "those of a class")
    assert rows.max() >= there.max(), (
        "these count within the class; row numbers of `made_labels` are there[...] of them, with there = "
        "np.flatnonzero(made_labels == y)")
    raise AssertionError(f"{again} of {len(rows)} rows were drawn before: without repetition, "
                         "rng.choice(..., replace=False) or rng.permutation(...)")


def _by_chance(mixture, rng, seed):
    """Does `rng`, and nothing else, say which rows are drawn, and may it be any?"""
    real, made = np.repeat([0, 1], 8), rng.permutation(np.repeat([0, 1], 24))
    draws = [np.sort(_whole_rows(run(_rows, mixture, real, made, 1, 100 * seed + i), 48)) for i in range(60)]
    again = np.sort(_whole_rows(run(_rows, mixture, real, made, 1, 100 * seed), 48))
    assert not all(np.array_equal(draws[0], rows) for rows in draws), (
        "the same rows are drawn whatever `rng`: draw them by it, rng.permutation(...) or rng.choice(...)")
    assert np.array_equal(draws[0], again), (
        "two generators of one seed draw different rows: is there chance that does not come from `rng`?")
    times = np.bincount(np.concatenate(draws), minlength=48)
    never = times == 0
    assert not never.any(), (
        f"{never.sum()} of 48 rows are never drawn in 60 mixtures: every row of a class must have its "
        "chance, not the first few")
    assert times.max() < 45, "some rows are drawn nearly every time: of a class every row has the same chance"
