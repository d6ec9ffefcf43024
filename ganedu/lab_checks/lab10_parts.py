"""Lab 10: our version of the student's functions, and how one of theirs is asked beside them."""

from dataclasses import replace

import numpy as np

from .common import call, called
from .lab10_given import twice

NOT_YOURS = (
    "scalings", "ganedu.experiments.scalings", "ganedu.experiments.callbacks", "four", "road", "counted",
    "footprint", "reached_by", "recorded", "keras", "tensorflow", "torch", "scipy", "build", "count_params",
    "Fading", "Fade", "Dropout", "clinic", "ganedu.clinic", "Diagnosis",
)  # fmt: skip


def _wider(config):
    first, *others = config.kernel_sizes
    return replace(config, image_shape=twice(config.image_shape), projection=twice(config.projection),
                   kernel_sizes=(first + 2, *others))


def _deeper(config):
    return replace(config, image_shape=twice(config.image_shape), filters=(*config.filters, config.filters[-1] // 2),
                   **{name: (*getattr(config, name), getattr(config, name)[-1])
                      for name in ("kernel_sizes", "strides", "padding")})


def _longer_strides(config):
    first, *others = config.strides
    return replace(config, image_shape=twice(config.image_shape), strides=(2 * first, *others))


def _steps(config):
    """(kernel, stride, shape of what goes in, of what comes out) of each transposed convolution."""
    shapes = config.shapes()
    return list(zip(config.kernel_sizes, config.strides, shapes, shapes[1:]))


def _weights(config):
    height, width, maps = config.projection
    total = config.latent_size * height * width * maps + 2 * maps
    for k, _, (*_, before), (*_, after) in _steps(config):
        total += k * k * before * after + 2 * after
    return total - config.image_shape[2]  # the last has a bias, and no batch norm


def _multiplications(config):
    total = config.latent_size * int(np.prod(config.projection))
    return total + sum(height * width * k * k * before * after
                       for k, _, (height, width, before), (*_, after) in _steps(config))


def _reach(config, row):
    first = last = row
    for k, s, (n, *_), _ in _steps(config)[::-1]:
        cut = (k - s) // 2
        first, last = max(-((k - 1 - cut - first) // s), 0), min((last + cut) // s, n - 1)
    return first, last


def _overlap(kernel, stride, n):
    counts = np.zeros((n - 1) * stride + kernel, int)
    for j in range(n):
        counts[j * stride : j * stride + kernel] += 1
    return counts[(kernel - stride) // 2 :][: n * stride]


def _strength(done, all_steps, share):
    return max(0.0, 1 - done / (share * all_steps))


def _faded(h, dropped, s):
    return h + s * (dropped - h)


def _mean_and_variance(h, rate, s):
    return np.array(h, float), s**2 * np.asarray(h, float) ** 2 * rate / (1 - rate)


def _ranking(values):
    def key(name):
        x = np.asarray(values[name], float)
        good = x[~np.isnan(x)]
        return len(x) - len(good), good.mean() if len(good) else 0.0

    return sorted(values, key=key)


def _holds(a, b):
    from ..measures import difference

    return difference(a, b).way == "lower"


def _symptom(evidence):
    spread, repeats, distance = (evidence.get(name, np.nan) for name in ("spread", "repeats", "distance"))
    if spread < 0.2:
        return "collapsed"
    if spread < 0.5 or repeats > 0.2:
        return "narrow"
    return "far" if distance > 0.5 else "none"


PARTS = called({
    "wider": _wider, "deeper": _deeper, "longer_strides": _longer_strides, "weights": _weights,
    "multiplications": _multiplications, "reach": _reach, "overlap": _overlap, "strength": _strength,
    "faded": _faded, "mean_and_variance": _mean_and_variance, "ranking": _ranking, "holds": _holds,
    "symptom": _symptom,
})  # fmt: skip

HINTS = [
    ("RecursionError", "it calls itself, without an end"),
    ("FrozenInstanceError|cannot assign to field", "a config cannot be changed; `replace` makes a changed copy of it"),
    (r"these layers make", "the steps and `image_shape` do not fit: which of the two is not as it should be?"),
    (r"it must be \d+ values, one a layer", "`kernel_sizes`, `strides` and `padding` have one value for each step, "
     "hidden ones and the last: one step more, one value more"),
    (r"unexpected keyword argument", "`replace` takes the names of the config's settings: look at print(config)"),
    (r"replace\(\) (should be called on|missing)|missing 1 required positional", "replace(config, name=value): the "
     "config first"),
    (r"'GeneratorConfig' object has no attribute", "print(config) shows the names of its settings, and "
     "config.shapes() gives its shapes"),
    (r"'GeneratorConfig' object (is not|does not)|not iterable", "a config's settings have a dot before them: "
     "config.kernel_sizes"),
    (r"can only concatenate tuple|and 'tuple'|'tuple' and|tuple.*does not support", "a tuple is added to a tuple: "
     "(*old, new) is a longer one; it cannot be changed in place"),
    (r"not supported between instances of 'NoneType'|NoneType", "something here is None: a number that could not be "
     "measured is missing, and `get` gives None for it? Or does a function that you call not `return`?"),
    ("KeyError", "a number that could not be measured is not in the dictionary: evidence.get(name, np.nan)"),
    (r"only integer scalar arrays|list indices must be", "a list is no array: np.array(...) of it first"),
    (r"interval needs|finite numbers", "`difference` takes lists of two finite numbers or more"),
    (r"too many values to unpack|not enough values", "each shape of config.shapes() is (height, width, maps); there "
     "is one shape more than steps"),
    (r"index \d+ is out of bounds|list index out of range", "an index past the end: there is one shape more than steps"),
]  # fmt: skip


# Where a cell that is given stops, what it got from a function of the student's is to blame.
PLAYED = [
    (r"'(list|tuple|str)' object has no attribute|inhomogeneous|could not be broadcast|unsupported operand|"
     r"Cannot specify|expected str instance|format code|format string",
     "one of your functions gives something of another kind: run the checks of the functions above"),
]  # fmt: skip


def alone(function, *arguments, hints=()):
    """The student's function with our version of the others, and without the library's."""
    with np.errstate(all="ignore"):
        return call(function, *arguments, parts=PARTS, forbidden=NOT_YOURS, hints=[*hints, *HINTS])


def play(show, *arguments):
    """show(*arguments) with the student's own parts, for no points: a failure is one line."""
    return call(show, *arguments, changes=True, hints=[*PLAYED, *HINTS])
