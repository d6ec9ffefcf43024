"""How a GAN is fitted and evaluated: Keras's ways, with data checked and measures told.

On the way to `GAN.train_step` a batch passes `ganedu.data.feeding`, then Keras's own loop.
"""

import keras
import numpy as np
import tensorflow as tf

from . import checks
from .data import feeding


class Fitted:
    """What `GAN` has of it."""

    def fit(
        self, x=None, y=None, batch_size=None, epochs=1, verbose="auto", callbacks=None,
        validation_split=0.0, validation_data=None, initial_epoch=0, **kwargs,
    ):  # fmt: skip
        """Keras's `fit`.

        x is `ganedu.data.Batches` (each epoch's order depends on its seed and the epoch alone,
        so training can be stopped and resumed exactly), a tf.data.Dataset or an iterator of
        batches, or an array of images [N, H, W, C] in [-1, 1].  A conditional GAN needs batches
        (x, y), or an array of labels y.  `validation_data` is any of these too: after each epoch
        the measures that `compile` was given are in the logs as val_*.

        Raises:
            ValueError: if the images are not of the discriminator's shape, leave [-1, 1], or
                are not numbers; if labels are missing or out of range, at the start or later.
        """
        self._must_be_compiled("fit")
        feeding.no_weights(kwargs.get("sample_weight"))
        feeding.no_weights(kwargs.get("class_weight"), "class_weight")
        checks.whole("epochs", epochs)
        if validation_split and not feeding.arrays(x):
            raise ValueError(
                f"validation_split is {validation_split}, but x is {checks.short(x)}; it needs "
                "arrays: give validation_data"
            )
        if validation_data is not None:
            steps = kwargs.pop("validation_steps", None)
            size = kwargs.get("validation_batch_size") or batch_size
            validation_data = self._feed.validation(validation_data, size, steps)
        if validation_split or validation_data is not None:
            self._must_have_measures()
        epoch = tf.Variable(initial_epoch, dtype="int64", trainable=False)
        x, y = self._feed.training(x, y, epoch)
        if not isinstance(x, np.ndarray):
            kwargs.setdefault("shuffle", False)  # a stream's order is its own
        callbacks = keras.tree.flatten(getattr(callbacks, "callbacks", callbacks or []))
        self._direct(callbacks)
        follow = keras.callbacks.LambdaCallback(on_epoch_begin=lambda e, _: epoch.assign(e))
        try:
            return super().fit(
                x, y, batch_size, epochs, verbose, [follow, *callbacks], validation_split,
                validation_data, initial_epoch=initial_epoch, **kwargs,
            )  # fmt: skip
        except tf.errors.OpError as error:
            refusal = feeding.refusal(error)
            if refusal is None:
                raise
            raise refusal from None

    def train_on_batch(self, x, y=None, **kwargs):
        """Keras's `train_on_batch`, on images and labels that are checked as in `fit`."""
        self._must_be_compiled("train_on_batch")
        feeding.no_weights(kwargs.get("sample_weight"))
        x, y = self._feed.check(x, y)
        y = None if y is None else tf.constant(y)
        return super().train_on_batch(tf.constant(x), y, **kwargs)

    def _direct(self, callbacks):
        """Tells Keras's callbacks in mode "auto" whether what they watch is better low or high."""
        better = {name: "min" for name in self._means if "loss" in name}
        better |= {name: "max" for name in self._means if name.startswith("c_acc")}
        words = {"lower": "min", "higher": "max"}
        better |= {f"val_{m.name}": words[m.better] for m in self.measures}
        for callback in callbacks:
            if getattr(callback, "mode", None) == "auto":
                callback.mode = better.get(getattr(callback, "monitor", None), "auto")

    def evaluate(
        self, x=None, y=None, batch_size=None, verbose=0, sample_weight=None, steps=None,
        callbacks=None, return_dict=True, _use_cached_eval_dataset=False,
    ):  # fmt: skip
        """The measures of the averaged generator against real images, by name.

        It makes as many images as x holds, always of the same latents and, where the GAN is
        conditional, for the labels y.  NaN for every measure if the images are not all finite.

        Args:
            x, y: as in `fit`; of batches all are taken, or so many as `steps` says.
            batch_size: of arrays, where `steps` is given.
            return_dict: False gives a list, in the order of `compile`.

        Raises:
            ValueError: as `fit`; if `compile` was given no measures.
        """
        self._must_be_compiled("evaluate")
        self._must_have_measures()
        if not _use_cached_eval_dataset:  # Keras's fit has it from ours, which has checked it
            x, y = self._feed.validation((x, y, sample_weight), batch_size, steps)
        if not isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks = keras.callbacks.CallbackList(callbacks, model=self)
        callbacks.on_test_begin()
        x_fake = self.images_from(self.latents(len(x), self.seed), y)
        finite = np.isfinite(x_fake).all()
        logs = {m.name: float(m(x, x_fake, y)) if finite else np.nan for m in self.measures}
        callbacks.on_test_end(logs)
        return logs if return_dict else list(logs.values())

    def _must_be_compiled(self, what):
        if not self.compiled:
            raise ValueError(f"{what} needs a compiled GAN: call gan.compile(...) first")

    def _must_have_measures(self):
        if not self.measures:
            raise ValueError("validation needs measures: gan.compile(..., measures=[...])")
