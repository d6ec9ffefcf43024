"""A test set that each experiment may look at once: `HeldOut`.

    test = HeldOut(images, labels)
    test.look("1,000 real digits, seed 0", classifier).overall
    test.look("1,000 real digits, seed 0", classifier)  # SecondLook

Whoever looks again after a change, and keeps what was better, has begun to train on the test set;
the number that comes out is no longer that of unseen images.  What is tried on the way belongs on
a slice of the training data.  Claim B-once: a report had to throw its early results away because
it looked more than once, and because looking changed its classifier.
"""

import hashlib

import keras
import numpy as np

from .. import checks
from .formulas import success_rate


class SecondLook(RuntimeError):
    """An experiment asked for the test set again."""


class HeldOut:
    """Test images that give one answer for each experiment, and remember each that they gave.

    Args:
        images: float [N, H, W, C] in [-1, 1].
        labels: whole numbers from 0, [N].

    Attributes:
        looks: what was looked at so far, in order: a dict each, with the name of the experiment,
            the `accuracy`, and the first 12 digits of the SHA-256 of the classifier's `weights`.

    Raises:
        ValueError: images or labels that are none.
    """

    def __init__(self, images, labels):
        self._images = checks.images("images", images, real=True)
        self._labels = checks.labels("labels", labels, len(self._images))
        self._looks = {}

    def __len__(self):
        return len(self._images)

    def __repr__(self):
        return f"HeldOut({len(self)} images, {len(self._looks)} looks)"

    @property
    def looks(self):
        return [{"experiment": name, **found} for name, found in self._looks.items()]

    def look(self, experiment, classifier, batch_size=500):
        """How many of the images a finished classifier reads right.

        Its weights are the same afterwards, bit for bit: the images go through it in inference mode,
        and if anything changed nonetheless, the old weights are put back and the look is refused.

        Args:
            experiment: its name; a fair one says all that sets it apart, the seed too.
            classifier: Keras model, images [N, H, W, C] -> logits or probabilities [N, K].
            batch_size: how many images go through at a time.

        Returns:
            A `formulas.Success`: overall, per class, and who was taken for whom.

        Raises:
            SecondLook: this experiment has had its look, if only one that broke off half-way.
            ValueError: an experiment without a name, or no classifier of such images.
            RuntimeError: the classifier changed while it was looking.
        """
        if not isinstance(experiment, str) or not experiment.strip():
            raise ValueError(f"experiment is {checks.short(experiment)}; give it a name, a text")
        if not isinstance(classifier, keras.Model):
            raise ValueError(f"classifier is {checks.short(classifier)}; give a Keras model")
        if experiment in self._looks:
            then = self._looks[experiment]["accuracy"]
            seen = "and broke off" if then is None else f"and read {then:.4f} of them right"
            raise SecondLook(
                f"experiment {experiment!r} has looked at these images already, {seen}; a new "
                "experiment needs a new name, and what you try on the way a slice of the training data"
            )
        checks.whole("batch_size", batch_size, 1)
        variables = classifier.variables
        before = [np.copy(np.asarray(v)) for v in variables]
        found = self._looks[experiment] = {"accuracy": None, "weights": _hash(before)}
        parts = [
            classifier(self._images[i : i + batch_size], training=False)
            for i in range(0, len(self), batch_size)
        ]
        changed = [v for v, old in zip(variables, before, strict=True)
                   if np.asarray(v).tobytes() != old.tobytes()]  # fmt: skip
        for variable, old in zip(variables, before, strict=True):
            if any(variable is v for v in changed):
                variable.assign(old)
        if changed:
            raise RuntimeError(
                f"classifier changed while it was looking ({changed[0].path}); it is as before now, "
                "and the look is not counted as a result: in inference mode nothing may learn"
            )
        result = success_rate(np.concatenate([np.asarray(part) for part in parts]), self._labels)
        found["accuracy"] = result.overall
        return result


def _hash(arrays):
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.shape}{array.dtype}".encode() + array.tobytes())
    return digest.hexdigest()[:12]
