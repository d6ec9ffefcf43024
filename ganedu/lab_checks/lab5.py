"""Lab 5, knobs: its checks.  The oracle is `ganedu.measures.difference`, and sums by hand."""

import numpy as np

from .common import Wrong as Wrong
from .common import array, check, pair, returned, run, shown
from .common import play as play
from .lab5_calls import call as call
from .lab5_calls import share_called as share_called
from .lab5_compare import compare as compare
from .lab5_given import student
from .lab5_mistakes import intervals_gone_wrong, spreads_gone_wrong
from .lab5_parts import _at_least_one, _break_even, _interval, _spread, alone, groups
from .lab5_runs import effect as effect
from .lab5_runs import pairing as pairing
from .lab5_runs import prediction as prediction
from .lab5_runs import same_seed as same_seed
from .lab5_turned import turned as turned


def _same(x, y):
    return np.allclose(x, y, rtol=1e-3, atol=1e-9)  # a table of t has three digits


def judge(name, answers):
    """Stops with the mistake that explains all answers, or with the first wrong one.

    An answer is (case in words, what was found, what is right, {mistake: what it gives}).
    """
    if all(_same(found, right) for _, found, right, _ in answers):
        return
    for words in answers[0][3]:
        assert not all(_same(found, mistakes[words]) for _, found, _, mistakes in answers), words
    for case, found, right, _ in answers:
        if _same(found, right):
            continue
        digits = next((k for k in (3, 5) if shown(found, k) != shown(right, k)), 8)
        near = np.allclose(found, right, rtol=0.03, atol=1e-3)
        assert False, (
            f"for {case} {name} gives {shown(found, digits)}; it should be {shown(right, digits)}"
            + (": near, not exact. Is it rounded, or counted by chance?" if near else ""))


@check
def spread(spread, seed):
    answers = []
    for a, b in groups(seed):
        found = array("spread", run(alone, spread, a, b), (), "the groups' pooled deviation")
        answers.append((f"a = {shown(a)} and b = {shown(b)}", found, _spread(a, b),
                        spreads_gone_wrong(a, b)))
    judge("spread", answers)
    return "It agrees with ganedu's, and with what can be worked out by hand."


@check
def interval_of_difference(interval_of_difference, seed):
    answers, quantiles = [], []
    for a, b in groups(seed):
        found = returned("interval_of_difference", run(alone, interval_of_difference, a, b))
        if isinstance(found, np.ndarray) and found.shape == (2,):
            found = list(found)
        assert isinstance(found, list | tuple), (
            f"interval_of_difference gives {_kind(found)}; it must give two numbers: "
            "`return low, high`")
        found = pair("interval_of_difference", found, "low, high")
        low, high = (float(array(f"interval_of_difference's {name}", end, (), "an end"))
                     for name, end in zip(("low", "high"), found))
        answers.append((f"a = {shown(a)} and b = {shown(b)}", [low, high], _interval(a, b),
                        intervals_gone_wrong(a, b)))
        half = _spread(a, b) * np.sqrt(1 / len(a) + 1 / len(b))
        around = np.isclose((low + high) / 2, np.mean(a) - np.mean(b))
        quantiles.append((high - low) / 2 / half if around else len(quantiles))
    name = "interval_of_difference"
    fixed = np.allclose(quantiles, quantiles[0], rtol=1e-3) and quantiles[0] > 2.05
    assert not fixed, (
        f"{name}: t is {quantiles[0]:.4g} in yours, whatever the groups; it depends on the number "
        "of seeds: student(n_a + n_b - 2)")
    judge(name, answers)
    return "It agrees with ganedu's."


def _kind(value):
    return f"an array of shape {value.shape}" if np.ndim(value) else "one number"


@check
def at_least_one(at_least_one, seed):
    p, answers = float(np.random.default_rng(seed).uniform(0.1, 0.4)), []
    for share, knobs in ((0.05, 20), (0.5, 2), (p, 3), (0.05, 1), (0.0, 7), (1.0, 4)):
        found = float(array("at_least_one", run(alone, at_least_one, share, knobs), (), "a share"))
        right = _at_least_one(share, knobs)
        answers.append((f"a share of {share:.3g} and {knobs} knobs", found, right, {
            "that is how many are called on average: it can be more than 1. Ask first how often "
            "*none* is called": share * knobs,
            "that is how many are called on average, cut at 1. Ask first how often *none* is called":
                min(1, share * knobs),
            "that is how often *none* is called": (1 - share) ** knobs,
            "that is how often *all* are called": share**knobs,
            "that is how often *not all* are called": 1 - share**knobs,
            "that is how often exactly one is called":
                knobs * share * (1 - share) ** (knobs - 1),
            "a share runs from 0 to 1: no per cent": 100 * right,
            "the `share` is not used": 1 - 0.95**knobs,
            "`knobs` is not used": 1 - (1 - share) ** 20,
            "one knob is forgotten": 1 - (1 - share) ** (knobs - 1),
            "that is one knob too many": 1 - (1 - share) ** (knobs + 1),
        }))
    judge("at_least_one", answers)
    return "Of knobs that know nothing of each other."


@check
def break_even(break_even, seed):
    answers = []
    for n in (3, 5, 2, 12 + seed % 5):
        found = float(array("break_even", run(alone, break_even, n), (), "a correlation"))
        ratio = student(2 * n - 2) / student(n - 1)
        freedom = "the degrees of freedom are 2n - 2 and n - 1"
        answers.append((f"n = {n}", found, _break_even(n), {
            "the square is missing: r stands under a root": 1 - ratio,
            "that is 1 - r: solve for r": ratio**2,
            "that is the root of 1 - r: solve for r": ratio,
            "that is the root of r: when the root is squared away, none is left":
                np.sqrt(1 - ratio**2),
            "the sign is turned round: t_{2n-2} is the smaller of the two": ratio**2 - 1,
            "the other way round: the paired interval has the larger t, student(n - 1)":
                1 - 1 / ratio**2,
            freedom: 1 - (student(2 * n - 2) / student(n)) ** 2,
            f"{freedom}.": 1 - (student(2 * n) / student(n)) ** 2,
            f"{freedom}: yours are 2n - 1 and n - 1":
                1 - (student(2 * n - 1) / student(n - 1)) ** 2,
            f"{freedom}: yours are 2n and n - 1": 1 - (student(2 * n) / student(n - 1)) ** 2,
        }))
    judge("break_even", answers)
    return "Below it, pairs of the same seed make the interval wider."
