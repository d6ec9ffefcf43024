"""Training a recipe in a run folder, from where the run stands."""

import json

import numpy as np

from .. import data, files
from ..measures import formulas, readers, watch
from . import callbacks
from .callbacks import Diverged
from .runs import Run, load_state, save_state

FEWEST = 100  # a distance of fewer images of 64 features says little


def train(folder, recipe, seed=0, policy=None, data_dir=None, verbose=True):
    """Trains a recipe in a run folder, from where the run stands to `recipe.epochs`.

    Args:
        folder: the run's; made if there is none.
        recipe: what to train.
        seed: of weights, latents and data order.
        policy: "float32" or "mixed_bfloat16"; by default `ganedu.experiments.precision` decides once, for
            a new run.
        data_dir: where TensorFlow Datasets keeps its sets.

    Returns:
        The trained GAN.

    Raises:
        ValueError: if the folder holds a run with other settings.
        RuntimeError: if another process trains in it.
        Diverged: if losses or weights stopped being numbers; the run keeps its last good epoch.
    """
    say = print if verbose else (lambda *_: None)
    run = Run.start(folder, recipe, seed, policy)
    with run.lock():
        done = run.epochs_done
        measures = measures_for(recipe)
        gan = recipe.build(run.seed, run.precision, measures)
        if done:
            load_state(run.last, gan)
        if done >= recipe.epochs:
            say(f"{run.folder} has its {done} epochs already; more with a larger number of epochs")
            return gan
        batches = recipe.batches(run.seed, data_dir)
        if not batches.exact_resume:
            say(
                f"{recipe.data} is streamed: if stopped, the run goes on from its last finished "
                "epoch, but with other batches than it would have seen"
            )
        if done:
            say(f"{run.folder}: {done} epochs are done, going on to {recipe.epochs}")
        else:
            say(f"{run.folder}: {recipe.name} at {recipe.scale} scale, {run.precision}")
        held = _held_out(recipe, data_dir)
        if held is None:
            say("no images are held out: no epoch is measured, none is called the best")
        else:
            say(f"the best epoch is chosen by {measures[0].name}, on {len(held[0]):,} training images "
                "that are held out from training")
        film = callbacks.Film(run.folder / "sheets", run.folder / "film.gif", run.folder / "film.png")
        watch = _callbacks(run, gan, recipe, measures, done, verbose)
        try:
            gan.fit(
                batches,
                initial_epoch=done,
                epochs=recipe.epochs,
                callbacks=[*watch, film],
                validation_data=held,
                verbose=0,
            )
        except Diverged:
            film.on_train_end()
            raise
    return gan


def measures_for(recipe):
    """What a run measures after each epoch, the one that says which epoch is best first.

    Where a reference classifier reads the data: the Frechet distance of its features and, of a
    conditional GAN, the success rate.  Elsewhere the distance of coarse pixels, which tells a
    run that fell apart from one that did not, and is too coarse to choose between good ones.
    """
    name = readers.for_data(recipe.data)
    classifier = name and readers.load(name)
    if not name or classifier.model.input_shape[1:] != recipe.generator.image_shape:
        return (watch.FrechetDistance(formulas.coarse_pixels, name="frechet_coarse"),)
    distance = watch.FrechetDistance(classifier, name=f"frechet_{name}")
    return (distance, watch.SuccessRate(classifier)) if recipe.generator.classes else (distance,)


def _held_out(recipe, data_dir):
    """The images (and labels, of a conditional GAN) to measure on, as training sees them; or None."""
    _, held = recipe.images(data_dir)
    streamed = held is not None and not isinstance(held.images, np.ndarray)
    if held is None or not streamed and len(held.images) < FEWEST:
        return None
    size = 1 if streamed else len(held.images)
    batches = data.make_batches(held, batch_size=size, prepare=recipe.transforms())
    arrays = zip(*(b if isinstance(b, tuple) else (b,) for b in batches), strict=True)
    x, *y = (np.concatenate(list(column)) for column in arrays)
    return (x, *y) if recipe.generator.classes else (x,)


def _callbacks(run, gan, recipe, measures, done, verbose):
    # Lines of an epoch that no checkpoint holds: the run was stopped between the two.
    lines = [line for line in run.metrics() if line["epoch"] <= done]
    metrics = run.folder / "metrics.jsonl"
    files.write(metrics, "".join(json.dumps(line) + "\n" for line in lines))
    monitor = f"val_{measures[0].name}"
    best = min((line.get(monitor, np.inf) for line in lines), default=np.inf)
    sheets = run.folder / "sheets"
    watch = [
        callbacks.StopAtNaN(),
        callbacks.SampleSheets(sheets, seed=run.seed, per_epoch=recipe.sheets_per_epoch),
        callbacks.MetricsFile(metrics),
        callbacks.Checkpoints(
            lambda path, epoch: save_state(path, gan, epoch), run.last, run.best, monitor, best
        ),
    ]
    if verbose:
        watch.append(callbacks.Progress(recipe.epochs, recipe.batch_size))
    return watch
