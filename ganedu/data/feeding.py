"""The last door before training: what `GAN.fit` and `GAN.evaluate` are given, checked.

Training data come as `Batches`, as a tf.data.Dataset or an iterator of batches, or as arrays.
Arrays are checked whole.  Of a stream the first batch is, before the first step; what comes later
is checked on its way, beside the training, since a label that is out of range would train a
generator on zeros without a word.
"""

import itertools
import re
from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from .. import checks
from .batches import first_line, one_line

LATER = "in the middle of training, "


class Feed:
    """What a GAN takes: images of one shape in [-1, 1] and, with classes, labels 0 to classes - 1."""

    def __init__(self, shape, classes):
        self.shape, self.classes = tuple(shape), classes
        self._good = None  # the Batches that were checked last: most are fitted many times

    def check(self, x, y, of=""):
        """Images as float32 and labels as int32 arrays (None without classes)."""
        x = checks.images(f"x{of}", x, self.shape, real=True)
        if self.classes:
            y = checks.labels(f"y{of}", y, len(x), self.classes).astype("int32")
        return x, y if self.classes else None

    def training(self, x, y, epoch):
        """(x, y) as Keras's `fit` takes them.

        epoch: a variable that holds the number of the epoch; `Batches` start theirs by it.
        """
        if x is None:
            raise ValueError("x is None; give data.Batches, a tf.data.Dataset, or images")
        if not hasattr(x, "from_epoch") and not isinstance(x, tf.data.Dataset | Iterator):
            if isinstance(x, keras.utils.PyDataset):
                self.check_first(x[0])
                return x, y
            if not arrays(x):
                return x, y  # what Keras makes of it
            return self.check(x, y)
        if y is not None:
            raise ValueError(f"y is given beside {checks.short(x)}, which must hold it: (x, y)")
        if isinstance(x, Iterator):
            return self._checked_batches(x), None
        if hasattr(x, "from_epoch"):
            return self._epochs(x, epoch), None
        self.check_first(_first(x))
        return self._checked_stream(x), None

    def _epochs(self, batches, epoch):
        steps = len(batches)
        stream = tf.data.Dataset.from_tensors(0)
        stream = stream.flat_map(lambda _: batches.from_epoch(epoch).take(steps))
        stream = stream.apply(tf.data.experimental.assert_cardinality(steps))
        if batches is not self._good:
            self.check_first(_first(stream))
        if getattr(batches, "labels", None) is None:
            return self._checked_stream(stream)
        if self.classes:  # in memory: all of them now
            checks.labels("y", batches.labels, len(batches.labels), self.classes)
        self._good = batches
        return stream

    def check_first(self, batch):
        if batch is None:
            raise ValueError("x is empty; give at least one batch")
        self.check(*unpack(batch))

    def _checked_batches(self, iterator):
        """A generator of tuples, which Keras wants, out of an iterator of anything."""
        first = next(iterator, None)
        self.check_first(first)

        def batches():
            for i, batch in enumerate(itertools.chain([first], iterator)):
                try:
                    x, y = self.check(*unpack(batch))
                except ValueError as error:
                    raise ValueError(f"{LATER if i else ''}{error}") from None
                yield (x, y) if self.classes else (x,)

        return batches()

    def _checked_stream(self, stream):
        """The stream with a check in it that stops training; beside the steps, not in them."""

        def check(*batch):
            x, y = unpack(batch)
            low, high = tf.reduce_min(x), tf.reduce_max(x)
            wrong = [f"{LATER}x has pixels from", low, "to", high, f"; {checks.SCALE}"]
            # Written so, it refuses NaN too.
            asserts = [tf.debugging.Assert((low >= -1.001) & (high <= 1.001), wrong)]
            if self.classes:
                low, high = tf.reduce_min(y), tf.reduce_max(y)
                wrong = [f"{LATER}y holds", low, "to", high,
                         f"; give whole numbers from 0 to {self.classes - 1}"]  # fmt: skip
                asserts.append(tf.debugging.Assert((low >= 0) & (high < self.classes), wrong))
            with tf.control_dependencies(asserts):
                x = tf.identity(x)
            return (x, y) if self.classes else x

        return stream.map(tf.autograph.experimental.do_not_convert(check)).prefetch(2)

    def validation(self, data, batch_size=None, steps=None):
        """Arrays (x, y) of everything in the validation data, or of so many batches of it."""
        of = " of the validation data"
        x, y = unpack(data) if isinstance(data, tuple) else (data, None)
        if hasattr(x, "from_epoch"):
            x = x.from_epoch(0).take(min(steps or len(x), len(x)))
        elif isinstance(x, keras.utils.PyDataset):
            x = map(x.__getitem__, range(min(steps or len(x), len(x))))
        elif isinstance(x, tf.data.Dataset | Iterator):
            endless = isinstance(x, Iterator) or x.cardinality() == tf.data.INFINITE_CARDINALITY
            if endless and not steps:
                raise ValueError(
                    "the validation data may have no end; say how many batches: validation_steps "
                    "in fit, steps in evaluate"
                )
            x = itertools.islice(iter(x), steps)
        elif arrays(x):
            n = steps and steps * (batch_size or 32)
            return self.check(
                x if n is None else x[:n], y if y is None or n is None else y[:n], of
            )
        else:
            raise ValueError(
                f"the validation data are {checks.short(x)}; give images, (images, labels), "
                "data.Batches or a tf.data.Dataset of batches"
            )
        with one_line(f"x{of} failed"):
            parts = [[p for p in unpack(batch) if p is not None] for batch in x]
        if not parts:
            raise ValueError("the validation data are empty; give at least one batch")
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        return self.check(*columns, *[None] * (2 - len(columns)), of)


def _first(stream):
    with one_line("x fails at its first batch"):
        return next(iter(stream.take(1)), None)


def arrays(x):
    """Whether x is an array, or a list that can be one."""
    if isinstance(x, tuple):
        raise ValueError(f"x is a tuple of {len(x)}; give images and labels apart: fit(x, y)")
    return isinstance(x, list) or (hasattr(x, "shape") and hasattr(x, "dtype"))


def unpack(batch):
    """Images and labels (or None) of a batch."""
    if isinstance(batch, dict):
        raise ValueError(
            f"a batch is a dict of {', '.join(map(repr, batch))}; give (x, y) or x"
        )
    x, y, weights = keras.utils.unpack_x_y_sample_weight(batch)
    no_weights(weights)
    return x, y


def no_weights(weights, name="sample_weight"):
    """A GAN's losses are means over a batch: no image weighs more than another."""
    if weights is not None:
        raise ValueError(
            f"{name} is {checks.short(weights)}; a GAN has no use for it: data.Batches takes "
            "class_weights"
        )


def refusal(error):
    """What a check on the way, or the data themselves, had to say: a ValueError of one line.

    Out of TensorFlow's report of it; None where that is about something else.
    """
    said = re.search(rf"{LATER}[^\n]*", str(error))
    if said is None:
        failed = "IteratorGetNext" in str(error)
        return ValueError(f"{LATER}the data failed: {first_line(error)}") if failed else None
    line = said[0]
    if "] [" in line:  # as tf.debugging.Assert writes it: [words] [value] [words]
        line = line.removesuffix("]").replace("] [", " ").replace(" ;", ";")
    return ValueError(line)
