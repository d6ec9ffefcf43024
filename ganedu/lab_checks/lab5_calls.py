"""Lab 5, calls: the checks of Tasks 2 and 3."""

import numpy as np

from . import common
from .common import array, check, returned, run
from .lab5_given import WAYS, a_word, student
from .lab5_parts import NOT_YOURS, PARTS, _call, _interval, _spread, alone, groups

# ------------------------------------------------------------------ one pair of groups


def _spaced(n, shift=0.0):
    """n numbers that spread around a mean, evenly: a list."""
    return (shift + np.linspace(-1, 1, n)).tolist()


def _half(a, b):
    low, high = _interval(a, b)
    return (high - low) / 2


def _near(rng):
    """Pairs of groups whose difference lies 3% below or above what a call needs.

    Sizes and deviations differ; where there is an effect, the first of each group lies on the
    other side of the other's first.
    """
    made = []
    for n, m, s, r in ((2, 2, 1, 1), (3, 3, 1, 2), (5, 3, 0.5, 2), (3, 8, 2, 0.7), (4, 12, 1, 3),
                       (14, 16, 1, 2), (16, 14, 2, 1), (20, 12, 1, 3), (12, 30, 2, 1)):
        for factor in (0.97, 1.03, -0.97, -1.03):
            a, b = rng.normal(0, s, n), rng.normal(4, r, m)
            by = factor * max(_half(a, b), _spread(a, b))
            a += np.mean(b) + by - np.mean(a)
            a, b = (np.sort(x)[::way] for x, way in zip((a, b), (1, -1) if by > 0 else (-1, 1)))
            made.append((a.tolist(), b.tolist()))
    return made


def _cases(seed):
    rng = np.random.default_rng(seed)
    shift = float(rng.uniform(1, 9))
    some, many = [0.0, 0.0, 0.0, 3.0, 3.0], (0.2 + 0.01 * rng.normal(size=40)).tolist()
    return [
        (_spaced(3, 4), _spaced(3)), (_spaced(5, -3), _spaced(4)),
        (_spaced(3, 1.5), _spaced(3)), (_spaced(4, -1), _spaced(3)),
        (_spaced(30, 0.5), _spaced(30)), (_spaced(40, -0.5), _spaced(35)),
        (_spaced(30, -1.2), _spaced(30)),
        ([shift] * 3, [shift] * 3), ([shift + 1] * 3, [shift] * 3),
        (some, many), (many, some),  # the median of the larger one is the smaller
        *groups(seed), *_near(rng),
    ]


def _rule(half=_half, size=_spread, way=lambda a, b: np.mean(a) - np.mean(b)):
    """The call with another half width, another spread, or another direction."""
    def said(a, b):
        d = abs(np.mean(a) - np.mean(b))
        if not (d > half(a, b) and d > size(a, b)):
            return "none"
        return "higher" if way(a, b) > 0 else "lower"
    return said


def _calls_gone_wrong():
    """(words, rule) of each mistake."""
    def zero(a, b):
        return -1.0

    def either(a, b):
        d = np.mean(a) - np.mean(b)
        return "none" if abs(d) <= min(_half(a, b), _spread(a, b)) else _rule(zero, zero)(a, b)

    def welch(a, b):
        return student(len(a) + len(b) - 2) * np.sqrt(
            np.var(a, ddof=1) / len(a) + np.var(b, ddof=1) / len(b))

    def sure(a, b):
        return _half(a, b) + _spread(a, b)

    turned = {"higher": "lower", "lower": "higher", "none": "none"}
    rows = [
        ("call asks the interval alone: with many seeds it leaves out 0 for an effect that is "
         "smaller than the spread of seeds", _rule(size=zero)),
        ("call asks the spread alone: does the interval leave out 0?", _rule(half=zero)),
        ("one of the two is enough for your call; both must hold", either),
        ("call turns higher and lower round: it says how a is, compared with b",
         lambda a, b: turned[_call(a, b)]),
        ("call is never \"lower\": the interval may also lie below 0, and of a negative difference "
         "compare the *size* with the spread",
         lambda a, b: "none" if _call(a, b) == "lower" else _call(a, b)),
        ("call has no \"none\"", _rule(zero, zero)),
        ("call compares an end of the interval with the spread; it is the *difference* that must "
         "be larger than the spread", _rule(sure)),
    ]
    means = "higher or lower is for the *means* of the groups to say"
    rows += [(means, _rule(way=lambda a, b: a[0] - b[0])),
             (means, _rule(way=lambda a, b: np.median(a) - np.median(b)))]
    task_1 = ("the interval within your call is not that of Task 1: ask your "
              "`interval_of_difference(a, b)`")
    halves = [welch, lambda a, b: 2 * _spread(a, b) * np.sqrt(2 / len(a)),
              lambda a, b: 2 * _spread(a, b) * np.sqrt(2 / len(b))]
    halves += [lambda a, b, t=t: t * _spread(a, b) * np.sqrt(1 / len(a) + 1 / len(b))
               for t in (1.96, 2, 2.776, 4.303)]
    rows += [(task_1, _rule(half=half)) for half in halves]
    rows += [(task_1, _rule(half, zero)) for half in halves]
    both = ("the spread of the second condition is `spread(a, b)` as it is: of *both* groups, about "
            "the mean of each")
    rows += [(both, _rule(size=size)) for size in (
        lambda a, b: np.std(a), lambda a, b: np.std(a, ddof=1),
        lambda a, b: np.std(b), lambda a, b: np.std(b, ddof=1),
        lambda a, b: np.std([*a, *b]), lambda a, b: np.std([*a, *b], ddof=1),
        lambda a, b: max(np.std(a), np.std(b)), lambda a, b: max(np.std(a, ddof=1), np.std(b, ddof=1)),
        lambda a, b: np.ptp(a), lambda a, b: np.ptp(b), lambda a, b: np.ptp(a) / 2,
        lambda a, b: np.ptp(b) / 2, lambda a, b: max(np.ptp(a), np.ptp(b)))]
    return rows


def _reason(a, b, right):
    """Why this pair is called so, in words."""
    low, high = _interval(a, b)
    d = np.mean(a) - np.mean(b)
    if low <= 0 <= high:
        return "the interval does not leave out 0"
    if right == "none":
        return "the interval leaves out 0, but the difference is no larger than the spread"
    return ("the interval leaves out 0, the difference is larger than the spread (in size), and "
            f"mean(a) is the {'larger' if d > 0 else 'smaller'} one")


@check
def call(call, seed):
    cases = _cases(seed)
    found = [a_word(run(alone, call, a, b)) for a, b in cases]
    right = [_call(a, b) for a, b in cases]
    if found != right:
        for words, rule in _calls_gone_wrong():
            assert found != [rule(a, b) for a, b in cases], words
    for said, wanted, (a, b) in zip(found, right, cases):
        low, high = _interval(a, b)
        assert said == wanted, (
            f"{len(a)} seeds against {len(b)}: difference {np.mean(a) - np.mean(b):.4g}, interval "
            f"{low:.4g} to {high:.4g}, spread {_spread(a, b):.4g}. So {_reason(a, b, wanted)}; yet "
            f"call says {said!r}")
    return "Two conditions, both needed."


# ------------------------------------------------------------------ how often it is wrong


def _asked(share_called, size, n, draws, seed):
    """What share_called hands to call, what that said, and what it makes of it.

    Who asks twice about the same groups gets the same answer.
    """
    words = np.random.default_rng(seed + 1).choice(WAYS, draws, p=(0.3, 0.15, 0.55)).tolist()
    kept, said, calls = [], {}, 0

    def watched(a, b):
        nonlocal calls
        calls += 1
        pair = [np.asarray(part, float).ravel() for part in (a, b)]
        key = tuple(part.tobytes() for part in pair)
        if key not in said:
            said[key] = words[len(kept) % draws]
            kept.append(pair)
        return said[key]

    share = common.call(share_called, size, n, draws, np.random.default_rng(seed),
                        parts=PARTS | {"call": watched}, forbidden=NOT_YOURS)
    return {"share": share, "calls": calls, "draws": len(kept), "words": words,
            "default": any(map(callable, getattr(share_called, "__defaults__", None) or ())),
            "sizes": sorted({len(part) for groups in kept for part in groups}),
            "kept": [np.stack(groups) for groups in kept[:draws]
                     if len(groups[0]) == len(groups[1])]}


def _counted(share_called, size, n, draws, seed):
    """The groups that share_called draws, after its counting is found right."""
    found = run(_asked, share_called, size, n, draws, seed)
    assert found["calls"] or not found["default"], (
        "`call` is a default argument of yours: that is the `call` of an earlier run. Leave it out")
    assert found["calls"], (
        "share_called never asks your `call`: it is to call it for each pair of groups")
    assert found["draws"] > 1 or found["calls"] < draws, (
        "the same numbers come again and again: draw new groups in each draw, from `rng`")
    assert found["draws"] == draws, (
        f"for {draws} draws share_called asks `call` about {found['draws']} pairs of groups: one a "
        "draw")
    assert found["sizes"] == [n], (
        f"for n = {n} a group holds {' or '.join(map(str, found['sizes']))} numbers, not n. The "
        "third argument is the count: rng.normal(mean, deviation, count)")
    share = float(array("share_called", returned("share_called", found["share"]), ()))
    count = {said: found["words"].count(said) for said in WAYS}
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


@check
def share_called(share_called, seed):
    kept = _counted(share_called, 2.5, 4, 800, 10 * seed)
    a, b = kept[:, 0], kept[:, 1]
    for name, part in (("a", a), ("b", b)):
        assert len(np.unique(part[:, 0])) > 700, (
            f"{name} is the same in many draws, while the other changes: draw both anew in each")
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
        z = part - part.mean()
        assert abs((z**4).mean() / (z**2).mean() ** 2 - 3) < 0.8, (
            f"the {name} group's numbers come from no normal distribution: rng.normal")
    again = _counted(share_called, 2.5, 4, 800, 10 * seed)
    assert np.array_equal(kept, again), (
        "the same rng gives other groups: draw with rng, not with np.random")
    draws = [_counted(share_called, 0, 3, 50, 10 * seed + k) for k in (3, 4)]
    assert not np.array_equal(*draws), (
        "another rng gives the same groups: draw with the `rng` that you are given")
    return "So often is an effect called, whichever way."
