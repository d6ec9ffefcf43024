"""Synthetic training data: sets, filters, pupils, a test set that is looked at once."""

import json
from dataclasses import replace

import keras
import numpy as np
import pytest

from ganedu import data, measures, synthetic
from ganedu.experiments import runs, teaching, trainer
from ganedu.experiments.recipes import get
from ganedu.measures import classify
from ganedu.measures.held_out import HeldOut, SecondLook


class Painter:
    """A GAN of three classes whose images are as grey as the class says, and a little noise."""

    classes, image_shape, seed = 3, (8, 8, 1), 0

    def sample(self, labels, seed):
        noise = np.random.default_rng(seed).normal(0, 0.02, (len(labels), 8, 8, 1))
        return np.clip(labels[:, None, None, None] / 2 - 0.5 + noise, -1, 1).astype("float32")


def a_set(counts, name="real", shade=0):
    labels = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    images = np.arange(len(labels))[:, None, None, None] + np.full((1, 8, 8, 1), shade)
    return data.Data(images.astype(np.uint8), labels, tuple("abc"[: len(counts)]), name, "train")


# ------------------------------------------------------------------ sets


def test_a_set_has_as_many_of_each_class_and_latents_of_its_own():
    made = synthetic.make(Painter(), 5, seed=1, class_names=("x", "y", "z"))
    assert made.images.shape == (15, 8, 8, 1) and made.images.dtype == np.uint8
    assert made.labels.tolist() == [0] * 5 + [1] * 5 + [2] * 5 and made.class_names == ("x", "y", "z")
    assert [made.images[made.labels == y].mean() for y in range(3)] == pytest.approx([63.75, 127.5, 191.25], abs=1)
    again, other = (synthetic.make(Painter(), 5, seed=s) for s in (1, 2))
    assert (made.images == again.images).all() and (made.images != other.images).any()
    noise = made.images.astype(float) - made.images.mean((1, 2, 3), keepdims=True)
    assert np.abs(noise[:5] - noise[5:10]).max() > 2  # not the same latents again for the next class


@pytest.mark.parametrize("ratio, added", [(0, 0), (0.1, 2), (0.5, 10), (1, 20), (1.5, 30)])
def test_a_mixture_has_ratio_times_as_many_of_each_class(ratio, added):
    real, made = a_set([20, 20, 40]), a_set([50, 50, 70], "made", 100)
    both = synthetic.mix(real, made, ratio, seed=3)
    assert (both.images[:80] == real.images).all() and both.name == "real+made"
    assert np.bincount(both.labels[80:], minlength=3).tolist() == [added, added, 2 * added]
    new = both.images[80:, 0, 0, 0].tolist()
    assert len(set(new)) == len(new)  # each at most once
    if added:
        other = synthetic.mix(real, made, ratio, seed=4).images[80:, 0, 0, 0].tolist()
        assert new == synthetic.mix(real, made, ratio, seed=3).images[80:, 0, 0, 0].tolist() != other


def test_a_class_left_out_gets_none_and_the_others_no_more():
    real, made = a_set([20, 20, 40]), a_set([50, 50, 70], "made", 100)
    less = synthetic.without(made, 2)
    assert np.unique(less.labels).tolist() == [0, 1] and less.class_names == made.class_names
    assert np.bincount(synthetic.mix(real, less, 0.5).labels[80:]).tolist() == [10, 10]


def test_the_filter_asks_for_the_predicted_class_and_keeps_the_asked_label():
    made = a_set([2, 2, 1])
    p = np.array([[0.9, 0.1, 0], [0.5, 0.4, 0.1], [0.95, 0.05, 0], [0.2, 0.7, 0.1], [0, 0, 1.0]])
    kept = synthetic.confident(made, p, 0.9)
    assert kept.images[:, 0, 0, 0].tolist() == [0, 2, 4] and kept.labels.tolist() == [0, 1, 2]
    assert len(synthetic.confident(made, p, 0).images) == 5
    assert synthetic.relabelled(made, p).labels.tolist() == [0, 0, 0, 1, 2]
    assert made.labels.tolist() == [0, 0, 1, 1, 2]  # untouched


def test_health_is_one_for_the_real_thing_and_at_most_none_for_one_image():
    digits = np.asarray(data.scale()(data.one_class(data.load("digits"), 3).images))
    one, other = digits[:500], digits[500:1000]
    assert 0.9 < synthetic.health(other, one) <= 1
    for single in (one[:1], one.mean(0, keepdims=True)):
        assert synthetic.health(np.repeat(single, 500, 0), one) < 1e-6
    mean, half = one.mean(0), 0.5
    assert 0.5 < synthetic.health(mean + half * (other - mean), one) < 0.9  # half the variety


@pytest.mark.parametrize("call, words", [
    (lambda: synthetic.make(object(), 5), ["source is", "has no classes"]),
    (lambda: synthetic.make(Painter(), 0), ["per_class is 0"]),
    (lambda: synthetic.make(Painter(), 1, class_names=["a"]), ["class_names holds 1", "give 3"]),
    (lambda: synthetic.mix(a_set([2, 2]), a_set([2, 2]), -1), ["ratio is -1"]),
    (lambda: synthetic.mix(a_set([2, 2]), a_set([2, 1]), 1), ["takes 2", "class 1", "there are 1"]),
    (lambda: synthetic.mix(a_set([2])._replace(labels=None), a_set([2]), 1), ["real", "has no labels"]),
    (lambda: synthetic.mix(np.zeros(3), a_set([2]), 1), ["real is", "give Data"]),
    (lambda: synthetic.without(a_set([2, 2]), 5), ["classes holds 5", "[0, 1]"]),
    (lambda: synthetic.without(a_set([2, 2]), 0, 1), ["leave one"]),
    (lambda: synthetic.confident(a_set([2]), np.full((2, 2), 0.5), 0.9), ["at_least is 0.9", "0.5"]),
    (lambda: synthetic.confident(a_set([2]), np.full((2, 2), 3.0), 0.9), ["softmax"]),
    (lambda: synthetic.relabelled(a_set([2]), np.full((3, 2), 0.5)), ["(3, 2)", "(2, classes)"]),
])  # fmt: skip
def test_bad_sets_get_one_line(call, words):
    with pytest.raises(ValueError) as error:
        call()
    assert all(word in str(error.value) for word in words) and "\n" not in str(error.value)


# ------------------------------------------------------------------ one look


def brightness(trainable=False):
    """Reads an image as class 1 if it is bright; `trainable`: learns from what it sees, by mistake."""

    class Wrong(keras.layers.Layer):
        def build(self, shape):
            self.seen = self.add_weight(name="seen", shape=(), initializer="zeros")

        def call(self, x):
            if trainable:
                self.seen.assign_add(1.0)
            return x + 0 * self.seen

    x = keras.Input((8, 8, 1))
    mean = keras.layers.GlobalAveragePooling2D()(Wrong()(x))
    model = keras.Model(x, keras.layers.Dense(2, name="read")(mean))
    model.get_layer("read").set_weights([np.array([[-1.0, 1.0]]), np.zeros(2)])
    return model


def grey():
    images = np.linspace(-0.9, 0.9, 10)[:, None, None, None] * np.ones((1, 8, 8, 1))
    return images.astype("float32"), np.array([0] * 4 + [1] * 6)


def test_a_second_look_raises_and_every_look_is_kept():
    test, model = HeldOut(*grey()), brightness()
    found = test.look("bright, seed 0", model, batch_size=3)
    assert found.overall == 0.9 and found.confusion.tolist() == [[4, 0], [1, 5]]
    with pytest.raises(SecondLook, match="has looked at these images already, and read 0.9000"):
        test.look("bright, seed 0", brightness())
    test.look("bright, seed 1", model)
    assert [look["experiment"] for look in test.looks] == ["bright, seed 0", "bright, seed 1"]
    assert [look["accuracy"] for look in test.looks] == [0.9, 0.9] and len(test.looks[0]["weights"]) == 12
    test.looks[0]["accuracy"] = 1.0  # a copy
    assert test.looks[0]["accuracy"] == 0.9 and repr(test) == "HeldOut(10 images, 2 looks)"


def test_a_look_leaves_the_classifier_as_it_was():
    model = classify.small((8, 8, 1), 2)
    before = [np.copy(np.asarray(v)) for v in model.variables]
    HeldOut(*grey()).look("once", model)
    assert all(np.array_equal(v, old) for v, old in zip(model.variables, before, strict=True))


def test_a_classifier_that_learns_from_the_look_gets_its_weights_back_and_no_result():
    test, model = HeldOut(*grey()), brightness(trainable=True)
    with pytest.raises(RuntimeError, match="classifier changed while it was looking"):
        test.look("cheat", model)
    assert float(model.layers[1].seen) == 0
    with pytest.raises(SecondLook, match="broke off"):  # it has seen the images
        test.look("cheat", brightness())
    assert test.looks[0]["accuracy"] is None


@pytest.mark.parametrize("call, words", [
    (lambda: HeldOut(np.zeros((2, 8, 8, 1), np.uint8), [0, 1]), ["images has dtype uint8"]),
    (lambda: HeldOut(grey()[0], [0]), ["labels has shape (1,)"]),
    (lambda: HeldOut(*grey()).look("", brightness()), ["experiment is ''"]),
    (lambda: HeldOut(*grey()).look("a", len), ["classifier is", "Keras model"]),
])  # fmt: skip
def test_bad_looks_get_one_line(call, words):
    with pytest.raises(ValueError) as error:
        call()
    assert all(word in str(error.value) for word in words)


# ------------------------------------------------------------------ pupils


def test_pupils_have_the_shapes_and_the_seed_they_are_asked_for():
    for make in (classify.small, classify.lenet):
        one, again, other = (make((28, 28, 1), 7, seed) for seed in (0, 0, 1))
        assert one.input_shape == (None, 28, 28, 1) and one.output_shape == (None, 7)
        first = [w for w in one.get_weights() if w.ndim > 1]
        assert all(map(np.array_equal, first, [w for w in again.get_weights() if w.ndim > 1]))
        assert not any(map(np.array_equal, first, [w for w in other.get_weights() if w.ndim > 1]))


def test_fit_stops_when_it_gets_no_better_and_keeps_the_best():
    made = synthetic.make(Painter(), 40, seed=0)
    validation = synthetic.make(Painter(), 20, seed=1)
    validation = validation._replace(labels=(validation.labels + 1) % 3)  # what it learns is wrong there
    pupil = classify.small((8, 8, 1), 3)
    history = classify.fit(pupil, made, validation, steps=100, every=5, patience=2, batch_size=16)
    best = int(np.argmin(history["val_loss"]))
    assert len(history["val_loss"]) == best + 3 < 20
    logits = pupil.predict(np.asarray(data.scale()(validation.images)), verbose=0)
    loss = keras.losses.sparse_categorical_crossentropy(validation.labels, logits, from_logits=True)
    assert float(np.mean(loss)) == pytest.approx(min(history["val_loss"]), rel=1e-4)


def test_in_turn_sees_the_synthetic_images_first_and_ends_on_the_real_ones(monkeypatch):
    calls = []
    monkeypatch.setattr(classify, "fit", lambda pupil, train, validation, **more: calls.append((train, more)) or {})
    made, real = a_set([2], "made"), a_set([2])
    classify.in_turn("pupil", made, real, real, rate=1e-4, steps=7, seed=3)
    (first, one), (second, two) = calls
    assert (first.name, second.name) == ("made", "real") and one["steps"] == two["steps"] == 7
    assert "optimizer" not in one and float(two["optimizer"].learning_rate) == pytest.approx(1e-4)
    assert one["seed"] != two["seed"]


def test_without_a_network_efficientnet_says_what_is_missing(monkeypatch):
    def offline(*_, **__):
        raise Exception("URL fetch failure on https://somewhere/x.h5: None -- unreachable")

    monkeypatch.setattr(keras.applications, "EfficientNetB0", offline)
    with pytest.raises(OSError, match=r"cannot be fetched .*weights=None.*report A"):
        classify.efficientnet()
    with pytest.raises(ValueError, match=r"image_shape is \(28, 28, 1\)"):
        classify.efficientnet((28, 28, 1))


@pytest.mark.slow
def test_efficientnet_takes_our_images_and_gives_logits():
    network = classify.efficientnet(weights=None, seed=1)
    images = np.random.default_rng(0).uniform(-1, 1, (2, 32, 32, 3)).astype("float32")
    assert network(images).shape == (2, 10) and network.layers[-2].output.shape == (None, 512)


@pytest.mark.parametrize("change, words", [
    ({"train": a_set([2, 2])._replace(labels=None)}, ["train is", "labels"]),
    ({"validation": None}, ["validation is None"]),
    ({"train": data.load("digits")}, ["train has images (28, 28, 1)", "(8, 8, 1)"]),
    ({"steps": 0}, ["steps is 0"]), ({"every": 0}, ["every is 0"]), ({"patience": 0}, ["patience is 0"]),
])  # fmt: skip
def test_bad_lessons_get_one_line(change, words):
    given = {"train": a_set([2, 2]), "validation": a_set([2, 2])} | change
    with pytest.raises(ValueError) as error:
        classify.fit(classify.small((8, 8, 1), 2), **given)
    assert all(word in str(error.value) for word in words)


def test_pairs_are_compared_as_students_test_of_pairs_does():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(0)
    a = rng.normal(0, 1, 5)
    b = a - 0.3 + rng.normal(0, 0.05, 5)
    low, high = stats.ttest_rel(a, b).confidence_interval(0.95)
    found = measures.paired(a, b)
    assert found[1:3] == pytest.approx((low, high), rel=1e-3) and found.way == "higher"
    assert measures.difference(a, b).way == "none"  # what the seeds share hides it
    with pytest.raises(ValueError, match="give pairs"):
        measures.paired(a, b[:4])


# ------------------------------------------------------------------ a GAN for each class


class Grey:
    classes, image_shape, seed = 0, (28, 28, 1), 0

    def __init__(self, images):
        self.images = images

    def sample(self, n, seed=0, ema=True):
        return self.images[np.arange(n) % len(self.images)]


def test_a_collapsed_class_is_tried_again_and_all_of_it_is_recorded(tmp_path, monkeypatch):
    """Class 1 collapses at the first try, class 2 diverges at it, class 3 never gets well."""
    recipe = replace(get("digits", "quick"), per_class=3, n_images=1000, held_out=0)
    tried, whole = [], trainer.train

    def train(folder, recipe, seed=0, policy=None, data_dir=None, verbose=True):
        if recipe.per_class:
            return whole(folder, recipe, seed, policy, data_dir, verbose)
        y, attempt = recipe.only_class, int(folder.name[-1])
        tried.append((y, attempt, seed))
        runs.Run.start(folder, recipe, seed, policy)
        (folder / "metrics.jsonl").write_text(json.dumps({"epoch": 1, "seconds": 1.5}) + "\n")
        (folder / "sheets").mkdir(exist_ok=True)
        measures_of = np.zeros((30, 260, 1), np.uint8)
        trainer.pictures.save_png(folder / "sheets" / "epoch_0001_step_000000.png", measures_of)
        images = np.asarray(data.scale()(data.one_class(data.load("digits"), y).images))
        if (y, attempt) == (2, 0):
            raise trainer.Diverged("NaN")
        return Grey(images[:1] if (y, attempt) == (1, 0) or y == 3 else images)

    monkeypatch.setattr(trainer, "train", train)
    gans = train(tmp_path / "run", recipe, 5, "float32", verbose=False)
    assert [t[:2] for t in tried] == [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2),
                                      *((y, 0) for y in range(4, 10))]
    assert len({seed for *_, seed in tried}) == len(tried) and gans.classes == 10 and gans.seed == 5
    lines = runs.Run(tmp_path / "run").metrics()
    assert [line["tries"] for line in lines] == [1, 2, 2, 3] + [1] * 6
    assert [line["seconds"] for line in lines][:4] == [1.5, 3.0, 3.0, 4.5]
    assert [line["health"] > 0.5 for line in lines] == [True] * 3 + [False] + [True] * 6
    assert gans.health == [line["health"] for line in lines] and (tmp_path / "run" / "film.png").exists()
    assert trainer.pictures.load_png(tmp_path / "run" / "film.png").shape[0] == 10 * (28 + 2) - 2  # a row a class


def test_arms_are_paired_and_each_looks_once():
    assert next(iter(teaching.ARMS)) == "real"  # its classifier filters
    assert all("." not in name and " - " not in name for name in teaching.ARMS)
    assert set(teaching.SHORT) <= set(teaching.ARMS)
