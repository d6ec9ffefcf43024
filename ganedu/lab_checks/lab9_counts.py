"""Lab 9, does it succeed: the checks of intervals and of what they say, Task 3."""

import numpy as np

from .common import array, brief, check, returned, run, shown
from .lab7_parts import judge
from .lab9_mistakes import GAINS, INTERVALS, SAID
from .lab9_parts import _judged, _paired_gain, _share_interval, alone, near

WAYS = "above", "below", "not shown"


def _numbers(name, value, of):
    """The numbers that a function gives together; `of` names them, with commas."""
    returned(name, value)
    value = list(value) if isinstance(value, np.ndarray) and value.ndim == 1 else value
    count = of.count(",") + 1
    assert isinstance(value, list | tuple) and len(value) == count, (
        f"{name} gives {brief(value)}; it must give {of}: `return {', '.join('abc'[:count])}`")
    return tuple(float(array(f"{name}'s {part}", number, (), "of all together"))
                 for part, number in zip(of.split(", "), value))


@check
def share_interval(share_interval, seed):
    rng = np.random.default_rng(seed)
    cases = [(67, 100), (0, 20), (3, 4), (20, 20), (11, 60), (608, 2500)]
    cases += [(int(rng.integers(1, n)), n) for n in (8, 35, 150)]
    found = [_numbers("share_interval", run(alone, share_interval, *case), "low, high") for case in cases]

    def tell(case, yours, ours):
        hits, n = case
        return (f"{hits} hits of {n}: you give {yours[0]:.4f} to {yours[1]:.4f}, it should be {ours[0]:.4f} to "
                f"{ours[1]:.4f}. The middle is {hits + 1.9208:.4g} / {n + 3.8416:.6g}: is that the middle of yours?")

    judge(cases, found, [_share_interval(*case) for case in cases], INTERVALS, tell, near)
    return "Right for few trials too, and for no hit at all."


@check
def paired_gain(paired_gain, seed):
    rng = np.random.default_rng(seed)
    cases = []
    for n, p, q in ((10, 0.7, 0.4), (4, 0.6, 0.3), (25, 0.3, 0.6), (60, 0.8, 0.5), (100, 0.5, 0.5)):
        b = rng.random(n) < q
        a = np.where(rng.random(n) < 0.5, b, rng.random(n) < p)
        a[:2], b[:2] = (True, False), (False, False)  # the differences are not all alike
        cases.append((a, b))
    found = [_numbers("paired_gain", run(alone, paired_gain, *case), "mean, low, high") for case in cases]

    def tell(case, yours, ours):
        a, b = (part.astype(int) for part in case)
        return (f"{len(a)} triples, hits {shown(a)} and {shown(b)}: you give {shown(yours, 4)}, it should be "
                f"{shown(ours, 4)}")

    judge(cases, found, [_paired_gain(*case) for case in cases], GAINS, tell, near)
    return "What both have in common drops out."


@check
def judged(judged, seed):
    rng = np.random.default_rng(seed)
    cases = [(0.573, 0.754, 0.243), (0.1, 0.2, 0.243), (0.158, 0.322, 0.243), (0.127, 0.353, 0.0), (-0.2, 0.1, 0.0),
             (-0.3, -0.1, 0.0), (0.25, 0.5, 0.25), (0.25, 0.5, 0.5), (-0.2, -0.1, -0.3), (0.1, 0.9, 0.2), (0.1, 0.9, 0.8)]
    for _ in range(6):
        low, high = sorted(rng.uniform(-1, 1, 2).round(3).tolist())
        cases.append((low, high, round(float(rng.uniform(-1, 1)), 3)))
    found = []
    for case in cases:
        value = returned("judged", run(alone, judged, *case))
        assert isinstance(value, str) and value in WAYS, (
            f"judged gives {brief(value)}; it must be one of {', '.join(map(repr, WAYS))}")
        found.append(str(value))

    def tell(case, yours, ours):
        low, high, against = case
        return f"an interval from {low:g} to {high:g}, against {against:g}: you say {yours!r}, it should be {ours!r}"

    judge(cases, found, [_judged(*case) for case in cases], SAID, tell, lambda x, y: x == y)
    return "What lies in the interval is not ruled out."
