"""Metrics that follow a training against the same measures in NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganedu import measures
from ganedu.game import objectives
from ganedu.gan import GAN
from ganedu.measures import readers, watch

rng = np.random.default_rng(0)
REAL = rng.uniform(-1, 1, (120, 28, 28, 1)).astype("float32")
FAKE = np.tanh(rng.normal(0.3, 0.8, (120, 28, 28, 1))).astype("float32")
Y = np.arange(120, dtype="int32") % 10


@pytest.fixture(scope="module")
def classifier():
    """Untrained: agreement with an oracle does not need one that reads well."""
    return readers.Classifier("digits", readers.new_network(seed=1))


def value(metric, parts=1, traced=False, y=Y):
    """The result after all images, in so many batches."""
    update = tf.function(metric.update_state) if traced else metric.update_state
    for i in np.array_split(np.arange(len(REAL)), parts):
        update(*(tf.constant(a[i]) for a in (REAL, FAKE, y)))
    return float(metric.result())


def made(classifier):
    """One of each."""
    return [
        watch.SuccessRate(classifier),
        watch.FrechetDistance(classifier),
        watch.FrechetDistance(watch.coarse, name="frechet_coarse"),
        watch.ClassFrechetDistance(classifier),
    ]


@pytest.mark.parametrize("shape", [(28, 28, 1), (10, 13, 3), (5, 9, 1)])
def test_coarse_features_are_those_of_evaluate(shape):
    x = rng.uniform(-1, 1, (6, *shape)).astype("float32")
    np.testing.assert_allclose(watch.coarse(x), measures.coarse_pixels(x), atol=1e-6)


def test_success_is_the_share_read_as_asked(classifier):
    read = classifier.probabilities(FAKE).argmax(1)
    y = np.where(np.arange(120) < 90, read, (read + 1) % 10).astype("int32")
    assert value(watch.SuccessRate(classifier), y=y) == pytest.approx(0.75, abs=1e-6)


def test_frechet_distance_is_that_of_evaluate(classifier):
    oracle = measures.frechet_distance(classifier.features(REAL), classifier.features(FAKE))
    assert value(watch.FrechetDistance(classifier)) == pytest.approx(oracle, rel=1e-5)
    pixels = [measures.coarse_pixels(x) for x in (REAL, FAKE)]
    oracle = measures.frechet_distance(*pixels)
    assert value(watch.FrechetDistance(watch.coarse)) == pytest.approx(oracle, rel=1e-5)


def test_class_distance_is_the_mean_of_those_of_the_classes(classifier):
    real, fake = classifier.features(REAL), classifier.features(FAKE)
    oracle = [measures.frechet_distance(real[Y == k], fake[Y == k]) for k in range(10)]
    got = value(watch.ClassFrechetDistance(classifier))
    assert got == pytest.approx(np.mean(oracle), rel=1e-5)


def test_class_distance_sees_swapped_classes(classifier):
    swapped, straight = (watch.ClassFrechetDistance(classifier) for _ in range(2))
    overall = watch.FrechetDistance(classifier)
    x = REAL + Y[:, None, None, None] / 10  # classes that differ in brightness
    other = np.concatenate([x[1:], x[:1]])  # each in the place of its neighbour
    straight.update_state(x, x, Y)
    swapped.update_state(x, other, Y)
    overall.update_state(x, other, Y)
    assert float(straight.result()) == pytest.approx(0, abs=1e-4)
    assert float(overall.result()) == pytest.approx(0, abs=1e-4)
    assert float(swapped.result()) > 0.1


@pytest.mark.parametrize("which", range(4))
def test_many_batches_in_a_graph_are_one_large_batch(classifier, which):
    whole, parts = made(classifier)[which], made(classifier)[which]
    expected = value(whole)
    assert np.isfinite(expected)
    assert value(parts, parts=7, traced=True) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("which", range(4))
def test_reset_forgets_everything(classifier, which):
    metric = made(classifier)[which]
    first = value(metric)
    metric.reset_state()
    assert np.isnan(float(metric.result()))
    metric.update_state(FAKE, REAL, Y)
    metric.reset_state()
    assert value(metric) == pytest.approx(first, rel=1e-6)


@pytest.mark.parametrize("which", range(4))
def test_before_images_and_after_one_the_result_is_no_number(classifier, which):
    metric = made(classifier)[which]
    metric.reset_state()
    assert np.isnan(float(metric.result()))
    metric.update_state(REAL[:1], FAKE[:1], Y[:1])
    assert metric.name == "success" or np.isnan(float(metric.result()))


def test_a_class_without_images_gives_no_number(classifier):
    metric = watch.ClassFrechetDistance(classifier)
    some = Y != 3
    metric.update_state(REAL[some], FAKE[some], Y[some])
    assert np.isnan(float(metric.result()))


def test_precision_does_not_depend_on_the_global_policy(classifier):
    expected = [value(metric) for metric in made(classifier)]
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        fresh = readers.Classifier("digits", readers.new_network(seed=1))
        measures = made(fresh)
        np.testing.assert_allclose([value(m) for m in measures], expected, rtol=1e-5)
    finally:
        keras.config.set_dtype_policy("float32")
    for metric in measures:
        assert {v.dtype for v in metric.variables} == {"float64"}
        assert not any(v.trainable for v in metric.variables)
        assert metric.result().dtype == tf.float32


def test_a_gan_that_holds_metrics_trains_only_its_own_weights(classifier):
    shape, layers = (28, 28, 1), keras.layers
    g = keras.Sequential([keras.Input((4,)), layers.Dense(784), layers.Reshape(shape)])
    d = keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(1)])
    gan = GAN(g, d, ema=0)
    before = [v.path for v in gan.variables]
    measures = made(classifier)
    gan.held = measures
    for metric in measures:
        value(metric)
    of_metrics = {id(v) for metric in measures for v in metric.variables}
    assert [id(v) for v in gan.trainable_variables] == [id(v) for v in [*g.weights, *d.weights]]
    assert [v.path for v in gan.variables if id(v) not in of_metrics] == before
    assert not of_metrics & {id(v) for v in gan.weights}


def test_bad_input_is_named(classifier):
    for kind in (watch.SuccessRate, watch.ClassFrechetDistance):
        with pytest.raises(ValueError, match="classifier is 'digits'; give one of"):
            kind("digits")
        with pytest.raises(ValueError, match="needs y"):
            kind(classifier).update_state(REAL, FAKE)
    with pytest.raises(ValueError, match="features is 'digits'; give"):
        watch.FrechetDistance("digits")


def test_a_fit_reports_the_measures_of_its_validation_images(classifier):
    """In Keras's own graph, over two batches of 50 and a last one of 20."""
    layers = keras.layers
    g = keras.Sequential(
        [keras.Input((4,)), layers.Dense(784, "tanh"), layers.Reshape((28, 28, 1))]
    )
    d = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(1)])
    gan = GAN(g, d)
    measures = made(classifier)[1:3]
    adams = [keras.optimizers.Adam(1e-3) for _ in range(2)]
    gan.compile(*adams, objectives.NonSaturating(), measures=measures, steps_per_execution=2)
    log = gan.fit(REAL, batch_size=40, epochs=1, verbose=0, validation_data=(REAL, Y),
                  validation_batch_size=50)  # fmt: skip
    for metric in measures:
        assert log.history[f"val_{metric.name}"] == [pytest.approx(float(metric.result()))]
        assert np.isfinite(float(metric.result())) and len(metric.variables) == 6
        count, _, _ = metric._moments["fake"]
        assert float(count[0]) == len(REAL)
    assert len(gan.trainable_variables) == 4
