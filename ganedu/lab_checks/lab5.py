"""Lab 5, knobs: its checks.  The oracle is `ganedu.measures.difference`, and sums by hand."""

import numpy as np

from . import common
from .common import Wrong as Wrong
from .common import array, brief, check, pair, returned, run, shown
from .common import play as play
from .lab5_given import WAYS, student
from .lab5_parts import NOT_YOURS, PARTS, _call, _interval, _spread
from .lab5_runs import compare as compare
from .lab5_runs import effect as effect
from .lab5_runs import pairing as pairing
from .lab5_runs import prediction as prediction
from .lab5_runs import same_seed as same_seed
from .lab5_runs import turned as turned


def alone(function, *arguments):
    """The student's function with our version of the others, and without the library's."""
    hints = [("'list' object has no attribute|unsupported operand .*'list'",
              "a and b are lists: np.mean(a), np.sum(...), or np.array(a) first"),
             ("Student's t has", "what do you give `student`? The degrees of freedom")]
    return common.call(function, *arguments, parts=PARTS, forbidden=NOT_YOURS, hints=hints)


def groups(seed):
    """Pairs of groups, lists: by hand, of unequal sizes and spreads, far from 0, many seeds."""
    rng = np.random.default_rng(seed)
    made = [([1.0, 3.0], [2.0, 6.0, 4.0]), ([0.8, 0.95, 0.9], [0.7, 0.72, 0.71])]
    for n, m, s, shift in ((2, 7, 3, 1), (6, 3, 0.2, -4), (5, 5, 1, 20), (14, 9, 2, 0.5)):
        made.append(((shift + s * rng.normal(size=n)).tolist(), rng.normal(size=m).tolist()))
    return made


def judge(name, answers):
    """Stops with the mistake that explains all answers, or with the first wrong one.

    An answer is (case in words, what was found, what is right, {mistake: what it gives}).
    """
    def same(x, y):
        return np.allclose(x, y, rtol=1e-3, atol=1e-9)  # a table of t has three digits

    if all(same(found, right) for _, found, right, _ in answers):
        return
    for words in answers[0][3]:
        assert not all(same(found, mistakes[words]) for _, found, _, mistakes in answers), words
    for case, found, right, _ in answers:
        assert same(found, right), (
            f"for {case} {name} gives {shown(found)}; it should be {shown(right)}")


# ------------------------------------------------------------------ is it more than chance?


@check
def spread(spread, seed):
    answers = []
    own = ("the difference of the means is in it: each deviation is from the mean of its *own* "
           "group")
    once = "sum the squares of both groups, then divide once"
    for a, b in groups(seed):
        found = array("spread", run(alone, spread, a, b), (), "the groups' pooled deviation")
        n, m = len(a), len(b)
        (va, vb), (wa, wb) = ([np.var(x, ddof=k) for x in (a, b)] for k in (1, 0))
        squares = wa * n + wb * m
        answers.append((f"a = {shown(a)} and b = {shown(b)}", found, _spread(a, b), {
            "that is s^2: the root is missing": squares / (n + m - 2),
            "you divide by n_a + n_b; two means were taken from the data: n_a + n_b - 2":
                np.sqrt(squares / (n + m)),
            "you divide by n_a + n_b - 1; two means were taken from the data, so it is - 2":
                np.sqrt(squares / (n + m - 1)),
            "the sum of squares is to be divided: divide by n_a + n_b - 2 first, then the root":
                np.sqrt(squares),
            "n_a + n_b - 2 wants brackets: (n_a + n_b - 2)":
                np.sqrt(max(squares / n + m - 2, 0)),
            own: np.std([*a, *b], ddof=1),
            f"{own}.": np.std([*a, *b]),
            f"{own}!": np.sqrt(wa * n + np.mean((np.array(b) - np.mean(a)) ** 2) * m)
                / np.sqrt(n + m - 2),
            "that is the mean of two deviations. Pool the squares: more seeds say more":
                (np.sqrt(va) + np.sqrt(vb)) / 2,
            f"that is the mean of two deviations, with N in each: {once}":
                (np.sqrt(wa) + np.sqrt(wb)) / 2,
            f"the variances count alike in it; a group of more seeds says more: {once}":
                np.sqrt((va + vb) / 2),
            f"the variances count alike in it, with N in each: {once}": np.sqrt((wa + wb) / 2),
            "the variances are added: that is the deviation of a *difference* of two runs":
                np.sqrt(va + vb),
            "a group's sum of squares is np.var(a) * N, or np.var(a, ddof=1) * (N - 1)":
                np.sqrt((va * n + vb * m) / (n + m - 2)),
            "a group's sum of squares is np.var(a) * N; yours has N - 1":
                np.sqrt((wa * (n - 1) + wb * (m - 1)) / (n + m - 2)),
            "that is a's deviation alone: both groups count": np.sqrt(va),
            "that is b's deviation alone: both groups count": np.sqrt(vb),
        }))
    judge("spread", answers)
    return "It agrees with ganedu's, and with what can be worked out by hand."


@check
def interval_of_difference(interval_of_difference, seed):
    answers = []
    for a, b in groups(seed):
        found = pair("interval_of_difference", run(alone, interval_of_difference, a, b),
                     "low, high")
        found = [float(array(f"interval_of_difference's {name}", end, (), "an end"))
                 for name, end in zip(("low", "high"), found)]
        answers.append((f"a = {shown(a)} and b = {shown(b)}", found, _interval(a, b),
                        _intervals_gone_wrong(a, b)))
    judge("interval_of_difference", answers)
    return "It agrees with ganedu's."


def _intervals_gone_wrong(a, b):
    n, m, s, d = len(a), len(b), _spread(a, b), np.mean(a) - np.mean(b)
    t, root = student(n + m - 2), np.sqrt(1 / n + 1 / m)

    def ends(half, d=d):
        return d - half, d + half

    few = "1.96 is the quantile for very many seeds; with few it is student(n_a + n_b - 2)"
    unequal = "1 / n_a + 1 / n_b: the groups may differ in size"
    wrong = {
        "low comes first, then high": _interval(a, b)[::-1],
        "that is b - a: it is mean(a) - mean(b)": ends(t * s * root, -d),
        "that is the difference and the half width: the ends are difference - half and "
        "difference + half": (d, t * s * root),
        "the interval lies around 0: it is to lie around mean(a) - mean(b)": ends(t * s * root, 0),
        "the quantile of t is missing": ends(s * root),
        few: ends(1.959964 * s * root),
        f"{few}.": ends(2 * s * root),
        "s is missing: `spread(a, b)`": ends(t * root),
        "that is s^2, not s": ends(t * s**2 * root),
        "sqrt(1 / n_a + 1 / n_b) is missing": ends(t * s),
        "the root of (1 / n_a + 1 / n_b) is missing": ends(t * s * root**2),
        "1 / n_a + 1 / n_b is not 1 / (n_a + n_b)": ends(t * s / np.sqrt(n + m)),
        unequal: ends(t * s * np.sqrt(2 / n)),
        f"{unequal}.": ends(t * s * np.sqrt(2 / m)),
        "each root for itself: it is the root of the sum, sqrt(1 / n_a + 1 / n_b)":
            ends(t * s * (n**-0.5 + m**-0.5)),
        "half of it: t is already the quantile for one side, do not halve": ends(t * s * root / 2),
    }
    for words, v in (("n_a + n_b - 1", n + m - 1), ("n_a + n_b", n + m), ("n_a - 1", n - 1),
                     ("n_b - 1", m - 1), ("n_a", n), ("n_b", m)):
        wrong[f"the degrees of freedom are n_a + n_b - 2, not {words}"] = ends(
            student(v) * s * root)
    return wrong


def _spaced(n, shift=0.0):
    """n numbers that spread around a mean, evenly: a list."""
    return (shift + np.linspace(-1, 1, n)).tolist()


@check
def call(call, seed):
    rng = np.random.default_rng(seed)
    shift = float(rng.uniform(1, 9))
    base = _spaced(3)
    cases = [
        ("a clear effect", _spaced(3, 4), base), ("a clear effect", _spaced(5, -3), _spaced(4)),
        ("an interval that holds 0", _spaced(3, 1.5), base),
        ("an interval that holds 0", _spaced(4, -1), _spaced(3)),
        ("many seeds, and less than their spread", _spaced(30, 0.5), _spaced(30)),
        ("many seeds, and less than their spread", _spaced(40, -0.5), _spaced(35)),
        ("many seeds, and more than their spread", _spaced(30, -1.2), _spaced(30)),
        ("no spread at all, and no difference", [shift] * 3, [shift] * 3),
        ("no spread at all, and a difference", [shift + 1] * 3, [shift] * 3),
        *(("what chance gives", a, b) for a, b in groups(seed)),
    ]
    found = []
    for _, a, b in cases:
        word = returned("call", run(alone, call, a, b))
        assert isinstance(word, str) and word in WAYS, (
            f"call gives {brief(word)}; it must be one of {', '.join(map(repr, WAYS))}")
        found.append(word)

    def rule(clear):
        words = []
        for _, a, b in cases:
            d, (low, high), s = np.mean(a) - np.mean(b), _interval(a, b), _spread(a, b)
            words.append("none" if not clear(d, low, high, s) else "higher" if d > 0 else "lower")
        return words

    def out(d, low, high, s):
        return low > 0 or high < 0

    right = [_call(a, b) for _, a, b in cases]
    turned = {"higher": "lower", "lower": "higher", "none": "none"}
    for words, wrong in [
        ("call asks the interval alone: with many seeds it leaves out 0 for an effect that is "
         "smaller than the spread of seeds", rule(out)),
        ("call asks the spread alone: does the interval leave out 0?",
         rule(lambda d, low, high, s: abs(d) > s)),
        ("one of the two is enough for your call; both must hold",
         rule(lambda d, low, high, s: out(d, low, high, s) or abs(d) > s)),
        ("call turns higher and lower round: it says how a is, compared with b",
         [turned[word] for word in right]),
        ("call is never \"lower\": the interval may also lie below 0, and of a negative difference "
         "compare the *size* with the spread", rule(lambda d, low, high, s: low > 0 and d > s)),
        ("call has no \"none\"", rule(lambda d, low, high, s: True)),
    ]:
        assert found == right or found != wrong, words
    for word, wanted, (what, a, b) in zip(found, right, cases):
        assert word == wanted, (
            f"{what}: the difference is {np.mean(a) - np.mean(b):.3g}, its interval "
            f"{shown(_interval(a, b))}, the spread {_spread(a, b):.3g}; you say {word!r}")
    return "Two conditions, both needed."


# ------------------------------------------------------------------ how often it is wrong


def _asked(share_called, size, n, draws, seed):
    """What share_called hands to call, what that said, and what it makes of it."""
    words = np.random.default_rng(seed + 1).choice(WAYS, draws, p=(0.3, 0.15, 0.55)).tolist()
    kept = []

    def watched(a, b):
        kept.append([np.asarray(a, float).ravel(), np.asarray(b, float).ravel()])
        return words[(len(kept) - 1) % draws]

    share = common.call(share_called, size, n, draws, np.random.default_rng(seed),
                        parts=PARTS | {"call": watched}, forbidden=NOT_YOURS)
    return {"share": share, "calls": len(kept), "words": words,
            "sizes": sorted({len(part) for groups in kept for part in groups}),
            "kept": [np.stack(groups) for groups in kept[:draws]
                     if len(groups[0]) == len(groups[1])]}


@check
def share_called(share_called, seed):
    def ask(size, n, draws, seed):
        found = run(_asked, share_called, size, n, draws, seed)
        assert found["calls"], (
            "share_called never asks your `call`: it is to call it for each pair of groups")
        assert found["calls"] == draws, (
            f"for {draws} draws share_called asks `call` {found['calls']} times: once a draw")
        assert found["sizes"] == [n], (
            f"for n = {n} the groups hold {found['sizes']} numbers; n in each")
        share = float(array("share_called", returned("share_called", found["share"]), ()))
        count = {word: found["words"].count(word) for word in WAYS}
        right = 1 - count["none"] / draws
        for words, wrong in [
            ("a word is always true: compare it, call(a, b) != \"none\"", 1.0),
            ("you count the draws in which nothing is called", 1 - right),
            ("that is how many; a share is divided by the draws", right * draws),
            ("a share runs from 0 to 1: no per cent", right * 100),
            ("you count \"higher\" alone; \"lower\" is called too", count["higher"] / draws),
            ("you count \"lower\" alone; \"higher\" is called too", count["lower"] / draws),
            ("your share is always 0: what does `call` give, and what do you compare it with?", 0),
        ]:
            assert np.isclose(share, right) or not np.isclose(share, wrong), words
        assert np.isclose(share, right), (
            f"`call` said \"none\" {count['none']} times of {draws}; your share is {share:.4g}")
        return np.stack(found["kept"])

    kept = ask(2.5, 4, 800, 10 * seed)
    a, b = kept[:, 0], kept[:, 1]
    assert len(np.unique(kept[:, 0, 0])) > 700, (
        "the same numbers come again and again: draw new groups in each draw, from `rng`")
    r = np.corrcoef(a.ravel(), b.ravel())[0, 1]
    assert abs(r) < 0.2, ("a and b are the same numbers, moved by the size: draw each group anew, as "
                          "seeds are")
    assert not (abs(a.mean()) < 0.2 and abs(abs(b.mean()) - 2.5) < 0.2), (
        "the effect stands in b; it belongs to a: a from N(size, 1), b from N(0, 1)")
    assert abs(a.mean() - 2.5) < 0.2, (
        f"for size = 2.5 the first group's mean is {a.mean():.2f} on average; it is to be size")
    assert abs(b.mean()) < 0.2, f"the second group's mean is {b.mean():.2f} on average, not 0"
    for name, part in (("first", a), ("second", b)):
        assert abs(part.std() - 1) < 0.15, (
            f"the {name} group's numbers have deviation {part.std():.2f}, not 1: "
            "rng.normal(mean, deviation, count)")
    again = ask(2.5, 4, 800, 10 * seed)
    assert np.array_equal(kept, again), (
        "the same rng gives other groups: draw with rng, not with np.random")
    assert not np.array_equal(ask(0, 3, 50, 10 * seed + 3), ask(0, 3, 50, 10 * seed + 4)), (
        "another rng gives the same groups: draw with the `rng` that you are given")
    return "So often is an effect called, whichever way."


@check
def at_least_one(at_least_one, seed):
    p, answers = float(np.random.default_rng(seed).uniform(0.1, 0.4)), []
    for share, knobs in ((0.05, 20), (0.5, 2), (p, 3), (0.05, 1), (0.0, 7), (1.0, 4)):
        found = float(array("at_least_one", run(alone, at_least_one, share, knobs), (), "a share"))
        right = 1 - (1 - share) ** knobs
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
        answers.append((f"n = {n}", found, 1 - ratio**2, {
            "the square is missing: r stands under a root": 1 - ratio,
            "that is 1 - r: solve for r": ratio**2,
            "that is the root of 1 - r: solve for r": ratio,
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
