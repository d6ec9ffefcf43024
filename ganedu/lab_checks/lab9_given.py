"""What lab 9 is given: a trained GAN of faces and its reader, a sheet of 64, a colleague's choice."""

from functools import cache

import numpy as np

from ..data import load
from ..data.faces import ATTRIBUTES as NAMES
from ..experiments import trained
from ..measures import readers
from .common import Wrong, brief

SIZE = 100  # numbers in a latent
SHEET = 64  # faces on the sheet
GROUPS = {
    "a": {"smile": True, "beard": False}, "b": {"smile": False, "beard": False}, "c": {"smile": False, "beard": True},
}  # fmt: skip
HIDDEN = 7  # what a colleague's smiling faces have in common: a column of NAMES


def guessed(guesses, what):
    """What was guessed for `what`, in words: whatever stands in the notebook's cell."""
    found = guesses.get(what) if isinstance(guesses, dict) else guesses
    return "nothing" if found is None or isinstance(found, list) and not found else str(found)


def task_3_first(found):
    """Stops in one line where Task 3 has left nothing to look at."""
    if found is None:
        raise Wrong("there is nothing to look at yet: run Task 3 first, to its last cell")


# ------------------------------------------------------------------ faces and what they have


def latents(n, seed):
    """n latents of a seed, [n, 100], each number from N(0, 1)."""
    return np.asarray(trained.load("faces").latents(n, seed))


def sheet_latents():
    """The latents of the 64 numbered faces, [64, 100]."""
    return latents(SHEET, 9)


def faces_of(z):
    """The faces that the trained generator makes of latents [N, 100]: [N, 32, 32, 3], from 0 to 1."""
    return (_images(z) + 1) / 2


def read(z):
    """What a network reads in the faces of latents [N, 100]: probabilities [N, 10], a column a name of NAMES."""
    return readers.load("faces").probabilities(_images(z))


def _checked(z):
    found = np.asarray(z if not isinstance(z, list | tuple) else None)
    if found.shape[1:] != (SIZE,) or found.dtype.kind not in "fiu" or not len(found):
        raise Wrong(f"latents are one array [N, {SIZE}] of numbers, and here is {brief(z)}: run the check of the "
                    "function that it comes from")
    if not np.isfinite(found).all():
        raise Wrong("there is a latent with NaN or infinity in it: run the check of the function that it comes from")
    return found.astype(np.float32)


def _images(z):
    return np.asarray(trained.load("faces").images_from(_checked(z)))


@cache
def sheet_read():
    """What is read in the sheet's faces, [64, 10]."""
    return read(sheet_latents())


def of_length(z, length):
    """Latents [N, 100], each made so long, its direction kept."""
    z = _checked(z)
    return z * (length / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-9))


def around(z, n=9, scale=0.25):
    """z [100] in the middle of n latents near it, each number moved by one from U(-0.25, 0.25)."""
    moved = np.random.default_rng(0).uniform(-scale, scale, (n, SIZE))
    moved[n // 2] = 0
    return np.asarray(z) + moved


def drawn_faces():
    """Drawings of the kind that taught the GAN: seven of group a, then of b, then of c, [21, 32, 32, 3]."""
    faces, rows = load("faces", size=32, crop=0.7, n=200, seed=3), []
    for wanted in GROUPS.values():
        right = [faces.attributes[:, NAMES.index(name)] == has for name, has in wanted.items()]
        rows.append(np.flatnonzero(np.all(right, axis=0))[:7])
    return faces.images[np.concatenate(rows)] / 255


def tiled(images, columns):
    """Images [N, H, W, 3] beside and below each other, one picture, with a white line around each."""
    n, height, width, _ = images.shape
    rows = -(-n // columns)
    picture = np.ones((rows * (height + 2), columns * (width + 2), 3))
    for i, image in enumerate(images):
        top, left = i // columns * (height + 2) + 1, i % columns * (width + 2) + 1
        picture[top : top + height, left : left + width] = image
    return picture


# ------------------------------------------------------------------ what is counted


def triples(fit, n, k):
    """Row numbers of the first n k faces of each group, or of as many k's as all groups have; `fit` is name -> mask."""
    rows, taken = {}, 0
    for name, mask in fit.items():
        mask = mask if isinstance(mask, np.ndarray) else np.zeros(0)
        if mask.dtype.kind != "b" or mask.ndim != 1:
            raise Wrong("fits gives no array of True and False, one a face: see its check")
        rows[name], taken = np.flatnonzero(mask), taken + mask
        if len(rows[name]) < 2 * k:
            raise Wrong(f"fits finds {len(rows[name]) or 'no'} face{'s' * (len(rows[name]) > 1)} of group {name}: see "
                        "its check")
    if (taken > 1).any():
        raise Wrong("fits puts one face in two groups: see its check")
    n = min(n, *(len(found) // k for found in rows.values()))
    return [found[: n * k] for found in rows.values()]


def stated(target):
    """What a sum should have, if it says anything."""
    if not isinstance(target, dict) or not target:
        raise Wrong(f"expected gives {brief(target) if target else 'an empty dictionary'}: see its check")
    return target


# ------------------------------------------------------------------ a colleague's choice


def colleagues(z, p, n=40):
    """Whom a colleague took for a direction: (latents, has), n that smile and n that do not.

    p is what was read in z.
    """
    smiles, other = (p[:, i] > 0.5 for i in (NAMES.index("smile"), HIDDEN))
    yes, no = np.flatnonzero(smiles & other)[:n], np.flatnonzero(~smiles & ~other)[:n]
    return z[np.concatenate([yes, no])], np.arange(len(yes) + len(no)) < len(yes)
