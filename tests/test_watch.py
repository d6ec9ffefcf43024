"""Measures that follow a training, against the same numbers worked out another way."""

import keras
import numpy as np
import pytest
from helpers import refuses

from ganedu.game import objectives
from ganedu.gan import GAN
from ganedu.measures import coarse_pixels, readers, watch

rng = np.random.default_rng(0)
REAL = rng.uniform(-1, 1, (120, 28, 28, 1)).astype("float32")
FAKE = np.tanh(rng.normal(0.3, 0.8, (120, 28, 28, 1))).astype("float32")
Y = np.arange(120, dtype="int32") % 10


@pytest.fixture(scope="module")
def reader():
    """Untrained: agreement with an oracle does not need one that reads well."""
    return readers.Classifier("digits", readers.new_network(seed=1))


def made(reader):
    """One of each."""
    return [
        watch.SuccessRate(reader),
        watch.InceptionScore(reader),
        watch.SmallestShare(reader),
        watch.FrechetDistance(reader),
        watch.FrechetDistance(coarse_pixels, name="frechet_coarse"),
        watch.ClassFrechetDistance(reader),
    ]


def by_matrix_root(a, b):
    """The Frechet distance with the root of C1 C2 itself, as Heusel et al. write it."""
    from scipy.linalg import sqrtm

    a, b = np.float64(a), np.float64(b)
    c1, c2 = np.cov(a.T), np.cov(b.T)
    cross = sqrtm(c1 @ c2).real
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(c1 + c2 - 2 * cross)


def seen(reader, images):
    """Features and logits as the network itself gives them."""
    return [part.numpy() for part in reader.model(images, training=False)]


def test_success_is_the_share_read_as_asked(reader):
    read = seen(reader, FAKE)[1].argmax(1)
    y = np.where(np.arange(120) < 90, read, (read + 1) % 10)
    assert watch.SuccessRate(reader)(REAL, FAKE, y) == 0.75


def test_frechet_distance_by_a_matrix_root(reader):
    """Of coarse pixels, 49 features of 120 images, and of three of the reader's logits."""
    blocks = [x.reshape(120, 7, 4, 7, 4).mean((2, 4)).reshape(120, 49) for x in (REAL, FAKE)]
    got = watch.FrechetDistance(coarse_pixels)(REAL, FAKE)
    assert got == pytest.approx(by_matrix_root(*blocks), rel=1e-5)
    three = watch.FrechetDistance(lambda images: seen(reader, images)[1][:, :3])
    oracle = by_matrix_root(*(seen(reader, x)[1][:, :3] for x in (REAL, FAKE)))
    assert three(REAL, FAKE) == pytest.approx(oracle, rel=1e-4)
    whole = watch.FrechetDistance(reader)(REAL, FAKE)
    by_moments = watch.FrechetDistance(lambda images: seen(reader, images)[0])(REAL, FAKE)
    assert whole == pytest.approx(by_moments, rel=1e-4)


def test_class_distance_is_the_mean_of_those_of_the_classes():
    class Two:  # a reader of 2 features and 10 classes
        def read(self, images):
            return images.mean((1, 3))[:, :2], np.full((len(images), 10), 0.1)

    f, g = (x.mean((1, 3))[:, :2] for x in (REAL, FAKE))
    oracle = np.mean([by_matrix_root(f[Y == k], g[Y == k]) for k in range(10)])
    assert watch.ClassFrechetDistance(Two())(REAL, FAKE, Y) == pytest.approx(oracle, rel=1e-5)


def test_class_distance_sees_swapped_classes(reader):
    x = (REAL + Y[:, None, None, None] / 10) / 2  # classes that differ in brightness
    other = np.concatenate([x[1:], x[:1]])  # each in the place of its neighbour
    by_class, overall = watch.ClassFrechetDistance(reader), watch.FrechetDistance(reader)
    assert by_class(x, x, Y) == pytest.approx(0, abs=1e-4)
    assert overall(x, other) == pytest.approx(0, abs=1e-4)
    assert by_class(x, other, Y) > 0.05


def test_score_and_share_by_hand():
    class Certain:  # reads the brightness: 3 of class 0 and 1 of class 1, of 2
        def read(self, images):
            return images, np.eye(2)[(images[:, 0, 0, 0] > 0).astype(int)]

    x_fake = np.array([-1, -1, 1, -1], "float32").reshape(4, 1, 1, 1)
    assert watch.SmallestShare(Certain())(None, x_fake) == 0.25
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert watch.InceptionScore(Certain())(None, x_fake) == pytest.approx(np.exp(entropy))


def test_what_is_better_is_said(reader):
    """Against the measure itself: real images as they are, and with noise of half their range."""
    good = np.tile(np.linspace(-0.9, 0.9, 10)[Y][:, None, None, None], (1, 28, 28, 1))
    bad = np.clip(good + rng.uniform(-1, 1, good.shape), -1, 1)
    for measure in made(reader):
        if measure.better == "lower":
            assert measure(good, good, Y) < measure(good, bad, Y)
    assert [m.better for m in made(reader)] == ["higher"] * 3 + ["lower"] * 3


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("which", range(6))
def test_a_gan_that_turned_nan_is_measured_as_nan(reader, which, bad):
    measure, fake = made(reader)[which], FAKE.copy()
    assert np.isfinite(measure(REAL, fake, Y))
    fake[7, 3, 4] = bad
    got = measure(REAL, fake, Y)
    assert isinstance(got, float) and np.isnan(got)


def test_features_that_are_no_numbers_give_nan():
    measure = watch.FrechetDistance(lambda x: np.where(x[:, 0, 0] > 0.9, np.inf, x[:, 1, 0]))
    assert (FAKE[:, 0, 0] > 0.9).any() and not (REAL[:9, 0, 0] > 0.9).any()
    assert np.isnan(measure(REAL[:9], FAKE))


def test_too_few_images_give_nan(reader):
    for measure in made(reader)[3:]:
        assert np.isnan(measure(REAL[:1], FAKE[:1], Y[:1]))
    some = Y != 3  # a class without images
    assert np.isnan(watch.ClassFrechetDistance(reader)(REAL[some], FAKE[some], Y[some]))


def test_images_are_read_once():
    """The real ones in all epochs; the generated ones once for all measures of one reader."""
    network, calls = readers.new_network(seed=1), []
    reader = readers.Classifier("digits", network)
    whole = reader._outputs
    reader._outputs = lambda images: calls.append(len(images)) or whole(images)
    measures = [m for m in made(reader) if m.name != "frechet_coarse"]
    for epoch in range(5):
        fake = FAKE[epoch:110]
        for measure in measures:
            measure(REAL[:110], np.concatenate([fake, FAKE[:epoch]]), Y[:110])
    assert calls == [110] * 6
    # What was changed is read anew, and what was given away may be changed.
    changed = REAL.copy()
    first = reader.features(changed)
    first[:], changed[:] = 0, -changed
    assert (reader.features(changed) != first).any()
    np.testing.assert_allclose(reader.features(changed), seen(reader, -REAL)[0], atol=1e-5)
    np.testing.assert_allclose(reader.features(REAL), seen(reader, REAL)[0], atol=1e-5)


def test_precision_does_not_depend_on_the_global_policy(reader):
    expected = [measure(REAL, FAKE, Y) for measure in made(reader)]
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        fresh = readers.Classifier("digits", readers.new_network(seed=1))
        got = [measure(REAL, FAKE, Y) for measure in made(fresh)]
    finally:
        keras.config.set_dtype_policy("float32")
    np.testing.assert_allclose(got, expected, rtol=1e-5)


def small_gan(**options):
    layers = keras.layers
    g = keras.Sequential(
        [keras.Input((4,)), layers.Dense(784, "tanh"), layers.Reshape((28, 28, 1))]
    )
    d = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(1)])
    return GAN(g, d, **options)


def test_a_gan_that_holds_measures_trains_only_its_own_weights(reader):
    gan = small_gan(ema=0)
    before = [v.path for v in gan.variables]
    adams = [keras.optimizers.SGD() for _ in range(2)]
    gan.compile(*adams, objectives.NonSaturating(), measures=made(reader))
    assert [v.path for v in gan.variables] == before
    own = [*gan.generator.weights, *gan.discriminator.weights]
    assert [id(v) for v in gan.trainable_variables] == [id(v) for v in own]


def test_a_fit_reports_the_measures_of_its_validation_images(reader):
    """Of all of them at once, whatever the batches: the mean of distances would be larger."""
    gan = small_gan()
    adams = [keras.optimizers.Adam(1e-3) for _ in range(2)]
    gan.compile(*adams, objectives.NonSaturating(), measures=made(reader)[3:5])
    log = gan.fit(REAL, batch_size=40, epochs=2, verbose=0, validation_data=REAL[:90],
                  validation_batch_size=50).history  # fmt: skip
    assert len(set(log["val_frechet"])) == 2 and np.isfinite(log["val_frechet_coarse"]).all()
    fake = gan.images_from(gan.latents(90, 0))
    blocks = [x.reshape(90, 7, 4, 7, 4).mean((2, 4)).reshape(90, 49) for x in (REAL[:90], fake)]
    assert log["val_frechet_coarse"][-1] == pytest.approx(by_matrix_root(*blocks), rel=1e-4)
    again = gan.evaluate(REAL[:90], return_dict=True, verbose=0)
    assert again == {name[4:]: pytest.approx(log[name][-1]) for name in log if "val_" in name}


BAD = {
    "reader": (lambda r: watch.SuccessRate("digits"), ["reader is 'digits'", "readers.load"]),
    "class": (lambda r: watch.ClassFrechetDistance(None), ["reader is None", "readers.load"]),
    "features": (lambda r: watch.FrechetDistance("digits"), ["features is 'digits'; give"]),
    "success": (lambda r: watch.SuccessRate(r)(REAL, FAKE), ["success needs y"]),
    "distance": (lambda r: watch.ClassFrechetDistance(r)(REAL, FAKE), ["class_frechet needs y"]),
    "labels": (lambda r: watch.SuccessRate(r)(REAL, FAKE, Y + 1), ["1 to 10", "0 to 9"]),
    "negative": (lambda r: watch.ClassFrechetDistance(r)(REAL, FAKE, Y - 1), ["y", "-1"]),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_named(reader, kind):
    call, words = BAD[kind]
    refuses(lambda: call(reader), words)
