"""Lab 10, more pixels: the checks of Tasks 1 and 2; `lab10_sight` and `lab10_roads` have the others."""

from dataclasses import asdict

import numpy as np

from ..networks import GeneratorConfig
from .common import Wrong as Wrong
from .common import array, brief, check, returned, run
from .lab7_parts import judge
from .lab10_mistakes import MULTIPLICATIONS, WEIGHTS
from .lab10_parts import _deeper, _longer_strides, _multiplications, _weights, _wider, alone
from .lab10_parts import play as play
from .lab10_roads import holds as holds
from .lab10_roads import prediction as prediction
from .lab10_roads import ranking as ranking
from .lab10_roads import symptom as symptom
from .lab10_sight import faded as faded
from .lab10_sight import mean_and_variance as mean_and_variance
from .lab10_sight import overlap as overlap
from .lab10_sight import reach as reach
from .lab10_sight import strength as strength


def configs(seed):
    """Generators of several sizes, no two alike in anything that a road may touch or must leave."""
    rng = np.random.default_rng(seed)
    plain = {"padding": "same", "strides": 2, "kernel_sizes": 4}
    z = [int(n) for n in rng.integers(20, 120, 4)]
    return [
        GeneratorConfig((32, 32, 3), 100, projection=(4, 4, 128), filters=(64, 32), **plain),
        GeneratorConfig((16, 16, 3), z[0], projection=(4, 4, 40), filters=(24,), **plain),
        GeneratorConfig((48, 40, 1), z[1], "uniform", (6, 5, 36), (20, 12), activation="selu", **plain),
        GeneratorConfig((24, 72, 3), z[2], projection=(3, 9, 32), filters=(16, 16), init_stddev=0.05,
                        **plain | {"kernel_sizes": 5}),
        GeneratorConfig((56, 56, 3), z[3], projection=(7, 7, 64), filters=(32, 12), activation="leaky_relu",
                        leak=0.1, **plain | {"kernel_sizes": 6}),
    ]  # fmt: skip


def fields(config):
    """A config as plain values, which can be sent to another process."""
    return asdict(config)


# ------------------------------------------------------------------ three roads


def _taken(road, given):
    """The settings of what a student's road makes of a config: a dictionary, or what else came, in words."""
    value = alone(road, GeneratorConfig(**given))
    if value is None or value is ...:
        returned(road.__name__, value)
    return asdict(value) if isinstance(value, GeneratorConfig) else brief(value)


def _judged(name, road, seed, ours, allowed, words):
    """Asks a road for each config; `words(old, yours, right)` gives mistakes: (is it this one?, words)."""
    for config in configs(seed):
        old, right = asdict(config), asdict(ours(config))
        try:
            yours = run(_taken, road, fields(config))
        except Wrong as error:
            if "these layers make" in str(error) and "not image_shape" in str(error):
                raise Wrong(f"of a config of {_times(config.image_shape)}: {error}") from None
            raise
        told = f"{name}, of {_times(config.image_shape)}: "
        assert isinstance(yours, dict), f"{name} gives {yours}; it must give a GeneratorConfig: replace(config, ...)"
        assert yours != old or old == right, f"{told}the config comes back as it was"
        size = tuple(yours["image_shape"])
        assert size == right["image_shape"], (
            f"{told}it makes images of {_times(size)}; height and width are to be doubled, {_times(right['image_shape'])}")
        for field in old:
            assert field in allowed or yours[field] == old[field], (
                f"{told}`{field}` was {old[field]} and is {yours[field]}: this road leaves it as it is")
        for found, says in words(old, yours, right):
            assert not found, f"{told}{says}"
        for field in allowed:
            assert yours[field] == right[field], (
                f"{told}`{field}` was {old[field]} and is {yours[field]}: read once more what this road does to it")


def _times(shape):
    return "x".join(str(n) for n in shape)


@check
def wider(wider, seed):
    def words(old, yours, right):
        maps, first = old["projection"][2], old["kernel_sizes"][0]
        kernels = yours["kernel_sizes"]
        yield yours["projection"][2] != maps, (
            f"the first map has {yours['projection'][2]} channels and had {maps}; its height and width alone grow")
        yield kernels == old["kernel_sizes"], "the kernel of the first step is to be 2 larger, and is as it was"
        yield len(kernels) > 1 and kernels == tuple(k + 2 for k in old["kernel_sizes"]), (
            "all kernels are 2 larger; that of the first step alone")
        yield kernels[-1] != old["kernel_sizes"][-1], "the *last* kernel has changed; that of the first step"
        yield first != 4 and kernels[0] == 6 != right["kernel_sizes"][0], (
            f"its first kernel was {first}: 2 larger, whatever it was")

    _judged("wider", wider, seed, _wider, ("projection", "image_shape", "kernel_sizes"), words)
    return "Larger from the first map on; the strides are what they were."


@check
def deeper(deeper, seed):
    def words(old, yours, right):
        filters = old["filters"]
        added = yours["filters"][len(filters) :]
        yield len(yours["filters"]) != len(filters) + 1, (
            f"{len(yours['filters'])} hidden steps, there were {len(filters)}: one more")
        yield yours["filters"][1:] == filters != added * len(filters), "the new step stands in front of all others; it is the *last* hidden one"
        yield added == filters[-1:], (
            f"the new step has {filters[-1]} maps, as many as the one in front of it: half as many")
        yield yours["filters"][: len(filters)] != filters, "the steps that were there keep their maps"
        yield set(yours["kernel_sizes"]) != set(old["kernel_sizes"]), (
            f"the new step's kernel is to be as in the others: {old['kernel_sizes'][-1]}")

    allowed = "filters", "kernel_sizes", "strides", "padding", "image_shape"
    _judged("deeper", deeper, seed, _deeper, allowed, words)
    return "One step more, half as wide as the one in front of it."


@check
def longer_strides(longer_strides, seed):
    def words(old, yours, right):
        strides = yours["strides"]
        yield strides[-1] != old["strides"][-1], "the *last* stride is longer; the first one"

    _judged("longer_strides", longer_strides, seed, _longer_strides, ("strides", "image_shape"), words)
    return "As many steps as before, the first of them twice as long."


# ------------------------------------------------------------------ what a road costs


def _counted(name, function, seed, ours, rules, unit):
    cases = [(config,) for config in configs(seed)]
    cases += [(_wider(cases[1][0]),), (_deeper(cases[2][0]),), (_longer_strides(cases[0][0]),)]
    found = [float(array(name, run(_asked, function, fields(case[0])), (), f"how many {unit}")) for case in cases]

    def tell(case, yours, right):
        steps = " -> ".join(_times(shape) for shape in case[0].shapes())
        return (f"{case[0].latent_size} latents, {steps}, kernels {case[0].kernel_sizes}: you count {yours:,.0f} "
                f"{unit}, there are {right:,.0f}")

    judge(cases, found, [ours(*case) for case in cases], rules, tell, lambda x, y: x == y)


def _asked(function, given):
    return alone(function, GeneratorConfig(**given))


@check
def weights(weights, seed):
    _counted("weights", weights, seed, _weights, WEIGHTS, "weights")
    return "As many as Keras trains."


@check
def multiplications(multiplications, seed):
    _counted("multiplications", multiplications, seed, _multiplications, MULTIPLICATIONS, "multiplications")
    return "What one image costs, before any activation."
