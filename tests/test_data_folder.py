"""A folder of one's own images: real files, good and broken."""

import numpy as np
import pytest
from PIL import Image

from ganedu import data

rng = np.random.default_rng(0)


def draw(path, size=(40, 30), mode="RGB"):
    path.parent.mkdir(parents=True, exist_ok=True)
    channels = {"L": (), "RGB": (3,), "RGBA": (4,)}[mode]
    pixels = rng.integers(0, 256, (size[1], size[0], *channels), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return pixels


@pytest.fixture
def pets(tmp_path):
    for name in ("cat", "dog"):
        for i in range(12):
            draw(tmp_path / name / f"{i}.png", (40 + i, 30))
    return tmp_path


def test_folders_are_classes(pets):
    loaded = data.load(pets, "all", size=16)
    assert loaded.images.shape == (24, 16, 16, 3) and loaded.images.dtype == np.uint8
    assert loaded.class_names == ("cat", "dog") and loaded.skipped == ()
    assert np.bincount(loaded.labels).tolist() == [12, 12]


def test_pixels_are_those_of_the_files(tmp_path):
    made = [draw(tmp_path / f"{i}.png", (20, 20)) for i in range(5)]
    loaded = data.load(str(tmp_path), "all")
    assert loaded.labels is None and loaded.class_names == ()
    np.testing.assert_array_equal(loaded.images, made)


def test_train_and_test_are_apart_and_stay(pets):
    parts = [data.load(pets, split, size=16).images for split in ("train", "test")]
    seen = [{image.tobytes() for image in part} for part in parts]
    assert len(seen[0]) + len(seen[1]) == 24 and not seen[0] & seen[1]
    for i in range(100, 130):  # more files come; none changes sides
        draw(pets / "cat" / f"{i}.png")
    for split, old in zip(("train", "test"), seen, strict=True):
        assert old <= {image.tobytes() for image in data.load(pets, split, size=16).images}


def test_own_train_and_test_folders(tmp_path):
    for split, count in (("train", 3), ("test", 2)):
        for i in range(count):
            draw(tmp_path / split / "cat" / f"{i}.png")
    assert [len(data.load(tmp_path, s, size=8).images) for s in ("train", "test")] == [3, 2]
    assert data.load(tmp_path, "train", size=8).class_names == ("cat",)


def test_broken_and_tiny_files_are_skipped_counted_and_named(pets):
    (pets / "cat" / "text.png").write_text("not an image")
    whole = (pets / "dog" / "0.png").read_bytes()
    (pets / "dog" / "half.png").write_bytes(whole[: len(whole) // 2])
    (pets / "dog" / "empty.jpg").write_bytes(b"")
    draw(pets / "cat" / "tiny.png", (7, 30))
    draw(pets / "stray.png")
    (pets / "cat" / "notes.txt").write_text("no image, and none is expected")
    with pytest.warns(UserWarning, match="5 of 29 files skipped") as caught:
        loaded = data.load(pets, "all", size=16)
    assert len(loaded.images) == 24
    names = {name for name, _ in loaded.skipped}
    assert names == {"cat/text.png", "dog/half.png", "dog/empty.jpg", "cat/tiny.png", "stray.png"}
    assert dict(loaded.skipped)["cat/tiny.png"] == "7x30 pixels: too small"
    assert "cat/text.png" in str(caught[0].message)


def test_only_broken_files(tmp_path):
    (tmp_path / "a.png").write_text("no")
    with pytest.raises(ValueError, match="no file could be used: 1 of 1"):
        data.load(tmp_path, "all", size=16)


def test_modes_and_channels(tmp_path):
    for i, mode in enumerate(["L", "RGB", "RGBA"]):
        draw(tmp_path / f"{i}.png", (20, 20), mode)
    assert data.load(tmp_path, "all").images.shape == (3, 20, 20, 3)
    assert data.load(tmp_path, "all", channels=1).images.shape == (3, 20, 20, 1)
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    clear.save(tmp_path / "0.png")
    assert (data.load(tmp_path, "all").images[0] == 255).all()


def test_many_sizes_need_a_size(pets):
    with pytest.raises(ValueError, match="give size="):
        data.load(pets, "all")


def test_crop_before_resize(tmp_path):
    """A white frame around a black middle: cropped away before, not after, shrinking."""
    picture = np.full((40, 40, 3), 255, np.uint8)
    picture[8:32, 8:32] = 0
    Image.fromarray(picture).save(tmp_path / "a.png")
    whole = data.load(tmp_path, "all", size=10).images[0]
    middle = data.load(tmp_path, "all", size=10, crop=0.6).images[0]
    assert whole.max() == 255 and middle.max() == 0
