"""What watches a training: sheets, film, progress, metrics and checkpoints.

Ordinary Keras callbacks; use them alone in a notebook, or let `trainer.train` put them
together in a run folder.
"""

import json
import sys
import time
from pathlib import Path

import keras
import numpy as np

from .. import checks, files, pictures
from ..networks.layers import Fading


class SampleSheets(keras.callbacks.Callback):
    """Draws images of the same latents before training, and then as it goes (claim A-callback).

    The sheet of a conditional GAN has a row for each class.

    Args:
        folder: where the PNGs go, named by epoch and step so that they sort in time; None
            keeps them in memory only, in `.sheets`.
        n: images a sheet; a conditional GAN's has `columns` of each class instead.
        seed: of their latents.
        per_epoch: sheets an epoch; the last of each is drawn when the epoch ends.
        columns: images in a row.
    """

    def __init__(self, folder=None, n=64, seed=0, per_epoch=1, columns=8):
        super().__init__()
        self.folder = files.make_folder(folder) if folder else None
        self.n, self.seed, self.columns = n, seed, columns
        self.per_epoch = per_epoch
        self.sheets = []

    def on_train_begin(self, logs=None):
        classes = self.model.classes
        self._labels = np.repeat(np.arange(classes), self.columns) if classes else None
        self._z = self.model.latents(classes * self.columns or self.n, self.seed)
        self._epoch = 0
        if int(self.model.steps) == 0:
            self._draw(0, 0)

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch, self._done = epoch, 0

    def on_train_batch_end(self, batch, logs=None):
        steps = (self.params or {}).get("steps")
        due = self.per_epoch * (batch + 1) // steps if steps else 0
        if self._done < due < self.per_epoch:
            self._draw(self._epoch, batch + 1)
        self._done = due

    def on_epoch_end(self, epoch, logs=None):
        self._draw(epoch + 1, 0)

    def _draw(self, epoch, step):
        picture = pictures.sheet(self.model.images_from(self._z, self._labels), self.columns)
        self.sheets.append(picture)
        if self.folder:
            pictures.save_png(self.folder / f"epoch_{epoch:04d}_step_{step:06d}.png", picture)


class Film(keras.callbacks.Callback):
    """When training ends, makes a GIF and a film strip of all the sheets in a folder.

    The strip shows each sheet's first row; of a conditional GAN, one image of each class.  It
    reads the sheets from disk, so a run that was stopped and resumed has its whole film.
    """

    def __init__(self, sheets, gif, strip):
        super().__init__()
        self.sheets, self.gif, self.strip = Path(sheets), Path(gif), Path(strip)

    def on_train_end(self, logs=None):
        sheets = [pictures.load_png(p) for p in sorted(self.sheets.glob("epoch_*.png"))]
        if sheets:
            pictures.save_gif(self.gif, sheets)
            height, width = self.model.image_shape[:2]
            if self.model.classes:
                sheets = [pictures.first_column(s, height, width) for s in sheets]
            pictures.save_png(self.strip, pictures.film_strip(sheets, height))


class Progress(keras.callbacks.Callback):
    """One line that says where training is: images/s, time left, what D thinks.

    In a terminal the line renews itself; elsewhere there is one line an epoch.
    """

    def __init__(self, epochs, batch_size, out=None):
        super().__init__()
        self.epochs, self.batch_size = epochs, batch_size
        self._out = out or sys.stdout

    def on_train_begin(self, logs=None):
        self._began, self._seen, self._shown = None, 0, 0.0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch, self._step = epoch, 0

    def on_train_batch_end(self, batch, logs=None):
        # Keras counts whole executions: where these do not divide an epoch, past its end.
        now, step = time.monotonic(), min(batch + 1, (self.params or {}).get("steps") or batch + 1)
        if self._began is None:
            self._began = now  # the first steps go into tracing; do not time them
        else:
            self._seen += (step - self._step) * self.batch_size
        self._step = step
        if self._out.isatty() and now - self._shown > 0.5:
            self._shown = now
            self._write("\r" + self._line(logs))

    def on_epoch_end(self, epoch, logs=None):
        self._write(("\r" if self._out.isatty() else "") + self._line(logs) + "\n")

    def _line(self, logs):
        rate = self._seen / max(time.monotonic() - self._began, 1e-9)
        steps = (self.params or {}).get("steps") or self._step
        left = (self.epochs - self._epoch) * steps - self._step
        line = f"epoch {self._epoch + 1}/{self.epochs}  step {self._step}/{steps}"
        if self._seen:
            line += f"  {rate:,.0f} images/s  {_minutes(left * self.batch_size / rate)} left"
        if logs and "d_out_real" in logs:
            line += f"  D says real {logs['d_out_real']:.2f}, fake {logs['d_out_fake']:.2f}"
        return line.ljust(90)

    def _write(self, text):
        self._out.write(text)
        self._out.flush()


class MetricsFile(keras.callbacks.Callback):
    """Adds each epoch's metrics to a file, one JSON object a line."""

    def __init__(self, path):
        super().__init__()
        self.path = Path(path)

    def on_epoch_begin(self, epoch, logs=None):
        self._began = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        line = {"epoch": epoch + 1, "steps": int(self.model.steps)}
        line |= {name: round(float(value), 6) for name, value in (logs or {}).items()}
        line["seconds"] = round(time.monotonic() - self._began, 2)
        before = self.path.read_text() if self.path.exists() else ""
        files.write(self.path, before + json.dumps(line) + "\n")


class Diverged(RuntimeError):
    """A training whose losses or weights are not numbers any more."""


class Fade(keras.callbacks.Callback):
    """Turns D's dropout and noise down as training goes on (claim A-anneal; report A, 5.3).

        strength = max(0, 1 - done / (share * all))        of done of all steps

    Handicapped at first, D cannot leave G behind; later it sees the images as they are.

    Args:
        share: of all steps, after which nothing is left of the handicap, in (0, 1].

    Raises:
        ValueError: when training starts, if D has nothing that fades (`DiscriminatorConfig.fading`).
    """

    def __init__(self, share=0.5):
        super().__init__()
        self.share = checks.number("share", share, "(0, 1]")

    def on_train_begin(self, logs=None):
        layers = self.model.discriminator.layers
        self._strengths = [layer.strength for layer in layers if isinstance(layer, Fading)]
        if not self._strengths:
            raise ValueError(
                "the discriminator has nothing that fades; build it with fading=True, and dropout or noise"
            )

    def on_train_batch_begin(self, batch, logs=None):
        steps = self.params["steps"] * self.params["epochs"]
        left = max(0.0, 1.0 - int(self.model.steps) / (self.share * steps))
        for strength in self._strengths:
            strength.assign(left)


class StopAtNaN(keras.callbacks.Callback):
    """Ends a training that can only go on with NaN.

    Put it in front of `Checkpoints`: the last checkpoint is then of the last epoch whose weights
    were all numbers.

    Raises:
        Diverged: in one line, what is not a number, and since when.
    """

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch, self._good = epoch, 0

    def on_train_batch_end(self, batch, logs=None):
        for name in ("d_loss_real", "d_loss_fake", "g_loss"):
            value = float((logs or {}).get(name, 0.0))
            if not np.isfinite(value):
                self._stop(f"{name} is {value}", f"steps {self._good + 1} to {batch + 1}")
        self._good = batch + 1

    def on_epoch_end(self, epoch, logs=None):
        for name, variable in self.model.state().items():
            if variable.dtype.startswith("float") and not np.isfinite(variable.numpy()).all():
                self._stop(f"a weight of {name.split('/')[0]} is no number", "its end")

    def _stop(self, what, when):
        kept = f"epoch {self._epoch}" if self._epoch else "none"
        raise Diverged(
            f"{what} since epoch {self._epoch + 1}, {when}; stopped, the last good epoch is "
            f"{kept}. A smaller learning rate may help"
        )


class Checkpoints(keras.callbacks.Callback):
    """Saves the state after each epoch, and apart the state with the best metric.

    Args:
        save: function (path, epoch) that writes the model's state.
        last, best: paths.
        monitor: the metric that says which epoch is best; small is good.  Without validation
            data there is no such metric, and no best.
        best_so_far: its value before this training began, when a run goes on.
    """

    def __init__(self, save, last, best, monitor="val_frechet", best_so_far=float("inf")):
        super().__init__()
        self.save, self.last, self.best = save, last, best
        self.monitor, self.best_so_far = monitor, best_so_far

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is not None and value < self.best_so_far:
            self.best_so_far = value
            self.save(self.best, epoch + 1)
        self.save(self.last, epoch + 1)


def _minutes(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
