"""Training a recipe in a run folder, from where the run stands."""

import json
from dataclasses import replace

import keras
import numpy as np

from .. import data, files, pictures, synthetic
from ..game.per_class import PerClass
from ..measures import formulas, readers, watch
from . import callbacks
from .callbacks import Diverged
from .runs import Run, load_state, save_state

FEWEST = 100  # a distance of fewer images of 64 features says little
HEALTH_SAMPLES = 1000
HEALTHY = 0.5  # `synthetic.health` below which another try is due


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
        The trained GAN; a `PerClass` of them if the recipe says `per_class`.  A class whose GAN has
        collapsed is tried again, `per_class` times in all at most, and the healthiest is kept; the line of
        metrics of each class says how many tries it took and how healthy it is.

    Raises:
        ValueError: if the folder holds a run with other settings.
        RuntimeError: if another process trains in it.
        Diverged: if losses or weights stopped being numbers; the run keeps its last good epoch.
    """
    if recipe.per_class:
        return _each_class(folder, recipe, seed, policy, data_dir, verbose)
    say = print if verbose else (lambda *_: None)
    run = Run.start(folder, recipe, seed, policy)
    with run.lock():
        done = run.epochs_done
        measures = measures_for(recipe)
        gan = recipe.build(run.seed, run.precision, measures)
        if done:
            load_state(run.last, gan)
        film = callbacks.Film(run.folder / "sheets", run.folder / "film.gif", run.folder / "film.png")
        if done >= recipe.epochs:
            if not film.strip.exists():  # stopped after its last epoch, before it had its film
                film.set_model(gan)
                film.on_train_end()
            say(f"{run.folder} has its {done} epochs already; more with a larger number of epochs")
            return gan
        images, held = recipe.images(data_dir, run.seed)
        batches = recipe.batches(run.seed, data_dir, images)
        if not batches.exact_resume:
            say(
                f"{recipe.data} is streamed: if stopped, the run goes on from its last finished "
                "epoch, but with other batches than it would have seen"
            )
        if done:
            say(f"{run.folder}: {done} epochs are done, going on to {recipe.epochs}")
        else:
            say(f"{run.folder}: {recipe.name} at {recipe.scale} scale, {run.precision}")
        held = _held_out(recipe, held)
        if held is None:
            say("no images are held out, or too few: no epoch is measured, none is called the best")
        else:
            say(f"the best epoch is chosen by {measures[0].name}, on {len(held[0]):,} training images "
                "that are held out from training")
        run.mark(None)
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
        except Diverged as error:
            run.mark(str(error))
            film.on_train_end()
            raise
    return gan


def _each_class(folder, recipe, seed, policy, data_dir, verbose):
    """A GAN for each class, in a folder of its own below the run's."""
    run, gans, lines, firsts = Run.start(folder, recipe, seed, policy), [], [], []
    loaded, _ = replace(recipe, n_images=None, held_out=0).images(data_dir)
    classes = np.unique(loaded.labels).tolist()
    for y in classes:
        own = replace(
            recipe, per_class=0, only_class=y, held_out=recipe.held_out // len(classes),
            n_images=recipe.n_images and recipe.n_images // len(classes),
        )  # fmt: skip
        tries = []
        while len(tries) < recipe.per_class and max((t[0] for t in tries), default=-1.0) < HEALTHY:
            place = run.folder / f"class{y}" / f"try{len(tries)}"
            tries.append((*_one_try(place, own, [seed, y, len(tries)], run.precision, data_dir, verbose), place))
        health, _, gan, place = max(tries, key=lambda t: t[0])
        if gan is None:
            raise Diverged(f"class {y}: all of {recipe.per_class} tries diverged")
        gans.append(gan)
        lines.append({
            "epoch": y + 1, "seconds": round(sum(t[1] for t in tries), 3),
            "health": round(health, 4), "tries": len(tries),
        })  # fmt: skip
        files.write(run.folder / "metrics.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        firsts.append(pictures.load_png(max((place / "sheets").glob("epoch_*.png"))))
    strip = pictures.film_strip(firsts, gans[0].image_shape[0], frames=len(firsts))  # a row a class: all
    pictures.save_png(run.folder / "film.png", strip)
    return PerClass(gans, seed, [line["health"] for line in lines])


def _one_try(place, recipe, seeds, policy, data_dir, verbose):
    """(health, seconds, GAN) of one training on one class; a health of -1 and no GAN if it diverged."""
    seed = int(np.random.SeedSequence(seeds).generate_state(1)[0])
    try:
        gan = train(place, recipe, seed, policy, data_dir, verbose)
    except Diverged:
        gan = None
    seconds = sum(line["seconds"] for line in Run(place).metrics())
    if gan is None:
        return -1.0, seconds, None
    images = recipe.images(data_dir)[0].images[:HEALTH_SAMPLES]
    batches = data.Batches(images, batch_size=len(images), prepare=recipe.transforms())
    real = np.asarray(next(iter(batches)))
    return synthetic.health(gan.sample(len(real), seed=0), real), seconds, gan


def measures_for(recipe):
    """What a run measures after each epoch, the one that says which epoch is best first.

    Where a reference classifier reads the data: the Frechet distance of its features and, of a
    conditional GAN, the success rate.  Elsewhere the distance of coarse pixels, which tells a
    run that fell apart from one that did not, and is too coarse to choose between good ones.
    """
    classifier = readers.for_images(recipe.data, recipe.generator.image_shape)
    if classifier is None:
        return (watch.FrechetDistance(formulas.coarse_pixels, name="frechet_coarse"),)
    distance = watch.FrechetDistance(classifier, name=f"frechet_{classifier.name}")
    return (distance, watch.SuccessRate(classifier)) if recipe.generator.classes else (distance,)


def _held_out(recipe, held):
    """The images (and labels, of a conditional GAN) to measure on, as training sees them; or None."""
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
    rates = [keras.callbacks.LearningRateScheduler(recipe.rate_in)] if recipe.fall is not None else []
    watch = [
        *rates,
        callbacks.StopAtNaN(),
        callbacks.SampleSheets(sheets, seed=run.seed, per_epoch=recipe.sheets_per_epoch),
        callbacks.MetricsFile(metrics),
        callbacks.Checkpoints(
            lambda path, epoch: save_state(path, gan, epoch), run.last, run.best, monitor, best
        ),
    ]
    if recipe.fade is not None:
        watch.append(callbacks.Fade(recipe.fade))
    if verbose:
        watch.append(callbacks.Progress(recipe.epochs, recipe.batch_size))
    return watch
