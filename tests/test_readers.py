"""The bundled classifiers read as well as is said; how they are made can be repeated."""

import json
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganedu import data
from ganedu.measures import readers, teach

rng = np.random.default_rng(0)
NOISE = rng.uniform(-1, 1, (7, 28, 28, 1)).astype("float32")
ABOUT = json.loads((readers.ASSETS / "classifiers.json").read_text("utf-8"))


@pytest.mark.parametrize("name, at_least", [("digits", 0.985), ("fashion", 0.895)])
def test_bundled_classifiers_read_real_images_as_well_as_is_stated(name, at_least):
    images, labels = data.load(name, "test")[:2]
    classifier = readers.load(name)
    features, p = classifier.read(data.scale()(images))
    right = p.argmax(1) == labels
    assert len(right) == 2000
    assert right.mean() == pytest.approx(classifier.accuracy, abs=0.002)
    assert classifier.accuracy == ABOUT[name]["accuracy"] >= at_least
    of_class = [right[labels == y].mean() for y in range(10)]
    np.testing.assert_allclose(of_class, ABOUT[name]["accuracy_of_class"], atol=0.01)
    # A covariance of the features needs more images than features, also within a class.
    assert features.shape == (2000, 64) and (features >= 0).all()
    assert np.isfinite(features).all()


@pytest.mark.parametrize("name", ["digits", "fashion"])
def test_bundled_files_are_small_and_are_the_ones_recorded(name):
    path = readers.ASSETS / f"{name}_classifier.npz"
    assert path.stat().st_size <= 500_000
    with np.load(path) as file:
        assert {file[key].dtype for key in file.files} == {np.dtype("float16")}
    classifier = readers.load(name)
    assert ABOUT[name]["sha256"].startswith(classifier.hash) and len(classifier.hash) == 12
    assert readers.load(name) is classifier  # made once


def test_full_sets_are_read_by_the_same_classifiers():
    assert readers.load("mnist") is readers.load("digits")
    assert readers.load("fashion_mnist") is readers.load("fashion")
    assert readers.load("digits").hash != readers.load("fashion").hash
    assert readers.for_data("mnist") == "digits"
    assert readers.for_data("fashion") == "fashion"
    assert readers.for_data("cifar10") is None


def test_one_pass_gives_what_the_model_gives():
    classifier = readers.load("digits")
    features, p = classifier.read(NOISE, batch_size=3)
    f, logits = (np.asarray(part) for part in classifier.model(NOISE, training=False))
    np.testing.assert_allclose(features, f, rtol=1e-5, atol=1e-5)
    odds = np.exp(logits - logits.max(1, keepdims=True))
    np.testing.assert_allclose(p, odds / odds.sum(1, keepdims=True), rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(classifier.features(NOISE), classifier.read(NOISE)[0])
    np.testing.assert_array_equal(classifier.probabilities(NOISE), classifier.read(NOISE)[1])
    assert features.dtype == p.dtype == np.float32


def test_nothing_of_it_can_be_trained_by_accident():
    classifier = readers.load("digits")
    assert classifier.model.trainable_variables == []
    before = classifier.model.get_weights()
    classifier.model(NOISE, training=True)  # frozen batch norm keeps its statistics
    assert all(map(np.array_equal, before, classifier.model.get_weights()))


def test_networks_are_float32_whatever_the_policy():
    expected = readers.new_network(seed=3)(NOISE)
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        network = readers.new_network(seed=3)
        got = network(NOISE)
    finally:
        keras.config.set_dtype_policy("float32")
    for a, b in zip(got, expected, strict=True):
        assert a.dtype == tf.float32
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5)
    assert {w.dtype for w in network.weights} == {"float32"}


@pytest.mark.parametrize("shape", [(8, 8, 1), (9, 31, 3), (32, 32, 3), (64, 64, 4)])
def test_new_networks_fit_other_images(shape):
    network = readers.new_network(shape, classes=4)
    features, logits = network(np.zeros((2, *shape), "float32"))
    assert features.shape == (2, 64) and logits.shape == (2, 4)


def test_new_networks_depend_on_their_seed_alone():
    a, b, c = (readers.new_network(seed=seed) for seed in (0, 0, 1))
    assert readers.hash_of(a) == readers.hash_of(b) != readers.hash_of(c)
    kernels = [w for w in a.get_weights() if w.ndim > 1]
    assert len({w.std() for w in kernels}) == len(kernels)


@pytest.mark.slow
def test_training_learns_and_repeats_itself(tmp_path):
    images, labels = (a[:1000] for a in data.load("digits")[:2])
    first, again = (
        teach.train("digits", 5, epochs=2, images=images, labels=labels) for _ in range(2)
    )
    assert first.hash == again.hash
    test = data.load("digits", "test")
    x = data.scale()(test.images)
    correct, of_class = readers.accuracy(first, x, test.labels)
    assert correct > 0.5 and of_class.shape == (10,)
    assert correct == pytest.approx(of_class.mean())  # 200 images of each class
    assert first.accuracy is None
    # What is written is what was measured.
    readers.save(first, tmp_path / "digits_classifier.npz")
    about = {"digits": {"sha256": readers.hash_of(first.model), "accuracy": correct}}
    (tmp_path / "classifiers.json").write_text(json.dumps(about))
    loaded = readers._load(tmp_path, "digits")
    assert (loaded.hash, loaded.accuracy) == (first.hash, correct)
    np.testing.assert_array_equal(loaded.features(NOISE), first.features(NOISE))


def test_accuracy_by_hand():
    classifier = readers.load("digits")
    read = classifier.probabilities(NOISE).argmax(1)
    labels = np.where(np.arange(7) < 3, read, (read + 1) % 10)
    correct, of_class = readers.accuracy(classifier, NOISE, labels)
    assert correct == pytest.approx(3 / 7)
    assert np.isnan(of_class).sum() == 10 - len(np.unique(labels))


def test_distortion_moves_images_and_fills_with_background():
    x = tf.constant(rng.uniform(-1, 1, (40, 12, 12, 1)), "float32")
    still = teach.distort(0.0, 0.0, 0.0)(x, (0, 1))
    np.testing.assert_allclose(still, x, atol=1e-5)
    black = -tf.ones_like(x)
    np.testing.assert_array_equal(teach.distort()(black, (0, 1)), black)
    # A shift alone: each row of a ramp is read at x + b with one b an image, |b| <= 2.
    ramp = tf.broadcast_to(tf.linspace(-0.5, 0.5, 12)[None, None, :, None], (40, 12, 12, 1))
    moved = teach.distort(2.0, 0.0, 0.0)(tf.cast(ramp, "float32"), (0, 1)).numpy()
    b = (moved - ramp.numpy())[:, 4:8, 4:8] * 11
    assert np.ptp(b, axis=(1, 2, 3)).max() < 1e-4
    b = b.mean((1, 2, 3))
    assert 1 < b.max() <= 2 and -2 <= b.min() < -1
    same, other = (teach.distort()(x, seed) for seed in ((0, 1), (0, 2)))
    np.testing.assert_array_equal(same, teach.distort()(x, (0, 1)))
    assert not np.allclose(same, other)


def test_a_turn_keeps_the_centre_and_lengths():
    x = np.full((30, 15, 15, 1), -1.0, "float32")
    x[:, 7, 7] = x[:, 7, 12] = 1.0  # the centre, and a point 5 pixels to its right
    turned = teach.distort(0.0, 40.0, 0.0)(x, (0, 1)).numpy() + 1
    assert (turned[:, 7, 7, 0] > 1.99).all()
    turned[:, 6:9, 6:9] = 0
    rows, columns = np.mgrid[:15, :15] - 7
    weight = turned[..., 0] / turned.sum((1, 2, 3))[:, None, None]
    lengths = np.hypot((weight * rows).sum((1, 2)), (weight * columns).sum((1, 2)))
    np.testing.assert_allclose(lengths, 5, atol=0.4)
    angle = (weight * rows).sum((1, 2))
    assert angle.max() > 1.5 and angle.min() < -1.5


@pytest.mark.parametrize("what", ["half", "changed", "other", "gone"])
def test_a_damaged_file_gives_one_clear_line(what, tmp_path, monkeypatch):
    shutil.copy(readers.ASSETS / "classifiers.json", tmp_path)
    path = tmp_path / "digits_classifier.npz"
    whole = (readers.ASSETS / path.name).read_bytes()
    if what == "half":
        path.write_bytes(whole[: len(whole) // 2])
    if what == "changed":
        with np.load(readers.ASSETS / path.name) as file:
            arrays = dict(file)
        arrays["00"][0, 0, 0, 0] += 1
        np.savez(path, **arrays)
    if what == "other":
        shutil.copy(readers.ASSETS / "fashion_classifier.npz", path)
    monkeypatch.setattr(readers, "ASSETS", tmp_path)
    message = "is missing" if what == "gone" else "is damaged"
    with pytest.raises(OSError, match=f"{message}.*install ganedu again") as error:
        readers.load("digits")
    assert "\n" not in str(error.value) and str(path) in str(error.value)


def with_nan():
    x = NOISE.copy()
    x[2, 3, 4] = np.nan
    return x


BAD = {
    "shape": (lambda c: c.read(NOISE[..., 0]), r"images has shape \(7, 28, 28\); .*\[N, 28,"),
    "none": (lambda c: c.read(NOISE[:0]), "N > 0"),
    "uint8": (lambda c: c.features(np.zeros((2, 28, 28, 1), "uint8")), "dtype uint8.*scale"),
    "range": (lambda c: c.probabilities(NOISE * 127 + 128), "pixels from .* give floats"),
    "nan": (lambda c: c.read(with_nan()), "images holds NaN"),
    "labels": (lambda c: readers.accuracy(c, NOISE, [1, 2]), r"labels has shape \(2,\)"),
    "class": (lambda c: readers.accuracy(c, NOISE, [10] * 7), "labels holds 10 to 10; .* 0 to 9"),
    "batch": (lambda c: c.read(NOISE, batch_size=0), "batch_size is 0; give a whole number"),
    "set": (lambda c: readers.load("cifar10"), "'cifar10'; there are digits, fashion"),
    "name": (lambda c: teach.train("mnist"), "name is 'mnist'; choose one of digits"),
    "epochs": (lambda c: teach.train("digits", epochs=0), "epochs is 0"),
    "half": (lambda c: teach.train("digits", images=NOISE), "images and labels go"),
    "small": (lambda c: readers.new_network((7, 28, 1)), r"image_shape is \(7, 28, 1\)"),
    "flat": (lambda c: readers.new_network((28, 28)), r"image_shape is \(28, 28\)"),
    "classes": (lambda c: readers.new_network(classes=1), "classes is 1"),
    "save": (lambda c: readers.save(unrounded(), "never"), "float16 changes"),
}


def unrounded():
    return readers.Classifier("digits", readers.new_network())


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_named(kind):
    call, message = BAD[kind]
    with pytest.raises(ValueError, match=message) as error:
        call(readers.load("digits"))
    assert "\n" not in str(error.value)
