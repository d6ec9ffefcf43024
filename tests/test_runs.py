"""A run can be stopped anywhere and goes on exactly; nothing saved is ever lost."""

import dataclasses
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from ganedu import data, files
from ganedu.experiments import callbacks, recipes, runs, trainer
from ganedu.gan import GAN
from ganedu.networks import DiscriminatorConfig, GeneratorConfig

TINY = recipes.Recipe(
    name="tiny",
    scale="quick",
    data="digits",
    # Dropout and noise, so that every kind of random state there is must be saved.
    generator=GeneratorConfig(latent_size=4, projection=(7, 7, 4), filters=(4,), dropout=0.1, kernel_sizes=3),
    discriminator=DiscriminatorConfig(
        filters=(4, 4), kernel_sizes=3, head_noise=0.1, head_dropout=0.2
    ),
    epochs=4,
    batch_size=500,
    ema=0.9,
    sheets_per_epoch=2,
    held_out=1000,
)


def short(epochs):
    return dataclasses.replace(TINY, epochs=epochs)


def train(folder, recipe=TINY, **kwargs):
    return trainer.train(folder, recipe, policy="float32", verbose=False, **kwargs)


def arrays(path):
    with np.load(path) as saved:
        return {name: saved[name] for name in saved.files}


def same(a, b):
    a, b = arrays(a), arrays(b)
    assert a.keys() == b.keys()
    for name in a:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Four epochs in one go."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    train(folder)
    return folder


def test_a_run_is_a_folder(whole):
    run = runs.Run(whole)
    assert run.recipe == TINY and run.seed == 0 and run.precision == "float32"
    assert {"ganedu", "keras", "tensorflow"} <= run.config["versions"].keys()
    lines = run.metrics()
    assert [line["epoch"] for line in lines] == [1, 2, 3, 4]
    assert [line["steps"] for line in lines] == [18, 36, 54, 72]  # of 9,000 digits
    for name in ("d_loss_real", "g_loss", "d_out_fake", "val_frechet_digits"):
        assert all(np.isfinite(line[name]) for line in lines)
    assert len(list((whole / "sheets").glob("*.png"))) == 1 + 2 * 4
    with Image.open(whole / "film.gif") as film:
        assert film.n_frames == 9
    assert run.epochs_done == 4 and run.best.exists()


def test_a_run_that_was_killed_before_its_film_gets_it(whole, tmp_path):
    shutil.copytree(whole, tmp_path / "run")
    strip = (tmp_path / "run" / "film.png").read_bytes()
    (tmp_path / "run" / "film.png").unlink()
    train(tmp_path / "run")
    assert (tmp_path / "run" / "film.png").read_bytes() == strip
    assert runs.Run(tmp_path / "run").epochs_done == 4


def test_the_best_checkpoint_is_the_one_of_the_best_epoch(whole):
    run = runs.Run(whole)
    values = [line["val_frechet_digits"] for line in run.metrics()]
    assert int(arrays(run.best)["epoch"]) == 1 + int(np.argmin(values))


@pytest.mark.slow
def test_two_and_two_are_four(whole, tmp_path):
    train(tmp_path / "run", short(2))
    train(tmp_path / "run", short(4))
    same(whole / "checkpoints/last.npz", tmp_path / "run/checkpoints/last.npz")
    same(whole / "checkpoints/best.npz", tmp_path / "run/checkpoints/best.npz")
    lines = [runs.Run(f).metrics() for f in (whole, tmp_path / "run")]
    for a, b in zip(*lines, strict=True):
        assert a | {"seconds": 0} == b | {"seconds": 0}


@pytest.mark.slow
def test_another_seed_is_another_run(whole, tmp_path):
    train(tmp_path / "run", short(1), seed=1)
    a, b = arrays(whole / "checkpoints/last.npz"), arrays(tmp_path / "run/checkpoints/last.npz")
    assert any((a[name] != b[name]).any() for name in a if name.startswith("generator/"))


CHILD = """
import json, sys
from ganedu.experiments import recipes, runs, trainer
recipe = recipes.Recipe.from_dict(json.loads(sys.argv[2]))
trainer.train(sys.argv[1], recipe, policy="float32")
"""


def child(folder):
    arguments = [str(folder), json.dumps(TINY.to_dict())]
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.slow
def test_killed_with_kill_9_and_resumed(whole, tmp_path):
    """Really kills the process in the middle of the third epoch; the end must be the same."""
    killed = tmp_path / "killed"
    process = child(killed)
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and process.poll() is None:
        if any((killed / "sheets").glob("epoch_0002_step_00001*.png")):  # drawn at step 16 of 18
            break
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL
    assert runs.Run(killed).epochs_done == 2

    process = child(killed)
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0 and "2 epochs are done, going on to 4" in said
    same(whole / "checkpoints/last.npz", killed / "checkpoints/last.npz")
    same(whole / "checkpoints/best.npz", killed / "checkpoints/best.npz")
    sheets = [sorted(p.name for p in (f / "sheets").glob("*.png")) for f in (whole, killed)]
    assert sheets[0] == sheets[1]
    for name in sheets[0]:
        assert (whole / "sheets" / name).read_bytes() == (killed / "sheets" / name).read_bytes()


@pytest.mark.slow
def test_a_full_disk_loses_nothing(whole, tmp_path, monkeypatch):
    folder = tmp_path / "run"
    train(folder, short(1))
    before = (folder / "checkpoints/last.npz").read_bytes()
    sync = os.fsync

    def full(descriptor):
        if "last" in os.readlink(f"/proc/self/fd/{descriptor}"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return sync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device.*unharmed"):
        train(folder)
    monkeypatch.undo()
    assert (folder / "checkpoints/last.npz").read_bytes() == before
    assert not list(folder.rglob("*.tmp"))
    train(folder)
    same(folder / "checkpoints/last.npz", whole / "checkpoints/last.npz")


def test_an_interrupted_run_keeps_its_last_epoch(tmp_path, monkeypatch):
    def interrupt(self, batch, logs=None):
        if self._epoch == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(callbacks.SampleSheets, "on_train_batch_end", interrupt)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "run", short(3))
    assert runs.Run(tmp_path / "run").epochs_done == 1


def test_a_finished_run_is_left_alone(whole):
    before = (whole / "checkpoints/last.npz").stat().st_mtime_ns
    gan = train(whole)
    assert (whole / "checkpoints/last.npz").stat().st_mtime_ns == before
    assert gan.sample(2, seed=0).shape == (2, 28, 28, 1)


def test_load_gives_the_trained_gan(whole):
    a = runs.Run(whole).load("last").sample(3, seed=1)
    np.testing.assert_array_equal(a, train(whole).sample(3, seed=1))
    assert runs.Run(whole).load("best").sample(3, seed=1).shape == a.shape


@pytest.mark.parametrize(
    "change, name",
    [({"learning_rate": 1e-3}, "learning_rate"), ({"order": "alternating"}, "order")],
)
def test_other_settings_do_not_touch_a_run(whole, change, name):
    with pytest.raises(ValueError, match=f"holds a run with {name}"):
        train(whole, dataclasses.replace(TINY, **change))
    with pytest.raises(ValueError, match="holds a run with seed 0, not 3"):
        train(whole, seed=3)


def test_two_processes_do_not_share_a_run(whole):
    pytest.importorskip("fcntl")
    with runs.Run(whole).lock(), pytest.raises(RuntimeError, match="another process is training"):
        train(whole, short(6))


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text"])
def test_a_damaged_checkpoint_is_named(whole, tmp_path, damage):
    content = bytearray((whole / "checkpoints/last.npz").read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "flipped":
        content[len(content) // 2] ^= 0xFF
    else:
        content = b"" if damage == "empty" else b"not a checkpoint"
    path = tmp_path / "last.npz"
    path.write_bytes(content)
    gan = TINY.build()
    before = [v.numpy().copy() for v in gan.state().values()]
    with pytest.raises(ValueError, match="is damaged") as caught:
        runs.load_state(path, gan)
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    for a, v in zip(before, gan.state().values(), strict=True):
        np.testing.assert_array_equal(a, v.numpy())


def test_a_checkpoint_of_other_networks_is_refused(whole):
    wide = dataclasses.replace(TINY, discriminator=DiscriminatorConfig(filters=(4, 8)))
    with pytest.raises(ValueError, match="other networks"):
        runs.load_state(whole / "checkpoints/last.npz", wide.build())


FOREIGN = {
    "arrays.npz": (lambda path: np.savez(path, x=np.ones(3), y=np.ones(2)), "it holds x, y"),
    "epoch.npz": (lambda path: np.savez(path, epoch=np.ones(3)), "it holds epoch"),
    "none.npz": (lambda path: np.savez(path), "it holds nothing"),
    "array.npy": (lambda path: np.save(path, np.ones(3)), "it holds one array"),
    "words.npz": (lambda path: path.write_text("not arrays\n"), "is damaged"),
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("gan", [None, "made"])
def test_a_foreign_file_is_no_checkpoint(tmp_path, name, gan):
    write, words = FOREIGN[name]
    write(tmp_path / name)
    with pytest.raises(ValueError, match=words) as caught:
        runs.load_state(tmp_path / name, gan and TINY.build())
    assert "\n" not in str(caught.value) and name in str(caught.value)


def test_the_state_of_a_gan_that_is_not_compiled(whole, tmp_path):
    gan = GAN(*TINY.build_networks())
    for call in (
        lambda: runs.save_state(tmp_path / "a.npz", gan, 0),
        lambda: runs.load_state(whole / "checkpoints/last.npz", gan),
    ):
        with pytest.raises(ValueError, match="not compiled"):
            call()


def config(**changes):
    """The text of a run's config.json, with other values in it, "recipe.NAME" in its recipe."""
    values = {"recipe": json.loads(json.dumps(TINY.to_dict())), "seed": 0, "precision": "float32"}
    for name, value in changes.items():
        holder = values["recipe"] if name in values["recipe"] or name == "batchsize" else values
        if value == "missing":
            del holder[name]
        else:
            holder[name] = value
    return json.dumps(values)


@pytest.mark.parametrize(
    "text, words",
    [
        (config()[:-1] + ",}", ["Expecting property name", "line 1"]),
        ("", ["Expecting value"]),
        ("[1]", ["it holds [1]"]),
        ("null", ["it holds None"]),
        (config(batchsize=3), ["no setting 'batchsize'", "did you mean 'batch_size'"]),
        (config(epochs="missing"), ["lacks 'epochs'"]),
        (config(generator="missing"), ["lacks 'generator'"]),
        (config(recipe="missing"), ["lacks 'recipe'"]),
        (config(recipe=None), ["recipe is None"]),
        (config(ema="0.9"), ["ema is '0.9'", "a number in [0, 1)"]),
        (config(learning_rate=float("nan")), ["learning_rate is nan", "a number in (0, inf)"]),
        (config(epochs=2.5), ["epochs is 2.5", "whole number"]),
        (config(batch_size=True), ["batch_size is True"]),
        (config(seed="0"), ["seed is '0'", "whole number, from 0"]),
        (config(seed=None), ["seed is None"]),
        (config(seed=1.5), ["seed is 1.5"]),
        (config(precision="half"), ["precision is 'half'", "float32"]),
        (config(scale="huge"), ["scale is 'huge'"]),
        (config(data=3), ["data is 3", "text"]),
        (config(prepare="scale"), ["prepare is 'scale'", "a list"]),
        (config(layers="torch"), ["layers is 'torch'"]),
        (config(discriminator=TINY.discriminator.to_dict() | {"leak": "0.2"}), ["leak is '0.2'"]),
        (config(held_out=-1), ["held_out is -1"]),
    ],
)
def test_a_config_that_is_none_says_where_and_what(tmp_path, text, words):
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(ValueError) as caught:
        runs.Run(tmp_path)
    message = str(caught.value)
    assert "\n" not in message and message.startswith(f"{tmp_path / 'config.json'} is not a run's config")
    for word in words:
        assert word in message, message


def test_a_seed_is_a_whole_number(tmp_path):
    for seed in (1.5, "0", None, -1, True):
        for call in (lambda s: train(tmp_path, seed=s), TINY.build):
            with pytest.raises(ValueError, match=f"seed is {seed!r}; give a whole number"):
                call(seed)
    assert not list(tmp_path.iterdir())


def test_what_is_held_out_is_not_trained_on_and_always_the_same():
    digits = data.load("digits")
    kept, held = data.hold_out(digits, 1000)
    assert len(held.images) == 1000 and np.bincount(held.labels).tolist() == [100] * 10
    assert len(kept.images) == 9000
    seen = {image.tobytes() for image in kept.images}
    assert not any(image.tobytes() in seen for image in held.images)
    plain, some = data.hold_out(digits._replace(labels=None), 300)
    np.testing.assert_array_equal(some.images, digits.images[-300:])
    assert len(plain.images) == 9700
    few = digits._replace(images=digits.images[:55], labels=None)
    assert len(data.hold_out(few, 1000)[1].images) == 5  # at most a tenth
    assert data.hold_out(few._replace(images=few.images[:9]), 1000)[1] is None
    for seed in (0, 1):
        assert TINY.batches(seed).images.tobytes() == kept.images.tobytes()


def test_a_stream_holds_out_its_first_images():
    stream = tf.data.Dataset.range(50)
    kept, held = data.hold_out(data.load("digits")._replace(images=stream, labels=None), 3)
    assert list(held.images.as_numpy_iterator()) == [0, 1, 2]
    assert list(kept.images.as_numpy_iterator()) == list(range(3, 50))


@pytest.mark.slow
def test_without_images_held_out_there_is_no_best_epoch(tmp_path, capsys):
    recipe = dataclasses.replace(short(1), held_out=0)
    trainer.train(tmp_path / "run", recipe, policy="float32")
    assert "none is called the best" in capsys.readouterr().out
    run = runs.Run(tmp_path / "run")
    assert not any(name.startswith("val_") for name in run.metrics()[0])
    with pytest.raises(FileNotFoundError, match="no best epoch: no images were held out"):
        run.load("best")


@pytest.mark.slow
def test_a_run_that_turns_nan_stops_and_keeps_its_last_good_epoch(tmp_path):
    """The weights are good after epoch 1; then they are not."""
    train(tmp_path / "run", short(1))
    state = arrays(tmp_path / "run/checkpoints/last.npz")
    for name, words in [
        ("generator/000", r"_loss\w* is nan since epoch 2, steps 1 to \d+; .* good epoch is epoch 1"),
        ("ema_generator/000", "a weight of ema_generator is no number since epoch 2, its end"),
    ]:
        bad = {k: np.where(True, np.nan, v).astype(v.dtype) if k == name else v for k, v in state.items()}
        np.savez(tmp_path / "run/checkpoints/last.npz", **bad)
        with pytest.raises(callbacks.Diverged, match=words) as caught:
            train(tmp_path / "run", short(3))
        assert "\n" not in str(caught.value)
        run = runs.Run(tmp_path / "run")
        assert run.epochs_done == 1 and len(run.metrics()) == 1 and (run.folder / "film.gif").exists()
        assert run.diverged == str(caught.value)


def test_recipes_survive_json():
    for recipe in recipes.RECIPES:
        assert recipes.Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


@pytest.mark.parametrize("claim", ["A-faces", "A-bedrooms", "A-mnist", "B-ref", "C-ref", "D-ref"])
def test_the_reports_settings_are_loadable_at_paper_scale(claim):
    recipe = recipes.get(claim, "paper")
    assert recipe.claim == claim and len(recipe.transforms()) == len(recipe.prepare)


def test_a_recipe_of_keras_layers_is_one_again_after_json():
    plain = json.loads(json.dumps(dataclasses.replace(TINY, layers="keras").to_dict()))
    for network in recipes.Recipe.from_dict(plain).build_networks():
        assert all(type(layer).__module__.startswith("keras") for layer in network.layers)


def test_scale_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("GANEDU_SCALE", "standard")
    assert recipes.get("digits").scale == "standard"
    monkeypatch.delenv("GANEDU_SCALE")
    assert recipes.get("digits").scale == "quick"
    monkeypatch.setenv("GANEDU_SCALE", "huge")
    with pytest.raises(ValueError, match="GANEDU_SCALE is 'huge'"):
        recipes.get("digits")


def test_files_are_whole_or_not_there(tmp_path):
    files.write(tmp_path / "a", "old")
    with pytest.raises(OSError, match="could not write"):
        files.write(tmp_path / "missing" / "a", "new")
    assert (tmp_path / "a").read_text() == "old"
    assert [p.name for p in Path(tmp_path).iterdir()] == ["a"]


@pytest.mark.slow
def test_a_stream_says_what_cannot_be_promised(tmp_path, monkeypatch, capsys):
    digits = data.load("digits")
    stream = tf.data.Dataset.from_tensor_slices(digits.images[:2000])
    streamed = digits._replace(images=stream, labels=None)
    monkeypatch.setattr(data, "load", lambda *_, **__: streamed)
    for epochs in (1, 2):
        trainer.train(tmp_path / "run", short(epochs), policy="float32")
        assert "digits is streamed" in capsys.readouterr().out
    assert runs.Run(tmp_path / "run").epochs_done == 2
