"""The clinic: each state on a generator that has it and no other, and none on healthy ones."""

import dataclasses
import json
from pathlib import Path

import keras
import numpy as np
import pytest
from helpers import refuses, rng

import ganedu
from ganedu import clinic, data
from ganedu.clinic import states
from ganedu.experiments import jobs, patients, portraits, recipes, records, runs, sweeps
from ganedu.game import objectives
from ganedu.gan import GAN
from ganedu.measures import readers

BOOK = Path(__file__).parents[1] / "book" / "records"
TRAIN, TEST = data.load("digits"), data.load("digits", "test")
X, Y = data.scale()(TRAIN.images[:3000]).numpy(), TRAIN.labels[:3000]
POOL, POOL_Y = data.scale()(TRAIN.images[3000:]).numpy(), TRAIN.labels[3000:]
UNSEEN = data.scale()(TEST.images[:500]).numpy()
GOOD_LOGS = [{"d_loss_real": 0.7, "d_loss_fake": 0.6, "g_loss": 1.3, "d_acc_real": 0.6,
              "d_out_fake": 0.4, "val_frechet_digits": v} for v in (60.0, 9.0, 12.0)]  # fmt: skip
READER = readers.load("digits")


class Dummy:
    """A GAN whose images are what `paint(number, y)` says, number being one for each latent.

    Left alone it is as healthy as can be: it shows real images that training never saw.
    """

    def __init__(self, paint=None, classes=0):
        self.paint, self.classes = paint or show(), classes

    def latents(self, n, seed):
        return rng(seed).normal(size=(n, 3)).astype("float32")

    def images_from(self, z, labels=None):
        assert (labels is None) == (not self.classes)
        return self.paint((np.abs(z[:, 0]) * 1e6).astype(int), labels)


def show(pool=POOL, pool_y=POOL_Y, change=lambda x, number: x):
    """Images of the pool (of the class asked for), moved by a pixel or so that none comes twice."""

    def paint(number, y):
        rows = number % len(pool)
        if y is not None:
            of_class = [np.flatnonzero(pool_y == k) for k in range(10)]
            rows = np.array([of_class[k][i % len(of_class[k])] for i, k in zip(number, y, strict=True)])
        x = pool[rows]
        moves = number // 7 % 3 - 1
        x = np.stack([np.roll(image, move, 1) for image, move in zip(x, moves, strict=True)])
        return change(x, number).astype("float32")

    return paint


def noisy(size):
    def change(x, number):
        return np.clip(x + size * rng(1).normal(size=x.shape), -1, 1)

    return change


def look(gan, x=X, y=Y, unseen=UNSEEN, reader=READER, history=GOOD_LOGS, n=500, seed=0):
    return ganedu.diagnose(gan, x, y, unseen, reader, history, n, seed)


def blurred(x, number):
    return (np.roll(x, 1, 2) + 2 * x + np.roll(x, -1, 2)) / 4


HEALTHY = {
    "held-out images": Dummy(),
    "of a conditional GAN": Dummy(classes=10),
    "with noise": Dummy(show(change=noisy(0.1))),
    "blurred": Dummy(show(change=blurred)),
    "paler": Dummy(show(change=lambda x, _: 0.9 * x)),
    "fewer ones": Dummy(show(*(a[(POOL_Y != 1) | (np.arange(len(POOL)) % 2 == 0)] for a in (POOL, POOL_Y)))),
}  # fmt: skip


@pytest.mark.parametrize("name", HEALTHY)
def test_no_alarm_for_the_healthy(name):
    found = look(HEALTHY[name], seed=1)
    assert found.names == ("healthy",) and found.healthy, found
    assert found.unknown == () and "none of the 11 states" in str(found)


@pytest.mark.parametrize("given, missing", [
    ({"unseen": None}, {"memorising"}), ({"reader": None}, {"lost classes"}),
    ({"history": None}, {"discriminator too strong", "fallen back"}),
    ({"y": None}, set()),
])  # fmt: skip
def test_what_was_not_looked_for_is_said(given, missing):
    found = look(Dummy(), **given)
    assert found.healthy and {name for name, _ in found.unknown} == missing
    for name in missing:
        assert f"not looked for: {name}; give " in str(found)


# ------------------------------------------------------------------ the sick

ONE = POOL[7]
TEN = np.stack([POOL[POOL_Y == k][3] for k in range(10)])


def one_image(number, y):
    return np.stack([ONE] * len(number))


def nearly_one_image(number, y):
    return noisy(0.05)(one_image(number, y), number)


def no_latent(number, y):
    """One image of each class; a little noise, so that it is not the same to the bit."""
    return noisy(0.02)(TEN[y], number)


def few_images(number, y):
    return noisy(0.03)(TEN[number % 10], number)


def half_one_image(number, y):
    x = show()(number, None)
    x[number % 2 == 0] = nearly_one_image(number, y)[number % 2 == 0]
    return x


def no_label(number, y):
    return show()(number, None)


def any_label(number, y):
    return show()(number + 1000 * y, None)


def with_nan(number, y):
    x = show()(number, None)
    x[3, 4, 5] = np.nan
    return x


def copies(size):
    return show(X[:100], Y[:100], lambda x, number: noisy(size)(X[:100][number % 100], number))


def logs(**changes):
    return [row | changes for row in GOOD_LOGS]


SURE = logs(d_acc_real=0.998, d_out_fake=0.004, g_loss=9.0)
WITHOUT_8 = POOL[POOL_Y != 8], POOL_Y[POOL_Y != 8]
SICK = {
    "NaN in images": ("diverged", Dummy(with_nan), {}, "0.2% of the generated"),
    "NaN in logs": ("diverged", Dummy(), {"history": [*GOOD_LOGS, {"g_loss": np.nan}]}, "epoch 4"),
    "huge": ("diverged", Dummy(), {"history": logs(g_loss=4000.0)}, "loss of 4000"),
    "fell": ("fallen back", Dummy(), {"history": [*GOOD_LOGS, GOOD_LOGS[0]]}, "6.7 times that of epoch 2"),
    "sigmoid": ("wrong pixel range", Dummy(show(change=lambda x, _: (x + 1) / 2)), {}, "from 0 to 1"),
    "linear": ("wrong pixel range", Dummy(show(change=lambda x, _: 2 * x)), {}, "from -2 to 2"),
    "real from 0": ("wrong pixel range", Dummy(), {"x": (X + 1) / 2}, "real images have pixels from 0"),
    "real bytes": ("wrong pixel range", Dummy(), {"x": TRAIN.images[:3000]}, "from 0 to 255"),
    "one image": ("generator ignores its latent", Dummy(one_image), {}, "the same image"),
    "one a class": ("generator ignores its latent", Dummy(no_latent, 10), {}, "of one label"),
    "collapse": ("mode collapse", Dummy(nearly_one_image), {}, "as much as two real ones"),
    "no label": ("generator ignores its label", Dummy(no_label, 10), {}, "changes an image 0.0%"),
    "any label": ("generator ignores its label", Dummy(any_label, 10), {}, "by chance it were 10%"),
    "copies": ("memorising", Dummy(copies(0.0)), {}, "copies of training images"),
    "near copies": ("memorising", Dummy(copies(0.05)), {}, "copies of training images"),
    "few images": ("partial mode collapse", Dummy(few_images), {}, "have another that is nearer"),
    "half collapsed": ("partial mode collapse", Dummy(half_one_image), {}, "have another that is nearer"),
    "no 8": ("lost classes", Dummy(show(*WITHOUT_8)), {}, "class 8 comes"),
    "strong D": ("discriminator too strong", Dummy(), {"history": SURE}, "0.004 on average"),
    "negatives": ("has not learned", Dummy(show(change=lambda x, _: -x)), {"reader": None}, "mean real"),
}  # fmt: skip


@pytest.mark.parametrize("case", SICK)
def test_each_state_is_named_on_a_gan_that_has_it(case):
    name, gan, given, words = SICK[case]
    found = look(gan, **given)
    assert found.names == (name,), f"{found}\n{found.evidence}"
    assert words in found.found[0].seen
    assert f"{name}\n    seen: " in str(found) and "    try next:\n      - " in str(found)


def test_every_state_has_a_case():
    assert {case[0] for case in SICK.values()} == {state.name for state in clinic.STATES}


def test_the_table_is_sound():
    fields = {field.name for field in dataclasses.fields(clinic.Evidence)}
    names = [state.name for state in clinic.STATES]
    assert len(set(names)) == len(names)
    for state in clinic.STATES:
        assert set(state.needs) <= fields and set(state.hides) - {"*"} <= set(names)
        assert state.means.endswith(".") and state.try_next
        assert bool(state.needs) == bool(state.give)
        # No state is named by what was not measured.
        assert state.test(clinic.Evidence()) == ""


def test_two_states_that_do_not_explain_each_other_are_both_named():
    pool = WITHOUT_8[0]
    found = look(Dummy(lambda number, y: show(pool, None)(number + 1000 * y, None), 10))
    assert found.names == ("generator ignores its label", "lost classes")


@pytest.mark.parametrize("paint", [nearly_one_image, few_images, show(*WITHOUT_8)])
def test_a_strong_d_explains_what_its_g_lacks(paint):
    assert not look(Dummy(paint)).healthy
    assert look(Dummy(paint), history=SURE).names == ("discriminator too strong",)


def test_a_critics_outputs_are_no_probabilities():
    gan = Dummy()
    gan.objective = objectives.Hinge()
    found = look(gan, history=SURE)
    assert found.healthy and [name for name, _ in found.unknown] == ["discriminator too strong"]


# ------------------------------------------------------------------ the patients

NO_PATIENT = {"fallen back", "has not learned"}  # of these no recipe is sick for sure


def test_each_state_has_a_sick_recipe_with_one_setting_changed():
    assert {*patients.SICK, *NO_PATIENT} == {state.name for state in clinic.STATES}
    rows = {row.setting: row for row in sweeps.find("clinic")}
    bases = patients.bases()
    for state, (setting, base, *_) in patients.SICK.items():
        row = rows.pop(setting)
        assert (row.measure, row.seeds, row.recipe.scale) == (f"checkup: {state}", 10, "quick")
        assert [str(rule) for rule in row.rules] == ["named, all but one >= 1"]
        cut = dataclasses.replace(bases[base], epochs=row.recipe.epochs, epoch_images=row.recipe.epoch_images)
        mine, healthy = row.recipe.to_dict(), cut.to_dict()
        changed = [name for name in mine if mine[name] != healthy[name]]
        if changed[0] in ("generator", "discriminator"):
            (part,) = changed
            changed = [name for name in mine[part] if mine[part][name] != healthy[part][name]]
        assert len(changed) == 1, (setting, changed)
    # What is left is healthy: both data sets, 20 runs, of which one may be taken for sick.
    assert {row.recipe.data for row in rows.values()} == {"digits", "fashion"}
    assert sum(row.seeds for row in rows.values()) == 20
    for row in rows.values():
        assert row.measure == "checkup: healthy" and row.recipe == recipes.get(row.recipe.name, "quick")
        (rule,) = row.rules
        assert {row.setting, *rule.beside} == set(rows) and rule[:4] == ("named", "all but one", ">=", 1)


def test_the_table_still_says_what_the_records_say():
    """Whoever moves a limit sees here which recorded run is now called something else."""
    found = records.by_setting(BOOK, "clinic")
    assert set(found) <= {row.setting for row in sweeps.find("clinic")} and found
    for run in sum(found.values(), []):
        names = portraits.diagnosis(run).names
        assert list(names) == run["metrics"]["state"], (run["setting"], run["seed"])
        assert run["metrics"]["named"] == (run["measure"] == f"checkup: {names[0]}")


def of_test_images(**options):
    """A healthy dummy for a recipe on the digits: it shows images that are neither trained on nor held out."""
    gan = Dummy(show(data.scale()(TEST.images).numpy(), TEST.labels, **options), classes=0)
    gan.seed = 3
    return gan


def test_a_checkup_says_whether_its_state_is_the_first_that_is_named(monkeypatch):
    recipe, gan, seen = recipes.get("digits", "quick"), of_test_images(), []
    monkeypatch.setattr(patients, "gather", lambda *a, **b: seen.append(clinic.gather(*a, **b)) or seen[0])
    found = patients.NAMED["checkup: healthy"](gan, recipe, GOOD_LOGS)
    assert (found["named"], found["state"]) == (1, ["healthy"])
    assert found["evidence"]["n"] == patients.LOOKS and found["evidence"]["copied"] < states.COPYING / 2
    json.dumps(found, allow_nan=False)
    sick = dataclasses.replace(seen[0], d_real=0.998, d_fake=0.004, copied=0.5)
    monkeypatch.setattr(patients, "gather", lambda *a, **b: sick)
    for name, named in (("healthy", 0), ("memorising", 0), ("discriminator too strong", 1)):
        found = patients.checkup(name, gan, recipe)
        assert (found["named"], found["state"]) == (named, ["discriminator too strong", "memorising"])
    # What is not known, or is no finite number, is left out.
    monkeypatch.setattr(patients, "gather", lambda *a, **b: clinic.Evidence(n=5, rarest_share=np.inf))
    assert patients.checkup("healthy", gan, recipe)["evidence"] == {
        "n": 5, "classes": 0, "rarest": "", "best_epoch": 0}  # fmt: skip


def test_a_checkup_needs_no_gan_of_a_run_that_diverged():
    recipe = recipes.get("digits", "quick")
    for name, named in (("diverged", 1), ("mode collapse", 0)):
        found = patients.NAMED[f"checkup: {name}"](None, recipe, GOOD_LOGS, diverged="g_loss is nan")
        assert (found["named"], found["state"], found["evidence"]["nan_epoch"]) == (named, ["diverged"], 4)
        json.dumps(found, allow_nan=False)


def test_copies_are_found_of_images_that_stand_there_many_times():
    few = X[:40]
    e = clinic.gather(Dummy(copies(0.0)), np.tile(X[:100], (5, 1, 1, 1)), unseen=UNSEEN, n=100)
    assert e.copied > 0.9
    e = clinic.gather(Dummy(show(change=noisy(0.05))), np.tile(few, (5, 1, 1, 1)), unseen=UNSEEN, n=100)
    assert e.copied < states.COPYING


def test_what_a_recipe_trains_on_is_what_is_shown():
    of = clinic.diagnosis.of_recipe
    recipe = dataclasses.replace(recipes.get("cgan-digits", "quick"), class_weights=(1,) * 8 + (0, 0))
    given = of(recipe)
    assert len(given["x"]) + len(given["unseen"]) == len(TRAIN.images) and set(given["y"]) == set(range(10))
    assert given["reader"].hash == READER.hash
    few = dataclasses.replace(recipe, n_images=20, drawn=True, held_out=0)
    one, other = ({image.tobytes() for image in of(few, seed)["x"]} for seed in (1, 2))
    drawn = data.draw(TRAIN, 20, 1)  # as a run of that seed draws them
    assert one == {image.tobytes() for image in data.scale()(drawn.images).numpy()}
    assert len(other) == 20 and len(one & other) < 10


@pytest.mark.slow
def test_a_run_that_turns_nan_is_recorded_as_diverged(tmp_path):
    row = next(row for row in sweeps.find("clinic") if row.measure == "checkup: diverged")
    small = {"generator": dataclasses.replace(row.recipe.generator, projection=(7, 7, 4), filters=(4,)),
             "discriminator": dataclasses.replace(row.recipe.discriminator, filters=(4, 4))}  # fmt: skip
    row = dataclasses.replace(row, seeds=1, recipe=dataclasses.replace(row.recipe, learning_rate=1e30, **small))
    said = []
    assert jobs.reproduce([row], tmp_path / "records", tmp_path / "work", say=said.append) == (1, []), said
    (record,) = records.load(tmp_path / "records")
    assert record["metrics"]["named"] == 1 and "since epoch 1" in record["metrics"]["diverged"]
    ((*_, values, kept),) = sweeps.check([row], tmp_path / "records")
    assert values == [1] and kept


# ------------------------------------------------------------------ the evidence


def test_evidence_of_real_images_is_about_1():
    e = look(Dummy(classes=10)).evidence
    for name in ("spread", "by_latent", "by_label"):
        assert 0.9 < getattr(e, name) < 1.1, name
    assert e.success > 0.95 and e.rarest_share > 0.5
    assert e.repeats < 0.1 and e.distance < 0.1 and e.copied < 0.05
    assert (e.n, e.classes, e.finite, e.low, e.high, e.x_low, e.x_high) == (500, 10, 1, -1, 1, -1, 1)


def test_evidence_by_hand():
    """Two kinds of image, dark and light; real ones half and half, generated ones a quarter."""
    x = np.where(np.arange(100) % 2, 0.5, -0.9)[:, None, None, None] * np.ones((1, 8, 8, 1))

    def paint(number, y):
        return np.where(np.arange(len(number)) % 4, 0.5, -0.9)[:, None, None, None] * np.ones((1, 8, 8, 1))

    e = clinic.gather(Dummy(paint), x, n=100, seed=0)
    assert (e.low, e.high) == pytest.approx((-0.9, 0.5))
    assert e.change == pytest.approx(1.4, abs=1e-5)
    # Of 49 coarse pixels each: means 0.15 and -0.2, variances 1.4^2 * (3/16 and 1/4).
    gap = 0.35**2 + 1.4**2 * (np.sqrt(3 / 16) - np.sqrt(1 / 4)) ** 2 * 100 / 99
    assert e.distance == pytest.approx(gap / (1.4**2 / 4), rel=1e-3)
    assert e.repeats == 1  # so has every real one


def test_history_as_fit_and_as_a_run_give_it():
    columns = {name: [row[name] for row in GOOD_LOGS] for name in GOOD_LOGS[0]}
    e, same = (clinic.gather(Dummy(), X[:50], history=h) for h in (GOOD_LOGS, columns))
    assert (e.d_real, e.d_fake, e.loss, e.nan_epoch) == (0.6, 0.4, 1.3, 0)
    assert (e.fall, e.best_epoch) == (pytest.approx(12 / 9), 2)
    for name in ("d_real", "d_fake", "loss", "nan_epoch", "fall", "best_epoch"):
        assert getattr(e, name) == getattr(same, name)
    e = clinic.gather(Dummy(), X[:50])
    assert np.isnan([e.d_real, e.d_fake, e.loss, e.nan_epoch, e.fall, e.copied, e.rarest_share]).all()


# ------------------------------------------------------------------ a run, and the callback


def tiny_recipe(**changes):
    return dataclasses.replace(recipes.get("digits", "quick"), epochs=1, epoch_images=64, **changes)


def test_a_runs_folder_has_all_it_takes(tmp_path):
    run = runs.Run.start(tmp_path / "run", tiny_recipe(), 0, "float32")
    gan = run.recipe.build(0)
    runs.save_state(run.last, gan, 1)
    (run.folder / "metrics.jsonl").write_text('{"epoch": 1, "d_acc_real": 0.999, "d_out_fake": 0.001}\n')
    found = ganedu.diagnose(tmp_path / "run", n=100)
    assert [name for name, _ in found.unknown] == ["fallen back"]  # of one epoch alone
    assert "discriminator too strong" in found.names
    assert not found.healthy and np.isfinite(found.evidence.copied)
    run.mark("g_loss is nan since epoch 2")
    found = ganedu.diagnose(str(tmp_path / "run"), n=100)
    assert found.names == ("diverged",) and "since epoch 2" in found.found[0].seen
    refuses(lambda: ganedu.diagnose(run, x=X), ["x is given", "leave it out"])


def small_gan(rate=0.0, seed=0):
    """G gives a pixel-wise tanh of its latent; at rate 0 it stays as it is."""
    g = keras.Sequential([keras.Input((64,)), keras.layers.Dense(64, "tanh", kernel_initializer="identity"),
                          keras.layers.Reshape((8, 8, 1))])  # fmt: skip
    d = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
    gan = GAN(g, d, seed=seed, ema=0)
    adams = [keras.optimizers.SGD(rate) for _ in range(2)]
    gan.compile(*adams, objectives.NonSaturating(), steps_per_execution=1)
    return gan


SQUARES = np.tanh(rng(0).normal(size=(200, 8, 8, 1))).astype("float32")


def fit(gan, watch, epochs=4):
    gan.fit(SQUARES, batch_size=50, epochs=epochs, callbacks=[watch], verbose=0)


def test_a_healthy_training_is_left_alone():
    said, gan = [], small_gan()
    watch = clinic.EarlyWarning(SQUARES, n=200, stop=True, say=said.append)
    fit(gan, watch)
    assert said == [] and watch.warned == [] and list(watch.looks) == [1, 2, 3, 4]
    assert int(gan.steps) == 16


class Collapses(keras.callbacks.Callback):
    """Makes G's images all alike when epoch `when` ends."""

    def __init__(self, when):
        super().__init__()
        self.when = when

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 == self.when:
            kernel = self.model.generator.layers[0].kernel
            kernel.assign(0.05 * kernel)


@pytest.mark.parametrize("patience, epochs, warned", [(1, 4, [2]), (2, 4, [3]), (3, 3, [])])
def test_a_state_is_said_once_when_it_stays(patience, epochs, warned):
    said, gan = [], small_gan()
    watch = clinic.EarlyWarning(SQUARES, n=200, patience=patience, say=said.append)
    gan.fit(SQUARES, batch_size=50, epochs=epochs, callbacks=[Collapses(2), watch], verbose=0)
    assert watch.warned == [(epoch, "mode collapse") for epoch in warned]
    assert len(said) == len(warned) and int(gan.steps) == 4 * epochs
    if said:
        start = f"epoch {warned[0]}: mode collapse: two images differ"
        assert said[0].startswith(start) and "Try: " in said[0]


class Grows(keras.callbacks.Callback):
    """Makes G's images differ from each other more and more, up to the epoch `until`."""

    def __init__(self, until):
        super().__init__()
        self.until = until

    def on_epoch_begin(self, epoch, logs=None):
        size = [0.02, 0.11, 0.3, 0.6][min(epoch, self.until)]
        self.model.generator.layers[0].kernel.assign(size * np.eye(64))


@pytest.mark.parametrize("until, warned", [(3, []), (1, [(4, "mode collapse")])])
def test_a_training_that_still_learns_is_given_time(until, warned):
    """Both begin with images that are all alike; one gets on, the other stops in its second epoch."""
    watch = clinic.EarlyWarning(SQUARES, n=200, say=[].append)
    small_gan().fit(SQUARES, batch_size=50, epochs=4, callbacks=[Grows(until), watch], verbose=0)
    alike = [e.spread < states.COLLAPSED for e in watch.looks.values()]
    assert alike == [True, True, until == 1, until == 1] and watch.warned == warned


def test_it_stops_and_goes_back_to_the_best_epoch():
    said, gan = [], small_gan()
    before = gan.generator.get_weights()
    watch = clinic.EarlyWarning(SQUARES, n=200, stop=True, restore_best=True, say=said.append)
    gan.fit(SQUARES, batch_size=50, epochs=9, callbacks=[Collapses(2), watch], verbose=0)
    assert said[-1] == "epoch 3: stopped, and back to epoch 1"
    for a, b in zip(before, gan.generator.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert int(gan.steps) == 4  # the optimizers' state and the counters went back too


def test_nan_is_said_at_once():
    said = []
    gan = small_gan()
    gan.generator_optimizer.learning_rate = np.nan
    fit(gan, clinic.EarlyWarning(SQUARES, n=50, stop=True, restore_best=True, say=said.append))
    assert said[0].startswith("epoch 1: diverged: ") and said[1].endswith("no epoch to go back to")


@pytest.mark.slow
def test_a_real_training_that_is_sick_is_stopped():
    row = next(row for row in sweeps.find("clinic") if row.setting == "sick-dstrong")
    recipe = dataclasses.replace(row.recipe, epoch_images=1000)
    gan, said = recipe.build(100), []
    given = clinic.diagnosis.of_recipe(recipe)
    watch = clinic.EarlyWarning(**given, n=500, stop=True, say=said.append)
    gan.fit(recipe.batches(100), epochs=9, callbacks=[watch], verbose=0)
    assert [name for _, name in watch.warned] == ["discriminator too strong"]
    assert len(watch.looks) < 9 and said[-1].endswith("stopped")


BAD = {
    "neither": (lambda: ganedu.diagnose(3), ["run_or_gan is 3", "a run's folder, or a GAN"]),
    "no x": (lambda: ganedu.diagnose(Dummy()), ["x is None", "was shown"]),
    "flat": (lambda: look(Dummy(), x=X[0]), ["x is an array of shape (28, 28, 1)", "[N, H, W, C]"]),
    "few": (lambda: clinic.gather(Dummy(), X[:9]), ["x holds 9 images", "at least 20"]),
    "n": (lambda: look(Dummy(), n=3), ["n is 3", "at least 20"]),
    "labels": (lambda: look(Dummy(classes=10), y=None), ["y is None", "one an image"]),
    "range": (lambda: look(Dummy(classes=3)), ["y holds 0 to 9", "0 to 2"]),
    "unseen": (lambda: look(Dummy(), unseen=np.full((5, 28, 28, 1), np.nan)), ["unseen is an array"]),
    "restore": (lambda: clinic.EarlyWarning(X, restore_best=True), ["restore_best is True", "stop"]),
    "patience": (lambda: clinic.EarlyWarning(X, patience=0), ["patience is 0"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_named(kind):
    call, words = BAD[kind]
    refuses(call, words)


def test_the_limits_are_apart_from_the_healthy():
    """What is sick is far from what the healthy dummies show, so that neither is a matter of luck."""
    found = [look(gan, seed=2).evidence for gan in HEALTHY.values()]
    assert min(e.spread for e in found) > 1.2 * states.NARROW
    assert max(e.repeats for e in found) < states.REPEATING / 2
    assert min(e.rarest_share for e in found) > 1.5 * states.LOST
    assert max(e.distance for e in found) < 0.6 * states.POOR
    assert max(e.copied for e in found) < states.COPYING / 2
