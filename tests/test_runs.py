"""A run can be stopped anywhere and goes on exactly; nothing saved is ever lost."""

import dataclasses
import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganedu import files
from ganedu.experiments import recipes, runs, trainer
from ganedu.networks import DiscriminatorConfig, GeneratorConfig

TINY = recipes.Recipe(
    name="tiny",
    scale="quick",
    data="digits",
    # Dropout and noise, so that every kind of random state there is must be saved.
    generator=GeneratorConfig(latent_size=4, projection=(7, 7, 4), filters=(4,), dropout=0.1),
    discriminator=DiscriminatorConfig(filters=(4, 4), head_noise=0.1, head_dropout=0.2),
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


def test_the_best_checkpoint_is_the_one_of_the_best_epoch(whole):
    run = runs.Run(whole)
    values = [line["val_frechet_digits"] for line in run.metrics()]
    assert int(arrays(run.best)["epoch"]) == 1 + int(np.argmin(values))


def test_two_and_two_are_four(whole, tmp_path):
    train(tmp_path / "run", short(2))
    train(tmp_path / "run", short(4))
    same(whole / "checkpoints/last.npz", tmp_path / "run/checkpoints/last.npz")
    same(whole / "checkpoints/best.npz", tmp_path / "run/checkpoints/best.npz")
    lines = [runs.Run(f).metrics() for f in (whole, tmp_path / "run")]
    for a, b in zip(*lines, strict=True):
        assert a | {"seconds": 0} == b | {"seconds": 0}


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


def test_killed_with_kill_9_and_resumed(tmp_path):
    """Really kills the process in the middle of the third epoch; the end must be the same."""
    straight, killed = tmp_path / "straight", tmp_path / "killed"
    assert child(straight).wait(300) == 0

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
    same(straight / "checkpoints/last.npz", killed / "checkpoints/last.npz")
    same(straight / "checkpoints/best.npz", killed / "checkpoints/best.npz")
    sheets = [sorted(p.name for p in (f / "sheets").glob("*.png")) for f in (straight, killed)]
    assert sheets[0] == sheets[1]
    for name in sheets[0]:
        assert (straight / "sheets" / name).read_bytes() == (killed / "sheets" / name).read_bytes()


def test_a_full_disk_loses_nothing(tmp_path, monkeypatch):
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
        train(folder, short(3))
    monkeypatch.undo()
    assert (folder / "checkpoints/last.npz").read_bytes() == before
    assert not list(folder.rglob("*.tmp"))
    train(folder, short(3))
    train(tmp_path / "straight", short(3))
    same(folder / "checkpoints/last.npz", tmp_path / "straight/checkpoints/last.npz")


def test_an_interrupted_run_keeps_its_last_epoch(tmp_path, monkeypatch):
    from ganedu.experiments import callbacks

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


def test_recipes_survive_json():
    for recipe in recipes.RECIPES:
        assert recipes.Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


@pytest.mark.parametrize("claim", ["A-faces", "A-bedrooms", "A-mnist", "B-ref", "C-ref", "D-ref"])
def test_the_reports_settings_are_loadable_at_paper_scale(claim):
    recipe = recipes.get(claim, "paper")
    assert recipe.claim == claim and len(recipe.transforms()) == len(recipe.prepare)


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


def test_a_stream_says_what_cannot_be_promised(tmp_path, monkeypatch, capsys):
    import tensorflow as tf

    from ganedu import data

    digits = data.load("digits")
    stream = tf.data.Dataset.from_tensor_slices(digits.images[:2000])
    streamed = digits._replace(images=stream, labels=None)
    monkeypatch.setattr(data, "load", lambda *_, **__: streamed)
    for epochs in (1, 2):
        trainer.train(tmp_path / "run", short(epochs), policy="float32")
        assert "digits is streamed" in capsys.readouterr().out
    assert runs.Run(tmp_path / "run").epochs_done == 2
