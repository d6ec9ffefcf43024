"""Small classifiers that read generated digits, clothes and faces: the eyes of the measures.

    reader = readers.load("digits")
    features, probabilities = reader.read(images)

Three come with the package.  Two read which class an image is of, trained by `teach.train` on the
bundled training images alone; one reads what a face has, trained by `attributes.train` on drawn
ones.  `assets/classifiers.json` says how well each reads the test images.

A distance measured with these features means nothing beside one that another classifier
measured: keep `hash` with the number.  Nothing here looks at Inception's features, which know
photographs, not digits of 28x28.
"""

import copy
import hashlib
import itertools
import json
from functools import cache
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from .. import checks
from ..networks.fast import BatchNormalization

ASSETS = Path(__file__).parents[1] / "assets"
BUNDLED = ("digits", "fashion", "faces")
FACES_SHAPE = (32, 32, 3)
FEATURES = 64  # Far fewer than the 500 images of a class: a covariance needs full rank.
FULL_SETS = {"mnist": "digits", "fashion_mnist": "fashion"}  # the same kinds of images


def new_network(image_shape=(28, 28, 1), classes=10, seed=0):
    """An untrained network of the kind that is bundled, always in float32.

    Three times a 3x3 convolution (16, 48, 96 maps), max pooling, batch norm and ReLU; then a
    dense layer of 64 ReLU features and one of class logits, dropout before each.

    Args:
        image_shape: (H, W, C), sides of at least 8 pixels.
        classes: how many, at least 2.
        seed: of the start weights and of dropout.

    Returns:
        A Keras model, images [N, H, W, C] in [-1, 1] -> [features [N, 64], logits [N,
        classes]].  `keras.Model(network.input, network.outputs[1])` is what to train.

    Raises:
        ValueError: an argument is outside what is said above.
    """
    shape = tuple(image_shape)
    if len(shape) != 3 or min(shape[:2]) < 8 or shape[2] < 1:
        raise ValueError(f"image_shape is {shape}; it must be (H, W, C), H and W at least 8")
    if classes < 2:
        raise ValueError(f"classes is {classes}; a classifier tells at least 2 classes apart")
    seeds = itertools.count(1000 * seed)
    layers, kind = keras.layers, {"dtype": "float32"}  # whatever the global policy is

    def start():
        return keras.initializers.HeNormal(seed=next(seeds))

    images = x = keras.Input(shape, name="images", **kind)
    for maps in (16, 48, 96):
        x = layers.Conv2D(
            maps, 3, padding="same", use_bias=False, kernel_initializer=start(), **kind
        )(x)
        # Pooled first: batch norm and ReLU then have a quarter of the work.
        x = layers.MaxPooling2D(padding="same", **kind)(x)
        x = layers.ReLU(**kind)(BatchNormalization(**kind)(x))
    x = layers.Dropout(0.3, seed=next(seeds), **kind)(layers.Flatten(**kind)(x))
    features = layers.Dense(
        FEATURES, activation="relu", kernel_initializer=start(), name="features", **kind
    )(x)
    x = layers.Dropout(0.3, seed=next(seeds), **kind)(features)
    logits = layers.Dense(classes, kernel_initializer=start(), name="logits", **kind)(x)
    return keras.Model(images, [features, logits], name="classifier")


class Remembered:
    """A function of images that keeps its last few results, each by the bytes of its images.

    The real images that a training is measured on are then read once, not after every epoch,
    and the generated ones once for all measures that one reader serves.
    """

    def __init__(self, function, keep=4):
        self.function, self.keep, self.kept = function, keep, {}

    def __call__(self, images, *args):
        images = np.ascontiguousarray(images)
        key = images.shape, images.dtype.str, hashlib.sha256(images).digest(), args
        found = self.kept.pop(key) if key in self.kept else self.function(images, *args)
        self.kept[key] = found  # the last in the dictionary is the last that was used
        if len(self.kept) > self.keep:
            del self.kept[next(iter(self.kept))]
        return copy.deepcopy(found)  # what the caller does to it stays with the caller


class Classifier:
    """A trained network and what is known of it.

    Attributes:
        name: "digits" or "fashion": the bundled set that it reads.
        model: Keras model, images [N, 28, 28, 1] in [-1, 1] -> [features [N, 64], logits
            [N, 10]], float32, frozen; differentiable, for use in other graphs.
        accuracy: share of the bundled test images that it reads right; None if not measured.
        hash: the first 12 digits of the SHA-256 of its weights.  Results of two classifiers
            must not be compared; equal hashes say that it was the same one.
    """

    squash = staticmethod(tf.nn.softmax)  # what makes probabilities of the logits

    def __init__(self, name, model, accuracy=None):
        self.name, self.model, self.accuracy = name, model, accuracy
        model.trainable = False
        self.hash = hash_of(model)[:12]
        shape = [None, *model.input_shape[1:]]
        self._outputs = tf.function(
            lambda x: model(x, training=False), input_signature=[tf.TensorSpec(shape)]
        )
        self._read = Remembered(self._in_parts)

    def __repr__(self):
        known = "not measured" if self.accuracy is None else f"{self.accuracy:.4f}"
        return f"Classifier({self.name!r}, hash {self.hash}, accuracy {known})"

    def reads(self, shape):
        """Whether it takes images of that shape (H, W, C)."""
        return self.model.input_shape[1:] == tuple(shape)

    def read(self, images, batch_size=500):
        """Features [N, 64] and class probabilities [N, 10] of images [N, 28, 28, 1].

        Images are floats in [-1, 1]; both results are float32 arrays, made in one pass.

        Raises:
            ValueError: images of another shape or kind, outside [-1, 1], or not all numbers.
        """
        images = checks.images("images", images, self.model.input_shape[1:])
        return self._read(images, checks.whole("batch_size", batch_size, 1))

    def _in_parts(self, images, batch_size):
        parts = [
            self._outputs(images[i : i + batch_size]) for i in range(0, len(images), batch_size)
        ]
        features = np.concatenate([part[0] for part in parts])
        logits = np.concatenate([part[1] for part in parts])
        return features, self.squash(logits).numpy()

    def features(self, images):
        """The last hidden layer's 64 numbers for each image, as in `read`."""
        return self.read(images)[0]

    def probabilities(self, images):
        """p(y|x) for each image, [N, 10], as in `read`."""
        return self.read(images)[1]


class AttributeReader(Classifier):
    """A trained network that reads attributes.

    Attributes:
        names: what its A answers are called.
        model: Keras model, images [N, H, W, C] in [-1, 1] -> [features [N, 64], logits [N, A]].
        accuracy: [A], share of unseen images that it reads right in each; None if not measured.
        name, hash: as `readers.Classifier` has them.  Its `read` and `probabilities` too, but
            that p is [N, A], the probability of each attribute: several can be near 1, or none.
    """

    squash = staticmethod(tf.nn.sigmoid)

    def __init__(self, name, model, names, accuracy=None):
        self.names = check_names(names, model.output_shape[1][1])
        super().__init__(name, model, accuracy)

    def __repr__(self):
        known = "not measured" if self.accuracy is None else f"{np.min(self.accuracy):.4f} or more"
        return f"AttributeReader({self.name!r}, hash {self.hash}, accuracy {known}): {', '.join(self.names)}"

    def reads(self, shape):
        """Whether it takes images of that shape: its own, or square ones 2, 3, ... times as wide."""
        side, _, channels = self.model.input_shape[1:]
        h, w, c = shape
        return c == channels and h == w and h % side == 0

    def read(self, images, batch_size=500):
        """Features [N, 64] and probabilities [N, A] of images [N, H, W, C], see `Classifier.read`.

        Larger images are made smaller first, each square of pixels to its mean: faces of every
        size are read by one network.
        """
        images, side = np.asarray(images), self.model.input_shape[1]
        if images.ndim == 4 and images.shape[1] != side and self.reads(images.shape[1:]):
            images = checks.images("images", images)
            n, wide, _, c = images.shape
            squares = images.reshape(n, side, wide // side, side, wide // side, c)
            images = squares.mean((2, 4), dtype=np.float32).clip(-1, 1)
        return super().read(images, batch_size)


def check_names(names, count):
    names = tuple(names)
    if len(set(names)) != count or len(names) != count:
        raise ValueError(f"names is {checks.short(names)}; give {count} that differ, one an attribute")
    return names


def for_data(name):
    """The name of the classifier that reads the data set `name`, or None if there is none."""
    name = FULL_SETS.get(name, name)
    return name if name in BUNDLED else None


def for_images(name, shape):
    """The bundled reader of the data set `name`, if it takes images of that shape; else None."""
    known = for_data(name)
    reader = load(known) if known else None
    return reader if reader and reader.reads(shape) else None


def load(name):
    """The bundled `Classifier` of a data set; the same object each time it is asked for.

    Args:
        name: "digits", "fashion" or "faces"; "mnist" and "fashion_mnist", the sets that those are parts
            of, mean the same two.

    Raises:
        ValueError: there is no classifier for that set.
        FileNotFoundError, OSError: its file is gone, or its weights' SHA-256 is not that of
            `assets/classifiers.json`.
    """
    known = for_data(name)
    if known is None:
        raise ValueError(
            f"no classifier for the data set {name!r}; there are {', '.join(BUNDLED)} "
            f"(and {', '.join(FULL_SETS)}, read by those)"
        )
    return _load(ASSETS, known)


@cache
def _load(folder, name):
    path, cure = folder / f"{name}_classifier.npz", "install ganedu again"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: {cure}")
    about = json.loads((folder / "classifiers.json").read_text("utf-8"))
    names = about[name].get("attributes")
    model = new_network(FACES_SHAPE, len(names)) if names else new_network()
    try:
        with np.load(path) as file:
            model.set_weights([file[key].astype(np.float32) for key in sorted(file.files)])
        whole = hash_of(model) == about[name]["sha256"]
    except Exception:  # half a zip, another number of weights, other shapes
        whole = False
    if not whole:
        raise OSError(f"{path} is damaged (its weights are not the ones recorded): {cure}")
    if names:
        return AttributeReader(name, model, names, np.array(about[name]["accuracy_of_attribute"]))
    return Classifier(name, model, about[name]["accuracy"])


def save(classifier, path):
    """Writes the weights as float16, in an .npz file that `load` reads; the hash stays.

    Raises:
        ValueError: the weights are no float16 numbers; `teach.train` rounds them.
    """
    weights = classifier.model.get_weights()
    if any((w != w.astype(np.float16)).any() for w in weights):
        raise ValueError("classifier has weights that float16 changes; `teach.train` rounds them")
    arrays = {f"{i:02d}": w.astype(np.float16) for i, w in enumerate(weights)}
    np.savez(path, **arrays)


def hash_of(model):
    """SHA-256 of a model's weights, in hex."""
    return hash_of_weights(model.get_weights())


def hash_of_weights(weights):
    """SHA-256 of arrays (shape and float32 values of each, in order), in hex."""
    digest = hashlib.sha256()
    for w in weights:
        digest.update(f"{w.shape}".encode() + w.astype("<f4").tobytes())
    return digest.hexdigest()


def accuracy(classifier, images, labels):
    """Share of images [N, 28, 28, 1] in [-1, 1] that the classifier reads as labels [N].

    Returns:
        The share of all, and an array with that of each class's images (NaN for none).

    Raises:
        ValueError: not one label an image, or images that `Classifier.read` refuses.
    """
    p = classifier.probabilities(images)
    labels = checks.labels("labels", labels, len(p), p.shape[1])
    right, classes = p.argmax(1) == labels, p.shape[1]
    of_class = np.full(classes, np.nan)
    for y in np.unique(labels):
        of_class[y] = right[labels == y].mean()
    return float(right.mean()), of_class
