"""Sheets, strips and GIFs show the images they were given, in their order."""

import numpy as np
import pytest
from helpers import refuses
from PIL import Image

from ganedu import pictures


def grey(values, size=3):
    return np.stack([np.full((size, size, 1), v, "float32") for v in values])


def test_range():
    assert pictures.to_bytes(np.array([-2.0, -1, 0, 1, 2])).tolist() == [0, 0, 128, 255, 255]


def test_real_images_come_back_exactly():
    pixels = np.arange(256, dtype="uint8")
    np.testing.assert_array_equal(pictures.to_bytes(pixels / np.float32(127.5) - 1), pixels)


def test_sheet_order():
    values = [-1, -0.5, 0, 0.5, 1]
    picture = pictures.sheet(grey(values), columns=3)
    assert picture.shape == (3 + 2 + 3, 3 * 3 + 2 * 2, 1)
    shown = [picture[r, c, 0] for r in (1, 6) for c in (1, 6, 11)]
    assert shown == [*pictures.to_bytes(np.array(values)), 255]


def test_real_images_as_they_are_stored_make_the_same_sheet():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 3, 4, 3), dtype="uint8")
    expected = pictures.sheet(pixels / np.float32(127.5) - 1, 2)
    np.testing.assert_array_equal(pictures.sheet(pixels, 2), expected)
    for given, kind in ((pixels, expected), (expected, expected), (pixels[..., :1], None)):
        figure = pictures.show(given, columns=2)
        shown = np.asarray(figure.axes[0].images[0].get_array())
        if kind is None:
            kind = pictures.sheet(pixels[..., :1], 2)[..., 0]
        np.testing.assert_array_equal(shown, kind)


@pytest.mark.parametrize(
    "given, columns, words",
    [
        (np.zeros((4, 3, 3)), 8, [r"(4, 3, 3)", "[N, H, W, 1 or 3]"]),
        (np.zeros((4, 3, 3), "uint8"), 8, [r"(4, 3, 3)", "[N, H, W, 1 or 3]"]),
        (np.zeros((0, 3, 3, 1)), 8, ["(0, 3, 3, 1)", "N > 0"]),
        (np.zeros((4, 3, 3, 1), int), 8, ["dtype int64", "[-1, 1]", "uint8"]),
        (np.zeros((4, 3, 3, 1)), 0, ["columns is 0", "at least 1"]),
    ],
)
def test_what_makes_no_sheet(given, columns, words):
    refuses(lambda: pictures.sheet(given, columns), words)
    if given.shape[-1] != 3:
        refuses(lambda: pictures.show(given, columns), words)


@pytest.mark.parametrize("count", [1, 5, 30])
def test_strip_has_first_and_last(count):
    sheets = [pictures.sheet(grey([v, v]), 2) for v in np.linspace(-1, 1, count)]
    strip = pictures.film_strip(sheets, height=3, frames=6)
    rows = strip[1::5, 1, 0]
    assert len(rows) <= 6 and rows[0] == sheets[0][1, 1, 0] and rows[-1] == sheets[-1][1, 1, 0]
    assert (np.diff(rows.astype(int)) > 0).all()


def test_png_and_gif(tmp_path):
    sheets = [pictures.sheet(np.repeat(grey([v, -v]), 3, axis=3), 2) for v in (-1, 0, 1)]
    pictures.save_png(tmp_path / "a.png", sheets[0])
    np.testing.assert_array_equal(pictures.load_png(tmp_path / "a.png"), sheets[0])
    pictures.save_gif(tmp_path / "a.gif", sheets)
    with Image.open(tmp_path / "a.gif") as film:
        assert film.n_frames == 3
