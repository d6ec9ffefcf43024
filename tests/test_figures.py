"""Figures show every seed, and the numbers they say they show."""

from pathlib import Path

import numpy as np
import pytest

from ganedu import figures
from ganedu.experiments import records

BOOK = Path(__file__).parents[1] / "book" / "records"
plt = pytest.importorskip("matplotlib.pyplot")
pytestmark = pytest.mark.filterwarnings("ignore:FigureCanvasAgg")


@pytest.fixture(autouse=True)
def no_windows():
    plt.switch_backend("Agg")
    yield
    plt.close("all")


def lines(ax, marker):
    return [line for line in ax.lines if line.get_marker() == marker]


def test_interval_of_a_mean():
    """t(4) = 2.776, s = sqrt(2.5); t(29) = 2.045; and a bootstrap lies within the t interval."""
    low, high = figures.interval([1, 2, 3, 4, 5])
    assert (low, high) == pytest.approx((3 - 1.963, 3 + 1.963), abs=1e-3)
    values = np.arange(30.0)
    half = 2.0452 * values.std(ddof=1) / 30**0.5
    assert figures.interval(values) == pytest.approx((14.5 - half, 14.5 + half), abs=2e-3)
    inner = figures.interval([1, 2, 3, 4, 5], "bootstrap")
    assert low < inner[0] < 3 < inner[1] < high
    for values, kind in [([1], "t"), ([1, np.nan], "t"), ([1, 2], "normal"), ([[1, 2]], "t")]:
        with pytest.raises(ValueError):
            figures.interval(values, kind)


def test_a_claim_shows_every_seed_of_every_setting_sorted():
    figure = figures.claim("B-cgan", "success", root=BOOK)
    (ax,) = figure.axes
    names = [text.get_text() for text in ax.get_yticklabels()]
    shown = dict(zip(names, lines(ax, "o"), strict=True))
    for name, line in shown.items():
        values = sorted(r["metrics"]["success"] for r in records.load(BOOK, "B-cgan", name))
        assert line.get_xdata().tolist() == values
        assert (np.diff(line.get_ydata()) < 0).all()  # sorted: the largest on top
    having = {r["setting"] for r in records.load(BOOK, "B-cgan") if "success" in r["metrics"]}
    assert len(shown) == len(having) > 5
    assert figure.get_size_inches()[0] == figures.WIDTH


def test_settings_can_be_chosen_and_called_otherwise():
    called = {"digits": "ours", "digits-plain": "Keras's"}
    (ax,) = figures.claim("A-arch", "min class_shares", called, root=BOOK).axes
    assert [text.get_text() for text in ax.get_yticklabels()] == ["ours", "Keras's"]
    (ax,) = figures.claim("B-cgan", "gan_train", root=BOOK).axes
    assert [text.get_text() for text in ax.get_yticklabels()] == ["mnist"]  # the only one that has it
    with pytest.raises(ValueError, match="metric is 'taste'"):
        figures.claim("B-cgan", "taste", root=BOOK)
    with pytest.raises(FileNotFoundError, match="setting 'nothing'"):
        figures.claim("B-cgan", "success", "nothing", root=BOOK)


def test_a_run_that_diverged_is_counted():
    (ax,) = figures.dots({"a": [1.0, None, 3.0, np.nan], "b": [2.0]}, real={"a": 4.0}).axes
    assert [text.get_text() for text in ax.get_yticklabels()] == ["a\n(2 diverged)", "b"]
    assert [line.get_xdata().tolist() for line in lines(ax, "o")] == [[1, 3], [2]]


def test_curves_of_all_seeds():
    (ax,) = figures.curves({"a": [[1, 2], [2, 3], [3, 4]], "b": [5, 6]}, level=(3, "three")).axes
    data = [line.get_ydata().tolist() for line in ax.lines[:4]]
    assert data == [[1, 2], [2, 3], [3, 4], [5, 6]]
    assert len({line.get_color() for line in ax.lines[:3]}) == 1
    with pytest.raises(ValueError, match="holds its curve"):
        figures.claim_curves("B-cgan", "g_loss", "digits-input", root=BOOK)  # from before curves


def test_films_of_all_seeds():
    figure = figures.films("A-arch", "digits", "inception_score", root=BOOK)
    titles = [ax.get_title(loc="left") for ax in figure.axes if ax.images]
    runs = records.load(BOOK, "A-arch", "digits")
    runs = sorted(runs, key=lambda r: r["metrics"]["inception_score"])
    assert titles == [
        f"digits, seed {r['seed']}: {r['metrics']['inception_score']:.3g}" for r in runs
    ]
    assert figure.axes[0].images[0].get_array().shape == (6 * 30 + 28, 8 * 30 - 2)


def test_sheets_and_film_have_names_at_their_rows():
    images = np.zeros((6, 28, 28, 1))
    figure = figures.sheets({"one": images, "two": images}, columns=2, rows=["a", "b", "c"])
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["one", "two"]
    assert figure.axes[0].get_yticks().tolist() == [14, 44, 74]
    frames = [np.zeros((58, 58, 1), "uint8")] * 5
    (ax,) = figures.film(frames, 28, [0, 2, 4], ["0", "200", "400"]).axes
    assert ax.get_ylabel() == "images seen" and ax.get_yticks().tolist() == [14, 44, 74]


def test_training_of_two_runs():
    history = {f"d_{k}_{w}": [0.5, 0.6] for k in ("out", "acc", "loss") for w in ("real", "fake")}
    figure = figures.training({"one": history | {"g_loss": [1, 2]}, "two": history | {"g_loss": [3, 4]}}, 64)
    assert len(figure.axes) == 6
    assert figure.axes[-1].lines[2].get_xydata().tolist() == [[64, 3], [128, 4]]


def test_letters_can_be_read_on_a_phone():
    """At 360 pixels a point is at least a pixel, and no letter has fewer than 10."""
    assert figures.WIDTH * 72 <= 360
    assert all(size >= 10 for name, size in figures.STYLE.items() if name.endswith("size"))
