"""What a GAN's images teach a classifier: the experiments of claims B-base to B-turn, and A-label.

    teaching(gan, recipe)  ->  {"accuracy": {"real": 0.957, "add-100": 0.955, ...}, ...}

An `Arm` is one way to train the classifier, a row of `ARMS`.  All arms of a run share its seed: the
real images, the start weights and the images of the GAN; so two arms of one run are a pair, and
what differs is the arm.  Every arm is fitted with the same validation images, real training images
from which neither a GAN nor a classifier learns, and looks at the test set once (`HeldOut`).
"""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from .. import data, synthetic
from ..measures import classify, readers, success_rate, teach
from ..measures.held_out import HeldOut
from .measuring import rounded

REAL = 1000  # that the classifier has, 100 a class
MADE = 2000  # of each class, to choose from
VALIDATION = 500
LADDER = 30_000  # of each class (claim A-label)
LADDER_STEPS = 1500


class Arm(NamedTuple):
    """What a classifier is taught with.

    ratio: synthetic images for each of 1,000 real ones.  real: how many real ones.  at_least: the
    filter's probability.  labels: "asked", the GAN's class, or "read", the classifier's.  worst:
    False leaves out the class that the GAN makes worst.  turn: first the synthetic, then the real.
    augment: shifts, turns and stretches.  network: a function of `measures.classify`.
    """

    ratio: float = 0.0
    real: int = REAL
    at_least: float = 0.0
    labels: str = "asked"
    worst: bool = True
    turn: bool = False
    augment: bool = False
    network: str = "small"


RATIOS = (0.1, 0.25, 0.5, 1, 2, 5, 10)  # "add-10": a tenth as many as real ones
ARMS = {
    "real": Arm(), "real-2000": Arm(real=2000), "real-11000": Arm(real=11_000),
    "augmented": Arm(augment=True),
    **{f"add-{100 * r:.0f}": Arm(ratio=r) for r in RATIOS},
    "augmented-add-100": Arm(ratio=1, augment=True),
    **{f"no-worst-{100 * r:.0f}": Arm(ratio=r, worst=False) for r in (0.25, 1, 5)},
    **{f"sure-{1000 * q:.0f}-{100 * r:.0f}": Arm(ratio=r, at_least=q)
       for q in (0.9, 0.99, 0.999) for r in (1, 5)},
    "read-100": Arm(ratio=1, labels="read"),
    "read-sure-999-100": Arm(ratio=1, at_least=0.999, labels="read"),
    **{f"turn-{100 * r:.0f}": Arm(ratio=r, turn=True) for r in (1, 5)},
    "made": Arm(ratio=10, real=0), "made-no-worst": Arm(ratio=10, real=0, worst=False),
    "lenet": Arm(network="lenet"), "lenet-augmented": Arm(network="lenet", augment=True),
    **{f"lenet-add-{100 * r:.0f}": Arm(ratio=r, network="lenet") for r in RATIOS},
}  # fmt: skip
GLANCE = ("real", "augmented", "add-100")
GLANCE_STEPS = 200
GLANCE_MADE = 200
SHORT = ("real", "augmented", "add-25", "add-100", "add-500", "augmented-add-100", "made")


def teaching(gan, recipe):
    """All arms: the accuracy of each on the test set, its rounds of 50 steps, and every look."""
    return _taught(gan, recipe, ARMS)


def teaching_gan(gan, recipe):
    """The arms with images of the GAN, and two without: for another GAN beside the same real images."""
    return _taught(gan, recipe, {name: arm for name, arm in ARMS.items() if arm.ratio or name in SHORT})


def teaching_short(gan, recipe):
    """Seven arms: the main findings on another data set."""
    return _taught(gan, recipe, {name: ARMS[name] for name in SHORT})


def teaching_glance(gan, recipe):
    """Three arms of a few steps each: a direction, no verdict."""
    return _taught(gan, recipe, {name: ARMS[name] for name in GLANCE}, GLANCE_MADE, steps=GLANCE_STEPS)


def _taught(gan, recipe, arms, of_each=MADE, **more):
    train, validation = data.hold_out(data.load(recipe.data), VALIDATION)
    real = {n: data.draw(train, n, gan.seed) for n in {arm.real for arm in arms.values()} if n}
    made = synthetic.make(gan, of_each, gan.seed, train.class_names)
    test = _test(recipe.data)
    augment = teach.SETTINGS[readers.for_data(recipe.data)][1]

    def fitted(arm, made):
        network = getattr(classify, arm.network)
        pupil = network(train.images.shape[1:], len(train.class_names), gan.seed)
        given = {"seed": gan.seed, "prepare": augment if arm.augment else None, **more}
        alone = arm.turn or not arm.real
        if alone:
            share = round(arm.ratio * REAL) // len(train.class_names)
            made = data.draw(made, share * len(np.unique(made.labels)), gan.seed)
        if arm.turn:
            parts = classify.in_turn(pupil, made, real[arm.real], validation, **given)
        else:
            images = made if alone else synthetic.mix(real[arm.real], made, arm.ratio, gan.seed)
            parts = [classify.fit(pupil, images, validation, **given)]
        return pupil, sum(len(part["loss"]) for part in parts)

    found, p, worst = {"accuracy": {}, "rounds": {}}, None, None
    for name, arm in arms.items():  # "real" comes first: it reads what the GAN made
        mine = made
        if arm.labels == "read":
            mine = synthetic.relabelled(mine, p)
        if arm.at_least:
            mine = synthetic.confident(mine, p, arm.at_least)
        if not arm.worst:
            mine = synthetic.without(mine, worst)
        pupil, found["rounds"][name] = fitted(arm, mine)
        found["accuracy"][name] = test.look(name, pupil).overall
        if p is None:
            logits = pupil.predict(np.asarray(data.scale()(made.images)), batch_size=500, verbose=0)
            p = tf.nn.softmax(logits).numpy()
            read = success_rate(p, made.labels)
            worst = int(np.argmin(read.per_class))
    return rounded(found | {
        "read_as_asked": read.overall, "read_as_asked_per_class": read.per_class.tolist(), "worst": worst,
        "kept": {f"{1000 * q:.0f}": float((p.max(1) >= q).mean()) for q in (0.9, 0.99, 0.999)},
    }) | {"looks": test.looks}  # fmt: skip


def ladder(gans, recipe, of_each=LADDER, steps=LADDER_STEPS):
    """A-label: a classifier taught by 30,000 images a class of one GAN each, and by the real ones.

    Of the real images those that the GANs saw, and all of them, turned by up to 30 degrees as in the
    report.  Beside the accuracy who is taken for whom, and which classes are lost.
    """
    train, validation = data.hold_out(data.load(recipe.data), VALIDATION)
    test, seed = _test(recipe.data), gans.seed
    shape, classes = train.images.shape[1:], len(train.class_names)
    turned = (data.rotate(30), data.scale())
    share = data.draw(train, recipe.n_images)
    sets = {
        "made": (synthetic.make(gans, of_each, seed, train.class_names), None),
        "real": (share, None), "all-turned": (train, turned),
    }
    found, looks = {"accuracy": {}}, {}
    for name, (given, prepare) in sets.items():
        pupil = classify.small(shape, classes, seed)
        classify.fit(pupil, given, validation, prepare=prepare, steps=steps, every=steps // 16, seed=seed)
        looks[name] = test.look(name, pupil)
        found["accuracy"][name] = looks[name].overall
    made = looks["made"]
    return rounded(found | {"made_per_class": made.per_class.tolist()}) | {
        "made_confusion": made.confusion.tolist(), "health": gans.health, "looks": test.looks,
    }  # fmt: skip


def ladder_glance(gans, recipe):
    """The same with 200 images a class and few steps: a direction, no verdict."""
    return ladder(gans, recipe, GLANCE_MADE, GLANCE_STEPS // 2)


def _test(name):
    test = data.load(name, "test")
    return HeldOut(np.asarray(data.scale()(test.images)), test.labels)


NAMED = {
    "teaching": teaching, "teaching_gan": teaching_gan, "teaching_short": teaching_short,
    "teaching_glance": teaching_glance, "ladder": ladder, "ladder_glance": ladder_glance,
}  # fmt: skip
