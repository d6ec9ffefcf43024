"""Bad input of every kind gives one clear line that names the argument and says what is right."""

import os
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganedu import data, measures, networks
from ganedu.data import bundled
from ganedu.experiments import precision, recipes, runs, trainer
from ganedu.game import objectives
from ganedu.gan import GAN
from ganedu.networks import DiscriminatorConfig, GeneratorConfig

SMALL_G = GeneratorConfig(latent_size=4, projection=(7, 7, 4), filters=(4,))
SMALL_D = DiscriminatorConfig(filters=(4, 4))
IMAGES = np.zeros((20, 28, 28, 1), "uint8")


def gan(compiled=True):
    made = GAN(SMALL_G.build(), SMALL_D.build())
    if compiled:
        adams = [keras.optimizers.Adam() for _ in range(2)]
        made.compile(*adams, objectives.NonSaturating())
    return made


def fit(x):
    return gan().fit(x, epochs=1, batch_size=4, verbose=0)


def floats(low, high, shape=(8, 28, 28, 1)):
    return np.random.default_rng(0).uniform(low, high, shape).astype("float32")


def with_nan():
    x = floats(-1, 1)
    x[3, 4, 5, 0] = np.nan
    return x


def damaged_checkpoint(tmp):
    (tmp / "last.npz").write_bytes(b"PK\x03\x04 half a file")
    runs.load_state(tmp / "last.npz", gan())


def read_only(tmp, patch):
    patch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere
    trainer.train(tmp / "run", recipes.get("digits", "quick"), policy="float32")


def one_optimizer():
    adam = keras.optimizers.Adam()
    gan(compiled=False).compile(adam, adam, objectives.NonSaturating())


def environment(patch, name, value, call):
    patch.setenv(name, value)
    call()


def damaged_data(tmp, patch):
    patch.setattr(bundled, "ASSETS", tmp)
    (tmp / "digits_train.xz").write_bytes(b"not the digits")
    data.load("digits")


def odd_config(tmp):
    (tmp / "config.json").write_text('{"recipe": {}}')
    runs.Run(tmp)


def empty_folder(tmp):
    (tmp / "pictures").mkdir()
    data.load(tmp / "pictures", size=32)


def dataset_of_shape(*shape):
    return tf.data.Dataset.from_tensor_slices(floats(-1, 1, (8, *shape))).batch(4)


# What is done, the error, and words that its one line must hold.
CASES = {
    "images of another shape": (lambda t, p: fit(floats(-1, 1, (8, 32, 32, 1))), ValueError, ["x has shape", "28, 28, 1"]),
    "a dataset of another shape": (lambda t, p: fit(dataset_of_shape(32, 32, 3)), ValueError, ["x has shape", "28, 28, 1"]),
    "images from 0 to 255": (lambda t, p: fit(floats(0, 255)), ValueError, ["pixels from", "[-1, 1]"]),
    "images from 0 to 1": (lambda t, p: fit(floats(0, 1)), ValueError, ["looks like [0, 1]", "give floats in [-1, 1]"]),
    "images of whole numbers": (lambda t, p: fit(IMAGES), ValueError, ["uint8", "scale"]),
    "NaN images": (lambda t, p: fit(with_nan()), ValueError, ["NaN"]),
    "fit before compile": (lambda t, p: gan(False).fit(floats(-1, 1)), ValueError, ["compile"]),
    "one optimizer for both": (lambda t, p: one_optimizer(), ValueError, ["make two"]),
    "networks that do not fit": (lambda t, p: GAN(SMALL_G.build(), DiscriminatorConfig((32, 32, 1), (4,)).build()), ValueError, ["(28, 28, 1)", "(32, 32, 1)"]),
    "an average that never moves": (lambda t, p: GAN(SMALL_G.build(), SMALL_D.build(), ema=1.0), ValueError, ["ema is 1.0"]),
    "unknown latents": (lambda t, p: GAN(SMALL_G.build(), SMALL_D.build(), "gamma"), ValueError, ["gamma", "uniform"]),
    "unknown objective": (lambda t, p: objectives.get("minmax"), ValueError, ["minmax", "saturating"]),
    "unknown order": (lambda t, p: gan(False).compile(keras.optimizers.Adam(), keras.optimizers.Adam(), objectives.NonSaturating(), order="both"), ValueError, ["both", "sequential"]),
    "no images asked for": (lambda t, p: gan().sample(0), ValueError, ["n is 0"]),
    "labels for an unconditional GAN": (lambda t, p: gan().sample(2, labels=[1, 2]), ValueError, ["labels", "unconditional"]),
    "latents of another size": (lambda t, p: gan().images_from(np.zeros((2, 9))), ValueError, ["(2, 9)", "[n, 4]"]),
    "layers that miss the image": (lambda t, p: GeneratorConfig(projection=(8, 8, 4)), ValueError, ["8x8x4 -> 16x16x64 -> 32x32x1", "28x28x1"]),
    "a misspelt setting": (lambda t, p: networks.config_from_dict({"kind": "GeneratorConfig", "latent": 4}), ValueError, ["'latent'", "latent_size"]),
    "unknown data set": (lambda t, p: data.load("digit"), ValueError, ["'digit'", "digits"]),
    "unknown split": (lambda t, p: data.load("digits", "valid"), ValueError, ["valid", "train"]),
    "a folder that is not there": (lambda t, p: data.load(t / "missing"), FileNotFoundError, ["missing"]),
    "an empty folder": (lambda t, p: empty_folder(t), ValueError, ["no images"]),
    "a set that was never downloaded": (lambda t, p: data.load("celeb_a", data_dir=t), FileNotFoundError, ["celeb_a", "run"]),
    "damaged bundled data": (lambda t, p: damaged_data(t, p), OSError, ["digits_train", "damaged"]),
    "labels out of range": (lambda t, p: data.Batches(IMAGES, np.full(20, -1), batch_size=4), ValueError, ["labels"]),
    "too few labels": (lambda t, p: data.Batches(IMAGES, np.zeros(3, int), batch_size=4), ValueError, ["labels", "20"]),
    "a batch larger than the set": (lambda t, p: data.Batches(IMAGES, batch_size=21), ValueError, ["batch_size is 21", "20"]),
    "a crop of nothing": (lambda t, p: data.centre_crop(0), ValueError, ["fraction"]),
    "a damaged checkpoint": (lambda t, p: damaged_checkpoint(t), ValueError, ["last.npz", "damaged"]),
    "a folder without a run": (lambda t, p: runs.Run(t), FileNotFoundError, ["no run", "config.json"]),
    "a run with an odd config": (lambda t, p: odd_config(t), ValueError, ["config.json"]),
    "a read-only folder": (read_only, OSError, ["read-only"]),
    "a recipe of no such name": (lambda t, p: recipes.get("mnits"), ValueError, ["mnits", "digits"]),
    "a recipe at no such scale": (lambda t, p: recipes.get("A-faces", "quick"), ValueError, ["A-faces", "paper"]),
    "an odd GANEDU_SCALE": (lambda t, p: environment(p, "GANEDU_SCALE", "big", lambda: recipes.get("digits")), ValueError, ["GANEDU_SCALE", "quick"]),
    "an odd GANEDU_PRECISION": (lambda t, p: environment(p, "GANEDU_PRECISION", "float8", precision.choose), ValueError, ["GANEDU_PRECISION", "float32"]),
    "features of two sizes": (lambda t, p: measures.frechet_distance(np.zeros((4, 2)), np.zeros((4, 3))), ValueError, ["(4, 2)", "(4, 3)"]),
    "probabilities that are none": (lambda t, p: measures.inception_score(np.ones((3, 4))), ValueError, ["sum to 1"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_input(case, tmp_path, monkeypatch):
    call, error, words = CASES[case]
    with pytest.raises(error) as caught:
        call(tmp_path, monkeypatch)
    message = str(caught.value)
    assert "\n" not in message.strip(), message
    for word in words:
        assert word in message, message


def test_there_are_at_least_twenty_kinds():
    assert len(CASES) >= 20


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["train", "mnits"], "recipe is 'mnits'"),
        (["train", "digits", "--epochs", "0"], "epochs is 0"),
        (["sample", "nowhere"], "no run in nowhere"),
        (["audit", "nothing"], "is no run"),
        (["data", "digit"], "did you mean"),
    ],
)
def test_the_command_line_gives_no_traceback(arguments, words, tmp_path, monkeypatch, capsys):
    from ganedu import cli

    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert words in str(caught.value) and "\n" not in str(caught.value)
    assert not list(Path(tmp_path).iterdir())
