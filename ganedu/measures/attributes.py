"""A small network that reads several attributes of an image at once: a smile, glasses, a hat ...

    faces = data.load("faces", size=32)
    reader = attributes.train(faces.images, faces.attributes, faces.attribute_names)
    smiling = reader.probabilities(images)[:, reader.names.index("smile")] > 0.5

The network is that of `readers`, but each of its last A numbers is asked a question of its own:
p(has | x) = sigmoid(logit), in place of p(y | x) = softmax(logits) of classes that exclude each
other.  One for faces comes with the package, `readers.load("faces")`, trained by `train` on FACES.
"""

import numpy as np

from .. import checks, data
from .readers import AttributeReader, check_names, new_network
from .teach import teach

# What the bundled reader was trained on: `data.load("faces", **arguments)` of each, so many times.
# Whole pictures, and the faces alone, without what is round them.
FACES = tuple({"size": 32, "n": 16_000, "seed": seed, "crop": c} for seed, c in ((1, 1.0), (2, 0.7)))
EPOCHS = 12


def train(images, attributes, names, seed=0, epochs=8, prepare=None, name="attributes", verbose=0):
    """Trains a reader of attributes, as `teach.train` does one of classes.

    Adam on batches of 100 images, the mean over attributes of the binary cross-entropy, the
    learning rate falling from 0.003 to 0 along half a cosine.

    Args:
        images: uint8 [N, H, W, 1 or 3], sides of at least 8 pixels.
        attributes: [N, A] of 0 and 1, A at least 2.
        names: of the A attributes.
        seed: of start weights, dropout and the order of the images.
        epochs: passes over the images.
        prepare: transforms, `data.scale()` if not given.
        name: what the reader is called.
        verbose: as in Keras's `fit`.

    Returns:
        An `AttributeReader` whose weights are rounded to float16 numbers, so that `readers.save`
        loses nothing.

    Raises:
        ValueError: not a row of attributes for each image, or not a name for each column.
    """
    attributes = _truths(attributes, len(images))
    checks.whole("epochs", epochs, 1)
    names = check_names(names, attributes.shape[1])
    network = new_network(images.shape[1:], attributes.shape[1], seed)
    size = min(100, len(images))
    rows = np.arange(len(images))  # an image's label is its row, by which `teach` finds the rest
    prepare = (data.scale(),) if prepare is None else prepare
    batches = data.Batches(images, rows, batch_size=size, seed=seed, prepare=prepare)
    teach(network, batches, epochs, 3e-3, verbose, attributes)
    network.set_weights([w.astype(np.float16).astype(np.float32) for w in network.get_weights()])
    return AttributeReader(name, network, names)


def accuracy(reader, images, attributes):
    """Share of images in [-1, 1] that the reader reads right in each attribute, [A].

    Raises:
        ValueError: not a row of A attributes for each image.
    """
    p = reader.probabilities(images)
    attributes = _truths(attributes, len(p))
    if attributes.shape != p.shape:
        raise ValueError(f"attributes has shape {attributes.shape}, the reader gives {p.shape}")
    return ((p > 0.5) == attributes).mean(0)


def _truths(attributes, n):
    attributes = np.asarray(attributes)
    if attributes.ndim != 2 or len(attributes) != n or not np.isin(attributes, (0, 1)).all():
        raise ValueError(
            f"attributes is {checks.short(attributes)}; give 0 or 1, a row for each of the {n} images"
        )
    return attributes
