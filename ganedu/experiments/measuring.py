"""What is measured of a trained GAN for a record: functions (gan, recipe) -> plain numbers.

All draw their samples from the averaged generator and with the same seed, so that two records
differ by their GANs alone.  A row of `sweeps.ROWS` names one of `NAMED`.
"""

import functools
import json

import numpy as np

from .. import data, measures
from ..measures import readers
from ..measures.formulas import draw
from ..measures.scoring import NEIGHBOUR_LIMIT

SAMPLES = 10_000  # of an unconditional GAN: each class has about 1,000
CLASS_SAMPLES = 500
GAN_TRAIN_SAMPLES = 30_000
PIXEL_SAMPLES = 1000
TIMES = 5  # that `again` asks
SEED = 12345


def unconditional(gan, recipe):
    """Every measure that needs no labels, of 10,000 images, against all real test images."""
    return _score(gan.sample(SAMPLES, seed=SEED), None, recipe)


def conditional(gan, recipe):
    """Every measure but GAN-train, of 500 images a class, against all real test images."""
    labels = np.arange(CLASS_SAMPLES * gan.classes) % gan.classes
    return _score(gan.sample(labels=labels, seed=SEED), labels, recipe)


def again(gan, recipe):
    """The same of five times 5,000 images: how far do the numbers of one GAN lie apart?

    The first time gives the record's metrics, all five the lists under "again".
    """
    labels = np.arange(CLASS_SAMPLES * gan.classes) % gan.classes
    found = [_score(gan.sample(labels=labels, seed=SEED + i), labels, recipe) for i in range(TIMES)]
    numbers = [name for name, value in found[0].items()
               if isinstance(value, float) and not name.endswith(("_floor", "accuracy"))]  # fmt: skip
    return found[0] | {"again": {name: [f[name] for f in found] for name in numbers}}


def gan_train(gan, recipe):
    """The same, and a classifier trained on 30,000 generated images alone, beside one on real ones."""
    test, labels = _real(recipe, "test")
    asked = np.arange(GAN_TRAIN_SAMPLES) % gan.classes
    taught = measures.gan_train(gan.sample(labels=asked, seed=SEED + 1), asked, test, labels)
    return conditional(gan, recipe) | rounded({
        "gan_train": float(taught.overall),
        "gan_train_per_class": [float(s) for s in taught.per_class],
        "gan_train_samples": GAN_TRAIN_SAMPLES,
        "gan_train_real": gan_train_real(recipe.data),
    })  # fmt: skip


@functools.cache
def gan_train_real(name):
    """GAN-train's classifier taught by as many real training images, the first of the set."""
    train, test = (data.load(name, split) for split in ("train", "test"))
    scale = data.scale()
    images, labels = train.images[:GAN_TRAIN_SAMPLES], train.labels[:GAN_TRAIN_SAMPLES]
    return measures.gan_train(
        scale(images).numpy(), labels, scale(test.images).numpy(), test.labels
    ).overall


def pixels(gan, recipe):
    """Where nothing reads the images: Frechet distance of coarse pixels, and its floor.

    Of 1,000 images against as many training images; the floor is that of other training images
    against the same.  It tells a run that fell apart from one that did not, no more.
    """
    images = gan.sample(PIXEL_SAMPLES, seed=SEED)
    real, _ = _real(recipe, "train", 2 * PIXEL_SAMPLES)
    real = measures.coarse_pixels(real)
    one, other = real[: len(real) // 2], real[len(real) // 2 :]
    return rounded({
        "frechet_coarse": measures.frechet_distance(measures.coarse_pixels(images), one),
        "frechet_coarse_floor": measures.frechet_distance(other, one),
        "samples": PIXEL_SAMPLES,
    })  # fmt: skip


NAMED = {
    "unconditional": unconditional,
    "conditional": conditional,
    "again": again,
    "gan_train": gan_train,
    "pixels": pixels,
}


def _score(images, labels, recipe):
    """`measures.score` as a record keeps it: values, their floors, real images' values."""
    name = readers.for_data(recipe.data)
    if not name:
        raise ValueError(
            f"recipe {recipe.name}: no bundled reader for {recipe.data}; measure its 'pixels'"
        )
    (test, test_y), (train, train_y) = (_real(recipe, split) for split in ("test", "train"))
    if labels is None:
        test_y = train_y = None
    result = measures.score(
        images, labels, test, test_y, readers.load(name), train, train_y, seed=SEED
    )
    values = result.values
    if recipe.n_images is not None:  # a copy is one of what *this* GAN saw; the floors are of all
        some = images[draw(len(images), NEIGHBOUR_LIMIT, SEED)]
        seen, _ = _real(recipe, "train", only_seen=True)
        values = values | measures.memorisation(some, seen, test)._asdict()
    floors = [key for key in result.real if "frechet" in key]
    found = rounded(values) | rounded({f"{key}_floor": result.real[key] for key in floors})
    if "class_frechet_mean" in floors:
        ratio = result.values["class_frechet_mean"] / result.real["class_frechet_mean"]
        found["class_frechet_ratio"] = round(ratio, 3)
    found |= {
        "real": rounded({k: v for k, v in result.real.items() if k not in floors}),
        "samples": result.samples,
        "reference": result.reference,
        "reader": result.classifier["hash"],
        "reader_accuracy": rounded(float(result.classifier["accuracy"])),
    }
    if labels is not None:  # how well it reads these very images
        found["reader_accuracy"] = rounded(result.real["success"])
    return found


def _real(recipe, split, n=None, only_seen=False):
    """Real images in [-1, 1] and their labels, prepared as for training but for chance."""
    loaded = data.load(recipe.data, split)
    if recipe.only_class is not None:
        loaded = data.one_class(loaded, recipe.only_class)
    if only_seen:  # each once; `data.first` repeats them
        loaded, n = data.first(loaded, recipe.n_images), recipe.n_images
    if not isinstance(loaded.images, np.ndarray):
        raise ValueError(f"{recipe.data} is streamed; measures need its images in memory")
    images = loaded.images[:n]
    for transform in recipe.transforms():
        if type(transform).__name__ not in ("flip", "rotate"):
            images = transform(images, None)
    return np.asarray(images), None if loaded.labels is None else loaded.labels[:n]


def rounded(values):
    """Four digits after the point are more than a seed's spread; JSON stays readable."""
    return json.loads(json.dumps(values), parse_float=lambda text: round(float(text), 4))
