"""Lab 11 beside the library: its evidence, rule and counts; its patients; its cells; what they print."""

import re

import numpy as np
import pytest
from lab_helpers import cells_of, checks_of, notebook, slip

from ganedu.lab_checks import lab11_given as given
from ganedu.lab_checks import lab11_patients_given as ward


def cell_with(words):
    (source,) = [cell.source for cell in cells_of(11) if words in cell.source]
    return source


def guesses():
    space = {}
    for cell in cells_of(11):
        if cell.source.startswith(("guess_", "exchange =")):
            exec(cell.source, space)
    return {name: value for name, value in space.items() if name.startswith(("guess_", "exchange"))}


# ------------------------------------------------------------------ beside the library


class Drawn:
    """A conditional "generator" of images near a picture of each label, with coarse pixels that are known."""

    classes = 4

    def __init__(self, scale):
        self.scale, rng = scale, np.random.default_rng(0)
        self.of = rng.uniform(-0.5, 0.5, (4, 8, 8, 1))
        self.by = rng.normal(size=(6, 64))

    def latents(self, n, seed):
        return np.random.default_rng(seed).normal(size=(n, 6))

    def images_from(self, z, labels):
        return (self.of[labels] + self.scale * np.tanh(z @ self.by).reshape(-1, 8, 8, 1)).clip(-1, 1)


@pytest.mark.parametrize("scale", [0.02, 0.3])
def test_the_evidence_of_lab_11_is_the_clinics(scale):
    from ganedu import measures
    from ganedu.clinic import gather

    space, real, n = notebook(11), Drawn(0.3), 300
    y = np.random.default_rng(5).integers(0, 4, n)
    x = real.images_from(real.latents(n, 9), y)
    gan, labels = Drawn(scale), np.arange(n) % 4
    seen = gather(gan, x, y, n=n)
    made = gan.images_from(gan.latents(n, 0), labels)
    f, f_real = (measures.coarse_pixels(images.astype(np.float32)) for images in (made, x))
    assert space["spread"](f, f_real) == pytest.approx(seen.spread, rel=0.1)  # the clinic draws some pairs
    assert space["same_label"](f, labels, f_real, y) == pytest.approx(seen.by_latent, rel=0.15)


def test_the_rarest_class_of_lab_11_is_the_clinics():
    from ganedu.clinic.evidence import _classes

    space, rng = notebook(11), np.random.default_rng(2)
    for _ in range(20):
        p, p_real = rng.dirichlet(np.full(5, 0.3), (2, 40))
        p_real[:, 4] *= rng.integers(0, 2)
        found = _classes(p, p_real, None, None)
        digit, ratio = space["rarest"](p, p_real)
        assert (f"class {digit}", ratio) == (found["rarest"], pytest.approx(found["rarest_share"]))


def test_the_rule_of_lab_11_with_the_clinics_limits_says_what_the_clinic_says():
    from ganedu.clinic import Diagnosis, Evidence, states

    limits = {"by_latent": states.PLAIN, "by_label": states.DEAF, "spread": states.COLLAPSED,
              "rarest_share": states.LOST, "copied": states.COPYING, "repeats": states.REPEATING}
    name, rng = notebook(11)["name"], np.random.default_rng(3)
    runs = [e for tuning in (True, False) for _, e in given.recorded(tuning)]
    assert len(runs) >= 90
    for e in runs:
        assert name(e, limits) == Diagnosis.of(Evidence(**e)).names[0]
        sure = "spread", "low", "x_low", "x_high", "loss", "nan_epoch"  # the clinic asks for these in two states
        fewer = {k: v for k, v in e.items() if k in sure or rng.random() < 0.7 and k != "success"}
        said = Diagnosis.of(Evidence(**fewer)).names[0]
        if said != "has not learned":  # no state of the lab's
            assert name(fewer, limits) == said


def test_a_recorded_run_with_wrong_pixels_shows_seven_clues():
    """As the teachers' page says: by the limits that the solution finds."""
    from ganedu.lab_checks.lab11_parts import _clues

    limits = given.tuned(notebook(11)["limit"])
    shown = {len(_clues(e, limits)) for tuning in (True, False) for state, e in given.recorded(tuning)
             if state == "wrong pixel range"}
    assert shown == {7}


def test_a_limit_of_lab_11_leaves_out_what_was_not_measured():
    limit, nan = notebook(11)["limit"], np.nan
    assert limit([nan, 0.1], [0.5, nan]) == pytest.approx(0.3) == limit([0.5], [0.1])
    assert np.isnan(limit([0.1, 0.6], [0.5]))


def test_what_a_warning_is_worth_is_what_a_count_of_many_runs_gives():
    space, rng = notebook(11), np.random.default_rng(0)
    for found, alarms, base in ((0.9, 0.1, 0.05), (0.5, 0.3, 0.4)):
        ill = rng.random(200_000) < base
        warned = rng.random(len(ill)) < np.where(ill, found, alarms)
        assert space["worth"](found, alarms, base) == pytest.approx(ill[warned].mean(), abs=0.01)
        said, true = (np.where(a[:500], "diverged", "healthy").tolist() for a in (warned, ill))
        counts = space["counts"](said, true)
        assert tuple(counts) == ((warned & ill)[:500].sum(), ill[:500].sum(), (warned & ~ill)[:500].sum(),
                                 (~ill)[:500].sum())


# ------------------------------------------------------------------ what it is given


def test_runs_that_tune_do_not_judge():
    from ganedu.experiments import records

    runs = [r for rows in records.by_setting(records.root(), "clinic").values() for r in rows]
    tuning, judging = given.recorded(True), given.recorded(False)
    assert len(tuning) + len(judging) == len(runs)
    assert len(tuning) == sum(r["seed"] in given.TUNING for r in runs)
    assert {state for state, _ in judging} == set(given.STATES)
    for quantity, state in given.LIMITS.items():
        sick, well = given.tuning_values(quantity)
        assert len(sick) == 2 == sum(s == state for s, _ in tuning) and np.isfinite(sick).all()
        assert np.isfinite(well).any()


def test_without_records_lab_11_says_so_in_one_line(tmp_path):
    with pytest.raises(checks_of(11).Wrong, match="no records of the clinic here"):
        given.recorded(True, tmp_path)


def test_the_pretended_generators_show_what_the_text_says():
    space, small = notebook(11), {}
    there = given.real()
    for letter, made in given.pretenders().items():
        found = {"spread": space["spread"](made.f, there.f),
                 "same_label": space["same_label"](made.f, made.labels, there.f, there.labels),
                 "rarest": space["rarest"](made.p, there.p)[1]}
        small[letter] = {name for name, value in found.items() if value < 0.5}
        assert len(made.f) == given.IMAGES and (np.bincount(made.labels) == 20).all()
    assert small == {"A": set(), "B": {"same_label"}, "C": {"spread", "same_label", "rarest"}, "D": {"rarest"}}
    assert len(np.unique(given.pretenders()["B"].f, axis=0)) == 10
    assert len(np.unique(given.pretenders()["C"].f, axis=0)) == 2


def test_the_settings_of_a_cure_are_those_of_the_healthy_run():
    from ganedu.experiments.recipe import Recipe

    for name, (_, value, allowed, _, made) in ward.SETTINGS.items():
        assert allowed(value)
        recipe = ward.changed(ward.healthy(), made(value))
        assert isinstance(recipe, Recipe) and recipe == ward.healthy(), name
    assert len({ward.cause_of(letter) for letter in ward.SEALED}) == 3 and set(ward.SICK) < set(ward.CAUSES)
    for cause, (change,) in {cause: [*change.items()] for cause, change in ward.SICK.items()}.items():
        assert ward.SETTINGS[change[0]][2](change[1]) and ward.recipe_of(cause) != ward.healthy()
    larger = ward.recipe_of(None, {"batch_size": 64})
    assert len(larger.batches()) * larger.epochs == ward.STEPS


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 5, 100, 101, 102, 103])
def test_a_patient_is_sick_and_its_own_cure_alone_cures_it(seed):
    states = {"D stands still": "partial mode collapse", "D is too strong": "discriminator too strong",
              "z says too little": "mode collapse"}
    cures = {"D stands still": {"d_learning_rate": 5e-3}, "D is too strong": {"learning_rate": 5e-3},
             "z says too little": {"latent_distribution": "normal"}}
    for cause, state in states.items():
        assert ward.seen(cause, seed).names == (state,)
        for other, cure in cures.items():
            assert (ward.seen(cause, seed, cure).names == ("healthy",)) == (other == cause)


def test_the_words_of_the_page_on_slower_networks_hold():
    """The teachers' page: R with a slower D is as sick under another name; Q's slower G helps as little."""
    assert ward.seen("D is too strong", 0, {"d_learning_rate": 5e-4}).names == ("discriminator too strong",)
    assert ward.seen("D is too strong", 0, {"d_learning_rate": 5e-5}).names == ("mode collapse",)
    assert ward.seen("D stands still", 0, {"learning_rate": 1e-5}).names != ("healthy",)
    assert ward.seen("z says too little", 0, {"d_learning_rate": 5e-4}).names == ("mode collapse",)
    forced = ward.seen("z says too little", 0, {"minibatch_kernels": 16})
    assert forced.names == ("has not learned",) and forced.evidence["spread"] > 0.4


# ------------------------------------------------------------------ its cells


@pytest.mark.parametrize(("cell", "name"), [
    ("def four_generators", "rarest"), ("def limits_found", "limit"), ("def rule_judged", "counts"),
    ("def rule_judged", "worth"), ("checks.play(admitted)", "name"), ("checks.play(admitted)", "limit"),
    ("def examined", "name"), ("def exchanged", "cure_r")])
def test_a_cell_of_lab_11_stops_before_it_trains_or_draws(cell, name, monkeypatch):
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    space = notebook(11, **{name: slip(11, name, "", "raise NotImplementedError('x')")})
    space |= {"patient": None, "tried": None, "seen": {"P": None}} | guesses()
    with pytest.raises(checks_of(11).Wrong, match=f"{name} is not written yet"):
        exec(cell_with(cell), space)
    assert plt.get_fignums() == before


@pytest.mark.parametrize(("cell", "name", "body", "words"), [
    ("def four_generators", "rarest", "return 0.5", "one of your functions"),
    ("def limits_found", "limit", "return np.nan", "^limit gives nan for by_latent"),
    ("def limits_found", "limit", "return [0.5]", "^limit gives a list"),
    ("def rule_judged", "counts", "return 3", "one of your functions"),
    ("def exchanged", "cure_p", "return {}", "there is no setting 'lr'"),
])
def test_a_cell_of_lab_11_says_whose_answer_stops_it(cell, name, body, words):
    space = notebook(11, **{name: slip(11, name, "", body)})
    space |= guesses()
    if cell == "def exchanged":
        space["exchange"] = "Q", {"lr": 0.1}
    with pytest.raises(checks_of(11).Wrong, match=words) as caught:
        exec(cell_with(cell), space)
    assert "\n" not in str(caught.value)


def test_nobody_is_looked_at_before_task_4():
    space = notebook(11) | guesses() | {"seen": None}
    with pytest.raises(checks_of(11).Wrong, match="run Task 4 first"):
        exec(cell_with("def examined"), space)
    with pytest.raises(checks_of(11).Wrong, match="there is no patient"):
        given.patient("S")
    with pytest.raises(checks_of(11).Wrong, match="there is no patient"):
        given.tried("S", {"batch_size": 64})


def test_what_lab_11_prints_fits_the_page_and_is_what_its_text_says(capsys):
    space = notebook(11) | guesses()
    for cell in ("def four_generators", "def limits_found", "def rule_judged", "pharmacy(), sep"):
        exec(cell_with(cell), space)
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 90
    (warned, sick), (alarms, well) = (map(int, found) for found in re.findall(r", (\d+) of (\d+)$", out, re.M)[:2])
    assert sick == 72 and warned >= 70 and alarms <= 1 and well >= 7  # "nearly all"; "so few"
    least, most = map(int, re.search(r"if 5% .*\((\d+) to (\d+),", out).groups())
    assert least < 30 and most > 90  # "a wide interval"
    assert "you guessed nothing" in out


def test_what_lab_11_prints_of_patients_fits_the_page(capsys):
    space = notebook(11) | guesses()
    exec(cell_with("def exchanged"), space)
    space["seen"] = {who: given.patient(who) for who in ("P", "Q", "R", "healthy")}
    exec(cell_with("def examined"), space)
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 90
    assert re.findall(r"^(\w+): the clinic says ([\w ]+);", out, re.M)[-1] == ("healthy", "healthy")
    assert "    before: mode collapse; spread 0.0" in out and "    after : mode collapse" in out
    fakes = {who: float(d) for who, d in re.findall(r"^(\w+): the clinic.*\n.*d_fake ([\d.]+)", out, re.M)}
    assert fakes["R"] < 0.02 < 0.1 < fakes["P"] < 0.5 and fakes["Q"] > 0.8
    spreads = [float(s) for s in re.findall(r"    spread ([\d.]+), repeats", out)]
    assert max(spreads[:3]) < 0.4 < 0.8 < spreads[3]  # alike at a glance
