"""Training a recipe in a run folder, from where the run stands."""

import json

import keras
import numpy as np
import tensorflow as tf

from .. import files
from ..measures import formulas, readers, watch
from . import callbacks
from .runs import Run, load_state, save_state


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
        gan.fit(
            batches,
            initial_epoch=done,
            epochs=recipe.epochs,
            callbacks=_callbacks(run, gan, recipe, measures, done, verbose),
            validation_data=_real_images(batches),
            verbose=0,
        )
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


def _real_images(batches, n=1000):
    """About n real images of the training data, to measure generated ones against."""
    first = batches.from_epoch(0).take(-(-n // batches.batch_size))
    parts = [keras.utils.unpack_x_y_sample_weight(batch)[:2] for batch in first]
    parts = [[np.asarray(p) for p in part if p is not None] for part in parts]
    arrays = tuple(np.concatenate(column)[:n] for column in zip(*parts, strict=True))
    return tf.data.Dataset.from_tensor_slices(arrays).batch(250)


def _callbacks(run, gan, recipe, measures, done, verbose):
    # Lines of an epoch that no checkpoint holds: the run was stopped between the two.
    lines = [line for line in run.metrics() if line["epoch"] <= done]
    metrics = run.folder / "metrics.jsonl"
    files.write(metrics, "".join(json.dumps(line) + "\n" for line in lines))
    monitor = f"val_{measures[0].name}"
    best = min((line.get(monitor, np.inf) for line in lines), default=np.inf)
    sheets = run.folder / "sheets"
    watch = [
        callbacks.SampleSheets(sheets, seed=run.seed, per_epoch=recipe.sheets_per_epoch),
        callbacks.MetricsFile(metrics),
        callbacks.Checkpoints(
            lambda path, epoch: save_state(path, gan, epoch), run.last, run.best, monitor, best
        ),
        callbacks.Film(sheets, run.folder / "film.gif", run.folder / "film.png"),
    ]
    if verbose:
        watch.append(callbacks.Progress(recipe.epochs, recipe.batch_size))
    return watch
