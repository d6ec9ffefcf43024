"""A folder of one's own images: real files, good and broken."""

import os
import warnings

import numpy as np
import pytest
from helpers import refuses
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


def tree(root, *folders, each=2):
    """Folders with images in them, of a grey level that says which is which."""
    for i, folder in enumerate(folders):
        for j in range(each):
            path = root / folder / f"{j}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("L", (9, 9), 10 * i + j).save(path)


def greys(loaded):
    return loaded.images[:, 0, 0, 0].tolist()


@pytest.mark.parametrize("names", [("train", "validation"), ("Training", "val"), ("train", "valid")])
def test_folders_of_splits_are_used_as_splits(tmp_path, names):
    tree(tmp_path, *(f"{split}/{name}" for split in names for name in ("cat", "dog")))
    validation = data.load(tmp_path, "validation")
    assert (validation.split, validation.class_names) == ("validation", ("cat", "dog"))
    assert greys(validation) == [20, 21, 30, 31] and validation.labels.tolist() == [0, 0, 1, 1]
    assert greys(data.load(tmp_path, "val")) == [20, 21, 30, 31]
    assert greys(data.load(tmp_path)) == [0, 1, 10, 11]
    assert greys(data.load(tmp_path, "all")) == [0, 1, 10, 11, 20, 21, 30, 31]
    refuses(lambda: data.load(tmp_path, "test"), ["split is 'test'", "train, validation, all"])


def test_a_class_has_one_number_in_all_splits(tmp_path):
    tree(tmp_path, "train/ant", "train/bee", "train/cow", "test/bee", "test/cow")
    test = data.load(tmp_path, "test")
    assert test.class_names == ("ant", "bee", "cow") and test.labels.tolist() == [1, 1, 2, 2]


def test_splits_without_classes(tmp_path):
    tree(tmp_path, "train", "test")
    loaded = data.load(tmp_path, "test")
    assert greys(loaded) == [10, 11] and loaded.labels is None and loaded.class_names == ()


def test_what_lies_beside_the_splits_is_named(tmp_path):
    tree(tmp_path, "train/cat", "test/cat", "unlabelled", ".cache/cat")
    with pytest.warns(UserWarning, match="holds unlabelled beside test, train: left out"):
        assert len(data.load(tmp_path, "all").images) == 4


def test_a_class_may_bear_a_split_s_name(tmp_path):
    tree(tmp_path, "train", "boat")
    assert data.load(tmp_path, "all").class_names == ("boat", "train")


@pytest.mark.parametrize(
    "folders, deeper",
    [
        (("pets/cat", "pets/dog"), "pets"),
        (("a/b/cat", "a/b/dog"), "a/b"),
        (("set/train/cat", "set/test/cat"), "set"),
        (("train/cat", "train/dog"), "train"),
        (("pets/cat",), "pets"),
    ],
)
def test_a_folder_too_much_is_named(tmp_path, folders, deeper):
    tree(tmp_path, *folders)
    first = deeper.split("/")[0]
    words = [f"single class, {first!r}", f"give {str(tmp_path / deeper)!r}"]
    refuses(lambda: data.load(tmp_path, "all"), words)
    assert data.load(tmp_path / deeper, "all").class_names[0] == "cat"


def test_a_folder_too_much_in_each_split(tmp_path):
    tree(tmp_path, "train/pets/cat", "train/pets/dog", "test/pets/cat")
    refuses(lambda: data.load(tmp_path, "train"), ["single class, 'pets'", "move these up"])


def test_folders_within_classes_are_no_classes(tmp_path):
    tree(tmp_path, "cat/2019", "cat/2020", "dog/2019")
    loaded = data.load(tmp_path, "all")
    assert loaded.class_names == ("cat", "dog") and np.bincount(loaded.labels).tolist() == [4, 2]


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own there")
def test_links_are_followed_but_not_in_circles(tmp_path):
    tree(tmp_path, "set/cat", "elsewhere/dog")
    (tmp_path / "set" / "dog").symlink_to(tmp_path / "elsewhere" / "dog")
    (tmp_path / "set" / "cat" / "back").symlink_to(tmp_path / "set")
    loaded = data.load(tmp_path / "set", "all")
    assert loaded.class_names == ("cat", "dog") and len(loaded.images) == 4


@pytest.mark.skipif(os.name == "nt", reason="file names are bytes on other systems")
def test_names_that_are_no_utf8(tmp_path):
    """As an old archive leaves them: e with an accent, one byte in Latin-1."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    tree(tmp_path, folder.name, "tea", each=20)
    os.rename(folder / "0.png", folder / os.fsdecode(b"\xe9t\xe9.png"))
    (folder / os.fsdecode(b"\xe0.png")).write_text("no image")
    with pytest.warns(UserWarning, match="skipped") as caught:
        loaded = data.load(tmp_path, "all")
    assert loaded.class_names == (r"caf\xe9", "tea") and len(loaded.images) == 40
    assert [file for file, _ in loaded.skipped] == [r"caf\xe9/\xe0.png"]
    said = [*loaded.class_names, *loaded.skipped[0], str(caught[0].message)]
    assert "\n".join(said).encode()  # it can be printed
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = [data.load(tmp_path, split).images for split in ("train", "test")]
    assert sum(map(len, parts)) == 40 and min(map(len, parts)) > 0


RAMP = np.tile(np.arange(256, dtype="uint8"), (16, 1))


def save_as(path, kind):
    """A ramp from black to white, as files of that kind hold it."""
    deep, options = RAMP.astype("uint16") * 257, {}
    image = {
        "16-bit.png": deep, "16-bit.tif": deep, "big-endian.tif": deep.astype(">u2"),
        "float.tif": (RAMP / 255).astype("float32"), "int.tif": deep.astype("int32"),
        "clear.png": deep,
    }.get(kind, RAMP)  # fmt: skip
    image = Image.fromarray(image)
    if kind == "clear.png":
        options = {"transparency": 0}
    mode = {"bits.png": "1", "palette.png": "P", "alpha.png": "LA", "cmyk.jpg": "CMYK",
            "cmyk.tif": "CMYK", "ycbcr.tif": "YCbCr"}.get(kind)  # fmt: skip
    if mode:
        image = image.convert("RGB").convert(mode) if mode in ("CMYK", "YCbCr") else image.convert(mode)
    path.parent.mkdir(exist_ok=True)
    image.save(path, **options)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kind", ["16-bit.png", "16-bit.tif", "big-endian.tif", "palette.png",
                                  "alpha.png", "cmyk.jpg", "cmyk.tif", "ycbcr.tif"])  # fmt: skip
def test_a_ramp_is_a_ramp_in_every_kind_of_file(tmp_path, kind, channels):
    save_as(tmp_path / kind, kind)
    image = data.load(tmp_path, "all", channels=channels).images[0]
    off = np.abs(image.astype(int) - RAMP[..., None])
    assert off.max() <= (0 if "16" in kind or "big" in kind else 3)


def test_two_bright_kinds(tmp_path):
    """Black and white; and 16 bits of which one level is clear: white, as on paper."""
    save_as(tmp_path / "bits" / "bits.png", "bits.png")
    assert set(np.unique(data.load(tmp_path / "bits", "all").images)) == {0, 255}
    save_as(tmp_path / "clear" / "clear.png", "clear.png")
    row = data.load(tmp_path / "clear", "all").images[0, 0, :, 0].tolist()
    assert row == [255, *range(1, 256)]


@pytest.mark.parametrize("kind", ["float.tif", "int.tif"])
def test_pixels_of_32_bits_are_refused(tmp_path, kind):
    save_as(tmp_path / kind, kind)
    draw(tmp_path / "good.png", (256, 16))
    with pytest.warns(UserWarning, match="1 of 2 files skipped.*8 or 16 bits"):
        loaded = data.load(tmp_path, "all")
    assert len(loaded.images) == 1 and loaded.skipped[0][0] == kind


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
