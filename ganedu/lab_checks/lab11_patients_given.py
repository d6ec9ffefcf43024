"""Lab 11, three live patients: tiny sick recipes, what a change of one setting makes of them."""

import hashlib
from dataclasses import replace
from functools import cache
from numbers import Integral, Real

import numpy as np

from ..clinic import Diagnosis, gather
from ..clinic.diagnosis import of_recipe
from ..experiments import patients
from ..experiments.ablations import changed
from .common import Wrong, brief, returned
from .lab5_given import fitted

RATE, SIZE, STEPS, EPOCHS, BATCH, LOOKS = 5e-3, 14, 96, 3, 32, 200
CAUSES = ("D stands still", "D is too strong", "z says too little", "classes are missing", "images are copied")
# Letter -> SHA-256 of letter and cause: who reads this file finds no answers.
SEALED = {"P": "37acf9a3", "Q": "c0f4ac80", "R": "3c0edc3a"}
SICK = {  # cause -> the setting that was changed
    "D stands still": {"d_learning_rate": 1e-6},
    "D is too strong": {"learning_rate": 3e-5},
    "z says too little": {"latent_distribution": "uniform01"},
}
NOT_A_CURE = {
    "epochs": "a longer training is not asked for: all train equally long here, and a healthy one needs no longer",
    "epoch_images": "a longer training is not asked for: all train equally long here, and a healthy one needs no longer",
    "data": "other images make another experiment; the patient keeps its own",
    "n_images": "other images make another experiment; the patient keeps its own",
    "generator": "another network is another patient, not this one cured",
    "discriminator": "another network is another patient, not this one cured",
    "filters": "another network is another patient, not this one cured",
}  # fmt: skip


def _rate(value):
    return isinstance(value, Real) and 0 < value <= 0.1


def _whole(low, high):
    return lambda value: isinstance(value, Integral) and low <= value <= high


def _between(low, high):
    return lambda value: isinstance(value, Real) and low <= value <= high


# Setting -> (what it is, its value in a healthy run, which are allowed: a test, and in words, how a recipe has it).
SETTINGS = {
    "learning_rate": ("G's learning rate", RATE, _rate, "a number above 0, at most 0.1",
                      lambda v: {"learning_rate": float(v)}),
    "d_learning_rate": ("D's learning rate", RATE, _rate, "a number above 0, at most 0.1",
                        lambda v: {"d_learning_rate": float(v)}),
    "latent_distribution": ("what z is drawn from", "normal", ("normal", "uniform", "uniform01").__contains__,
                            "'normal', 'uniform', U(-1, 1), or 'uniform01', U(0, 1)",
                            lambda v: {"g": {"latent_distribution": v}}),
    "latent_size": ("how many numbers z has", 32, _whole(1, 256), "a whole number from 1 to 256",
                    lambda v: {"g": {"latent_size": int(v)}}),
    "batch_size": ("images in a batch", BATCH, _whole(8, 64), "a whole number from 8 to 64",
                   lambda v: {"batch_size": int(v), "epoch_images": STEPS // EPOCHS * int(v)}),
    "dropout": ("share that D drops", 0.0, _between(0, 0.9), "a number from 0 to 0.9",
                lambda v: {"d": {"dropout": float(v)}}),
    "smoothing": ("D is told this of real images", 1.0, _between(0.5, 1), "a number from 0.5 to 1",
                  lambda v: {"objective": ("smoothed", float(v)) if v < 1 else "non_saturating"}),
    "minibatch_kernels": ("minibatch discrimination in D", 0, _whole(0, 50), "a whole number from 0 to 50",
                          lambda v: {"d": {"minibatch_kernels": int(v)}}),
}  # fmt: skip


@cache
def healthy():
    """A GAN of digits of 14x14 pixels that learns in a second or two, without labels: the recipe of all three."""
    base = patients.bases()["digits"]
    shared = {"image_shape": (SIZE, SIZE, 1), "kernel_sizes": 4, "strides": 2, "padding": "same"}
    return replace(
        base, data_options={"size": SIZE}, held_out=0, ema=0.0, learning_rate=RATE, d_learning_rate=RATE,
        batch_size=BATCH, epochs=EPOCHS, epoch_images=STEPS // EPOCHS * BATCH,
        generator=replace(base.generator, latent_size=32, projection=(7, 7, 24), filters=(), normalization=None,
                          init_stddev=0.03, **shared),
        discriminator=replace(base.discriminator, filters=(12, 24), **shared))  # fmt: skip


def sealed(letter, cause):
    """What stands in `SEALED` for a letter whose cause this is."""
    return hashlib.sha256(f"lab 11, {letter}: {cause}".encode()).hexdigest()[:8]


def cause_of(letter):
    """What is wrong with patient "P", "Q" or "R".

    Raises:
        Wrong: if there is no such patient.
    """
    if letter not in SEALED:
        raise Wrong(f"there is no patient {brief(letter)}; they are 'P', 'Q', 'R', and 'healthy' beside them")
    return next(cause for cause in SICK if sealed(letter, cause) == SEALED[letter])


def recipe_of(cause, cure=()):
    """The healthy recipe with the setting of that cause changed (None: as it is), then those of a cure."""
    settings = dict(SICK.get(cause, {})) | dict(cure)
    recipe = healthy()
    for name, value in settings.items():
        recipe = changed(recipe, SETTINGS[name][-1](value))
    return recipe


@cache
def _real():
    return of_recipe(healthy()) | {"unseen": None}


class Seen:
    """What is seen of a run: `evidence`, a dict; `logs`, a dict of lists; `images` [40, 14, 14, 1]; `names`."""

    def __init__(self, recipe, seed):
        gan, logs = fitted(recipe, seed)
        found = gather(gan, **_real(), history=logs, n=LOOKS)
        diagnosis = Diagnosis.of(found)
        self.evidence, self.names = found.known(), diagnosis.names
        self.words = "; ".join(f"{f.state.name} ({f.seen})" for f in diagnosis.found) or "healthy"
        self.logs = {name: [float(v) for v in values] for name, values in logs.items()}
        self.images = np.asarray(gan.sample(40, seed=seed))


_runs = {}  # a training is done once


def seen(cause, seed, cure=()):
    """What is seen of a run of that cause (None: healthy), with a cure; equal recipes are trained once."""
    recipe = recipe_of(cause, cure)
    key = repr(recipe), seed
    if key not in _runs:
        _runs[key] = Seen(recipe, seed)
    return _runs[key]


def patient(letter, seed=0):
    """Trains patient "P", "Q" or "R", or "healthy" beside them: what is seen of it."""
    return seen(None if letter == "healthy" else cause_of(letter), seed)


# ------------------------------------------------------------------ cures


def checked(letter, cure):
    """The cure as plain values, if it is one change of one setting that a cure may change."""
    name = f"cure_{letter.lower()}"
    returned(name, cure)
    assert isinstance(cure, dict), (
        f"{name} gives {brief(cure)}; it is to be a dictionary of one setting: {{\"batch_size\": 64}}, say")
    assert cure, f"{name} changes nothing: an empty dictionary"
    for key in cure:
        assert key not in NOT_A_CURE, f"{name}, {key}: {NOT_A_CURE[key]}"
        assert key in SETTINGS, f"{name}: there is no setting {key!r} here; they are {', '.join(SETTINGS)}"
    assert len(cure) == 1, (
        f"{name} changes {len(cure)} settings, {', '.join(cure)}: with two one would not know which of them cured; one")
    ((key, value),) = cure.items()
    value = value.item() if isinstance(value, np.generic) else value
    _, usual, allowed, words, _ = SETTINGS[key]
    right = not isinstance(value, bool) and isinstance(value, str if isinstance(usual, str) else Real)
    assert right and allowed(value), f"{name}: {key} is {brief(value)}; it must be {words}"
    return {key: value}


def tried(letter, cure, seed=0):
    """A line on what this cure makes of patient `letter`, for a notebook: whatever it is.

    Raises:
        Wrong: if it is no cure that can be tried.
    """
    cause = cause_of(letter)
    try:
        cure = checked(letter, cure)
    except AssertionError as error:
        raise Wrong(str(error)) from None
    before, after = seen(cause, seed), seen(cause, seed, cure)
    ((key, value),) = cure.items()
    return "\n".join([f"{letter}, {key} = {value!r}",
                      *(f"    {when}: {', '.join(found.names)}; spread {found.evidence['spread']:.2f}, "
                        f"d_fake {found.evidence['d_fake']:.2f}" for when, found in (("before", before), ("after ", after)))])
