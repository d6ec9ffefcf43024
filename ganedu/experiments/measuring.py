"""What is measured of a trained GAN for a record: functions (gan, recipe) -> plain numbers.

All draw their samples from the averaged generator and with the same seed, so that two records
differ by their GANs alone.  A row of `sweeps.ROWS` names one.
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
GLANCE_SAMPLES = 2000
SURE = 0.9  # probability of the class that an image is read as
TIMES = 5  # that `again` asks
SEED = 12345


def unconditional(gan, recipe):
    """Every measure that needs no labels, of 10,000 images, against all real test images."""
    return _score(gan.sample(SAMPLES, seed=SEED), None, recipe)


def conditional(gan, recipe):
    """Every measure but GAN-train, of 500 images a class, against all real test images."""
    return _score(*_samples(gan, CLASS_SAMPLES * gan.classes), recipe)


def again(gan, recipe):
    """The same of five times 5,000 images: how far do the numbers of one GAN lie apart?

    The first time gives the record's metrics, all five the lists under "again".
    """
    n = CLASS_SAMPLES * gan.classes
    found = [_score(*_samples(gan, n, SEED + i), recipe) for i in range(TIMES)]
    numbers = [name for name, value in found[0].items()
               if isinstance(value, float) and not name.endswith(("_floor", "accuracy"))]  # fmt: skip
    return found[0] | {"again": {name: [f[name] for f in found] for name in numbers}}


def gan_train(gan, recipe):
    """The same, and a classifier trained on 30,000 generated images alone, beside one on real ones."""
    test, labels = _real(recipe, "test")
    taught = measures.gan_train(*_samples(gan, GAN_TRAIN_SAMPLES, SEED + 1), test, labels)
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


def ablation(gan, recipe):
    """The measures of 5,000 images, whether the GAN is conditional or not, and some numbers more.

        ink     mean brightness, 0 to 1: thin digits have little
        sure    share of the images that the reader gives a class with p >= 0.9
        spread  mean distance of two images of a class (as read), in the reader's features

    Under "training_mode" the same, with success and Frechet distance, of images that G makes as it
    does in training, by dropout and the statistics of the batch: reports rarely say which of the
    two kinds they show.
    """
    n = CLASS_SAMPLES * 10
    images, labels = _samples(gan, n)
    found = _score(images, labels, recipe)
    reader = readers.load(readers.for_data(recipe.data))
    real, _ = _real(recipe, "test", n, reader=reader)
    found["real"] |= _numbers(real, reader)
    noisy = _readable(_as_in_training(gan, recipe, n, labels), reader)
    images = _readable(images, reader)
    return found | _numbers(images, reader) | {"training_mode": _read(noisy, labels, real, reader)}


def glance(gan, recipe):
    """What takes a second: of 2,000 images the success rate, the Frechet distance, and `ablation`'s three."""
    n, reader = GLANCE_SAMPLES, readers.load(readers.for_data(recipe.data))
    images, labels = _samples(gan, n)
    images, (real, _) = _readable(images, reader), _real(recipe, "test", n, reader=reader)
    return _read(images, labels, real, reader) | {"real": _numbers(real, reader), "samples": n}


def _samples(gan, n, seed=SEED):
    """n images, and their labels, the classes in turn; None of an unconditional GAN."""
    if not gan.classes:
        return gan.sample(n, seed=seed), None
    labels = np.arange(n) % gan.classes
    return gan.sample(labels=labels, seed=seed), labels


def _read(images, labels, real, reader):
    """Frechet distance to real images, success rate where there are labels, and `_numbers`."""
    (features, p), (real_features, _) = reader.read(images), reader.read(real)
    found = {"frechet": measures.frechet_distance(features, real_features)}
    if labels is not None:
        found["success"] = float((p.argmax(1) == labels).mean())
    return rounded(found) | _numbers(images, reader)


def _numbers(images, reader):
    features, p = reader.read(images)
    return rounded({
        "ink": float((images.mean() + 1) / 2),
        "sure": float((p.max(1) >= SURE).mean()),
        "spread": _spread(features, p.argmax(1)),
    })  # fmt: skip


def _as_in_training(gan, recipe, n, labels):
    """Images of the latents that `sample` takes, made by G in training mode."""
    z, made = np.asarray(gan.latents(n, SEED)), []
    for i in range(0, n, recipe.batch_size):
        part = slice(i, i + recipe.batch_size)
        inputs = z[part] if labels is None else [z[part], labels[part].astype("int32")]
        made.append(np.asarray(gan.generator(inputs, training=True), "float32"))
    return np.concatenate(made)


def _spread(features, read):
    """Mean distance of two images that are read as the same class, over pairs and classes."""
    distances = []
    for y in np.unique(read):
        mine = features[read == y]
        half = len(mine) // 2
        distances.extend(np.linalg.norm(mine[:half] - mine[half : 2 * half], axis=1))
    return float(np.mean(distances)) if distances else 0.0


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
    "ablation": ablation,
    "glance": glance,
    "pixels": pixels,
}


def _score(images, labels, recipe):
    """`measures.score` as a record keeps it: values, their floors, real images' values."""
    name = readers.for_data(recipe.data)
    if not name:
        raise ValueError(
            f"recipe {recipe.name}: no bundled reader for {recipe.data}; measure its 'pixels'"
        )
    reader = readers.load(name)
    images = _readable(images, reader)
    (test, test_y), (train, train_y) = (_real(recipe, s, reader=reader) for s in ("test", "train"))
    if labels is None:
        test_y = train_y = None
    result = measures.score(images, labels, test, test_y, reader, train, train_y, seed=SEED)
    values = result.values
    if recipe.n_images is not None:  # a copy is one of what *this* GAN saw; the floors are of all
        some = images[draw(len(images), NEIGHBOUR_LIMIT, SEED)]
        seen, _ = _real(recipe, "train", only_seen=True, reader=reader)
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


def _readable(images, reader):
    """Images of the size that the reader reads."""
    size = reader.model.input_shape[1]
    if images.shape[1] == size:
        return images
    return np.clip(_in_parts(data.resize(size), images), -1, 1)


def _in_parts(change, images, n=1000):
    return np.concatenate([change(images[i : i + n]) for i in range(0, len(images), n)])


def _real(recipe, split, n=None, only_seen=False, reader=None):
    """Real images in [-1, 1] and their labels, prepared as for training but for chance.

    Of the size that the reader reads, if it is given.
    """
    loaded = recipe.load(split)
    if recipe.only_class is not None:
        loaded = data.one_class(loaded, recipe.only_class)
    if only_seen:  # each once
        loaded, n = data.draw(loaded, recipe.n_images), recipe.n_images
    if not isinstance(loaded.images, np.ndarray):
        raise ValueError(f"{recipe.data} is streamed; measures need its images in memory")
    chain = [t for t in recipe.transforms() if type(t).__name__ not in ("flip", "rotate")]

    def prepared(images):
        for transform in chain:
            images = transform(images, None)
        return np.asarray(images) if reader is None else _readable(np.asarray(images), reader)

    labels = None if loaded.labels is None else loaded.labels[:n]
    return _in_parts(prepared, loaded.images[:n]), labels


def rounded(values):
    """Four digits after the point are more than a seed's spread; JSON stays readable."""
    return json.loads(json.dumps(values), parse_float=lambda text: round(float(text), 4))
