"""Lab 10, what a pixel sees and a handicap that fades: the checks of Tasks 3 and 4."""

from dataclasses import asdict

import numpy as np

from ..networks import GeneratorConfig
from .common import array, brief, check, pair, returned, run, shown
from .lab7_parts import judge
from .lab10_mistakes import FADED, MOMENTS, OVERLAPS, REACHES, STRENGTHS
from .lab10_parts import (
    _deeper,
    _faded,
    _longer_strides,
    _mean_and_variance,
    _overlap,
    _reach,
    _strength,
    _wider,
    alone,
)

# ------------------------------------------------------------------ what a pixel sees


def _seen(reach, given, rows):
    """What the student's reach gives for each of these rows, of a config with these settings."""
    config = GeneratorConfig(**given)
    return [alone(reach, config, row) for row in rows]


def _nets():
    base = GeneratorConfig((32, 32, 3), 100, projection=(4, 4, 128), filters=(64, 32), kernel_sizes=4, strides=2)
    odd = GeneratorConfig((54, 36, 3), 20, projection=(9, 6, 16), filters=(8,), kernel_sizes=(5, 3), strides=(3, 2))
    tall = GeneratorConfig((120, 24, 1), 20, projection=(10, 2, 12), filters=(8, 8), kernel_sizes=(7, 6, 5),
                           strides=(3, 2, 2))
    return [_wider(base), _deeper(base), _longer_strides(base), odd, tall, base]


@check
def reach(reach, seed):
    rng = np.random.default_rng(seed)
    cases, found = [], []
    for config in _nets():
        height = config.image_shape[0]
        rows = [0, height - 1, height // 2, *(int(r) for r in rng.integers(0, height, 9))]
        for row, value in zip(rows, run(_seen, reach, asdict(config), rows)):
            value = returned("reach", value)
            assert not isinstance(value, range | set | dict), (
                f"reach gives {brief(value)}; it must give the pair (first, last)")
            assert np.ndim(value) or not isinstance(value, int | float | np.number), (
                f"reach gives {brief(value)}, one number; it must give the pair (first, last)")
            value = pair("reach", list(value) if isinstance(value, np.ndarray) else value, "first, last")
            ends = tuple(float(array(f"reach's {name}", part, (), "a row of the first map"))
                         for name, part in zip(("first", "last"), value))
            assert all(end == int(end) for end in ends), (
                f"reach gives the rows {ends}; rows are whole numbers: //, and -(-a // b) to round up")
            cases.append((config, row))
            found.append(ends)

    def tell(case, yours, ours):
        config, row = case
        steps = ", ".join(f"kernel {k} and stride {s}" for k, s in zip(config.kernel_sizes, config.strides))
        return (f"{config.projection[0]} rows, then {steps}: row {row} of the image is made of rows "
                f"{yours[0]:g} to {yours[1]:g} by you, {ours[0]} to {ours[1]} by us")

    judge(cases, found, [_reach(*case) for case in cases], REACHES, tell, lambda x, y: tuple(x) == tuple(y))
    return "One pixel looks back at a few cells, and at no other."


@check
def overlap(overlap, seed):
    rng = np.random.default_rng(seed)
    cases = [(4, 2, 5), (3, 2, 6), (5, 2, 6), (4, 4, 3), (6, 2, 5), (3, 3, 4), (7, 4, 5), (5, 3, 1), (6, 4, 4)]
    cases += [(int(s + rng.integers(0, 5)), int(s), int(rng.integers(4, 8))) for s in rng.integers(2, 5, 4)]
    found = []
    for k, s, n in cases:
        value = returned("overlap", run(alone, overlap, k, s, n))
        value = np.array(value) if isinstance(value, list) else value
        told = f"kernel {k}, stride {s}, {n} rows: "
        size = np.shape(value)
        assert size != ((n - 1) * s + k,) or k == s, (
            f"{told}{size[0]} numbers, the whole row; k - s of them are cut off, so that {n * s} are left")
        assert size != (s,) or n == 1, f"{told}one number for each phase; for each of the {n * s} rows that come out"
        assert size != (n,) or s == 1, f"{told}one number for each row that goes *in*; for each that comes out"
        found.append(array("overlap", value, (n * s,), f"{told}a count for each row that comes out"))

    def tell(case, yours, ours):
        k, s, n = case
        at = int(np.flatnonzero(np.asarray(yours) != ours)[0])
        return (f"kernel {k}, stride {s}, {n} rows: {yours[at]:g} kernels reach row {at} by you, {ours[at]} by us; "
                f"yours are {shown(yours)}")

    judge(cases, found, [_overlap(*case) for case in cases], OVERLAPS, tell)
    return "Even where the stride divides the kernel, but for the edges."


# ------------------------------------------------------------------ a handicap that fades


@check
def strength(strength, seed):
    rng = np.random.default_rng(seed)
    cases = [(0, 1000, 0.5), (250, 1000, 0.5), (500, 1000, 0.5), (900, 1000, 0.5), (300, 400, 1.0), (10, 50, 0.25)]
    cases += [(int(rng.integers(1, 300)), 400, float(rng.uniform(0.2, 1))) for _ in range(5)]
    found = [float(array("strength", run(alone, strength, *case), (), "from 1 to 0")) for case in cases]

    def tell(case, yours, ours):
        return (f"after {case[0]} of {case[1]} steps, share {case[2]:.3g}: you give {yours:.4g}, it should be "
                f"{ours:.4g}")

    judge(cases, found, [_strength(*case) for case in cases], STRENGTHS, tell, np.isclose)
    return "From 1 to 0 in a straight line, and 0 from then on."


@check
def faded(faded, seed):
    rng = np.random.default_rng(seed)
    cases = []
    for s, shape in ((1.0, (6,)), (0.0, (4,)), (0.5, (3, 4)), (0.25, (8,)), (float(rng.uniform(0.1, 0.9)), (2, 2, 3))):
        h = rng.normal(size=shape)
        cases.append((h, np.where(rng.random(shape) < 0.5, 2 * h, 0), s))
    found = []
    for h, dropped, s in cases:
        found.append(array("faded", run(alone, faded, h, dropped, s), h.shape, "of the shape of h"))

    def tell(case, yours, ours):
        at = tuple(int(i) for i in np.argwhere(~np.isclose(yours, ours))[0])
        return (f"h = {case[0][at]:.3f}, dropped = {case[1][at]:.3f}, s = {case[2]:.3g}: you give {yours[at]:.3f}, it "
                f"should be {ours[at]:.3f}")

    judge(cases, found, [_faded(*case) for case in cases], FADED, tell, np.allclose)
    return "With 1 it is the handicap, with 0 nothing."


@check
def mean_and_variance(mean_and_variance, seed):
    rng = np.random.default_rng(seed)
    cases = [(np.array([1.0, -2.0, 0.5]), 0.5, 1.0), (np.array([3.0, 1.0]), 0.5, 0.5), (np.array([-1.0, 2.0]), 0.2, 0.0)]
    cases += [(rng.normal(size=4), float(rng.uniform(0.1, 0.8)), float(rng.uniform(0.1, 1))) for _ in range(4)]
    found = []
    for case in cases:
        value = returned("mean_and_variance", run(alone, mean_and_variance, *case))
        value = list(value) if isinstance(value, np.ndarray) and value.shape == (2, len(case[0])) else value
        parts = pair("mean_and_variance", value, "mean, variance")
        for name, part in zip(("mean", "variance"), parts):
            assert np.shape(part) != (), f"mean_and_variance's {name} is one number; each entry of h has its own"
        found.append(tuple(array(f"mean_and_variance's {name}", part, case[0].shape, "of the shape of h")
                           for name, part in zip(("mean", "variance"), parts)))

    def tell(case, yours, ours):
        at = int(not np.allclose(yours[0], ours[0]))
        which = 0 if at else 1
        return (f"h = {shown(case[0])}, rate {case[1]:.3g}, s = {case[2]:.3g}: the {('mean', 'variance')[which]} is "
                f"{shown(yours[which])} by you, {shown(ours[which])} by us")

    judge(cases, found, [_mean_and_variance(*case) for case in cases], MOMENTS, tell,
          lambda x, y: all(np.allclose(a, b) for a, b in zip(x, y)))
    return "The mean stays; the noise goes with the square of the strength."
