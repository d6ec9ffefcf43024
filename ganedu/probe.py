"""What a discriminator has learned of images: its features, under a linear classifier.

    features = probe.Features(gan.discriminator)           # every block, pooled to 4x4
    x = probe.extract(features, train.images)              # [N, F]
    found = linear.fit(x, train.labels, probe.extract(features, test.images), test.labels)

The protocol is that of Radford et al. 2016, section 5.1 (claim A-probe), and what it leaves open is
a setting.  A number says something only beside its controls, which go through the same lines: the
same network with its start weights, raw pixels (`Pixels`) and their main axes (`Pca`), a network of
the same shape that was taught with labels (`supervised`).
"""

import hashlib
import json
import os
import time
from pathlib import Path

import keras
import numpy as np

from . import checks, files
from .networks import fast

BLOCK_ENDS = (keras.layers.Flatten, keras.layers.GlobalAveragePooling2D, keras.layers.GlobalMaxPooling2D)
ACTIVATIONS = (keras.layers.LeakyReLU, keras.layers.ReLU, keras.layers.Activation)
BATCH_NORMS = (keras.layers.BatchNormalization, fast.BatchNormalization)


@keras.saving.register_keras_serializable("ganedu")
class GridMaxPooling2D(keras.layers.Layer):
    """The largest value in each cell of an n x n grid: [N, H, W, C] -> [N, n, n, C].

    Cell i covers the rows from floor(i H / n) up to ceil((i + 1) H / n), and columns alike; so every
    size from n on will do, and cells may share a row where H is no multiple of n.
    """

    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        self.n = checks.whole("n", n, 1)

    def call(self, x):
        h, w = x.shape[1:3]
        if h % self.n == 0 and w % self.n == 0:
            shape = (-1, self.n, h // self.n, self.n, w // self.n, x.shape[3])
            return keras.ops.max(keras.ops.reshape(x, shape), axis=(2, 4))
        down, across = (
            [slice(i * size // self.n, -(-(i + 1) * size // self.n)) for i in range(self.n)]
            for size in (h, w)
        )
        lines = [
            keras.ops.stack([keras.ops.max(x[:, r, c], axis=(1, 2)) for c in across], axis=1)
            for r in down
        ]
        return keras.ops.stack(lines, axis=1)

    def compute_output_shape(self, shape):
        return (shape[0], self.n, self.n, shape[3])

    def get_config(self):
        return super().get_config() | {"n": self.n}


def blocks(network):
    """The convolution blocks of a discriminator: (input, output) of the activation of each, in order.

    Raises:
        ValueError: if it takes labels, has no convolution, or one without an activation after it.
    """
    checks.network("discriminator", network)
    if len(network.inputs) > 1:
        raise ValueError("discriminator takes labels; features are those of images: give one that does not")
    found = []
    for layer in network.layers:
        inner = getattr(layer, "layer", layer)  # under spectral norm
        if isinstance(layer, BLOCK_ENDS):
            break
        if isinstance(inner, keras.layers.Conv2D):
            found.append((layer.name, None))
        elif found and isinstance(layer, ACTIVATIONS):
            found[-1] = (found[-1][0], layer)
    if not found:
        raise ValueError("discriminator has no convolution: there is nothing to pool")
    for name, layer in found:
        if layer is None:
            raise ValueError(f"discriminator has no activation after {name}")
    return [(layer.input, layer.output) for _, layer in found]


class Features:
    """What of a discriminator becomes an image's feature vector.

    Args:
        discriminator: a Keras model, images [N, H, W, C] in [-1, 1] -> logits, without labels.
        layers: "all", "last", or the numbers of the blocks, counted from 1.
        pool: how each block's maps are max-pooled: ("grid", n) to n x n cells, ("window", k) in
            windows of k x k; or a list of these, one a block taken (claim A-pool).
        at: "after" the block's activation, or "before".

    Attributes:
        size: F, how many features an image has.
        parts: (block, features of it), in their order in the vector.

    Raises:
        ValueError: a block or a pooling that the network does not have.
    """

    def __init__(self, discriminator, layers="all", pool=("grid", 4), at="after"):
        every = blocks(discriminator)
        checks.choice("at", at, ("after", "before"))
        if isinstance(layers, str):
            checks.choice("layers", layers, ("all", "last"))
            layers = range(1, len(every) + 1) if layers == "all" else [len(every)]
        layers = [checks.whole("layers", number, 1, len(every)) for number in layers]
        pools = [pool] * len(layers) if isinstance(pool[0], str) else list(pool)
        if len(pools) != len(layers):
            raise ValueError(f"pool holds {len(pools)} for {len(layers)} blocks; give one, or one a block")
        vectors, self.parts = [], []
        for number, how in zip(layers, pools, strict=True):
            maps = every[number - 1][at == "after"]
            pooled = _pooling(how, maps.shape[1:3])(maps)
            vectors.append(keras.layers.Flatten(dtype="float32")(pooled))
            self.parts.append((number, vectors[-1].shape[1]))
        joined = vectors[0] if len(vectors) == 1 else keras.layers.Concatenate(dtype="float32")(vectors)
        self.model = keras.Model(discriminator.inputs[0], joined, name="features")
        self.model.trainable = False
        self.size, self.image_shape = joined.shape[1], discriminator.input_shape[1:]
        self.settings = {"layers": layers, "pool": [list(p) for p in pools], "at": at}

    def __call__(self, images):
        """Features [N, F], float32, of images [N, H, W, C] in [-1, 1]; the network in inference mode."""
        return np.asarray(self.model(images, training=False))

    def key(self):
        """The first 16 digits of the SHA-256 of the weights and the settings."""
        digest = hashlib.sha256(json.dumps(self.settings).encode())
        for weight in self.model.get_weights():
            digest.update(f"{weight.shape}{weight.dtype}".encode() + weight.tobytes())
        return digest.hexdigest()[:16]


class Mirrored:
    """The mean of an image's features and of its mirror image's: for what is the same thing in a mirror.

    Args:
        features: `Features`, `Pixels`, or any other function of images that gives [N, F].
    """

    def __init__(self, features):
        self.features = features

    def __call__(self, images):
        return (self.features(images) + self.features(images[:, :, ::-1])) / 2

    def key(self):
        """That of the features, marked."""
        return f"{self.features.key()}-mirrored"


def _pooling(how, size):
    kind, n = how
    checks.choice("pool", kind, ("grid", "window"))
    checks.whole(f"pool ({kind})", n, 1, min(size))
    if kind == "window":
        return keras.layers.MaxPooling2D(n)
    return GridMaxPooling2D(n)


def extract(features, images, cache=None, batch_size=500, say=None):
    """Features [N, F] of many images, float32, a batch at a time.

    Args:
        features: `Features`, or any function of images that gives [N, F] (with a `key()`, if `cache`).
        images: uint8 [N, H, W, C], as they are stored; scaled to [-1, 1] here.
        cache: a folder; then the array is a file of it, named by the weights, the settings and the
            images, which is made once, whole or not at all, and is read in parts as they are needed.
        batch_size: images at a time: what bounds the memory.
        say: called with a line of progress about every five seconds.

    Returns:
        An array of the features; with `cache` it is that of the file, mapped into memory.
    """
    images = checks.pixels("images", images)
    checks.whole("batch_size", batch_size, 1)
    path = None
    if cache is not None:
        seen = hashlib.sha256(np.ascontiguousarray(images)).hexdigest()[:16]
        path = files.make_folder(Path(cache)) / f"{features.key()}-{seen}.npy"
        if path.exists():
            return np.load(path, mmap_mode="r")
    first = _scaled(features, images[:1])
    shape = (len(images), first.shape[1])
    partial = path and path.with_suffix(f".{os.getpid()}.part")
    try:
        made = np.empty(shape, np.float32) if path is None else np.lib.format.open_memmap(
            partial, "w+", np.float32, shape)  # fmt: skip
        began = told = time.monotonic()
        for i in range(0, len(images), batch_size):
            made[i : i + batch_size] = _scaled(features, images[i : i + batch_size])
            if say and time.monotonic() - told > 5:
                told, done = time.monotonic(), min(i + batch_size, len(images))
                left = (told - began) * (len(images) - done) / done
                say(f"features of {done:,} of {len(images):,} images, about {left:.0f} s left")
        if path is None:
            return made
        made.flush()
        os.replace(partial, path)
    finally:
        if partial and partial.exists():
            partial.unlink()
    return np.load(path, mmap_mode="r")


def _scaled(features, images):
    return features(images.astype(np.float32) / 127.5 - 1.0)


# ------------------------------------------------------------------ controls


class Pixels:
    """The control that knows nothing: an image's pixels, in [-1, 1], as its features."""

    def __call__(self, images):
        return np.asarray(images, np.float32).reshape(len(images), -1)

    def key(self):
        return "pixels"


class Pca:
    """The control that has seen images and learned no filter: the main axes of their pixels.

    Args:
        images: uint8 [N, H, W, C], training images.
        size: how many axes, at most N and H W C.
        seed: of the search for them, which is randomised.
    """

    def __init__(self, images, size, seed=0):
        from sklearn.decomposition import PCA

        x = checks.pixels("images", images).reshape(len(images), -1).astype(np.float32) / 127.5 - 1.0
        self.size = checks.whole("size", size, 1, min(x.shape))
        self._pca = PCA(self.size, svd_solver="randomized", random_state=checks.seed("seed", seed)).fit(x)

    def __call__(self, images):
        return self._pca.transform(np.asarray(images, np.float32).reshape(len(images), -1)).astype(np.float32)

    def key(self):
        """The first 16 digits of the SHA-256 of its axes."""
        return hashlib.sha256(self._pca.components_.tobytes()).hexdigest()[:16]


def with_statistics(discriminator, images, batch_size=500):
    """A copy whose batch norms have the mean and variance over all of these images.

    Radford et al. average them over the training set; a GAN's moving averages remember its last
    batches.  One pass for each batch norm, in their order: each sees what the one before now gives.
    """
    images = checks.pixels("images", images)
    copy = keras.models.clone_model(discriminator)
    copy.set_weights(discriminator.get_weights())
    for layer in copy.layers:
        if not isinstance(layer, BATCH_NORMS):
            continue
        before = keras.Model(copy.inputs[0], layer.input)
        count, total, squares = 0, 0.0, 0.0
        for i in range(0, len(images), batch_size):
            x = np.asarray(_scaled(lambda part: before(part, training=False), images[i : i + batch_size]), np.float64)
            x = x.reshape(-1, x.shape[-1])
            count, total, squares = count + len(x), total + x.sum(0), squares + (x**2).sum(0)
        mean = total / count
        layer.moving_mean.assign(mean)
        layer.moving_variance.assign(np.maximum(squares / count - mean**2, 0))
    return copy


def supervised(config, classes, seed=0):
    """A network of the discriminator's shape that gives class logits: taught with labels, see `classify.fit`."""
    network = config.build(seed)
    h = network.get_layer("features").output
    start = keras.initializers.RandomNormal(stddev=config.init_stddev, seed=seed)
    logits = keras.layers.Dense(classes, kernel_initializer=start, dtype="float32", name="logits")(h)
    return keras.Model(network.inputs[0], logits, name="supervised")
