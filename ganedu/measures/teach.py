"""How a classifier is trained: `teach`, for the bundled readers and for GAN-train."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from .. import checks, data, pictures
from ..data.transforms import affine
from .formulas import success_rate
from .readers import Classifier, new_network


@dataclass(frozen=True)
class distort:
    """Moves, turns and stretches each image [N, H, W, C] in [-1, 1] a little, at random.

    Output pixel p shows the input at  A (p - centre) + centre + b: b is uniform in [-shift,
    shift] pixels, A a turn by at most `degrees` times a stretch of each side by up to `stretch`
    (0.1: a tenth).  What comes in at the edges is -1, the background.
    """

    shift: float = 2.0
    degrees: float = 10.0
    stretch: float = 0.1

    def __call__(self, images, seed):
        u = tf.unstack(tf.random.stateless_uniform([5, tf.shape(images)[0]], seed, -1.0, 1.0))
        angle = u[0] * (self.degrees * np.pi / 180)
        wide, high = (1.0 + self.stretch * v for v in u[1:3])
        cos, sin = tf.cos(angle), tf.sin(angle)
        matrix = wide * cos, -wide * sin, high * sin, high * cos
        return affine(images, matrix, [self.shift * v for v in u[3:5]], fill=-1.0)


def teach(network, batches, epochs, rate, verbose=0, attributes=None):
    """The one classifier training: Adam, cross-entropy, a learning rate that falls to 0.

    Args:
        network: of `readers.new_network`; its weights change.
        batches: `data.Batches` with labels.
        epochs: passes over the images.
        rate: the learning rate of the first step; half a cosine takes it to 0 at the last.
        verbose: as in Keras's `fit`.
        attributes: [M, A] of 0 and 1.  With them a label of the batches is a row of these, and
            each of the network's A logits answers one question by yes (positive) or no.

    Returns:
        A Keras model with the same weights, images -> class logits.
    """
    stream, kind = batches.from_epoch(0), keras.losses.SparseCategoricalCrossentropy
    if attributes is not None:
        table, kind = tf.constant(attributes, tf.float32), keras.losses.BinaryCrossentropy
        stream = stream.map(lambda x, row: (x, tf.gather(table, row)))
    classifier = keras.Model(network.input, network.outputs[1])
    falling = keras.optimizers.schedules.CosineDecay(rate, epochs * len(batches))
    classifier.compile(
        keras.optimizers.Adam(falling),
        kind(from_logits=True),
        metrics=["accuracy"] if verbose and attributes is None else None,
        jit_compile=False,  # XLA's convolutions are slower on a CPU
    )
    classifier.fit(
        stream, steps_per_epoch=len(batches), epochs=epochs, shuffle=False,
        verbose=verbose,
    )  # fmt: skip
    return classifier


# Epochs, and what is done to the training images.  On the last 1,000 training images of fashion,
# after 6 epochs on the others, a shift alone read 86.8% right, with turns and stretches 85.1%.
SETTINGS = {
    "digits": (30, (data.scale(), distort(2.0, 12.0, 0.12))),
    "fashion": (36, (data.flip(), data.scale(), distort(1.0, 0.0, 0.0))),
}


def train(name, seed=0, epochs=None, images=None, labels=None, verbose=0):
    """Trains a classifier, as the bundled ones were made.

    Adam on batches of 100 distorted images, cross-entropy, the learning rate falling from
    0.003 to 0 along half a cosine.  The same seed gives the same weights on the same machine.

    Args:
        name: "digits" or "fashion".
        seed: of start weights, dropout, order and distortion of the images.
        epochs: the default is that of the bundled ones.
        images, labels: uint8 [N, 28, 28, 1] and [N]; the default is all training images.
        verbose: as in Keras's `fit`.

    Returns:
        A `Classifier` whose weights are rounded to float16 numbers, so that `save` loses
        nothing.  Its `accuracy` is None: `accuracy(...)` measures it.

    Raises:
        ValueError: no such set, less than 1 epoch, or images that `data.Batches` refuses.
    """
    if name not in SETTINGS:
        raise ValueError(f"name is {name!r}; choose one of {', '.join(SETTINGS)}")
    usual, prepare = SETTINGS[name]
    epochs = usual if epochs is None else epochs
    if epochs < 1:
        raise ValueError(f"epochs is {epochs}; train for at least 1")
    if (images is None) != (labels is None):
        raise ValueError("images and labels go together: give both, or none for a bundled set")
    if images is None:
        images, labels = data.load(name)[:2]
    batch_size = min(100, len(images))
    batches = data.Batches(images, labels, batch_size=batch_size, seed=seed, prepare=prepare)
    network = new_network(seed=seed)
    teach(network, batches, epochs, 3e-3, verbose)
    rounded = [w.astype(np.float16).astype(np.float32) for w in network.get_weights()]
    network.set_weights(rounded)
    return Classifier(name, network)


def gan_train(images, labels, test_images, test_labels, seed=0, epochs=5):
    """Trains a new classifier on generated images alone; how well does it read real ones?

    GAN-train (Shmelkov et al. 2018): high only if images are good *and* varied.  The recipe is
    fixed, so that values can be compared: `readers.new_network`, Adam, batches of 64, the
    learning rate falling from 0.002 to 0 along half a cosine, no augmentation.  Beside it
    belongs the value of as many real training images.  Images are rounded to the 256 grey
    levels of real ones.  The same seed gives the same value on the same machine.

    Args:
        images, labels: generated, float [N, H, W, C] in [-1, 1] and whole numbers from 0, [N].
        test_images, test_labels: real ones, of the same shape.
        seed: of start weights, dropout and the order of images.
        epochs: passes over the generated images.

    Returns:
        A `Success` on the real images: row y of its confusion is what they are.
    """
    images = checks.images("images", images)
    test_images = checks.images("test_images", test_images, images.shape[1:])
    if epochs < 1:
        raise ValueError(f"epochs is {epochs}; train for at least 1")
    labels = checks.labels("labels", labels, len(images))
    test_labels = checks.labels("test_labels", test_labels, len(test_images))
    classes = 1 + int(max(labels.max(), test_labels.max()))
    size = min(64, len(images))
    batches = data.Batches(pictures.to_bytes(images), labels, batch_size=size, seed=seed)
    network = new_network(images.shape[1:], classes, seed)
    classifier = teach(network, batches, epochs, 2e-3)
    return success_rate(classifier.predict(test_images, batch_size=500, verbose=0), test_labels)
