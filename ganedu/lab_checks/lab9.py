"""Lab 9, latent arithmetic: the checks of Task 1; three more modules have those of the others."""

import numpy as np

from .common import Wrong as Wrong
from .common import array, check, returned, run, shown
from .lab7_parts import judge
from .lab9_choose import chosen as chosen
from .lab9_choose import expected as expected
from .lab9_choose import fits as fits
from .lab9_counts import judged as judged
from .lab9_counts import paired_gain as paired_gain
from .lab9_counts import share_interval as share_interval
from .lab9_mistakes import FACTORS, LENGTHS, MEANS, SUMS
from .lab9_parts import _arithmetic, _length_factor, _mean_of, _usual_length, alone, near
from .lab9_parts import play as play
from .lab9_walks import comes_along as comes_along
from .lab9_walks import direction as direction
from .lab9_walks import lerp as lerp
from .lab9_walks import slerp as slerp


def _latents(rng, *shape):
    return rng.normal(size=shape).round(2)


# ------------------------------------------------------------------ means and sums


@check
def mean_of(mean_of, seed):
    rng = np.random.default_rng(seed)
    cases = [(_latents(rng, n, size), k) for n, size, k in ((6, 2, 3), (8, 5, 2), (12, 3, 3), (5, 4, 5), (4, 3, 1),
                                                            (9, 4, 3))]
    found = []
    for z, k in cases:
        value, (n, size) = returned("mean_of", run(alone, mean_of, z, k)), z.shape
        shape = None if isinstance(value, list | tuple) else np.shape(value)
        told = f"{n} latents of {size} numbers, k = {k}: "
        assert shape != (size,), f"{told}one mean, of all; one for each group of k, [N / k, L]"
        assert shape not in ((), (n,), (n // k,)), (
            f"{told}the numbers of a latent are averaged; the *latents* are, number by number: over the k of a group")
        assert shape != (k, size) or k == n // k, (
            f"{told}shape {shape}: k means of N / k latents each; N / k means of k each")
        assert shape != (n, size) or k == 1, f"{told}shape {shape}, as many as before; one for each group, [N / k, L]"
        found.append(array("mean_of", value, (n // k, size), f"{told}[N / k, L]"))

    def tell(case, yours, ours):
        z, k = case
        i = int(np.argwhere(~np.isclose(yours, ours))[0][0])
        return (f"k = {k}: the mean of the latents {i * k} to {i * k + k - 1}, which are {shown(z[i * k : i * k + k], 2)}, "
                f"is {shown(yours[i])} by you, {shown(ours[i])} by us")

    judge(cases, found, [_mean_of(*case) for case in cases], MEANS, tell, near)
    return "Each k that follow each other give one."


@check
def arithmetic(arithmetic, seed):
    rng = np.random.default_rng(seed)
    cases = [tuple(_latents(rng, *shape) for _ in range(3)) for shape in ((3,), (2, 4), (5, 3), (6,))]
    found = []
    for case in cases:
        shape = case[0].shape
        found.append(array("arithmetic", run(alone, arithmetic, *case), shape, "as a, b and c"))

    def tell(case, yours, ours):
        return (f"a = {shown(case[0], 2)}, b = {shown(case[1], 2)}, c = {shown(case[2], 2)}: you give "
                f"{shown(yours)}, it should be {shown(ours)}")

    judge(cases, found, [_arithmetic(*case) for case in cases], SUMS, tell, near)
    return "What a has and b has not is added to c."


# ------------------------------------------------------------------ how long is that?


@check
def usual_length(usual_length, seed):
    rng = np.random.default_rng(seed)
    cases = [(np.array([[3.0, 4.0], [6.0, 8.0]]),)]
    cases += [(_latents(rng, n, size) * rng.uniform(0.5, 3, (n, 1)),) for n, size in ((3, 4), (5, 2), (4, 6), (7, 3))]
    found = []
    for case in cases:
        value, n = returned("usual_length", run(alone, usual_length, *case)), len(case[0])
        assert np.shape(value) != (n,), "that is the length of *each* latent; their mean, one number"
        found.append(float(array("usual_length", value, (), "the mean of the latents' lengths")))

    def tell(case, yours, ours):
        return (f"latents {shown(case[0], 2)}: their lengths are {shown(np.linalg.norm(case[0], axis=1))}; you give "
                f"{yours:.4g}")

    judge(cases, found, [_usual_length(*case) for case in cases], LENGTHS, tell, near)
    return "The length is the root of the sum of the squares."


@check
def length_factor(length_factor, seed):
    rng = np.random.default_rng(seed)
    cases = [([0.5, 0.5],), ([1, -1, 1],), ([1.0],), ([0.25] * 4,), ([1 / 3] * 3 + [-1 / 3] * 3 + [1 / 3] * 3,)]
    cases += [(rng.uniform(-2, 2, n).round(2).tolist(),) for n in (2, 5, 7)]
    found = [float(array("length_factor", run(alone, length_factor, *case), (), "of the whole sum"))
             for case in cases]

    def tell(case, yours, ours):
        return (f"weights {shown(case[0], 2)}: you give {yours:.4g}. The squares of lengths add up: each z_i brings "
                "w_i squared times L; and then the root")

    judge(cases, found, [_length_factor(*case) for case in cases], FACTORS, tell, near)
    return "Squared lengths of independent latents add up."
