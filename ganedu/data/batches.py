"""Shuffled batches, in an order that depends on seed, epoch and step alone."""

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import tensorflow as tf

from .. import checks
from .dataset import Data
from .transforms import scale, without_autograph

MOST_CLASSES = 1_000_000
GRAPH_SEED = 87654321  # what TensorFlow takes where none was set


def _check_prepare(prepare) -> tuple[Callable, ...]:
    prepare = tuple(prepare) if isinstance(prepare, list | tuple) else (prepare,)
    for t in prepare:
        if isinstance(t, type) or not callable(t):
            name = getattr(t, "__name__", repr(t))
            raise ValueError(f"prepare: {name} is not a transform; write it called, as scale()")
    return prepare


def _apply(prepare, images, seed, epoch, position):
    """Runs the chain; transform i of batch (or image) `position` has a seed of its own."""
    key = tf.constant([seed, 0], tf.int32)
    for number in (epoch, position):
        key = tf.random.fold_in(key, tf.cast(number, tf.int32))
    for i, transform in enumerate(prepare):
        images = transform(images, tf.random.fold_in(key, i))
    return images


class Batches:
    """Shuffled batches of images in memory, for ever, in an order that can be resumed.

    images: uint8 [N, H, W, C], as `load` gives them.  labels: None, or N whole numbers from 0;
        which of them there are is the GAN's affair, since the images may be of a few classes.
    prepare: transforms, applied to each batch in turn.
    class_weights: None: every image once an epoch, in a new order (those left over when N is
        no multiple of batch_size sit the epoch out).  "balanced": every batch holds the classes
        as evenly as can be.  A sequence, one weight a class: each image's class is drawn with
        those odds.  With weights, an epoch is as long, but images of a rare class come several
        times and some of a frequent one not at all; within a class, none comes twice before all
        have come once.
    steps_per_epoch: an epoch of so many steps in place of a pass over the set: the next epoch goes
        on where this one stopped.

    Both the order and the transforms' random numbers depend on (seed, epoch, step) alone:
    `from_epoch(3)` gives the bits that `from_epoch(0)` gives after three epochs, in another
    process too (`exact_resume`).  `len(batches)` is the steps in an epoch.  Iterating gives
    epoch 0 once.  Raises ValueError for data that would train wrongly.
    """

    exact_resume = True

    def __init__(
        self,
        images: np.ndarray,
        labels: Sequence[int] | None = None,
        *,
        batch_size: int,
        seed: int = 0,
        prepare: Sequence[Callable] = (scale(),),
        class_weights: str | Sequence[float] | None = None,
        steps_per_epoch: int | None = None,
    ):
        if isinstance(images, tf.data.Dataset):
            raise ValueError("images is a stream: use StreamBatches (or make_batches)")
        self.images = checks.pixels("images", images)
        if labels is not None:
            labels = checks.labels("labels", labels, len(self.images), MOST_CLASSES)
        self.labels = None if labels is None else labels.astype(np.int32)
        self.batch_size = checks.whole("batch_size", batch_size, 1)
        if self.batch_size > len(self.images):
            raise ValueError(
                f"batch_size is {batch_size}, larger than the set ({len(self.images)} images)"
            )
        self._steps = len(self.images) // self.batch_size  # in a pass
        steps = self._steps if steps_per_epoch is None else steps_per_epoch
        self.steps_per_epoch = checks.whole("steps_per_epoch", steps, 1)
        self.seed = checks.whole("seed", seed, 0)
        self.prepare = _check_prepare(prepare)
        self.class_weights = class_weights
        self._odds = self._check_weights(class_weights)
        # Tensors once and for all: a graph that is traced later must not hold a copy of them.
        with tf.init_scope(), tf.device("CPU"):
            self._pixels = tf.constant(self.images)
            self._classes = None if self.labels is None else tf.constant(self.labels)
        # Tried on one image now: an error in the chain shows here, in plain words.
        _apply(self.prepare, tf.constant(self.images[:1]), self.seed % 2**31, 0, 0)

    def _check_weights(self, weights) -> np.ndarray | None:
        if weights is None:
            return None
        if self.labels is None:
            raise ValueError(f"class_weights is {checks.short(weights)}, which needs labels")
        counts = np.bincount(self.labels)
        if isinstance(weights, str):
            if weights != "balanced":
                raise ValueError(f"class_weights is {weights!r}; give 'balanced' or one a class")
            return None
        try:
            odds = np.asarray(weights, float)
            good = odds.ndim == 1 and np.isfinite(odds).all() and (odds >= 0).all() and odds.any()
        except (TypeError, ValueError):
            good = False
        if not good:
            raise ValueError(
                f"class_weights is {checks.short(weights)}; give numbers >= 0, not all 0"
            )
        if len(odds) < len(counts):
            raise ValueError(
                f"class_weights holds {len(odds)}; labels go up to {len(counts) - 1}: give one "
                f"for each of the {len(counts)} classes from 0 on"
            )
        counts = np.bincount(self.labels, minlength=len(odds))
        if (empty := np.flatnonzero((odds > 0) & (counts == 0))).size:
            raise ValueError(f"class_weights has one for class {empty[0]}, which has no images")
        return odds / odds.sum()

    def __len__(self) -> int:
        return self.steps_per_epoch

    def __iter__(self) -> Iterator:
        return iter(self.from_epoch(0).take(len(self)))

    def order(self, epoch: int) -> np.ndarray:
        """Which images make up the batches of one epoch: int32 [steps, batch_size]."""
        start, steps = int(epoch) * len(self), self._steps
        passes = range(start // steps, (start + len(self) - 1) // steps + 1)
        rows = np.concatenate([self._pass(number) for number in passes])
        return rows[start % steps :][: len(self)]

    def _pass(self, number):
        """The batches of one pass over the set."""
        rng = np.random.default_rng([self.seed, number])
        shape = (self._steps, self.batch_size)
        slots = self._steps * self.batch_size
        if self.class_weights is None:
            return rng.permutation(len(self.images))[:slots].reshape(shape).astype(np.int32)
        if self._odds is None:  # Balanced: the classes in turn, so that no batch is uneven.
            classes = np.resize(rng.permutation(np.unique(self.labels)), slots)
        else:
            classes = rng.choice(len(self._odds), slots, p=self._odds)
        chosen = np.empty(slots, np.int32)
        for c in np.unique(classes):
            mine, where = np.flatnonzero(self.labels == c), np.flatnonzero(classes == c)
            passes = -(-len(where) // len(mine))
            drawn = np.concatenate([rng.permutation(mine) for _ in range(passes)])
            chosen[where] = drawn[: len(where)]
        return rng.permuted(chosen.reshape(shape), axis=1)

    def from_epoch(self, epoch: int = 0) -> tf.data.Dataset:
        """Endless batches x, or (x, y) with int32 y, from the start of the given epoch on."""
        if not tf.is_tensor(epoch):
            epoch = checks.whole("epoch", epoch, 0)
        steps, size = len(self), self.batch_size
        images, labels = self._pixels, self._classes

        def one_epoch(e):
            order = tf.numpy_function(self.order, [e], tf.int32, stateful=False)
            order = tf.ensure_shape(order, [steps, size])
            rows = tf.data.Dataset.from_tensor_slices((order, tf.range(steps)))
            return rows.map(lambda index, step: (index, e, step))

        def batch(index, e, step):
            x = _apply(self.prepare, tf.gather(images, index), self.seed % 2**31, e, step)
            return x if labels is None else (x, tf.gather(labels, index))

        epochs = tf.data.Dataset.range(epoch, np.iinfo(np.int64).max)
        return epochs.flat_map(without_autograph(one_epoch)).map(without_autograph(batch)).prefetch(2)


class StreamBatches:
    """The same for a stream: a finite tf.data.Dataset of uint8 images or (image, label).

    Transforms work on one image at a time, so images of many sizes are fine as long as `prepare`
    makes them one size.  The shuffle mixes `shuffle` images at a time.  steps_per_epoch may be
    left out where the stream knows its length.

    Limits: no class weights, and `exact_resume` is False: each epoch starts anew from the
    stream's beginning with its own (seed, epoch) shuffle, so an epoch repeats exactly only if
    the stream itself gives the same images in the same order, which we cannot see.
    """

    exact_resume = False

    def __init__(
        self,
        stream: tf.data.Dataset,
        *,
        batch_size: int,
        steps_per_epoch: int | None = None,
        seed: int = 0,
        prepare: Sequence[Callable] = (scale(),),
        shuffle: int = 2000,
    ):
        if not isinstance(stream, tf.data.Dataset):
            kind = type(stream).__name__
            raise ValueError(f"stream is a {kind}; give a tf.data.Dataset, or use Batches")
        self.batch_size = checks.whole("batch_size", batch_size, 1)
        self.seed = checks.whole("seed", seed, 0)
        self.shuffle = checks.whole("shuffle", shuffle, 1)
        self.prepare = _check_prepare(prepare)
        spec = stream.element_spec
        self.labelled = isinstance(spec, tuple) and len(spec) == 2
        image = spec[0] if self.labelled else spec
        if not isinstance(image, tf.TensorSpec) or image.dtype != tf.uint8:
            raise ValueError(f"stream must give uint8 images or (image, label), got {spec}")
        if image.shape.rank != 3:
            raise ValueError(f"stream must give single images [H, W, C], got {image.shape}")
        _check_not_empty(stream)
        count = stream.cardinality().numpy()
        if steps_per_epoch is None:
            if count < 0:
                raise ValueError("the stream does not know its length: give steps_per_epoch")
            steps_per_epoch = int(count) // self.batch_size
            if not steps_per_epoch:
                raise ValueError(f"batch_size is {batch_size}, larger than the set ({count})")
        self.steps_per_epoch = checks.whole("steps_per_epoch", steps_per_epoch, 1)
        self.stream = stream
        shape = tf.nest.flatten(self.from_epoch(0).element_spec)[0].shape
        if not shape.is_fully_defined():
            raise ValueError(f"prepare leaves batches of {shape}: put resize(size) into it")

    def __len__(self) -> int:
        return self.steps_per_epoch

    def __iter__(self) -> Iterator:
        with one_line("the stream failed"):
            yield from self.from_epoch(0).take(len(self))

    def from_epoch(self, epoch: int = 0) -> tf.data.Dataset:
        """Endless batches x, or (x, y) with int32 y, from the start of the given epoch on."""
        if not tf.is_tensor(epoch):
            epoch = checks.whole("epoch", epoch, 0)
        wanted = self.steps_per_epoch * self.batch_size

        def one_epoch(e):
            # In this graph alone: or a seed set for all of TensorFlow would decide too, and a
            # seed 0 set so would be compared with ours, which is a tensor (an error).
            tf.compat.v1.set_random_seed(GRAPH_SEED)
            # repeat(): an epoch may be asked to be longer than the stream.
            mixed = self.stream.shuffle(self.shuffle, seed=e * 1_000_003 + self.seed).repeat()
            return mixed.enumerate().map(lambda i, example: (e, i, example)).take(wanted)

        def prepared(e, i, example):
            x, *y = example if self.labelled else (example,)
            x = _apply(self.prepare, x, self.seed % 2**31, e, i)
            return (x, tf.cast(y[0], tf.int32)) if y else x

        epochs = tf.data.Dataset.range(epoch, np.iinfo(np.int64).max)
        out = epochs.flat_map(without_autograph(one_epoch))
        out = out.map(without_autograph(prepared), num_parallel_calls=tf.data.AUTOTUNE)
        return out.batch(self.batch_size, drop_remainder=True).prefetch(2)


def _check_not_empty(stream):
    """An empty stream would be searched for its first image for ever."""
    with one_line("stream fails at its first image"):
        if next(iter(stream.take(1)), None) is None:
            raise ValueError("stream is empty; give at least one image")


@contextlib.contextmanager
def one_line(what):
    """What TensorFlow says of data that fail in here, as a ValueError of one line."""
    try:
        yield
    except tf.errors.OpError as error:
        raise ValueError(f"{what}: {first_line(error)}") from None


def first_line(error):
    """What went wrong in a stream, without what TensorFlow says of its own graph."""
    said = str(error.message or error).split("Traceback (most recent")[0]
    said = re.sub(r"\{\{.*?\}\}|\[\[.*?\]\]|\[Op:.*?\]", "", said)
    said = re.sub(r"Error in user-defined function .* iterator: \S+: |\(\d\) [A-Z_]+: ", "", said)
    graph = ("Graph execution error", "Detected at node", "<stack traces", "File ", "2 root error")
    lines = [line.strip() for line in said.splitlines()]
    lines = [line for line in lines if line and not line.startswith(graph)]
    return lines[0] if lines else type(error).__name__


def make_batches(data: Data, **options) -> Batches | StreamBatches:
    """`Batches` or `StreamBatches`, whichever what `load` gave needs; options go to it."""
    if isinstance(data.images, tf.data.Dataset):
        return StreamBatches(data.images, **options)
    return Batches(data.images, data.labels, **options)
