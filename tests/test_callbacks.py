"""The callbacks alone, as a notebook uses them."""

import io
import json

import keras
import numpy as np
import pytest

from ganedu import measures, pictures
from ganedu.experiments import callbacks
from ganedu.game.objectives import NonSaturating
from ganedu.gan import GAN
from ganedu.measures import watch


@pytest.fixture
def gan():
    generator = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(16, activation="tanh"), keras.layers.Reshape((4, 4, 1))]
    )  # fmt: skip
    discriminator = keras.Sequential(
        [keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    made = GAN(generator, discriminator)
    adams = [keras.optimizers.Adam(0.01) for _ in range(2)]
    coarse = watch.FrechetDistance(measures.coarse_pixels, name="frechet_coarse")
    made.compile(*adams, NonSaturating(), steps_per_execution=1, measures=[coarse])
    return made


X = np.random.default_rng(0).uniform(-1, 1, (40, 4, 4, 1)).astype("float32")


def fit(gan, *watch, epochs=2):
    return gan.fit(X, batch_size=4, epochs=epochs, callbacks=list(watch), verbose=0)


def test_sheets_of_the_same_latents(gan, tmp_path):
    watch = callbacks.SampleSheets(tmp_path, n=6, seed=3, columns=3)
    before = gan.sample(6, seed=3)
    fit(gan, watch)
    names = [p.name for p in sorted(tmp_path.glob("*.png"))]
    assert names == [f"epoch_{e:04d}_step_000000.png" for e in range(3)]
    first, last = watch.sheets[0], watch.sheets[-1]
    np.testing.assert_array_equal(first, pictures.sheet(before, 3))
    np.testing.assert_array_equal(last, pictures.sheet(gan.sample(6, seed=3), 3))
    np.testing.assert_array_equal(pictures.load_png(tmp_path / names[-1]), last)


def test_several_sheets_an_epoch(gan, tmp_path):
    fit(gan, callbacks.SampleSheets(tmp_path, n=2, per_epoch=3), epochs=1)
    names = [p.stem for p in sorted(tmp_path.glob("*.png"))]
    assert names == [
        "epoch_0000_step_000000", "epoch_0000_step_000004", "epoch_0000_step_000007",
        "epoch_0001_step_000000",
    ]  # fmt: skip


def test_watching_does_not_change_training(gan):
    start = [v.numpy().copy() for v in gan.state().values()]
    keras.utils.set_random_seed(0)
    fit(gan)
    alone = gan.sample(3, seed=0)
    for v, value in zip(gan.state().values(), start, strict=True):
        v.assign(value)
    keras.utils.set_random_seed(0)
    watch = [callbacks.SampleSheets(n=2, per_epoch=2)]
    gan.fit(X, batch_size=4, epochs=2, callbacks=watch, validation_data=X[:20], verbose=0)
    np.testing.assert_array_equal(gan.sample(3, seed=0), alone)


@pytest.mark.parametrize("steps_per_execution", [1, 8])
def test_measures_of_validation_data(gan, steps_per_execution):
    """One number of all 30 images, from the averaged generator and the same latents each time."""
    gan.steps_per_execution = steps_per_execution
    options = {"batch_size": 4, "validation_data": X[:30], "validation_batch_size": 8, "verbose": 0}
    history = gan.fit(X, epochs=2, **options).history
    z = keras.random.normal((30, 2), seed=0)
    fake = measures.coarse_pixels(gan.images_from(z))
    expected = measures.frechet_distance(fake, measures.coarse_pixels(X[:30]))
    assert history["val_frechet_coarse"][-1] == pytest.approx(expected, rel=1e-4)
    again = gan.evaluate(X[:30], batch_size=8, verbose=0, return_dict=True)
    assert again["frechet_coarse"] == pytest.approx(history["val_frechet_coarse"][-1], rel=1e-6)


def test_a_sheet_has_a_row_for_each_class(tmp_path):
    """The generator paints its label: row y of the sheet, and tile y of the strip, are that grey."""
    z, y = keras.Input((2,)), keras.Input((), dtype="int32")
    grey = keras.layers.Embedding(3, 16, embeddings_initializer="zeros")
    generator = keras.Model([z, y], keras.layers.Reshape((4, 4, 1))(grey(y)))
    grey.set_weights([np.repeat([[-0.5], [0.0], [0.5]], 16, 1)])
    x = keras.Input((4, 4, 1))
    d = keras.Model(x, keras.layers.Dense(4)(keras.layers.Flatten()(x)))
    made = GAN(generator, d, classes=3)
    made.compile(*[keras.optimizers.SGD(0.0) for _ in range(2)], NonSaturating())
    watch = callbacks.SampleSheets(tmp_path, columns=5)
    film = callbacks.Film(tmp_path, tmp_path / "film.gif", tmp_path / "strip.png")
    labels = np.arange(40) % 3
    made.fit(X, labels, batch_size=4, callbacks=[watch, film], verbose=0)
    greys = [64, 128, 191]
    picture = watch.sheets[-1][..., 0]
    assert picture.shape == (3 * 6 - 2, 5 * 6 - 2)
    assert [int(picture[6 * row + 1, 13]) for row in range(3)] == greys
    strip = pictures.load_png(tmp_path / "strip.png")[..., 0]
    assert strip.shape == (2 * 6 - 2, 3 * 6 - 2)
    assert [int(strip[1, 6 * tile + 1]) for tile in range(3)] == greys


@pytest.mark.parametrize("execution", [1, 4])  # 4 does not divide the epoch's 10 steps
def test_progress_line(gan, execution):
    gan.steps_per_execution = execution

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for out, mark in ((io.StringIO(), ""), (Terminal(), "\r")):
        fit(gan, callbacks.Progress(epochs=2, batch_size=4, out=out))
        lines = out.getvalue().splitlines()
        assert out.getvalue().count("\n") == 2
        assert mark in out.getvalue()
        last = lines[-1].split("\r")[-1]
        assert last.startswith("epoch 2/2  step 10/10") and "images/s" in last and "0 s left" in last


def test_metrics_file(gan, tmp_path):
    fit(gan, callbacks.MetricsFile(tmp_path / "m.jsonl"))
    lines = [json.loads(line) for line in (tmp_path / "m.jsonl").read_text().splitlines()]
    assert [(line["epoch"], line["steps"]) for line in lines] == [(1, 10), (2, 20)]
    assert all(np.isfinite(v) for line in lines for v in line.values())


def test_checkpoints_keep_the_best(tmp_path):
    saved = []
    keep = callbacks.Checkpoints(lambda path, epoch: saved.append((path, epoch)), "last", "best", "m")
    for epoch, value in enumerate([3.0, 1.0, 2.0]):
        keep.on_epoch_end(epoch, {"m": value})
    assert saved == [("best", 1), ("last", 1), ("best", 2), ("last", 2), ("last", 3)]


@pytest.mark.parametrize("rate, words", [(np.nan, "since epoch 1, step"), (0.01, None)])
def test_nan_ends_a_training(gan, tmp_path, rate, words):
    gan.generator_optimizer.learning_rate = rate
    kept = []
    watch = [callbacks.StopAtNaN(), callbacks.Checkpoints(lambda *saved: kept.append(saved), "l", "b")]
    if words is None:
        fit(gan, *watch)
        assert len(kept) == 2
        return
    with pytest.raises(callbacks.Diverged, match=f"{words}.* the last good epoch is none"):
        fit(gan, *watch)
    assert kept == []


def test_times_are_readable():
    shown = [callbacks._minutes(s) for s in (0, 59, 61, 3600, 7265)]
    assert shown == ["0 s", "59 s", "1 min 1 s", "1 h 0 min", "2 h 1 min"]


def test_film_of_no_sheets_is_no_film(gan, tmp_path):
    fit(gan, callbacks.Film(tmp_path, tmp_path / "a.gif", tmp_path / "a.png"))
    assert not list(tmp_path.iterdir())
