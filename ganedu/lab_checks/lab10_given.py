"""What lab 10 is given: generators, their footprints, recorded runs, a training of seconds."""

from dataclasses import replace
from functools import cache

import keras
import numpy as np

from ..experiments import effects, recipes, records
from ..experiments.scalings import ROADS, road, thin
from ..networks import GeneratorConfig
from .common import Wrong, brief

WAYS = ("higher", "lower", "none")
SETTINGS = {64: {"width": "width64", "depth": "thin64", "stride": "stride64"},
            128: {"width": "width128", "depth": "depth128", "stride": "stride128"}}  # fmt: skip
COMPARED = {  # the names of two recorded settings each
    "64 pixels, width against depth": ("width64", "thin64"),
    "64 pixels, stride against depth": ("stride64", "thin64"),
    "128 pixels, width against depth": ("width128", "depth128"),
    "128 pixels, stride against depth": ("stride128", "depth128"),
    "64 pixels, D's dropout fading against staying": ("thin64-dropout-fades", "thin64-dropout"),
}
SIGHTS = ("spread", "repeats", "distance")
SEEDS = 3  # of each setting
CELL = 2  # of the first map, whose footprint is drawn: its row, and its column, / 4 of their number
CAPS = {"P": "stride", "Q": "kernels of 3", "R": "width", "S": "depth"}


def guessed(guesses, what):
    """What was guessed for `what`, in words: whatever stands in the notebook's cell."""
    found = guesses.get(what) if isinstance(guesses, dict) else guesses
    return "nothing" if found is None or isinstance(found, list) and not found else str(found)


# ------------------------------------------------------------------ generators


def start():
    """The generator that makes 32x32: (4, 4, 128) -> 64 -> 32 -> image, kernels of 4, strides of 2."""
    return thin(32).generator


def twice(shape):
    """(height, width, channels) with height and width doubled."""
    height, width, channels = shape
    return 2 * height, 2 * width, channels


def a_config(name, value):
    """What the student's function gave, if it is a generator's config.

    Raises:
        Wrong: if it is not; in one line.
    """
    if not isinstance(value, GeneratorConfig):
        raise Wrong(f"{name} gives {brief(value)}, no GeneratorConfig: see its check")
    return value


def counted(config):
    """What Keras counts in the generator that a config makes: (all weights, those that are trained)."""
    network = config.build()
    return network.count_params(), sum(int(np.prod(w.shape)) for w in network.trainable_weights)


# ------------------------------------------------------------------ what a cell of the first map changes


def four():
    """Letter -> config of a generator to 64 pixels: the three roads, and the deep one with kernels of 3."""
    found = {name: road(thin(32), name, size=64).generator for name in ROADS}
    found["kernels of 3"] = replace(found["depth"], kernel_sizes=3)
    return {letter: found[name] for letter, name in CAPS.items()}


def cell_of(config):
    """The row (and column) of the cell of the first map whose footprint is drawn: just behind the middle."""
    return config.projection[0] * CELL // 4


@cache
def footprint(letter, latents=32, seed=0):
    """How much each pixel changes when one cell of the first map does: [64, 64], the largest 1.

    A mean over latents and colours, of an untrained generator; its batch norm has the statistics
    that it starts with, so that no cell acts on another through them.
    """
    config = four()[letter]
    network = config.build(seed)
    first = next(layer for layer in network.layers if isinstance(layer, keras.layers.Reshape))
    head, h = keras.Model(network.inputs[0], first.output), keras.Input(config.projection)
    x = h
    for layer in network.layers[network.layers.index(first) + 1 :]:
        x = layer(x)
    tail = keras.Model(h, x)
    z = np.random.default_rng(seed).normal(size=(2 * latents, config.latent_size)).astype("float32")
    maps, others = np.split(np.asarray(head(z)), 2)
    changed, at = maps.copy(), cell_of(config)
    changed[:, at, at] = others[:, at, at]
    change = np.abs(np.asarray(tail(changed)) - np.asarray(tail(maps))).mean(axis=(0, 3))
    return change / change.max()


def reached_by(reach, config):
    """First and last row of the image that the drawn cell reaches, as the student's `reach` says it.

    Raises:
        Wrong: if `reach` gives no pair of numbers, or says that the cell reaches no row.
    """
    at, rows = cell_of(config), []
    for row in range(config.image_shape[0]):
        found = reach(config, row)
        if not (isinstance(found, tuple | list) and len(found) == 2 and np.ndim(found[0]) == np.ndim(found[1]) == 0):
            raise Wrong(f"reach gives {brief(found)}, no pair (first, last): see its check")
        if found[0] <= at <= found[1]:
            rows.append(row)
    if not rows:
        raise Wrong(f"by reach, no row of the image depends on row {at} of the first map: see its check")
    return rows[0], rows[-1]


# ------------------------------------------------------------------ recorded runs


def recorded(setting, metric="frechet", root=None):
    """That number of the recorded runs of a setting, NaN of a run that diverged; [] while there are too few."""
    try:
        found = effects.values(None, setting, metric, root).tolist()
    except FileNotFoundError:
        return []
    return found if len(found) >= SEEDS else []


def roads_at(size, root=None):
    """Road -> distances of its recorded runs at that size, one a seed; without those not yet recorded."""
    found = {name: recorded(setting, root=root) for name, setting in SETTINGS[size].items()}
    return {name: values for name, values in found.items() if values}


def looks(setting, root=None):
    """What the clinic saw of each recorded run of a setting: {"spread": ..., "repeats": ..., "distance": ...}.

    None in place of a run that diverged; what could not be measured is left out.
    """
    try:
        runs = records.load(records.root() if root is None else root, None, setting)
    except FileNotFoundError:
        return []
    seen = [run["metrics"].get("evidence") for run in runs]
    return [e and {name: e[name] for name in SIGHTS if name in e} for e in seen]


def task_5_first(done):
    """Stops in one line where nothing was trained."""
    if not done:
        raise Wrong("there is nothing to look at yet: run the cell above first")


# ------------------------------------------------------------------ a training of seconds


def little():
    """A generator that makes 16x16, for seconds: (4, 4, 32) -> 16 -> image."""
    return replace(start(), image_shape=(16, 16, 3), projection=(4, 4, 32), filters=(16,), kernel_sizes=4,
                   strides=2, padding="same")  # fmt: skip


FACES, STEPS, BATCH = 320, 80, 16


def trained(config, seed=0):
    """Trains that generator to 32x32 for 80 steps on 320 drawn faces: (losses by name, eight images).

    Raises:
        Wrong: if the config is none, or makes images of another size.
    """
    if getattr(config, "image_shape", None) != (32, 32, 3):
        raise Wrong(f"a generator of 32x32x3 is to be trained here, and this makes "
                    f"{brief(getattr(config, 'image_shape', config))}: see the checks of Task 1")
    base = recipes.get("faces", "standard")
    recipe = replace(
        base, generator=config, held_out=0, batch_size=BATCH, epochs=1, epoch_images=STEPS * BATCH,
        data_options=base.data_options | {"n": FACES},
        discriminator=replace(base.discriminator, image_shape=(32, 32, 3), filters=(8, 16, 32), kernel_sizes=4,
                              strides=2, padding="same"))  # fmt: skip
    gan = recipe.build(seed)
    logs = gan.fit(recipe.batches(seed), epochs=1, verbose=0).history
    names = "g_loss", "d_loss_real", "d_loss_fake"
    return {name: float(logs[name][-1]) for name in names}, np.asarray(gan.sample(8, seed=seed))


