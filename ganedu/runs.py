"""A run is a folder: settings, metrics, sheets, film and checkpoints of one training.

    runs/digits/
        config.json         recipe, seed, precision, versions, machine
        metrics.jsonl       one line an epoch
        sheets/*.png        the same latents as training goes on
        film.gif film.png   the whole run, when it has ended
        checkpoints/        last.npz, best.npz

Stop it anywhere, with Ctrl-C, kill -9 or a full disk: `train` with the same arguments goes on
from the last finished epoch.  For data in memory the result is then bit for bit that of a run
that was never stopped (on a CPU, with the same number of threads).
"""

import contextlib
import io
import json
import os
import platform
import zipfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from . import __version__, callbacks, classifiers, files, metrics, precision
from .recipes import Recipe

try:
    import fcntl
except ImportError:  # Windows has no flock; there two runs in one folder are not caught
    fcntl = None


def versions():
    """Of Python and of the packages that decide what a run computes."""
    return {
        "ganedu": __version__,
        "python": platform.python_version(),
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
    }


def machine():
    """The processor's kind and the number of cores, without names."""
    return {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()}


class Run:
    """The folder of one run and what is in it.

    Args:
        folder: an existing run's folder.

    Raises:
        FileNotFoundError: if there is no run in it.
        ValueError: if its config.json is not one.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        path = self.folder / "config.json"
        if not path.is_file():
            raise FileNotFoundError(f"no run in {self.folder}: it has no config.json")
        try:
            config = json.loads(path.read_text())
            self.recipe = Recipe.from_dict(config["recipe"])
            self.seed, self.precision = config["seed"], config["precision"]
        except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is not a run's config: {error}") from None
        self.config = config

    @classmethod
    def start(cls, folder, recipe, seed, policy=None):
        """The run in that folder, or a new one.

        Raises:
            ValueError: if there is one already, with other settings.
        """
        folder = Path(folder)
        if (folder / "config.json").exists():
            run = cls(folder)
            run._check_same(recipe, seed, policy)
            return run
        files.make_folder(folder)
        config = {
            "recipe": recipe.to_dict(),
            "seed": seed,
            "precision": precision.choose() if policy is None else policy,
            "versions": versions(),
            "machine": machine(),
        }
        files.write(folder / "config.json", json.dumps(config, indent=1) + "\n")
        return cls(folder)

    def _check_same(self, recipe, seed, policy):
        """Epochs may differ (more of them continue the run); nothing else may."""
        mine, asked = self.recipe.to_dict(), json.loads(json.dumps(recipe.to_dict()))
        mine = json.loads(json.dumps(mine)) | {"seed": self.seed}
        asked |= {"seed": seed}
        if policy is not None:
            mine["precision"], asked["precision"] = self.precision, policy
        for name in asked:
            if name not in ("epochs", "note") and mine[name] != asked[name]:
                raise ValueError(
                    f"{self.folder} holds a run with {name} {mine[name]!r}, not {asked[name]!r}: "
                    "choose another folder, or remove this one"
                )

    @property
    def last(self):
        return self.folder / "checkpoints" / "last.npz"

    @property
    def best(self):
        return self.folder / "checkpoints" / "best.npz"

    @property
    def epochs_done(self):
        """Epochs in the last checkpoint."""
        return load_state(self.last, None) if self.last.exists() else 0

    def metrics(self):
        """One dict an epoch, in order."""
        path = self.folder / "metrics.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def load(self, which="last"):
        """The run's GAN as the last or the best epoch left it.

        Raises:
            ValueError: if `which` is neither, or the checkpoint is damaged.
            FileNotFoundError: if no epoch has finished.
        """
        if which not in ("last", "best"):
            raise ValueError(f"which is {which!r}; choose 'last' or 'best'")
        gan = self.recipe.build(self.seed, self.precision)
        load_state(self.folder / "checkpoints" / f"{which}.npz", gan)
        return gan

    @contextlib.contextmanager
    def lock(self):
        """Held while training: two processes in one folder would destroy each other's work."""
        with open(self.folder / ".lock", "w") as file:
            if fcntl:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    raise RuntimeError(f"another process is training in {self.folder}") from None
            yield


def save_state(path, gan, epoch):
    """Writes everything that training changes, and the epoch, to one .npz; whole or not at all."""
    buffer = io.BytesIO()
    arrays = {name: np.asarray(variable) for name, variable in gan.state().items()}
    np.savez(buffer, epoch=epoch, **arrays)
    files.make_folder(Path(path).parent)
    files.write(path, buffer.getvalue())


def load_state(path, gan):
    """Puts a saved state back into a GAN (None: only reads), and gives its epoch.

    Raises:
        FileNotFoundError: if there is none.
        ValueError: if the file is damaged, or is of other networks.  The GAN is then unchanged.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no checkpoint {path}: no epoch has finished yet")
    try:
        with np.load(path) as saved:
            if gan is None:
                return int(saved["epoch"])
            arrays = {name: saved[name] for name in saved.files}
    except (zipfile.BadZipFile, ValueError, KeyError, EOFError, OSError) as error:
        raise ValueError(f"the checkpoint {path} is damaged ({error}); remove it") from None
    epoch = int(arrays.pop("epoch"))
    state = gan.state()
    shapes = {name: tuple(v.shape) for name, v in state.items()}
    if shapes != {name: a.shape for name, a in arrays.items()}:
        raise ValueError(f"the checkpoint {path} is of other networks or optimizers than this GAN")
    for name, variable in state.items():
        variable.assign(arrays[name])
    return epoch


def train(folder, recipe, seed=0, policy=None, data_dir=None, verbose=True):
    """Trains a recipe in a run folder, from where the run stands to `recipe.epochs`.

    Args:
        folder: the run's; made if there is none.
        recipe: what to train.
        seed: of weights, latents and data order.
        policy: "float32" or "mixed_bfloat16"; by default `ganedu.precision` decides once, for
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
    name = classifiers.for_data(recipe.data)
    classifier = name and classifiers.load(name)
    if not name or classifier.model.input_shape[1:] != recipe.generator.image_shape:
        return (metrics.FrechetDistance(metrics.coarse, name="frechet_coarse"),)
    distance = metrics.FrechetDistance(classifier, name=f"frechet_{name}")
    return (distance, metrics.SuccessRate(classifier)) if recipe.generator.classes else (distance,)


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
