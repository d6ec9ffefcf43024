"""The clinic while a training runs: a callback that warns, and may stop or go back."""

import keras
import numpy as np

from .. import checks
from .diagnosis import Diagnosis
from .evidence import gather

PROGRESS = 0.9  # a healthy run's distance of clothes: 0.53, 0.35, 0.30 after three epochs


class EarlyWarning(keras.callbacks.Callback):
    """Says once of each sick state that the training is in it, and what to try.

        gan.fit(batches, epochs=20, callbacks=[EarlyWarning(x, y, stop=True, restore_best=True)])

    At the start all GANs look sick: the images of an untrained generator are all alike.  So a
    state must show at `patience` looks in a row, unless it is one that passes by no luck (NaN,
    wrong pixels); and of what an untrained generator has anyway, looks count only while the images
    come no nearer to real ones: by a tenth of `Evidence.distance`, since the nearest look.

    Args:
        x, y, unseen, reader, n, seed: as `evidence.gather` takes them.
        every: epochs between two looks; a look takes a second or so.
        patience: looks.
        stop: ends the training at the first warning.
        restore_best: when it stops, GAN and optimizers go back to the look at which the images
            were nearest to real ones (`Evidence.distance`).
        say: what to do with a warning, a line.

    Attributes:
        warned: (epoch, name of the state) pairs.
        looks: epoch -> `Evidence`.

    Raises:
        ValueError: an argument is none of the above.
    """

    def __init__(
        self, x, y=None, unseen=None, reader=None, every=1, patience=2, stop=False,
        restore_best=False, n=500, seed=0, say=print,
    ):  # fmt: skip
        super().__init__()
        if restore_best and not stop:
            raise ValueError("restore_best is True, but stop is not; a training that goes on stays")
        self.given = {"x": x, "y": y, "unseen": unseen, "reader": reader, "n": n, "seed": seed}
        self.every, self.patience = checks.whole("every", every, 1), checks.whole("patience", patience, 1)
        self.stop, self.restore_best, self.say = stop, restore_best, say

    def on_train_begin(self, logs=None):
        self.warned, self.looks, self._history, self._in_a_row = [], {}, [], {}
        self._best, self._nearest = None, np.inf

    def on_epoch_end(self, epoch, logs=None):
        self._history.append({name: float(value) for name, value in (logs or {}).items()})
        if (epoch + 1) % self.every:
            return
        evidence = gather(self.model, **self.given, history=self._history)
        self.looks[epoch + 1] = evidence
        self._keep_best(epoch + 1, evidence.distance)
        found = {f.state.name: f for f in Diagnosis.of(evidence).found}
        nearer = evidence.distance < PROGRESS * self._nearest
        self._nearest = np.fmin(self._nearest, evidence.distance)
        self._in_a_row = {
            name: 0 if nearer and f.state.early else self._in_a_row.get(name, 0) + 1
            for name, f in found.items()
        }
        known = {name for _, name in self.warned}
        for name, (state, seen) in found.items():
            due = state.at_once or self._in_a_row[name] >= self.patience
            if due and name not in known:
                self.warned.append((epoch + 1, name))
                self.say(f"epoch {epoch + 1}: {name}: {seen}. Try: {state.try_next[0]}")
        if self.stop and self.warned:
            self.model.stop_training = True
            self._go_back(epoch + 1)

    def _keep_best(self, epoch, distance):
        if self.restore_best and np.isfinite(distance) and (not self._best or distance < self._best[1]):
            kept = {name: v.numpy() for name, v in self.model.state().items()}
            self._best = epoch, distance, kept

    def _go_back(self, epoch):
        if not self._best:
            self.say(f"epoch {epoch}: stopped" + ", no epoch to go back to" * self.restore_best)
            return
        best, _, kept = self._best
        for name, variable in self.model.state().items():
            variable.assign(kept[name])
        self.say(f"epoch {epoch}: stopped, and back to epoch {best}")
