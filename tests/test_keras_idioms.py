"""What a Keras user tries: each works as expected, or says in one line what to do."""

import copy
import pickle
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganedu import data
from ganedu.game import balance, objectives, terms
from ganedu.gan import GAN
from ganedu.networks import DiscriminatorConfig, GeneratorConfig
from tests.helpers import refuses

X = np.random.default_rng(0).uniform(-1, 1, (24, 4, 4, 1)).astype("float32")
Y = np.arange(24, dtype="int32") % 3
G = GeneratorConfig((4, 4, 1), latent_size=2, projection=(2, 2, 3), filters=(2,), strides=(2, 1), kernel_sizes=3)
D = DiscriminatorConfig((4, 4, 1), filters=(2, 3), kernel_sizes=3, dropout=0.3)
G3 = GeneratorConfig(**(G.__dict__ | {"conditioning": "input", "classes": 3}))
D3 = DiscriminatorConfig(**(D.__dict__ | {"conditioning": "input", "classes": 3}))


class Brightness:
    """A measure: how far the mean of the generated images is from that of the real ones."""

    name, better = "brightness", "lower"

    def __call__(self, x, x_fake, y=None):
        assert x.shape == x_fake.shape and (y is None or len(y) == len(x))
        return abs(float(x.mean() - x_fake.mean()))


def gan(g=G, d=D, compiled=True, ema=0.99, **options):
    made = GAN(g, d, ema=ema)
    if compiled:
        settings = {"objective": "non_saturating", "measures": Brightness(), "run_eagerly": True}
        rates = [keras.optimizers.Adam(r) for r in (1e-3, 4e-3)]
        made.compile(*rates, **(settings | options))
    return made


def batches(labels=None):
    return data.Batches(((X + 1) * 127).astype("uint8"), labels, batch_size=6)


def fit(model, x=X, y=None, epochs=1, **options):
    if not hasattr(x, "element_spec") and not hasattr(x, "from_epoch"):
        options.setdefault("batch_size", 6)
    return model.fit(x, y, epochs=epochs, verbose=0, **options).history


def rates(model):
    optimizers = (model.generator_optimizer, model.discriminator_optimizer)
    return [pytest.approx(float(o.learning_rate)) for o in optimizers]


def same(one, other):
    for (name, a), b in zip(one.state().items(), other.state().values(), strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy(), name)


# Callbacks that set or watch something.


def test_one_learning_rate_for_both_keeps_their_ratio():
    model = gan()
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    history = fit(model, epochs=2, callbacks=[schedule])
    assert [2.5e-4, 1e-3] == rates(model)
    assert history["learning_rate"] == pytest.approx([5e-4, 2.5e-4])
    model.optimizer.learning_rate = 0.0
    model.optimizer.learning_rate = 1e-2
    assert [1e-2, 4e-2] == rates(model)
    refuses(lambda: setattr(model.optimizer, "learning_rate", np.nan), ["learning_rate is nan"])


@pytest.mark.slow
def test_callbacks_in_mode_auto_know_what_is_better():
    model, callbacks = gan(), keras.callbacks
    plateau = callbacks.ReduceLROnPlateau(monitor="g_loss", factor=0.5, patience=1, min_delta=100)
    stopping = callbacks.EarlyStopping(monitor="val_brightness", patience=9)
    fit(model, epochs=3, callbacks=[plateau, stopping], validation_data=X[:8])
    assert (plateau.mode, stopping.mode) == ("min", "min")
    assert [2.5e-4, 1e-3] == rates(model)  # no epoch can be better by 100
    model.measures[0].better = "higher"
    stopping = callbacks.EarlyStopping(monitor="val_brightness", patience=9)
    fit(model, callbacks=stopping, validation_data=X[:8])
    model.measures[0].better = "lower"
    assert stopping.mode == "max"


# Validation.


def test_validation_data_of_every_kind_are_the_same_images():
    model = gan()
    model.evaluate(X)
    stream = tf.data.Dataset.from_tensor_slices((X, Y)).batch(5)
    expected = {"brightness": pytest.approx(model.evaluate(X)["brightness"], rel=1e-6)}
    assert model.evaluate(stream) == expected
    assert model.evaluate(X, Y) == expected and model.evaluate(list(X)) == expected
    assert [expected["brightness"]] == model.evaluate(X, return_dict=False)
    first = {"brightness": pytest.approx(model.evaluate(X[:10])["brightness"], rel=1e-6)}
    assert model.evaluate(X, batch_size=5, steps=2) == first
    assert model.evaluate(stream, steps=2) == first
    assert model.evaluate(iter(stream), steps=2) == first
    log = fit(model, validation_data=batches())
    assert log["val_brightness"] == [model.evaluate(batches())["brightness"]]
    assert len(fit(model, validation_split=0.25)["val_brightness"]) == 1


def test_fakes_of_a_conditional_gan_are_made_for_the_labels_of_the_validation_images():
    model, seen = gan(G3, D3), []
    model.measures[0].__class__.__call__, old = (
        lambda self, x, x_fake, y: seen.append((x_fake, y)) or 0.0), Brightness.__call__  # fmt: skip
    try:
        model.evaluate(X, Y)
    finally:
        Brightness.__call__ = old
    np.testing.assert_array_equal(seen[0][0], model.sample(labels=Y, seed=0))
    np.testing.assert_array_equal(seen[0][1], Y)


def test_a_generator_that_is_nan_has_no_measures():
    model = gan()
    model.ema_generator.set_weights([w * np.nan for w in model.ema_generator.get_weights()])
    assert np.isnan(model.evaluate(X)["brightness"])


# Saving.


@pytest.mark.slow
@pytest.mark.parametrize("way", ["checkpoint", "pickle"])
def test_a_saved_gan_trains_on_as_if_it_had_never_stopped(way, tmp_path):
    """Weights, average, optimizers, random states of latents and dropout, counts."""
    model = gan(G3, D3, balance=balance.Fixed(2, 1), terms=["feature_matching"],
                augment=keras.layers.RandomFlip("horizontal", seed=1))  # fmt: skip
    path = tmp_path / "gan.keras"
    callbacks = [keras.callbacks.ModelCheckpoint(path)] if way == "checkpoint" else []
    fit(model, batches(Y), callbacks=callbacks)
    if way == "checkpoint":
        again = keras.saving.load_model(path)  # what gan.save(path) would have left
    else:
        again = copy.deepcopy(pickle.loads(pickle.dumps(model)))
    assert type(again.order) is type(model.order) and again.balance.d == 2
    assert "parts/000" in model.state()  # the flips' random state
    same(model, again)
    for one in (model, again):
        fit(one, batches(Y))
    same(model, again)


def test_a_gan_of_parts_without_a_name_is_saved_uncompiled(tmp_path):
    class Mine(objectives.NonSaturating):
        pass

    model = gan(objective=Mine())
    with pytest.warns(UserWarning, match="objective is .*Mine.* has no name in NAMED.*gan.compile"):
        model.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(again.sample(3, seed=1), model.sample(3, seed=1))
    refuses(lambda: again.fit(X), ["fit needs a compiled GAN"])


def test_a_clone_is_the_same_game_with_new_weights():
    model = gan(order="alternating")
    clone = keras.models.clone_model(model)
    fit(clone)
    assert type(clone.order) is type(model.order) and int(clone.steps) == 4 and int(model.steps) == 0


@pytest.mark.slow
def test_backup_and_restore_goes_on_exactly(tmp_path):
    straight, stopped = gan(), gan()
    fit(straight, batches(), epochs=3)

    def stop(epoch, logs):
        if epoch == 1:
            raise KeyboardInterrupt

    backup = keras.callbacks.BackupAndRestore(tmp_path / "backup")
    with pytest.raises(KeyboardInterrupt):
        fit(stopped, batches(), epochs=3,
            callbacks=[backup, keras.callbacks.LambdaCallback(on_epoch_end=stop)])  # fmt: skip
    new = gan()
    fit(new, batches(), epochs=3, callbacks=[keras.callbacks.BackupAndRestore(tmp_path / "backup")])
    same(straight, new)


def test_weights_that_do_not_fit_leave_the_gan_as_it_was(tmp_path):
    path = tmp_path / "gan.weights.h5"
    without, other = gan(ema=0), gan(G3, D3)
    for source, target, words in [
        (without, gan(), ["ema=0.99"]), (other, gan(), ["classes=0"]), (gan(), other, ["classes=3"]),
    ]:  # fmt: skip
        source.save_weights(path)
        before = [v.numpy() for v in target.state().values()]
        refuses(lambda: target.load_weights(path), ["gan.weights.h5 does not fit", *words])
        for old, v in zip(before, target.state().values(), strict=True):
            np.testing.assert_array_equal(old, v.numpy())
    good = gan()
    good.load_weights(path)
    uncompiled = gan(compiled=False)
    uncompiled.load_weights(path)
    np.testing.assert_array_equal(uncompiled.sample(2, seed=0), good.sample(2, seed=0))


# Compile.


def test_names_classes_and_single_objects_will_do():
    model = GAN(G, D)
    model.compile("adam", keras.optimizers.SGD, "hinge", terms="feature_matching", balance=["fixed", 2],
                  augment="translation", measures=Brightness())  # fmt: skip
    assert type(model.objective) is objectives.Hinge and model.balance.d == 2
    assert type(model.generator_optimizer) is keras.optimizers.Adam
    assert type(model.discriminator_optimizer) is keras.optimizers.SGD
    assert len(model.terms) == len(model.measures) == 1 and model.augment.share == 0.125
    model.compile("adam", "adam", objectives.Saturating, terms=terms.FeatureMatching(2), balance=balance.Always)
    assert type(model.objective) is objectives.Saturating and model.terms[0].weight == 2
    model.compile("adam", "adam", "hinge", terms=("feature_matching", 0.5))
    assert [t.weight for t in model.terms] == [0.5]


def compiled(**settings):
    model, given = GAN(G, D), {"objective": "hinge", "generator_optimizer": "adam"}
    return model.compile(**({"discriminator_optimizer": "adam"} | given | settings))


class Nameless:
    def __call__(self, x, x_fake, y):
        return 0.0


def named(better="lower", name="m"):
    made = Brightness()
    made.better, made.name = better, name
    return made


BAD_SETTINGS = {
    "objective of no such name": ({"objective": "bce"}, ["objective is 'bce'", "non_saturating"]),
    "no objective": ({"objective": None}, ["objective is None", "d_real, d_fake, g_fake"]),
    "a loss of Keras": ({"objective": keras.losses.MeanSquaredError()}, ["objective is", "d_real"]),
    "objective with wrong argument": ({"objective": ["smoothed", 2]}, ["alpha is 2", "(0.5, 1]"]),
    "term of no such name": ({"terms": "feature"}, ["terms is 'feature'", "did you mean 'feature_matching'"]),
    "term that is none": ({"terms": [3]}, ["terms is 3", "d, g"]),
    "order that is none": ({"order": 3}, ["order is 3", "a call"]),
    "rule that is none": ({"balance": 0.5}, ["balance is 0.5", "fixed"]),
    "augmentation of no such name": ({"augment": "shift"}, ["augment is 'shift'", "translation"]),
    "measure by name": ({"measures": "frechet"}, ["measures holds 'frechet'", "ganedu.measures.watch"]),
    "measure's class": ({"measures": [Brightness]}, ["the class Brightness", "objects"]),
    "measure without a name": ({"measures": [Nameless()]}, ["measures holds", "have a name"]),
    "measure better both ways": ({"measures": [named("smaller")]}, ["'smaller'", "'lower'"]),
    "two measures of one name": ({"measures": [named(), named()]}, ["2 named 'm'"]),
    "no optimizer": ({"generator_optimizer": None}, ["generator_optimizer is None", "Adam"]),
    "optimizer of no such name": ({"generator_optimizer": "adamm"}, ["generator_optimizer is 'adamm'"]),
    "a rate that is NaN": (
        {"generator_optimizer": keras.optimizers.SGD(float("nan"))}, ["rate of generator_optimizer is nan"]),
    "a name of old": ({"g_optimizer": "adam"}, ["no argument 'g_optimizer'", "did you mean 'generator_optimizer'"]),
    "a loss": ({"loss": "mse"}, ["no argument 'loss'", "objective"]),
    "class loss of four": ({"class_loss": (1, 2, 3, 4)}, ["class_loss"]),
    "steps of none": ({"steps_per_execution": 0}, ["steps_per_execution is 0", "at least 1"]),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_SETTINGS)
def test_settings_that_mean_nothing(case):
    settings, words = BAD_SETTINGS[case]
    refuses(lambda: compiled(**settings), words)


# Networks.


class Subclassed(keras.Model):
    def call(self, x, training=False):
        return x


def test_configs_are_built_and_say_what_they_are_for():
    uniform = GeneratorConfig(**(G3.__dict__ | {"latent_distribution": "uniform"}))
    model = GAN(uniform, D3, seed=4)
    assert model.latent_distribution == "uniform" and model.classes == 3
    for network, expected in ((model.generator, uniform.build(4)), (model.discriminator, D3.build(5))):
        for a, b in zip(network.get_weights(), expected.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)


def test_an_unbuilt_discriminator_is_built():
    d = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)])
    assert GAN(G, d).discriminator.count_params() == 17


BAD_NETWORKS = {
    "a subclassed generator": ((Subclassed(), D), ["generator is a Subclassed", "keras.Input((latent_size,))"]),
    "a subclassed discriminator": ((G, Subclassed()), ["discriminator is a Subclassed", "keras.Input((4, 4, 1))"]),
    "an unbuilt generator": ((keras.Sequential([keras.layers.Dense(4)]), D), ["generator is a Sequential", "keras.Input"]),
    "a class": ((GeneratorConfig, D), ["generator is the class GeneratorConfig", "call it"]),
    "a name": (("small", D), ["generator is 'small'", "config"]),
    "a layer": ((G, keras.layers.Dense(1)), ["discriminator is", "Keras model"]),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_NETWORKS)
def test_networks_that_are_none(case):
    networks, words = BAD_NETWORKS[case]
    refuses(lambda: GAN(*networks), words)


# What is trained on.


def labelled(bad, at=3):
    """Batches (x, y), one of which holds a bad label."""
    labels = Y.copy()
    labels[6 * at] = bad
    return tf.data.Dataset.from_tensor_slices((X, labels)).batch(6)


def with_pixel(value, at=3):
    x = X.copy()
    x[6 * at, 0, 0, 0] = value
    return x


class Pairs(keras.utils.PyDataset):
    """Batches of images and labels, as Keras's own loaders give them."""

    def __init__(self):
        super().__init__()

    def __len__(self):
        return 4

    def __getitem__(self, i):
        return X[6 * i : 6 * i + 6], Y[6 * i : 6 * i + 6]


@pytest.mark.slow
def test_generators_iterators_and_lists_train():
    stream = labelled(0)
    for x in ((b for b in np.split(X, 4)), stream.as_numpy_iterator()):
        model = gan()
        model.fit(x, verbose=0)
        assert int(model.steps) == 4
    model = gan(G3, D3)
    model.fit(labelled(1).as_numpy_iterator(), verbose=0)
    fit(model, list(X), list(Y))
    model.fit(Pairs(), verbose=0)
    model.train_on_batch(X[:6], Y[:6])
    assert int(model.steps) == 13
    assert model.evaluate(Pairs()) == model.evaluate(X, Y)
    model.summary(print_fn=lambda *_, **__: None)


def later(x, eager=True):
    """Training on it starts, and stops with what is wrong."""
    return lambda: gan(G3, D3, run_eagerly=eager).fit(x, verbose=0)


BAD_DATA = {
    "a label too large, later": (later(labelled(3), eager=False), ["middle of training, y holds 0 to 3", "0 to 2"]),
    "a negative label, later": (later(labelled(-1)), ["middle of training, y holds -1 to 2", "0 to 2"]),
    "the same from a generator": (
        later(labelled(3).as_numpy_iterator()), ["middle of training, y holds 0 to 3", "0 to 2"]),
    "labels from 1": (lambda: fit(gan(G3, D3), y=Y + 1), ["y holds 1 to 3", "0 to 2"]),
    "labels from 1 in Batches": (lambda: fit(gan(G3, D3), batches(Y + 1)), ["y holds 1 to 3", "0 to 2"]),
    "labels that are floats": (lambda: fit(gan(G3, D3), y=Y * 1.0), ["y has dtype float64"]),
    "labels of one column": (lambda: fit(gan(G3, D3), y=Y[:, None]), ["y has shape (24, 1)"]),
    "a NaN pixel, later": (
        lambda: fit(gan(), tf.data.Dataset.from_tensor_slices(with_pixel(np.nan)).batch(6)),
        ["middle of training, x has pixels", "nan"]),
    "a pixel of 255, later": (
        lambda: gan().fit((b for b in np.split(with_pixel(255), 4)), verbose=0),
        ["middle of training, x has pixels from", "255"]),
    "no data": (lambda: gan().fit(), ["x is None"]),
    "a stream of nothing": (lambda: gan().fit(labelled(0).take(0)), ["x is empty"]),
    "a tuple": (lambda: gan().fit((X, Y)), ["x is a tuple of 2", "fit(x, y)"]),
    "images of two sizes": (lambda: gan().fit([X[0], X[0, :2]]), ["unlike arrays"]),
    "labels beside batches": (lambda: gan(G3, D3).fit(batches(), Y), ["y is given beside"]),
    "image weights": (lambda: fit(gan(), sample_weight=np.ones(24)), ["sample_weight is an array of shape (24,)"]),
    "class weights": (lambda: fit(gan(G3, D3), y=Y, class_weight={0: 2.0}), ["class_weight is {0: 2.0}", "data.Batches"]),
    "a part of Batches": (lambda: fit(gan(), batches(), validation_split=0.2), ["validation_split is 0.2", "validation_data"]),
    "a batch of wrong labels": (
        lambda: gan(G3, D3).train_on_batch(X[:6], Y[:6] + 1), ["y holds 1 to 3", "0 to 2"]),
    "half an epoch": (lambda: fit(gan(), epochs=1.5), ["epochs is 1.5"]),
    "validation images of whole numbers": (
        lambda: fit(gan(), validation_data=((X + 1) * 127).astype("uint8")), ["x of the validation data has dtype uint8"]),
    "validation images of another size": (
        lambda: gan().evaluate(X[:, :3]), ["x of the validation data has shape (24, 3, 4, 1)"]),
    "validation without labels": (lambda: gan(G3, D3).evaluate(X), ["y of the validation data is None"]),
    "validation without an end": (
        lambda: fit(gan(), validation_data=labelled(0).repeat()), ["no end", "validation_steps"]),
    "validation data that are none": (lambda: fit(gan(), validation_data="digits"), ["validation data are 'digits'"]),
    "evaluate before compile": (lambda: gan(compiled=False).evaluate(X), ["evaluate needs a compiled GAN"]),
    "validation without measures": (
        lambda: fit(gan(measures=()), validation_data=X), ["validation needs measures"]),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_DATA)
def test_data_that_would_train_wrongly(case):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        refuses(*BAD_DATA[case])


# Sampling.

BAD_SAMPLES = {
    "one label for all": (lambda m: m.sample(5, labels=3), ["labels is 3", "one label an image"]),
    "an array of no axes": (lambda m: m.sample(labels=np.array(3)), ["labels is an array of shape ()"]),
    "a generator": (lambda m: m.sample(labels=(i for i in range(2))), ["labels is", "a list or an array"]),
    "no labels": (lambda m: m.sample(labels=[]), ["labels is empty"]),
    "labels too large": (lambda m: m.sample(labels=[3]), ["labels holds 3 to 3", "0 to 2"]),
    "labels that are fractions": (lambda m: m.sample(labels=[0.5]), ["labels has dtype float64"]),
    "labels of None": (lambda m: m.sample(labels=[None]), ["labels holds None"]),
    "half an image": (lambda m: m.sample(2.5), ["n is 2.5", "at least 1"]),
    "a number as text": (lambda m: m.sample("5"), ["n is '5'"]),
    "truth": (lambda m: m.sample(True), ["n is True"]),
    "nothing": (lambda m: m.sample(), ["n is None"]),
    "batches of none": (lambda m: m.sample(4, batch_size=0), ["batch_size is 0", "at least 1"]),
    "a seed as text": (lambda m: m.sample(4, seed="0"), ["seed is '0'"]),
    "a seed that is a fraction": (lambda m: m.sample(4, seed=1.5), ["seed is 1.5"]),
    "a negative seed": (lambda m: m.sample(4, seed=-1), ["seed is -1"]),
    "no latents": (lambda m: m.images_from(np.zeros((0, 2)), []), ["z has shape (0, 2)"]),
    "latents of words": (lambda m: m.images_from(np.array([["a", "b"]]), [0]), ["z has", "numbers [n, 2]"]),
    "latents without labels": (lambda m: m.images_from(np.zeros((1, 2))), ["labels is None"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def conditional():
    return gan(G3, D3, compiled=False)


@pytest.mark.parametrize("case", BAD_SAMPLES)
def test_samples_that_cannot_be(case, conditional):
    call, words = BAD_SAMPLES[case]
    refuses(lambda: call(conditional), words)
