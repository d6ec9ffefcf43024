"""Lab 8, feature probes: the checks of Task 1; `lab8_teach` and `lab8_machines` have the others."""

import numpy as np

from .common import Wrong as Wrong
from .common import array, check, returned, run
from .lab7_parts import judge
from .lab8_machines import evidence as evidence
from .lab8_machines import majority_error as majority_error
from .lab8_machines import table as table
from .lab8_machines import verdict as verdict
from .lab8_mistakes import COUNTS, POOLED, VECTORS
from .lab8_parts import _feature_count, _feature_vector, _grid_max_pool, alone
from .lab8_parts import play as play
from .lab8_teach import choose_strength as choose_strength
from .lab8_teach import draw_labels as draw_labels
from .lab8_teach import mean_and_band as mean_and_band
from .lab8_teach import prediction as prediction
from .lab8_teach import set_statistics as set_statistics


def near(x, y):
    return np.shape(x) == np.shape(y) and np.allclose(x, y, rtol=1e-5, atol=1e-6)


# ------------------------------------------------------------------ the largest in each cell


def _maps(rng, *shape):
    return rng.normal(-1, 1, shape).astype(np.float32)  # most are below 0


@check
def grid_max_pool(grid_max_pool, seed):
    rng = np.random.default_rng(seed)
    cases = [(_maps(rng, 2, 4, 4, 3), 2), (_maps(rng, 3, 8, 8, 2), 4), (_maps(rng, 2, 7, 7, 3), 4),
             (_maps(rng, 2, 6, 9, 2), 3), (_maps(rng, 3, 14, 14, 2), 4), (_maps(rng, 2, 5, 5, 4), 5),
             (_maps(rng, 4, 7, 5, 3), 3), (_maps(rng, 1, 6, 6, 1), 1)]
    found = []
    for maps, n in cases:
        value = returned("grid_max_pool", run(alone, grid_max_pool, maps, n))
        images, height, width, channels = maps.shape
        shape = value.shape if isinstance(value, np.ndarray) else None
        told = f"{images} images of {height}x{width}, {channels} channels, n = {n}: "
        assert shape != (images, n, n), (
            f"{told}one number for each cell; one for each cell *and channel*: max over axis=(1, 2) alone")
        assert shape != (n, n, images, channels) or shape == (images, n, n, channels), (
            f"{told}shape {shape}; the images come first, [N, n, n, C]")
        assert shape != (images, channels, n, n) or channels == n, (
            f"{told}shape {shape}; the channels come last, [N, n, n, C]")
        assert shape != (images, n * n, channels) or n == 1, (
            f"{told}the cells stand in one line; in n rows of n, [N, n, n, C]")
        assert shape != (images, height // n, width // n, channels) or shape[1:3] == (n, n), (
            f"{told}shape {shape}: these are windows of n x n; n is the number of *cells* on a side")
        found.append(array("grid_max_pool", value, (images, n, n, channels), f"{told}[N, n, n, C]"))

    def tell(case, yours, ours):
        maps, n = case
        at = tuple(int(i) for i in np.argwhere(~np.isclose(yours, ours))[0])
        rows, columns = (f"{i * s // n} to {-(-(i + 1) * s // n) - 1}"
                         for i, s in zip(at[1:3], maps.shape[1:3]))
        return (f"maps of {maps.shape[1]}x{maps.shape[2]}, n = {n}: cell ({at[1]}, {at[2]}) covers rows {rows} "
                f"and columns {columns}; its largest number is {ours[at]:.3f}, yours {yours[at]:.3f}")

    judge(cases, found, [_grid_max_pool(*case) for case in cases], POOLED, tell, near)
    return "Every image gives as many numbers, whatever its size."


# ------------------------------------------------------------------ one vector for each image


@check
def feature_vector(feature_vector, seed):
    rng = np.random.default_rng(seed)
    cases = [
        ([_maps(rng, 3, 4, 4, 2), _maps(rng, 3, 2, 2, 5)], 2),
        ([_maps(rng, 4, 14, 14, 3), _maps(rng, 4, 7, 7, 5), _maps(rng, 4, 4, 4, 2)], 4),
        ([_maps(rng, 5, 8, 6, 3)], 2), ([_maps(rng, 2, 5, 5, 3), _maps(rng, 2, 3, 3, 2)], 1),
        ([_maps(rng, 6, 6, 6, 2), _maps(rng, 6, 3, 3, 4), _maps(rng, 6, 9, 9, 1)], 3),
    ]
    found = []
    for blocks, n in cases:
        value = returned("feature_vector", run(alone, feature_vector, blocks, n))
        right = _feature_vector(blocks, n)
        shape = value.shape if isinstance(value, np.ndarray) else None
        told = f"blocks of {' and '.join(str(list(maps.shape)) for maps in blocks)}, n = {n}: "
        assert shape != (right.size,), (
            f"{told}one vector for all images together; one for each: [N, F], the flattening keeps axis 0")
        assert shape != right.T.shape or shape == right.shape, f"{told}shape {shape}: [N, F], not [F, N]"
        assert shape == right.shape or shape is None or shape[0] != sum(map(len, blocks)), (
            f"{told}shape {shape}: below each other; beside each other, along axis 1")
        raw = sum(int(np.prod(maps.shape[1:])) for maps in blocks)
        assert shape != (len(right), raw) or shape == right.shape, (
            f"{told}{raw} features: these maps are not pooled (grid_max_pool)")
        for i, maps in enumerate(blocks):
            assert shape != (len(right), n * n * maps.shape[3]) or len(blocks) == 1, (
                f"{told}these are the features of one block, {'the last' if i else 'the first'}; of all, joined")
        found.append(array("feature_vector", value, right.shape, f"{told}[N, F]"))

    def tell(case, yours, ours):
        at = tuple(int(i) for i in np.argwhere(~np.isclose(yours, ours))[0])
        return (f"{len(case[0])} blocks, n = {case[1]}: feature {at[1]} of image {at[0]} is {yours[at]:.3f} by you, "
                f"{ours[at]:.3f} by us: block after block, each flattened as reshape does it")

    judge(cases, found, [_feature_vector(*case) for case in cases], VECTORS, tell, near)
    return "One vector for each image, block after block."


# ------------------------------------------------------------------ how many features are that?


@check
def feature_count(feature_count, seed):
    rng = np.random.default_rng(seed)
    cases = [([16, 8, 4], [128, 256, 512], how, n) for how, n in (("grid", 4), ("window", 2), ("grid", 2),
                                                                  ("window", 4))]
    cases += [([14, 7, 4], [16, 32, 64], "grid", 4), ([14, 7, 4], [16, 32, 64], "window", 2),
              ([9], [int(rng.integers(3, 40))], "window", 4),
              ([32, 15, 5], rng.integers(2, 60, 3).tolist(), "window", 3),
              ([32, 15, 5, 3], rng.integers(2, 60, 4).tolist(), "grid", 3),
              ([6, 6], rng.integers(2, 60, 2).tolist(), "window", 1)]
    found = [float(array("feature_count", run(alone, feature_count, *case), (), "of one image"))
             for case in cases]

    def tell(case, yours, ours):
        sides, maps, how, n = case
        return f"maps {maps} of sides {sides}, \"{how}\", n = {n}: you give {yours:g}, it should be {ours:g}"

    judge(cases, found, [_feature_count(*case) for case in cases], COUNTS, tell, np.isclose)
    return "Report A's 14,336 twice: by a grid, and by windows."
