"""Lab 9, walks and directions: the checks of Tasks 4 and 5."""

import numpy as np

from .common import array, brief, check, pair, returned, run, shown
from .lab7_parts import judge
from .lab9_given import NAMES
from .lab9_mistakes import ALONG, ARCS, LINES, WAYS
from .lab9_parts import _comes_along, _direction, _lerp, _slerp, alone, near

# ------------------------------------------------------------------ from one to another


def _walks(rng):
    cases = [(np.array([3.0, 0.0]), np.array([0.0, 4.0]), np.array([0.0, 0.5, 1.0]))]
    for size, steps in ((3, 5), (6, 2), (10, 7), (4, 4)):
        a, b = rng.normal(size=(2, size)).round(2)
        t = np.linspace(0, 1, steps) if steps % 2 else rng.uniform(0, 1, steps).round(2)
        cases.append((a, b * (-1 if a @ b < 0 and steps > 5 else 1), t))
    return cases


def _walked(name, function, cases):
    found = []
    for a, b, t in cases:
        value, size = returned(name, run(alone, function, a, b, t)), (len(t), len(a))
        shape = value.shape if isinstance(value, np.ndarray) else None
        told = f"a and b of {len(a)} numbers, {len(t)} values of t: "
        assert shape != size[::-1] or size[0] == size[1], f"{told}shape {shape}: a row for each t, [T, L]"
        assert shape != (len(a),), f"{told}one latent; one for each t, [T, L]: t[:, None] goes with [L]"
        found.append(array(name, value, size, f"{told}[T, L]"))
    return found


def _told(case, yours, ours):
    a, b, t = case
    i = int(np.argwhere(~np.isclose(yours, ours))[0][0])
    return (f"a = {shown(a, 2)}, b = {shown(b, 2)}, t = {t[i]:.2f}: you give {shown(yours[i])}, it should be "
            f"{shown(ours[i])}")


@check
def lerp(lerp, seed):
    cases = _walks(np.random.default_rng(seed))
    judge(cases, _walked("lerp", lerp, cases), [_lerp(*case) for case in cases], LINES, _told, near)
    return "The straight way."


@check
def slerp(slerp, seed):
    cases = _walks(np.random.default_rng(seed))
    judge(cases, _walked("slerp", slerp, cases), [_slerp(*case) for case in cases], ARCS, _told, near)
    return "The way along the arc."


# ------------------------------------------------------------------ a direction


@check
def direction(direction, seed):
    rng, cases = np.random.default_rng(seed), []
    for n, size, share in ((8, 2, 0.5), (15, 5, 0.3), (30, 3, 0.7), (6, 4, 0.5)):
        has = rng.random(n) < share
        has[:2] = True, False
        cases.append((rng.normal(size=(n, size)).round(2) + has[:, None] * rng.normal(0.5, 1, size).round(1), has))
    found = []
    for z, has in cases:
        value, told = returned("direction", run(alone, direction, z, has)), f"latents {list(z.shape)}: "
        assert np.shape(value) != (), f"{told}one number; a direction is as long as a latent, [L]"
        assert np.shape(value) != z.shape[:1] or len(z) == z.shape[1], (
            f"{told}a number for each latent; one direction [L]: the mean over the latents, axis=0")
        found.append(array("direction", value, z.shape[1:], f"{told}one direction, [L]"))

    def tell(case, yours, ours):
        z, has = case
        return (f"the {has.sum()} latents that have it have the mean {shown(z[has].mean(0))}, the others "
                f"{shown(z[~has].mean(0))}: you give {shown(yours)}, it should be {shown(ours)}")

    judge(cases, found, [_direction(*case) for case in cases], WAYS, tell, near)
    return "From those that have it not to those that have it, of length 1."


@check
def comes_along(comes_along, seed):
    rng, cases = np.random.default_rng(seed), []
    for names, meant in ((NAMES, "smile"), (NAMES, "hat"), (("hat", "smile", "beard"), "hat"), (NAMES, "blush"),
                         (("beard", "smile", "glasses", "hat"), "hat"), (NAMES, "long_hair")):
        before = rng.uniform(0.25, 0.75, len(names)).round(2)
        change = rng.uniform(-0.12, 0.12, len(names)).round(2)
        others = rng.permutation([i for i, name in enumerate(names) if name != meant])
        change[list(names).index(meant)] = 0.24
        change[others[0]] = rng.choice((-1, 1)) * 0.2
        cases.append((before, before + change, names, meant))
    cases.append((np.array([0.5, 0.4, 0.2]), np.array([0.9, 0.2, 0.35]), ("smile", "hat", "beard"), "smile"))
    cases.append((np.array([0.8, 0.4, 0.1]), np.array([0.6, 0.1, 0.3]), ("smile", "hat", "beard"), "smile"))
    found = []
    for case in cases:
        value = returned("comes_along", run(alone, comes_along, *case))
        name, change = pair("comes_along", value, "name, change")
        if isinstance(change, str) and not isinstance(name, str):
            raise AssertionError("the pair is turned round: the name comes first")
        assert isinstance(name, str), f"comes_along's name is {brief(name)}; an attribute's, as \"hat\""
        assert name in case[2], f"there is no attribute {name!r}; they are {', '.join(case[2])}"
        found.append((str(name), float(array("comes_along's change", change, (), "after less before"))))

    def tell(case, yours, ours):
        before, after, names, meant = case
        changes = ", ".join(f"{name} {y - x:+.2f}" for name, x, y in zip(names, before, after))
        return (f"meant is {meant}; the shares change by {changes}: you give {yours[0]}, {yours[1]:+.2f}; it should be "
                f"{ours[0]}, {ours[1]:+.2f}")

    judge(cases, found, [_comes_along(*case) for case in cases], ALONG, tell,
          lambda x, y: x[0] == y[0] and np.isclose(x[1], y[1]))
    return "It was not asked for, and came."
