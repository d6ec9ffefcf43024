"""An effect is called by its interval and the spread of seeds; verdicts follow from the records."""

from dataclasses import replace

import numpy as np
import pytest

from ganedu import figures
from ganedu.experiments import ablations, effects, records, sweeps
from ganedu.measures import difference, interval
from tests.test_experiments import RECORD

plt = pytest.importorskip("matplotlib.pyplot")
pytestmark = pytest.mark.filterwarnings("ignore:FigureCanvasAgg")


def test_the_interval_of_a_difference_is_students():
    """Against SciPy's t test of two samples with equal variances."""
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(0)
    for n, m in [(2, 2), (3, 5), (5, 5), (30, 9)]:
        a, b = rng.normal(1, 2, n), rng.normal(0, 1, m)
        low, high = stats.ttest_ind(a, b).confidence_interval(0.95)
        found = difference(a, b)
        assert found[:3] == pytest.approx((a.mean() - b.mean(), low, high), rel=1e-3, abs=1e-3)
    # With one group all equal, half the pooled interval's width is t s / sqrt(n) of what is left.
    half = difference([0, 0, 0], [1, 2, 3]).spread
    assert half == pytest.approx(np.sqrt(2 / 4))


@pytest.mark.parametrize(
    "a, b, way",
    [
        ([5, 5.1, 5.2], [1, 1.1, 1.2], "higher"),
        ([1, 1.1, 1.2], [5, 5.1, 5.2], "lower"),
        ([1, 2, 3], [2, 3, 4], "none"),  # an interval with 0 in it
        ([0.0] * 30 + [1.0] * 30, [0.4] * 60, "none"),  # smaller than the spread of seeds
        ([2 + d for d in (0, 1) * 100], [1.6 + d for d in (0, 1) * 100], "none"),  # sure, but small
        ([1, 1], [1, 1], "none"),
    ],
)
def test_an_effect_is_called(a, b, way):
    assert difference(a, b).way == way


def test_small_and_bad_groups_are_refused():
    for a, b, words in [([1], [1, 2], "a are"), ([1, 2], [], "b are"), ([1, np.nan], [1, 2], "a are")]:
        with pytest.raises(ValueError, match=words):
            difference(a, b)
    assert interval([1, 2, 3]) == figures.interval([1, 2, 3])


def leave(root, setting, values, claims=("B-vbn",)):
    for seed, value in enumerate(values):
        metrics = {"diverged": "since epoch 1"} if value is None else {"success": value}
        records.save(root, RECORD | {"claims": list(claims), "setting": setting, "seed": seed, "metrics": metrics})


@pytest.fixture
def table(monkeypatch):
    """One claim with two expectations."""
    rows = [effects.Expected("B-vbn", "new", "old", "success", way, "says") for way in ("higher", "none")]
    monkeypatch.setattr(effects, "EXPECTED", tuple(rows))
    return monkeypatch


def test_verdicts(tmp_path, table):
    leave(tmp_path, "old", [1.0, 1.1, 1.2])
    assert effects.found("B-vbn", tmp_path) == [] and effects.verdict("B-vbn", tmp_path) is None
    leave(tmp_path, "new", [2.0, 2.2])
    assert effects.found("B-vbn", tmp_path) == []  # a verdict waits for three runs
    leave(tmp_path, "new", [2.0, 2.2, 2.1])
    first, second = effects.found("B-vbn", tmp_path)
    assert first.values == [2.0, 2.1, 2.2] and first.way == second.way == "higher"
    assert (first.met, second.met) == (True, False)
    assert effects.verdict("B-vbn", tmp_path) == "different"
    one, other = effects.EXPECTED
    for rows, verdict in [((one,), "reproduced"), ((other,), "not reproduced"),
                          ((one, one._replace(setting="missing")), None), ((), None)]:  # fmt: skip
        table.setattr(effects, "EXPECTED", rows)
        assert effects.verdict("B-vbn", tmp_path) == verdict


def test_a_setting_that_diverges_has_no_effect(tmp_path, table):
    leave(tmp_path, "old", [1.0, 1.1, 1.2])
    leave(tmp_path, "new", [2.0, None, 2.1])
    assert [(f.way, f.diverged) for f in effects.found("B-vbn", tmp_path)] == [("higher", 1)] * 2
    leave(tmp_path, "new", [2.0, None, None])
    found = effects.found("B-vbn", tmp_path)[1]
    assert (found.way, found.met, found.difference) == ("diverged", False, None)


def test_values_and_effects_of_recorded_runs(tmp_path):
    leave(tmp_path, "old", [1.0, 1.1, 1.2])
    leave(tmp_path, "new", [2.0, None, 2.2])
    assert effects.values("B-vbn", "old", "success", tmp_path).tolist() == [1.0, 1.1, 1.2]
    np.testing.assert_array_equal(effects.values("B-vbn", "new", "success", tmp_path), [2.0, np.nan, 2.2])
    with pytest.raises(ValueError, match="a are"):  # a diverged run is not left out unsaid
        effects.effect("B-vbn", "new", "old", "success", tmp_path)
    leave(tmp_path, "new", [2.0, 2.1, 2.2])
    assert effects.effect("B-vbn", "new", "old", "success", tmp_path)[0] == pytest.approx(1)
    with pytest.raises(FileNotFoundError, match="missing"):
        effects.values("B-vbn", "missing", "success", tmp_path)


def test_expectations_are_of_the_table():
    """Both settings are experiments of that claim, and of one baseline's kind of run."""
    rows = {(claim, row.setting): row for row in sweeps.ROWS for claim in row.claims}
    for e in effects.EXPECTED:
        one = rows[e.claim, e.setting]
        other = one if e.against is None else rows[e.claim, e.against]  # two numbers of one run
        assert one.recipe.scale == other.recipe.scale == "standard"
        assert one.precision == other.precision and e.way in ("higher", "lower", "none") and e.says
        if e.claim == "A-probe":  # the length of the training is the knob, and the only one
            assert replace(one.recipe, epochs=1) == replace(other.recipe, epochs=1)
            continue
        assert one.measure == other.measure
        assert one.recipe.epochs * (one.recipe.epoch_images or 0) == other.recipe.epochs * other.recipe.epoch_images
    assert len({e[:4] for e in effects.EXPECTED}) == len(effects.EXPECTED)


def test_each_ablation_turns_one_knob():
    """Against its baseline only what the setting names differs; and no two settings are the same."""
    rows = {row.setting: row for row in sweeps.ROWS if row.measure in ("ablation", "glance")}
    rows = {s: row for s, row in rows.items() if not s.startswith("long")}
    for baseline in [*ablations.BASELINES, *(s for s in rows if s.startswith("quick") and s.count("-") == 1)]:
        base = rows[baseline]
        mine = [row for s, row in rows.items() if s.startswith(f"{baseline}-") and s not in ablations.BASELINES]
        assert mine
        seen = {str(base.recipe.to_dict())}
        for row in mine:
            assert (row.measure, row.precision, row.stand_in) == (base.measure, base.precision, base.stand_in)
            assert row.setting.removeprefix(f"{baseline}-") in ablations.NAMES
            changed = {n for n, v in row.recipe.to_dict().items() if v != base.recipe.to_dict()[n]}
            assert 1 <= len(changed) <= 2, (row.setting, changed)
            assert str(row.recipe.to_dict()) not in seen
            seen.add(str(row.recipe.to_dict()))


def test_every_claim_of_a_sweep_has_a_quick_look():
    measures = ("ablation", "teaching", "ladder", "probing", "portraits", "arithmetic")
    of = {claim for row in sweeps.ROWS if row.measure in measures for claim in row.claims}
    quick = {claim for row in sweeps.ROWS if row.stand_in for claim in row.claims}
    assert of == quick
    assert all(len([r for r in sweeps.ROWS if r.stand_in and claim in r.claims]) <= 1 + ablations.STAND_INS
               for claim in quick)  # fmt: skip


def test_the_picture_of_effects_sorts_and_calls(tmp_path):
    plt.switch_backend("Agg")
    groups = {"same": [1.0, 1.1, 1.05], "up": [2.0, 2.1, 2.05], "down": [0.1, 0.2, 0.15], "lost": [None, None, 3.0]}
    against = [1.0, 1.1, 1.2]
    (ax,) = figures.effects(groups, against).axes
    assert [t.get_text() for t in ax.get_yticklabels()] == ["up", "same", "down", "lost (2 diverged)"]
    points = {round(float(line.get_xdata()[0]), 3): line.get_color() for line in ax.lines if line.get_marker() == "o"}
    wanted = {n: difference(groups[n], against) for n in ("same", "up", "down")}
    colours = {"higher": figures.REAL, "lower": figures.FAKE, "none": "0.55"}
    assert points == {round(d.difference, 3): colours[d.way] for d in wanted.values()}
    leave(tmp_path, "cgan", against)
    with pytest.raises(FileNotFoundError, match="no ablations of 'cgan'"):
        figures.knobs("cgan", "success", root=tmp_path)
    leave(tmp_path, "cgan-x", groups["up"])
    leave(tmp_path, "dcgan", [9.0, 9.1])
    (ax,) = figures.knobs("cgan", "success", root=tmp_path).axes
    assert [t.get_text() for t in ax.get_yticklabels()] == ["x"]
    plt.close("all")
