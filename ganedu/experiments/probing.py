"""What a discriminator's features tell a classifier: the experiments of A-probe to D-base.

    probing(gan, recipe)  ->  {"accuracy": {"all": 0.69, "untrained": 0.58, "pixels": 0.40, ...}, ...}

An `Arm` is one way from images to an accuracy, a row of a table.  All arms of a run use the same
training and test images; the GAN saw the training images without their labels.  What a classifier
chooses, its strength, it chooses on training images.
"""

import json
import time
from typing import NamedTuple

import numpy as np

from .. import data, files, probe
from ..measures import classify, linear
from .measuring import rounded

DRAWS = 10  # of few labels
SMALL = (4000, 1000)  # report D's images of COCO: 4,992, of which a fifth for the test
LOOKED = 10_000  # training images that give batch norm its statistics, and PCA its axes
COMPONENTS = 256
TINY = (1e-4,)  # the strength that report D gives its RBF machine


class Arm(NamedTuple):
    """From images to an accuracy.

    of: whose features: "trained", the GAN's D; "untrained"; "supervised", a network of D's shape
    taught with labels; "pixels"; "pca", of pixels.  layers, pool, at: as `probe.Features` takes them.
    statistics: batch norm's, of the training "set", or the moving ones of the training ("running").
    mirrored: the mean of the features of an image and of its mirror image, as which D saw it too.
    labels: so many a class, drawn again and again; None is all.  kind: of the classifier, as
    `linear.fit` takes it, "neighbours", or "network", of D's shape and taught with labels from the
    pixels on.  grid: of strengths.  small: on so few images as report D had.
    """

    of: str = "trained"
    layers: str | tuple = "all"
    pool: tuple = ("grid", 4)
    at: str = "after"
    statistics: str = "set"
    mirrored: bool = False
    labels: int | None = None
    kind: str = linear.FASTEST
    grid: tuple = linear.GRID
    small: bool = False


SEEN = Arm._fields.index("labels")  # the settings before it make the features
CONTROLS = {
    "untrained": Arm("untrained"), "pixels": Arm("pixels"), "pca": Arm("pca"),
    "supervised": Arm("supervised"),
}  # fmt: skip
LAYERS = {
    "last": Arm(layers="last"), "first": Arm(layers=(1,)), "second": Arm(layers=(2,)),
    "untrained-last": Arm("untrained", layers="last"),
}  # fmt: skip
POOLS = {
    "window-2": Arm(pool=("window", 2)), "grid-2": Arm(pool=("grid", 2)), "grid-1": Arm(pool=("grid", 1)),
    # Big windows where maps are large and detail is small, small ones where they are few.
    "per-layer": Arm(pool=(("grid", 2), ("grid", 4), ("window", 1))),
    "before": Arm(at="before"), "running": Arm(statistics="running"),
}  # fmt: skip
MIRRORED = {
    "mirrored": Arm(mirrored=True), "untrained-mirrored": Arm("untrained", mirrored=True),
    "pixels-mirrored": Arm("pixels", mirrored=True), "mirrored-400": Arm(mirrored=True, labels=400),
}  # fmt: skip
FEW = {
    f"{name}{labels}": Arm(of, labels=labels) for labels in (100, 400)
    for name, of in (("", "trained"), ("untrained-", "untrained"), ("pixels-", "pixels"))
}  # fmt: skip
REPORT_D = {
    f"d-{name}-{kind}": Arm(of, layers, kind=how, grid=grid, small=True)
    for name, of, layers in (("pixels", "pixels", "all"), ("all", "trained", "all"), ("last", "trained", "last"),
                             ("untrained", "untrained", "all"))
    for kind, how, grid in (("neighbours", "neighbours", ()), ("linear", "svm", TINY), ("rbf-tiny", "rbf", TINY),
                            ("rbf", "rbf", (0.1, 1.0, 10.0)), ("chosen", linear.FASTEST, linear.GRID))
} | {"d-network": Arm("pixels", kind="network", small=True)}  # fmt: skip
ARMS = {"all": Arm()} | CONTROLS | LAYERS | POOLS | MIRRORED | FEW | REPORT_D
SHORT = ("all",)  # its controls stand in the longest run of the seed: they do not change with training
GLANCE = {
    f"{name}-100": Arm(of, layers, pool=("grid", 2), labels=100)
    for name, of, layers in (("all", "trained", "all"), ("last", "trained", "last"),
                             ("untrained", "untrained", "all"), ("pixels", "pixels", "all"))
}  # fmt: skip


BOTH = ("mnist", "fashion_mnist")  # 28x28: what a GAN saw, and what it did not


def probing(gan, recipe, kept=None):
    """All arms on the data that the GAN trained on."""
    return Probing(gan, recipe, *_sets(recipe.data)).all(ARMS, kept)


def probing_short(gan, recipe, kept=None):
    """One arm: how far has D come?"""
    return Probing(gan, recipe, *_sets(recipe.data)).all({name: ARMS[name] for name in SHORT}, kept)


def probing_elsewhere(gan, recipe, kept=None):
    """The main arms on digits and on clothes, one of which the GAN has seen: {data set: its figures}."""
    arms = {"all": ARMS["all"]} | CONTROLS | {"last": ARMS["last"], "100": ARMS["100"]}
    return {
        name: Probing(gan, recipe, *_sets(name)).all(arms, kept and kept.with_stem(f"{kept.stem}-{name}"))
        for name in BOTH
    }


def probing_everyday(gan, recipe, kept=None):
    """Report D's table: its arms on COCO's validation images, the largest object's kind as the label.

    Four fifths are for training.  The images are made as large as the GAN's.
    """
    every = data.load("coco/2017", "validation", size=recipe.discriminator.image_shape[0])
    test = np.arange(len(every.images)) % 5 == 4
    return Probing(gan, recipe, every.rows(~test), every.rows(test)).all(REPORT_D, kept)


def probing_glance(gan, recipe, kept=None):
    """Four arms with 100 labels a class: a direction, no verdict."""
    return Probing(gan, recipe, *_sets(recipe.data)).all(GLANCE, kept)


def _sets(name):
    return data.load(name), data.load(name, "test")


class Probing:
    """The arms of one run, which share images, networks and features.

    Args:
        gan, recipe: of the run.
        train, test: `Data` with labels, what is classified.
    """

    def __init__(self, gan, recipe, train, test):
        self.gan, self.recipe, self.train, self.test = gan, recipe, train, test
        self._networks, self._features = {}, {}

    def all(self, arms, kept=None):
        """Each arm's accuracy, strength, number of features and seconds.

        What is in the file `kept`, of an arm with the same settings, is not computed again.
        """
        found = {name: {} for name in ("accuracy", "strength", "features", "seconds", "classes_read", "interval")}
        done = json.loads(kept.read_text()) if kept and kept.exists() else {}
        # Arms with the same features one after the other, so that these are computed once.
        for name, arm in sorted(arms.items(), key=lambda item: repr(item[1][:SEEN])):
            if done.get(name, {}).get("arm") != repr(arm):
                done[name] = {"arm": repr(arm)} | self.one(arm)
                if kept:
                    files.write(kept, json.dumps(done))
            print("{}: {accuracy:.4f}, {features:,} features, {seconds:.0f} s".format(name, **done[name]), flush=True)
            for key in found:
                if key in done[name]:
                    found[key][name] = done[name][key]
        return rounded(found) | {"strength": found["strength"]}  # which may be a hundred thousandth

    def one(self, arm):
        """What is found of one arm: {"accuracy": ..., "features": ..., "seconds": ..., ...}."""
        began = time.monotonic()
        x, test_x = self.features(arm)
        accuracy, more = self.classified(arm, x, test_x)
        return more | {"accuracy": accuracy, "features": x.shape[1], "seconds": time.monotonic() - began}

    def features(self, arm):
        """Of training and test images, [N, F] each; the last ones are kept, for the arms that follow."""
        key = arm[:SEEN]
        if key not in self._features:
            extractor = self.extractor(arm)
            self._features = {key: [probe.extract(extractor, s.images) for s in (self.train, self.test)]}
        return self._features[key]

    def extractor(self, arm):
        if arm.mirrored:
            return probe.Mirrored(self.extractor(arm._replace(mirrored=False)))
        if arm.of == "pixels":
            return probe.Pixels()
        if arm.of == "pca":
            return probe.Pca(self.train.images[:LOOKED], COMPONENTS, self.gan.seed)
        return probe.Features(self.network(arm.of, arm.statistics), arm.layers, arm.pool, arm.at)

    def network(self, of, statistics):
        """A discriminator with the statistics that are asked for, made once."""
        if (of, statistics) not in self._networks:
            network = self.gan.discriminator
            if of == "untrained":
                network = self.recipe.build_networks(self.gan.seed)[1]
            elif of == "supervised":
                network = self.taught(self.train)
            if statistics == "set":
                network = probe.with_statistics(network, self.train.images[:LOOKED])
            self._networks[of, statistics] = network
        return self._networks[of, statistics]

    def taught(self, train):
        """A network of D's shape, taught by images that are mirrored if D's were; a tenth stops it."""
        train, validation = data.hold_out(train, len(train.images) // 10)
        network = probe.supervised(self.recipe.discriminator, len(train.class_names), self.gan.seed)
        prepare = (data.flip(), data.scale()) if ("flip",) in self.recipe.prepare else None
        classify.fit(network, train, validation, prepare=prepare, seed=self.gan.seed)
        return network

    def classified(self, arm, x, test_x):
        """(accuracy, {"strength": ..., "classes_read": ...}) of an arm's classifier."""
        train, test, seed = self.train, self.test, self.gan.seed
        if arm.small:
            train, test = train.rows(slice(SMALL[0])), test.rows(slice(SMALL[1]))
            x, test_x = x[: SMALL[0]], test_x[: SMALL[1]]
        y, test_y = train.labels, test.labels
        if arm.kind == "network":
            logits = self.taught(train).predict(np.asarray(data.scale()(test.images)), verbose=0)
            read = logits.argmax(1)
            return float((read == test_y).mean()), {"classes_read": len(set(read))}
        if arm.kind == "neighbours":
            return linear.neighbours(x, y, test_x, test_y), {}
        if arm.labels:
            mean, interval, found = linear.few_labels(
                x, y, test_x, test_y, arm.labels, DRAWS, arm.kind, arm.grid, seed)  # fmt: skip
            return mean, {"interval": interval}
        found = linear.fit(x, y, test_x, test_y, arm.kind, arm.grid, seed)
        read = int((found.confusion.sum(0) > 0).sum())
        return found.accuracy, {"strength": found.C, "classes_read": read}


NAMED = {
    "probing": probing, "probing_short": probing_short, "probing_elsewhere": probing_elsewhere,
    "probing_everyday": probing_everyday, "probing_glance": probing_glance,
}  # fmt: skip
