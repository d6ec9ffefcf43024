"""Make the film of the first page, book/images/digits.gif: a GAN learns to write.

    python -m tools.welcome_film

Trains the recipe `digits` at quick scale with seed 0, as `python -m ganedu train digits` does, and
draws the same 32 latents more often at the start, where most happens.  In 16 greys the film is
small enough for a first page.
"""

from pathlib import Path

import numpy as np

from ganedu import data, pictures
from ganedu.experiments import callbacks, precision, recipes

FILM = Path(__file__).resolve().parents[1] / "book" / "images" / "digits.gif"
# Multiples of 8: so many steps run between two calls of a callback.
STEPS = (8, 16, 24, 32, 48, 64, 88, 120, 160, 216, 296, 400, 536, 720, 936)
GREYS = 16


class Frames(callbacks.SampleSheets):
    """Sheets before training and after the steps of STEPS, in memory."""

    def on_train_batch_end(self, batch, logs=None):
        if batch + 1 in STEPS:
            self._draw(0, batch + 1)

    def on_epoch_end(self, epoch, logs=None):
        pass


def film(steps=STEPS):
    """The film's sheets, uint8 [H, W, 1], in few greys."""
    recipe = recipes.get("digits", "quick")
    gan = recipe.build(0, precision.choose())
    images = data.load(recipe.data).images
    batches = data.Batches(images, batch_size=recipe.batch_size, seed=0)
    frames = Frames(n=32)
    gan.fit(batches.from_epoch(0), steps_per_epoch=steps[-1], callbacks=[frames])
    step = 255 / (GREYS - 1)
    return [np.uint8(np.round(np.round(sheet / step) * step)) for sheet in frames.sheets]


if __name__ == "__main__":
    pictures.save_gif(FILM, film())
    print(f"{FILM}: {FILM.stat().st_size / 1000:.0f} kB")
