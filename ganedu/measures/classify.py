"""Classifiers to be taught by real images, synthetic ones, or both: networks, `fit`, `in_turn`.

    pupil = classify.small(seed=0)
    classify.fit(pupil, train, validation, seed=0)

The readers that measure (`readers`, `teach`) are one fixed thing for all time; a pupil is the
subject of an experiment.  It stops when it gets no better on a validation set, which must be of
real *training* images: what stops a training is used by it, so it is no test.
"""

import keras
import numpy as np

from .. import checks, data
from .readers import new_network


def small(image_shape=(28, 28, 1), classes=10, seed=0):
    """The network of the bundled readers, untrained, as a model of images -> class logits."""
    network = new_network(image_shape, classes, seed)
    return keras.Model(network.input, network.outputs[1], name="small")


def lenet(image_shape=(28, 28, 1), classes=10, seed=0):
    """A small classic: two 5x5 convolutions (6, 16 maps), pooling, dense layers of 120 and 84; ReLU.

    With neither batch norm nor dropout: what a report of 2019 may have had.
    """
    start = (keras.initializers.HeNormal(seed=10 * seed + i) for i in range(5))
    images = x = keras.Input(image_shape, name="images")
    for maps in (6, 16):
        x = keras.layers.Conv2D(maps, 5, padding="same", activation="relu", kernel_initializer=next(start))(x)
        x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.Flatten()(x)
    for units in (120, 84):
        x = keras.layers.Dense(units, activation="relu", kernel_initializer=next(start))(x)
    logits = keras.layers.Dense(classes, kernel_initializer=next(start), name="logits")(x)
    return keras.Model(images, logits, name="lenet")


def efficientnet(image_shape=(32, 32, 3), classes=10, seed=0, weights="imagenet"):
    """EfficientNet-B0 with report A's top: dropout of 0.3, 512 units with ReLU, the classes.

    Args:
        image_shape: (H, W, 3), sides of at least 32; images in [-1, 1] as everywhere here.
        classes: how many.
        seed: of the top's start weights and of dropout.
        weights: "imagenet", which Keras fetches once; None starts from random weights, and is
            another experiment than the report's.

    Raises:
        ValueError: images of another shape, or weights of another name.
        OSError: the weights are not on this machine and cannot be fetched.
    """
    shape = tuple(image_shape)
    if len(shape) != 3 or min(shape[:2]) < 32 or shape[2] != 3:
        raise ValueError(f"image_shape is {shape}; EfficientNet-B0 takes (H, W, 3), H and W at least 32")
    checks.whole("classes", classes, 2)
    checks.choice("weights", weights, ("imagenet", None))
    try:
        body = keras.applications.EfficientNetB0(False, weights, input_shape=shape, pooling="avg")
    except Exception as error:
        if weights is None:
            raise
        raise OSError(
            "the ImageNet weights of EfficientNet-B0 are not on this machine and cannot be fetched "
            f"({str(error).splitlines()[0][:80]}); connect once, or give weights=None: a network "
            "without pretraining, whose numbers do not compare with report A's"
        ) from None
    first, second, third = (3 * seed + i for i in range(3))
    images = keras.Input(shape, name="images")
    x = body(keras.layers.Rescaling(127.5, 127.5)(images))  # it takes 0 to 255
    x = keras.layers.Dropout(0.3, seed=first)(x)
    start = keras.initializers.GlorotUniform
    x = keras.layers.Dense(512, "relu", kernel_initializer=start(second))(x)
    return keras.Model(images, keras.layers.Dense(classes, kernel_initializer=start(third))(x))


def fit(
    classifier, train, validation, *, prepare=None, optimizer=None, steps=2000, every=50,
    patience=12, batch_size=64, seed=0, verbose=0,
):  # fmt: skip
    """Teaches a classifier until it gets no better, and gives it the weights of its best moment.

    Steps, not passes over the images, so that a larger set means other images, not more training.

    Args:
        classifier: a Keras model, images [N, H, W, C] in [-1, 1] -> logits [N, K].
        train, validation: `Data` with labels; the second of real training images that are not
            in the first.
        prepare: what is done to a training image: transforms, as in `data.Batches`; by default
            `data.scale()` alone.  Validation images are scaled alone.
        optimizer: a Keras optimizer; by default Adam, its rate falling from 0.002 to 0 along
            half a cosine over all steps.
        steps: at most so many.
        every: steps from one look at the validation set to the next.
        patience: looks without a lower loss after which it stops.
        batch_size: as in `data.Batches`.
        seed: of the order of images and of what `prepare` does.
        verbose: as in Keras's `fit`.

    Returns:
        A dict of "loss", "accuracy", "val_loss", "val_accuracy", each with its value at each look.

    Raises:
        ValueError: sets without labels, of other images than the classifier takes, or numbers
            outside what is said above.
    """
    for name, given in (("train", train), ("validation", validation)):
        if getattr(given, "labels", None) is None:
            raise ValueError(f"{name} is {checks.short(given)}; give Data with labels, see ganedu.data.load")
        shape = given.images.shape[1:]
        if shape != classifier.input_shape[1:]:
            raise ValueError(f"{name} has images {shape}, the classifier takes {classifier.input_shape[1:]}")
    every, patience = checks.whole("every", every, 1), checks.whole("patience", patience, 1)
    rounds = max(1, checks.whole("steps", steps, 1) // every)
    batches = data.Batches(
        train.images, train.labels, batch_size=min(batch_size, len(train.images)), seed=seed,
        prepare=(data.scale(),) if prepare is None else prepare, steps_per_epoch=every,
    )  # fmt: skip
    if optimizer is None:
        falling = keras.optimizers.schedules.CosineDecay(2e-3, rounds * every)
        optimizer = keras.optimizers.Adam(falling)
    classifier.compile(
        optimizer,
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=False,  # XLA's convolutions are slower on a CPU
    )
    stop = keras.callbacks.EarlyStopping("val_loss", patience=patience, restore_best_weights=True)
    unseen = np.asarray(data.scale()(validation.images)), validation.labels
    history = classifier.fit(
        batches.from_epoch(0), steps_per_epoch=every, epochs=rounds, shuffle=False,
        validation_data=unseen, validation_batch_size=500, callbacks=[stop], verbose=verbose,
    )  # fmt: skip
    return history.history


def in_turn(classifier, made, real, validation, *, rate=1e-4, seed=0, **more):
    """First the synthetic images, then the real ones at a low rate (claim B-turn).

    Args:
        classifier, validation, seed, more: as in `fit`; the optimizer of the first part is its default.
        made, real: `Data`, synthetic and real.
        rate: of Adam in the second part, which has as many steps at most.

    Returns:
        What `fit` gives, for the first part and for the second.
    """
    rate = checks.number("rate", rate, "(0, inf)")
    first = fit(classifier, made, validation, seed=seed, **more)
    fine = keras.optimizers.Adam(rate)
    return first, fit(classifier, real, validation, seed=seed + 1, **more | {"optimizer": fine})
