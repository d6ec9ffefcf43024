"""Bundled sets, transforms and batches."""

import hashlib
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers import refuses

from ganedu import data
from ganedu.data import bundled
from ganedu.game import objectives
from ganedu.gan import GAN
from ganedu.measures import coarse_pixels, watch

rng = np.random.default_rng(0)


# Bundled sets


@pytest.mark.parametrize("name", ["digits", "fashion"])
def test_bundled_sets(name):
    seen = set()
    for split, count in (("train", 10_000), ("test", 2_000)):
        images, labels, class_names = data.load(name, split)[:3]
        assert images.shape == (count, 28, 28, 1) and images.dtype == np.uint8
        assert np.bincount(labels).tolist() == [count // 10] * 10 and len(class_names) == 10
        hashes = {hashlib.sha256(image.tobytes()).digest() for image in images}
        assert len(hashes) >= count - 5 and not seen & hashes
        seen |= hashes
    assert len(data.load(name, "all").images) == 12_000


def test_digits_look_like_digits():
    """Ink in the middle, black edges; ones have least ink, zeros a hole."""
    images, labels = data.load("digits")[:2]
    mean = images.mean((0, 3))
    assert mean[10:18, 10:18].mean() > 60 and mean[[0, -1]].max() < 3
    ink = [images[labels == c].mean() for c in range(10)]
    assert np.argmin(ink) == 1
    assert images[labels == 0][:, 13:15, 13:15].mean() < 0.5 * mean[13:15, 13:15].mean()


def test_origin_and_licence_are_beside_the_data():
    origin = (bundled.ASSETS / "ORIGIN.md").read_text()
    for words in ("MNIST", "Fashion-MNIST", "CC BY-SA 3.0", "MIT", "Zalando"):
        assert words in origin


@pytest.mark.slow
def test_reading_the_data_needs_no_network_and_no_tfds():
    code = (
        "import sys, socket\n"
        "socket.socket.connect = None\n"
        "sys.modules['tensorflow_datasets'] = None\n"
        "from ganedu import data\n"
        "print(data.load('digits').images.sum())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == int(data.load("digits").images.sum())


def test_every_name_is_described():
    assert {about.name for about in data.names()} >= {
        "digits", "fashion", "mnist", "fashion_mnist", "cifar10", "celeb_a", "lsun/bedroom",
        "imagenet_resized/32x32", "oxford_iiit_pet", "coco/2017", "cars196",
    }  # fmt: skip
    for about in data.names():
        said = data.describe(about.name)
        assert about.what in said and about.licence in said


# Transforms

X = rng.integers(0, 256, (6, 12, 10, 3), dtype=np.uint8)
KEY = tf.constant([3, 4])


def test_centre_crop():
    np.testing.assert_array_equal(data.centre_crop(0.5)(X), X[:, 3:9, 2:7])
    np.testing.assert_array_equal(data.centre_crop(0.5)(X[0]), X[0, 3:9, 2:7])
    np.testing.assert_array_equal(data.centre_crop(1.0)(X), X)


def test_resize_cuts_a_square_and_averages():
    small = data.resize(5)(X).numpy()
    assert small.shape == (6, 5, 5, 3) and small.dtype == np.uint8
    flat = np.full((2, 12, 10, 1), 77, np.uint8)
    assert (data.resize(4)(flat).numpy() == 77).all()
    square = X[:, 1:11]
    assert abs(small.mean() - square.mean()) < 4
    np.testing.assert_array_equal(data.resize(10)(X), square)


def test_grey_to_rgb():
    grey = X[..., :1]
    np.testing.assert_array_equal(data.to_rgb()(grey), np.repeat(grey, 3, axis=-1))
    np.testing.assert_array_equal(data.to_rgb()(X), X)


def test_scale_ends():
    ends = np.array([0, 255], np.uint8).reshape(2, 1, 1, 1)
    assert data.scale()(ends).numpy().ravel().tolist() == [-1.0, 1.0]
    with pytest.raises(ValueError, match="scaled twice"):
        data.scale()(data.scale()(ends))


def test_flip_mirrors_about_half():
    many = np.repeat(X[:1], 400, axis=0)
    out = data.flip()(many, KEY).numpy()
    mirrored = (out == X[0, :, ::-1]).all((1, 2, 3))
    kept = (out == X[0]).all((1, 2, 3))
    assert (mirrored ^ kept).all() and 150 < mirrored.sum() < 250


def test_rotation_turns_about_the_centre():
    image = np.zeros((1, 41, 41, 1), np.uint8)
    image[0, 20, 28] = 255  # right of the centre, far from where the mirrored rim can come in
    many = np.repeat(image, 200, axis=0)
    out = data.rotate(90)(many, KEY).numpy()[..., 0].astype(float)
    total = out.sum((1, 2))
    rows, columns = np.mgrid[:41, :41] - 20
    y, x = (out * rows).sum((1, 2)) / total, (out * columns).sum((1, 2)) / total
    radius, angle = np.hypot(x, y), np.degrees(np.arctan2(y, x))
    assert np.abs(radius - 8).max() < 0.6
    assert angle.min() < -70 and angle.max() > 70 and np.abs(angle).max() < 95
    np.testing.assert_array_equal(data.rotate(0)(X, KEY), X)


@pytest.mark.parametrize("transform", [data.flip(), data.rotate(30)])
def test_random_transforms_repeat_by_seed(transform):
    a, b, other = transform(X, KEY), transform(X, KEY), transform(X, tf.constant([3, 5]))
    np.testing.assert_array_equal(a, b)
    assert (a.numpy() != other.numpy()).any()
    assert a.shape == X.shape and a.dtype == tf.uint8
    assert transform(X[0], KEY).shape == X[0].shape


# Batches

IMAGES = np.arange(23, dtype=np.uint8)[:, None, None, None] * np.ones((1, 4, 4, 1), np.uint8)
LABELS = np.array([0] * 14 + [1] * 6 + [2] * 3)


def which(batch):
    """The numbers of the images in a scaled batch."""
    x = batch[0] if isinstance(batch, tuple) else batch
    return np.rint((np.asarray(x)[:, 0, 0, 0] + 1) * 127.5).astype(int)


def take(batches, epoch, steps):
    return [which(b) for b in batches.from_epoch(epoch).take(steps)]


def test_an_epoch_holds_every_image_at_most_once():
    batches = data.Batches(IMAGES, batch_size=5)
    assert len(batches) == 4 and len(list(batches)) == 4
    seen = np.concatenate(take(batches, 0, 4))
    assert len(seen) == len(set(seen)) == 20
    everything = np.concatenate(take(batches, 0, 40))
    assert set(everything) == set(range(23))  # nothing is left out for ever


def test_order_is_new_each_epoch_and_the_same_for_a_seed():
    a, b = (data.Batches(IMAGES, batch_size=5, seed=1) for _ in range(2))
    np.testing.assert_array_equal(take(a, 0, 12), take(b, 0, 12))
    assert (np.array(take(a, 0, 4)) != np.array(take(a, 1, 4))).any()
    other = data.Batches(IMAGES, batch_size=5, seed=2)
    assert (np.array(take(a, 0, 4)) != np.array(take(other, 0, 4))).any()


@pytest.mark.parametrize("weights", [None, "balanced", (1, 1, 4)])
def test_resuming_at_any_epoch_gives_the_same_bits(weights):
    def make():
        return data.Batches(
            IMAGES, LABELS, batch_size=4, seed=7, class_weights=weights,
            prepare=(data.flip(), data.rotate(20), data.scale()),
        )  # fmt: skip

    straight = list(make().from_epoch(0).take(4 * len(make())))
    for epoch in range(4):
        resumed = list(make().from_epoch(epoch).take(len(make())))
        expected = straight[epoch * len(make()) :][: len(make())]
        for (x, y), (a, b) in zip(resumed, expected, strict=True):
            np.testing.assert_array_equal(x, a)
            np.testing.assert_array_equal(y, b)


@pytest.mark.parametrize("steps", [1, 4, 13])
def test_a_short_or_long_epoch_goes_on_where_the_last_one_stopped(steps):
    """The order is that of whole passes, cut elsewhere."""
    def make(steps):
        return data.Batches(IMAGES, LABELS, batch_size=4, seed=7, steps_per_epoch=steps)

    assert len(make(steps)) == steps
    whole = np.concatenate([make(None).order(e) for e in range(10)])
    found = np.concatenate([make(steps).order(e) for e in range(3)])
    np.testing.assert_array_equal(found, whole[: 3 * steps])
    resumed = next(iter(make(steps).from_epoch(2)))[0]
    np.testing.assert_array_equal(resumed, list(make(steps).from_epoch(0).take(2 * steps + 1))[-1][0])
    with pytest.raises(ValueError, match="steps_per_epoch is 0"):
        make(0)


def test_labels_stay_with_their_images():
    for x, y in data.Batches(IMAGES, LABELS, batch_size=5):
        np.testing.assert_array_equal(LABELS[which(x)], y)
        assert y.dtype == tf.int32


def test_balanced_batches():
    batches = data.Batches(IMAGES, LABELS, batch_size=7, class_weights="balanced")
    for _, y in batches.from_epoch(0).take(30):
        counts = np.bincount(y, minlength=3)
        assert counts.max() - counts.min() <= 1


def test_weighted_batches():
    batches = data.Batches(IMAGES, LABELS, batch_size=20, class_weights=(0, 1, 3))
    labels = np.concatenate([y for _, y in batches.from_epoch(0).take(200)])
    shares = np.bincount(labels, minlength=3) / len(labels)
    np.testing.assert_allclose(shares, [0, 0.25, 0.75], atol=0.03)


def test_static_shapes_for_fit():
    spec = data.Batches(IMAGES, LABELS, batch_size=5).from_epoch(0).element_spec
    assert spec[0].shape == (5, 4, 4, 1) and spec[1].shape == (5,)


def test_from_epoch_takes_a_variable():
    """GAN.fit moves one on from epoch to epoch."""
    batches, epoch = data.Batches(IMAGES, batch_size=5, seed=3), tf.Variable(0, dtype="int64")
    stream = tf.data.Dataset.from_tensors(0).flat_map(lambda _: batches.from_epoch(epoch).take(4))
    for number in (0, 2, 1):
        epoch.assign(number)
        np.testing.assert_array_equal([which(b) for b in stream], take(batches, number, 4))


@pytest.mark.parametrize("seed_of_tensorflow", [0, 1, None])
def test_streams_shuffle_by_seed_and_epoch(seed_of_tensorflow):
    """Whatever seed was set for the whole of TensorFlow, 0 too."""
    stream = tf.data.Dataset.from_tensor_slices(IMAGES)
    a, b = (data.StreamBatches(stream, batch_size=5, seed=1) for _ in range(2))
    tf.random.set_seed(5)
    first = take(a, 0, 8)
    tf.random.set_seed(seed_of_tensorflow)
    np.testing.assert_array_equal(first, take(b, 0, 8))
    assert len(a) == 4 and not a.exact_resume
    assert (np.array(take(a, 0, 4)) != np.array(take(a, 1, 4))).any()


def failing_stream(after):
    """It fails after so many images, as a damaged file does."""

    def images():
        for image in IMAGES[:after]:
            yield image
        raise ValueError("the disk is gone")

    return tf.data.Dataset.from_generator(
        images, output_signature=tf.TensorSpec(IMAGES.shape[1:], "uint8")
    )


def empty_stream():
    return tf.data.Dataset.from_tensor_slices(IMAGES).filter(lambda image: image[0, 0, 0] > 99)


def small_gan():
    layers, shape = keras.layers, IMAGES.shape[1:]
    g = keras.Sequential([keras.Input((2,)), layers.Dense(16, "tanh"), layers.Reshape(shape)])
    d = keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(1)])
    made = GAN(g, d)
    adams = [keras.optimizers.Adam() for _ in range(2)]
    coarse = watch.FrechetDistance(coarse_pixels)
    made.compile(*adams, objectives.NonSaturating(), measures=[coarse])
    return made


@pytest.mark.slow
def test_a_stream_that_fails_while_a_gan_trains(tmp_path):
    """Whatever failed: a program, a file that is no image, one that was cut off."""
    names = [str(tmp_path / f"{i}.png") for i in range(12)]
    for i, name in enumerate(names):
        content = tf.io.encode_png(IMAGES[i]).numpy()
        (tmp_path / f"{i}.png").write_bytes(content if i != 9 else b"not an image")

    def read(name):
        return tf.ensure_shape(tf.io.decode_png(tf.io.read_file(name)), IMAGES.shape[1:])

    with tf.io.TFRecordWriter(str(tmp_path / "cut")) as file:
        for image in IMAGES:
            file.write(image.tobytes())
    (tmp_path / "cut").write_bytes((tmp_path / "cut").read_bytes()[:-9])
    records, gan = tf.data.TFRecordDataset(str(tmp_path / "cut")), small_gan()
    for stream, word in (
        (failing_stream(9), "the disk is gone"),
        (tf.data.Dataset.from_tensor_slices(names).map(read), "Unknown image file format"),
        (records.map(lambda r: tf.reshape(tf.io.decode_raw(r, "uint8"), (4, 4, 1))), "truncated"),
    ):
        batches = data.StreamBatches(stream, batch_size=2, steps_per_epoch=12, shuffle=1)
        words = ["in the middle of training, the data failed: ", word]
        refuses(lambda b=batches: gan.fit(b, verbose=0), words)
        plain = stream.map(data.scale()).batch(2)
        refuses(lambda p=plain: gan.evaluate(p), ["validation data failed", word])
    refuses(lambda: gan.fit(plain, verbose=0), words)
    first = failing_stream(0).map(data.scale()).batch(2)
    refuses(lambda: gan.fit(first, verbose=0), ["x fails at its first batch", "gone"])


def test_labels_may_be_any_sequence_of_whole_numbers():
    """Some classes may be missing, as in the images of one class alone."""
    for labels in (LABELS.tolist(), tuple(LABELS), LABELS.astype("uint8"), LABELS + 1):
        batches = data.Batches(list(IMAGES), labels, batch_size=5, class_weights="balanced")
        for x, y in batches:
            np.testing.assert_array_equal(np.asarray(labels)[which(x)], y)
            assert y.dtype == tf.int32


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: data.Batches(IMAGES / 255.0, batch_size=4), "dtype float64.*give uint8"),
        (lambda: data.Batches(np.full((4, 2, 2, 1), np.nan), batch_size=4), "16 of them NaN"),
        (lambda: data.Batches(IMAGES[..., 0], batch_size=4), r"\[N, H, W, 1 or 3\]"),
        (lambda: data.Batches(IMAGES, LABELS[:3], batch_size=4), r"shape \(23,\)"),
        (lambda: data.Batches(IMAGES, LABELS + 0.5, batch_size=4), "whole numbers"),
        (lambda: data.Batches(IMAGES, -LABELS, batch_size=4), "labels holds -2 to 0; give whole numbers from 0"),
        (lambda: data.Batches(IMAGES, batch_size=24), "larger than the set"),
        (lambda: data.Batches(IMAGES, batch_size=0), "batch_size is 0; give a whole number, at least 1"),
        (lambda: data.Batches(IMAGES, batch_size=4, class_weights="balanced"), "class_weights is 'balanced', which needs labels"),
        (lambda: data.Batches(IMAGES, LABELS, batch_size=4, class_weights=(1,)), "3 classes"),
        (lambda: data.Batches(IMAGES, LABELS, batch_size=4, class_weights=(1, -1, 1)), ">= 0"),
        (lambda: data.Batches(IMAGES, LABELS, batch_size=4, class_weights="even"), "balanced"),
        (lambda: data.Batches(IMAGES, batch_size=4, prepare=(data.scale,)), "written called|write it called"),
        (lambda: data.Batches(tf.data.Dataset.range(3), batch_size=4), "StreamBatches"),
        (lambda: data.StreamBatches(IMAGES, batch_size=4), "stream is a ndarray; give a tf.data.Dataset"),
        (lambda: data.centre_crop(1.5), "fraction is 1.5"),
        (lambda: data.resize(0), "size is 0"),
        (lambda: data.rotate(200), "degrees is 200"),
        (lambda: data.load("digits", crop=0.5), "crop is 0.5 without a size"),
        (lambda: data.load("digits", channels=3), "folders of images"),
        (lambda: data.describe("digit"), "did you mean 'digits'"),
        (lambda: data.describe(None), "unknown data set 'None'"),
        (lambda: data.load(None), "name is None; give one of digits, .*or the path of a folder"),
        (lambda: data.load(3), "name is 3; give"),
        (lambda: data.load(["digits"]), r"name is \['digits'\]; give"),
        (lambda: data.load(""), "name is ''; give"),
        (lambda: data.load("digits", 10), "split is 10; give a name"),
        (lambda: data.load("digits", None), "split is None; give a name"),
        (lambda: data.load("digits", "valid"), "split is 'valid'; 'digits' has train, test, all"),
        (lambda: data.load("digits", size="28"), "size is '28'; give a whole number"),
        (lambda: data.load("digits", size=28, crop="half"), "fraction is 'half'; give a number"),
        (lambda: data.load("mnist", data_dir=3), "data_dir is 3; give the path"),
        (lambda: data.Batches(None, batch_size=4), "images has dtype object; give uint8"),
        (lambda: data.Batches([IMAGES[0], IMAGES[0, :2]], batch_size=1), "unlike arrays"),
        (lambda: data.Batches(IMAGES, batch_size="4"), "batch_size is '4'"),
        (lambda: data.Batches(IMAGES, list("ab") * 11 + ["c"], batch_size=4), "labels has dtype <U1"),
        (lambda: data.Batches(IMAGES, LABELS + 1, batch_size=4, class_weights=(1, 1, 1)), "holds 3; labels go up to 3: give one for each of the 4 classes"),
        (lambda: data.Batches(IMAGES, LABELS, batch_size=4, class_weights=1.0), "class_weights is 1.0; give"),
        (lambda: data.Batches(IMAGES, LABELS, batch_size=4, class_weights=("a", "b", "c")), "give numbers >= 0"),
        (lambda: data.StreamBatches(empty_stream(), batch_size=4, steps_per_epoch=2), "stream is empty"),
        (lambda: data.StreamBatches(failing_stream(0), batch_size=4, steps_per_epoch=2), "first image: ValueError: the disk is gone"),
        (lambda: list(data.StreamBatches(failing_stream(9), batch_size=4, steps_per_epoch=5)), "stream failed: ValueError: the disk is gone"),
    ],
)  # fmt: skip
def test_bad_input(call, words):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)
