"""A run is a folder: settings, metrics, sheets, film and checkpoints of one training.

    runs/digits/
        config.json         recipe, seed, precision, versions, machine
        metrics.jsonl       one line an epoch
        sheets/*.png        the same latents as training goes on
        film.gif film.png   the whole run, when it has ended
        checkpoints/        last.npz, best.npz
        diverged.txt        what stopped being a number, if the training ended by that

Stop it anywhere, with Ctrl-C, kill -9 or a full disk: `trainer.train` with the same arguments goes on
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

from .. import __version__, checks, files
from . import precision
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


def threads():
    """How many threads TensorFlow computes an operation with."""
    said = tf.config.threading.get_intra_op_parallelism_threads()
    return said or int(os.environ.get("TF_NUM_INTRAOP_THREADS") or 0) or os.cpu_count()


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
            config = json.loads(path.read_text("utf-8"))
            if not isinstance(config, dict):
                raise ValueError(f"it holds {config!r}, and must hold names and values")
            for name in ("recipe", "seed", "precision"):
                if name not in config:
                    raise ValueError(f"it lacks {name!r}")
            self.recipe = Recipe.from_dict(config["recipe"])
            checks.seed("seed", config["seed"])
            checks.choice("precision", config["precision"], precision.POLICIES[1:])
        except ValueError as error:  # also of JSON that is not: a comma too many, an empty file
            raise ValueError(f"{path} is not a run's config: {error}") from None
        self.seed, self.precision, self.config = config["seed"], config["precision"], config

    @classmethod
    def start(cls, folder, recipe, seed, policy=None):
        """The run in that folder, or a new one.

        Raises:
            ValueError: if there is one already, with other settings.
        """
        folder = Path(folder)
        checks.seed("seed", seed)
        if (folder / "config.json").exists():
            run = cls(folder)
            run._check_same(recipe, seed, policy)
            return run
        files.make_folder(folder)
        config = {
            "recipe": recipe.to_dict(),
            "seed": seed,
            "precision": precision.choose() if policy is None else policy,
            "threads": threads(),
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

    @property
    def diverged(self):
        """What stopped being a number, and when, if that ended the training; else ""."""
        path = self.folder / "diverged.txt"
        return path.read_text("utf-8") if path.is_file() else ""

    def mark(self, diverged):
        """Writes down that the training diverged; None takes it back."""
        path = self.folder / "diverged.txt"
        path.unlink(missing_ok=True) if diverged is None else files.write(path, diverged)

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
        checks.choice("which", which, ("last", "best"))
        if which == "best" and self.last.exists() and not self.best.exists():
            raise FileNotFoundError(
                f"{self.folder} has no best epoch: no images were held out; take the last"
            )
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


class NoCheckpoint(ValueError):
    """A file of arrays that are not a GAN's state."""


def _check_compiled(gan):
    if not gan.compiled:
        raise ValueError("the GAN is not compiled, and its optimizers are part of its state: "
                         "call gan.compile(...) first")  # fmt: skip


def save_state(path, gan, epoch):
    """Writes everything that training changes, and the epoch, to one .npz; whole or not at all."""
    _check_compiled(gan)
    buffer = io.BytesIO()
    arrays = {name: np.asarray(variable) for name, variable in gan.state().items()}
    np.savez(buffer, epoch=epoch, **arrays)
    files.make_folder(Path(path).parent)
    files.write(path, buffer.getvalue())


def load_state(path, gan):
    """Puts a saved state back into a GAN (None: only reads), and gives its epoch.

    Raises:
        FileNotFoundError: if there is none.
        ValueError: if the file is damaged, no checkpoint, or of other networks, or the GAN is not
            compiled.  The GAN is then unchanged.
    """
    if gan is not None:
        _check_compiled(gan)
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no checkpoint {path}: no epoch has finished yet")
    try:
        saved = np.load(path)
        names = getattr(saved, "files", None)  # none: a single array, .npy
        if names is None or "epoch" not in names or saved["epoch"].shape:
            held = f"{', '.join(names[:3])} ..." if names else "one array" if names is None else "nothing"
            raise NoCheckpoint(f"{path} is no checkpoint of a GAN: it holds {held}")
        with saved:
            epoch = int(saved["epoch"])
            if gan is None:
                return epoch
            arrays = {name: saved[name] for name in names if name != "epoch"}
    except NoCheckpoint:
        raise
    except (zipfile.BadZipFile, ValueError, KeyError, EOFError, OSError) as error:
        raise ValueError(f"the checkpoint {path} is damaged ({error}); remove it") from None
    state = gan.state()
    shapes = {name: tuple(v.shape) for name, v in state.items()}
    if shapes != {name: a.shape for name, a in arrays.items()}:
        raise ValueError(f"the checkpoint {path} is of other networks or optimizers than this GAN")
    for name, variable in state.items():
        variable.assign(arrays[name])
    return epoch
