"""Lab 10 beside the library: its roads, counts, sights and signs; its cells; what they print."""

import re

import numpy as np
import pytest
from lab_helpers import cells_of, checks_of, notebook, number_of, of_number, slip

from ganedu.experiments import scalings
from ganedu.lab_checks import lab10_given as given


def cell_with(words):
    (source,) = [cell.source for cell in cells_of(10) if words in cell.source]
    return source


def test_lab_1_is_not_lab_10():
    from lab_helpers import LABS, SOLUTIONS

    assert of_number(LABS, 1).name == "01_adversarial_game.ipynb" == LABS[0].name
    assert of_number(SOLUTIONS, 10).name == "10_scaling.ipynb" and number_of(SOLUTIONS[-1]) >= 10


def test_the_roads_are_those_of_the_recorded_runs():
    space, start = notebook(10), given.start()
    for name, function in (("width", "wider"), ("depth", "deeper"), ("stride", "longer_strides")):
        assert space[function](start) == scalings.road(scalings.thin(32), name, size=64).generator
    for size, roads in given.SETTINGS.items():
        assert set(roads) == set(scalings.ROADS)
        (told,) = re.findall(rf"(\d+,000) at {size}", "".join(c.source for c in cells_of(10)))
        assert int(told.replace(",", "")) == scalings.IMAGES[size]
    settings = {row["setting"] for row in scalings.rows()}
    used = {s for pair in given.COMPARED.values() for s in pair}
    used |= {s for roads in given.SETTINGS.values() for s in roads.values()}
    assert used <= settings


def test_weights_are_those_that_keras_trains():
    space = notebook(10)
    for config in (given.little(), space["deeper"](given.little()), space["wider"](given.start())):
        every, trains = given.counted(config)
        assert space["weights"](config) == trains < every


def test_reach_and_overlap_are_kerass_own():
    """By the gradients of linear steps, one of whose weights is 0: and by sums of ones."""
    import keras
    import tensorflow as tf

    from ganedu.lab_checks.lab10_sight import _nets

    space = notebook(10)
    for config in _nets():
        maps = tf.ones((1, config.projection[0], 1, 1))
        with tf.GradientTape() as tape:
            tape.watch(maps)
            h = maps
            for k, s in zip(config.kernel_sizes, config.strides):
                h = keras.layers.Conv2DTranspose(1, (k, 1), (s, 1), "same", kernel_initializer="ones")(h)
            h = h[0, :, 0, 0]
        rows = tape.jacobian(h, maps).numpy()[:, 0, :, 0, 0] != 0
        for row, cells in enumerate(rows):
            cells = np.flatnonzero(cells)
            assert space["reach"](config, row) == (cells[0], cells[-1]) and len(cells) == np.ptp(cells) + 1
    for k, s, n in ((4, 2, 5), (3, 2, 4), (5, 2, 4), (7, 4, 3), (6, 4, 2), (3, 3, 2), (8, 3, 4)):
        layer = keras.layers.Conv2DTranspose(1, (k, 1), (s, 1), "same", kernel_initializer="ones")
        assert np.allclose(layer(np.ones((1, n, 1, 1)))[0, :, 0, 0], space["overlap"](k, s, n))


def test_the_footprints_lie_where_reach_says():
    space = notebook(10)
    sides = {}
    for letter, config in given.four().items():
        rows = np.flatnonzero(given.footprint(letter, latents=4).max(axis=1) > 1e-7)
        assert given.reached_by(space["reach"], config) == (rows[0], rows[-1])
        sides[given.CAPS[letter]] = len(rows)
    assert sides == {"stride": 22, "width": 30, "kernels of 3": 31, "depth": 46}
    assert all(str(n) in cell_with("Which is which?") for n in sides.values())


def test_what_fades_in_lab_10_is_the_librarys():
    import keras

    from ganedu.experiments.callbacks import Fade
    from ganedu.networks.layers import Fading

    class Double(keras.layers.Layer):
        def call(self, inputs, training=False):
            return 2 * inputs

    space, h = notebook(10), np.array([[1.0, -2.0, 3.0]], np.float32)
    layer = Fading(Double())
    layer(h)
    fade = Fade(0.5)
    fade.set_params({"steps": 10, "epochs": 2})
    fade._strengths = [layer.strength]
    for done in (0, 3, 5, 9, 15):
        fade.set_model(type("GAN", (), {"steps": done})())
        fade.on_train_batch_begin(0)
        s = space["strength"](done, 20, 0.5)
        assert float(layer.strength) == pytest.approx(s)
        assert np.allclose(layer(h, training=True), space["faded"](h, 2 * h, s))


def test_the_signs_are_the_clinics():
    from ganedu.clinic import Evidence, states

    symptom, rng = notebook(10)["symptom"], np.random.default_rng(1)
    for _ in range(200):
        seen = dict(zip(given.SIGHTS, rng.uniform(0, 1, 3)))
        seen.pop(rng.choice([*given.SIGHTS, ""]), None)
        e = Evidence(**seen)
        word = ("collapsed" if states.collapse(e) else "narrow" if states.partial_collapse(e)
                else "far" if states.poor(e) else "none")
        assert symptom(seen) == word


# ------------------------------------------------------------------ its cells


@pytest.mark.parametrize(("cell", "name"), [
    ("def shapes_of_all", "deeper"), ("def costs", "wider"), ("def costs", "weights"), ("def counts", "overlap"),
    ("checks.play(draw_footprints)", "reach"), ("def which_is_which", "reach"), ("def fading", "strength"),
    ("def judged", "prediction"), ("def one_run", "wider")])
def test_a_cell_of_lab_10_stops_before_it_trains_or_draws(cell, name, monkeypatch):
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    space = notebook(10, **{name: slip(10, name, "", "raise NotImplementedError('x')")})
    space |= {"trained": None, "footprint": None, "chosen": space["wider"]} | guesses()
    with pytest.raises(checks_of(10).Wrong, match=f"{name} is not written yet"):
        exec(cell_with(cell), space)
    assert plt.get_fignums() == before


def guesses():
    space = {}
    for cell in cells_of(10):
        if cell.source.startswith("guess_"):
            exec(cell.source, space)
    return {name: value for name, value in space.items() if name.startswith("guess_")}


@pytest.mark.parametrize(("cell", "name", "body", "words"), [
    ("def shapes_of_all", "wider", "return 3", "^wider gives 3, no GeneratorConfig: see its check"),
    ("def costs", "weights", "return 'many'", "one of your functions"),
    ("def one_run", "wider", "return config", "^a generator of 32x32x3 is to be trained here, and this makes a tuple"),
    ("checks.play(draw_footprints)", "reach", "return 3", "^reach gives 3, no pair"),
    ("def which_is_which", "reach", "return -2, -1", "^by reach, no row of the image depends on row 4"),
    ("def judged", "ranking", "return [1, 2]", "one of your functions"),
])
def test_a_cell_of_lab_10_says_whose_answer_stops_it(cell, name, body, words):
    space = notebook(10, **{name: slip(10, name, "", body)}) | guesses()
    space |= {"chosen": space["wider"], "roads_at": lambda size: {"depth": [2.0, 3.0]}}
    with pytest.raises(checks_of(10).Wrong, match=words) as caught:
        exec(cell_with(cell), space)
    assert "\n" not in str(caught.value)


def test_the_counts_and_the_costs_that_lab_10_prints(capsys):
    space = notebook(10) | guesses()
    exec(cell_with("def costs"), space)
    lines = capsys.readouterr().out
    found = {name: int(n.replace(",", "")) for name, n in re.findall(r"^(\w+) *: *([\d,]+) weights", lines, re.M)}
    products = {name: float(n) for name, n in re.findall(r"^(\w+) *:.*?([\d.]+) million products", lines, re.M)}
    assert found["stride"] == found["start"] and 2.9 < found["width"] / found["depth"] < 3.2
    assert 3.8 < products["width"] / products["depth"] < 4.2
    exec(cell_with("def counts"), space)
    for k, s, middle in re.findall(r"kernel (\d), stride (\d): ([\d ]+)", capsys.readouterr().out):
        assert (len(set(middle.split())) == 1) == (int(k) % int(s) == 0)
    exec(cell_with("def fading"), space)
    variances = re.findall(r"variance ([\d.]+) \(drawn ([\d.]+)\)", capsys.readouterr().out)
    assert [v for v, _ in variances] == ["4.00", "1.00", "0.00", "0.00"]
    assert all(abs(float(a) - float(b)) < 0.1 for a, b in variances)


def test_what_lab_10_prints_of_runs_fits_the_page(capsys):
    space, nan = notebook(10) | guesses(), np.nan
    runs = {"width64": [3.0, 3.1, 3.2], "thin64": [5.0, 5.1, 5.3], "stride64": [nan, 9.0, 8.0],
            "thin64-dropout-fades": [4.0, 6.0, 5.0], "thin64-dropout": [4.5, 5.5, 5.0]}
    space["recorded"] = lambda setting: runs.get(setting, [])
    space["roads_at"] = lambda size: {"width": runs["width64"], "stride": runs["stride64"]} if size == 64 else {}
    seen = {"spread": 0.1, "repeats": 0.0, "distance": 0.7}
    space["looks"] = lambda setting: [seen, None, {"spread": 0.9}] if setting == "thin64" else []
    exec(cell_with("def judged"), space)
    exec(cell_with("def who_is_ill"), space)
    out = capsys.readouterr().out
    assert "64 pixels, the best first: width, stride\n128 pixels, the best first: not recorded yet" in out
    assert "64 pixels, width against depth: -2.03 (" in out and "), lower\n" in out
    assert "stride against depth: diverged 1 of 3, 0 of 3" in out and re.search(r"staying: .*\), none\n", out)
    assert " 64 depth : collapsed (0.10), diverged, none (0.90)" in out
    assert max(map(len, out.splitlines())) <= 90


def test_records_that_are_not_there_are_no_error(tmp_path):
    assert given.recorded("thin64", root=tmp_path) == [] == given.looks("thin64", tmp_path)
    assert given.roads_at(64, tmp_path) == {}


def test_a_diverged_run_is_nan_and_named(tmp_path):
    from ganedu.experiments import records

    like = next(run for runs in records.by_setting(records.root()).values() for run in runs)
    like.pop("film")
    healthy = {"frechet": 4.5, "evidence": {"spread": 0.8, "repeats": 0.01, "n": 1000}}
    for seed, metrics in enumerate((healthy, {"diverged": "epoch 2"}, healthy)):
        assert given.recorded("thin64", root=tmp_path) == []  # fewer than three
        named = {"claims": ["A-hi-depth"], "setting": "thin64", "seed": seed, "metrics": metrics}
        records.save(tmp_path, like | named)
    assert np.array_equal(given.recorded("thin64", root=tmp_path), [4.5, np.nan, 4.5], equal_nan=True)
    assert [*given.roads_at(64, tmp_path)] == ["depth"] and given.roads_at(128, tmp_path) == {}
    seen = {"spread": 0.8, "repeats": 0.01}
    assert given.looks("thin64", tmp_path) == [seen, None, seen]


@pytest.mark.slow
def test_the_little_run_of_lab_10_is_finite_on_each_road():
    space = notebook(10)
    for road in ("wider", "deeper", "longer_strides"):
        losses, images = given.trained(space[road](given.little()))
        assert np.isfinite([*losses.values()]).all() and images.shape == (8, 32, 32, 3)
        assert np.isfinite(images).all() and images.std() > 0.05
