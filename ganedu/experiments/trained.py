"""A GAN that comes with the package, trained: for lessons that use one and train none.

    gan = trained.load("faces")
    images = gan.sample(64, seed=0)

Its generator is the averaged one of a standard run, `python -m tools.pack_gan` packs it; what it was
trained on, with which seed and versions, is in `assets/gans.json`.
"""

import json
from functools import cache

import numpy as np

from .. import checks
from ..gan import GAN
from ..measures.readers import ASSETS, hash_of_weights
from . import recipes

NAMES = ("faces",)


def load(name):
    """A trained `GAN`, not compiled; the same object each time it is asked for.

    Args:
        name: "faces": 32x32, in colour, the recipe of that name at standard scale.

    Raises:
        ValueError: there is none of that name.
        OSError: its file is gone, or its weights are not the ones that `assets/gans.json` names.
    """
    return _load(ASSETS, checks.choice("name", name, NAMES))


@cache
def _load(folder, name):
    path, cure = folder / f"{name}_gan.npz", "install ganedu again"
    about = json.loads((folder / "gans.json").read_text("utf-8"))[name]
    recipe = recipes.get(name, "standard")
    generator, discriminator = recipe.build_networks(about["seed"])
    try:
        with np.load(path) as file:
            weights = [file[key].astype(np.float32) for key in sorted(file.files)]
        n = len(generator.weights)
        generator.set_weights(weights[:n])
        discriminator.set_weights(weights[n:])
        whole = hash_of_weights(weights) == about["sha256"]
    except Exception:  # half a zip, another number of weights, other shapes
        whole = False
    if not whole:
        raise OSError(f"{path} is missing or damaged (its weights are not the ones recorded): {cure}")
    config = recipe.generator
    return GAN(generator, discriminator, config.latent_distribution, about["seed"], ema=0.0)


def save(gan, path):
    """Writes the averaged generator's weights and D's, rounded to float16; returns their hash.

    Raises:
        ValueError: a weight is too large for float16.
    """
    weights = [*gan.ema_generator.get_weights(), *gan.discriminator.get_weights()]
    with np.errstate(over="ignore"):  # looked for in the next line
        halves = [w.astype(np.float16) for w in weights]
    if not all(np.isfinite(w).all() for w in halves):
        raise ValueError("gan has weights beyond float16's 65,504; nothing was written")
    np.savez(path, **{f"{i:02d}": w for i, w in enumerate(halves)})
    return hash_of_weights([w.astype(np.float32) for w in halves])
