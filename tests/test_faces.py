"""Drawn faces: the same on every machine, of one drawing at every size, and what they have."""

import hashlib

import numpy as np
import pytest
import tensorflow as tf
from helpers import refuses

from ganedu import data
from ganedu.data import dataset, face_parts, faces, painting

IMAGES, ATTRIBUTES = faces.draw(64, 64)




# Of the first faces of seed 0, 64x64: what three have, what the first is averaged to 4x4, all bytes.
PINNED_ATTRIBUTES = "110001011100100000000000001100"
PINNED_FACE = [
    [[218.7, 204.6, 224.9], [227.4, 218.1, 230.1], [231.9, 210.3, 229.4], [219.3, 201.8, 225.1]],
    [[233.1, 217.7, 229.8], [99, 84.2, 82.9], [91.3, 71.5, 67.6], [227.7, 205.8, 226.3]],
    [[212.8, 189.1, 194.7], [100.2, 75.9, 66.7], [94.4, 72.3, 62.4], [228.9, 206.5, 216.6]],
    [[221, 182.4, 189.5], [131.3, 67.6, 76], [116, 60.7, 66.7], [227.7, 196.2, 192.6]],
]
PINNED_HASH = "b2567e786df7c9c763fe09c3e2177724c06834b5275c60afee96f3eb5c5eb746"


def column(name, attributes=ATTRIBUTES):
    return attributes[:, faces.ATTRIBUTES.index(name)]


# ------------------------------------------------------------------ which faces


def test_what_load_gives():
    loaded = data.load("faces", size=32, n=20, seed=3)
    assert loaded.images.shape == (20, 32, 32, 3) and loaded.images.dtype == np.uint8
    assert loaded.labels is None and loaded.class_names == () and loaded.name == "faces"
    assert loaded.attributes.shape == (20, 10) and loaded.attributes.dtype == np.int32
    assert loaded.attribute_names == faces.ATTRIBUTES
    images, attributes = faces.draw(20, 32, seed=(3, 0))
    np.testing.assert_array_equal(loaded.images, images)
    np.testing.assert_array_equal(loaded.attributes, attributes)
    assert data.load("faces", n=2).images.shape == (2, 64, 64, 3)


def test_train_and_test_are_other_faces():
    train, test, both = (data.load("faces", s, size=16, n=30) for s in ("train", "test", "all"))
    np.testing.assert_array_equal(both.images, np.concatenate([train.images, test.images]))
    np.testing.assert_array_equal(both.attributes[30:], test.attributes)
    assert len({image.tobytes() for image in both.images}) == 60
    assert faces.SPLITS == {"train": 10_000, "test": 2_000}


def test_a_face_depends_on_the_seed_and_its_number_alone():
    """Not on how many are drawn, nor on which are painted together."""
    few, attributes = faces.draw(3, 64)
    np.testing.assert_array_equal(few, IMAGES[:3])
    np.testing.assert_array_equal(attributes, ATTRIBUTES[:3])
    many, attributes = faces.draw(300, 16)  # 256 are painted at once
    np.testing.assert_array_equal(many[:257], faces.draw(257, 16)[0])  # the last one all alone
    np.testing.assert_array_equal(attributes[:64], ATTRIBUTES)
    assert len({image.tobytes() for image in many}) == 300
    assert (faces.draw(3, 64, seed=1)[0] != few).any((1, 2, 3)).all()


def test_the_bytes_are_those_of_every_machine():
    """The attributes always; the pixels, unless some processor rounds in a way of its own."""
    assert "".join(map(str, ATTRIBUTES[:3].ravel())) == PINNED_ATTRIBUTES
    shrunk = IMAGES[0].reshape(4, 16, 4, 16, 3).mean((1, 3))
    np.testing.assert_allclose(shrunk, PINNED_FACE, atol=0.5)
    digest = hashlib.sha256(IMAGES.tobytes()).hexdigest()
    if digest != PINNED_HASH:
        pytest.skip(f"this machine rounds in its own way: {digest}")


# ------------------------------------------------------------------ how they are drawn


def halved(images):
    n, side = images.shape[:2]
    return images.reshape(n, side // 2, 2, side // 2, 2, 3).mean((2, 4))


@pytest.mark.parametrize("size", [32, 64, 128])
def test_a_face_is_one_drawing_at_every_size(size):
    """Halved, it is nearly the face of half the size, the nearer the more pixels there are."""
    small, large = faces.draw(16, size)[0], faces.draw(16, 2 * size)[0]
    error = np.abs(halved(large) - small).mean()
    other = np.abs(halved(large) - np.roll(small, 1, 0)).mean()
    assert error < 100 / size and error < 0.1 * other


def test_a_crop_is_the_middle_of_the_drawing():
    part = faces.draw(16, 32, crop=0.5)[0]
    np.testing.assert_allclose(part.astype(int), IMAGES[:16, 16:48, 16:48], atol=1)


@pytest.mark.parametrize("size", [32, 50, 64, 128])
def test_confetti_stays_outside_of_what_a_crop_keeps(size, monkeypatch):
    images = faces.draw(40, size)[0]
    nothing = [part for part in face_parts.PARTS if part is not face_parts.clutter]
    monkeypatch.setattr(face_parts, "CONFETTI", face_parts.palette("ff00ff"))
    gaudy = faces.draw(40, size)[0]
    assert len(nothing) == len(face_parts.PARTS) - 1
    crop = data.centre_crop(0.7)
    np.testing.assert_array_equal(crop(images), crop(gaudy))
    changed = (images != gaudy).any(-1).mean(0)
    assert 0.05 < changed.mean() < 0.3  # and there is enough of it
    edge = size // 8
    for side in (changed[:edge], changed[-edge:], changed[:, :edge], changed[:, -edge:]):
        assert side.mean() > 0.1


def test_edges_are_smooth():
    """A disc covers as much as its area, wherever it lies, and has pixels in between."""
    x = np.linspace(-0.2, 0.2, 9, dtype=np.float32)
    canvas = painting.Canvas(16, 9)
    patch = canvas.patch(painting.Frame(x, -x), (-0.5, -0.5, 0.5, 0.5))
    patch.fill((1, 1, 1), painting.box(patch.u, patch.v, 0, 0, 0.5))
    area = canvas.planes[0].sum((0, 1)) * (2 / 16) ** 2
    np.testing.assert_allclose(area, np.pi * 0.25, rtol=0.01)
    levels = np.unique(canvas.pictures())
    assert levels[0] == 0 and levels[-1] == 255 and len(levels) > 8


@pytest.mark.parametrize("t", [0, 0.3, -2])
def test_a_frame_and_back(t):
    frame = painting.Frame(0.2, -0.1, t, 1.3)
    np.testing.assert_allclose(frame.from_picture(*frame.to_picture(0.4, 0.7)), (0.4, 0.7), rtol=1e-5)
    moved = frame.moved(0.4, 0.7)
    np.testing.assert_allclose(moved.to_picture(0, 0), frame.to_picture(0.4, 0.7), rtol=1e-5)


# ------------------------------------------------------------------ what they have


@pytest.fixture(scope="module")
def many():
    return faces.draw(8000, 16)[1]


def test_frequencies_are_those_documented(many):
    wanted = np.array(list(faces.FREQUENCIES.values()))
    np.testing.assert_allclose(many.mean(0), wanted, atol=4 * np.sqrt(0.25 / 8000))


def test_attributes_are_independent(many):
    """But for glasses and sunglasses, which exclude each other."""
    r = np.corrcoef(many.T) - np.eye(10)
    i, j = faces.ATTRIBUTES.index("glasses"), faces.ATTRIBUTES.index("sunglasses")
    assert r[i, j] < -0.25 and not (many[:, i] & many[:, j]).any()
    r[i, j] = r[j, i] = 0
    assert np.abs(r).max() < 4.5 / np.sqrt(8000)


@pytest.mark.parametrize("name", faces.ATTRIBUTES)
def test_an_attribute_changes_nothing_but_itself(name):
    """The same faces with it and without it; every one of them shows it."""
    given = {"glasses": 0.0, "sunglasses": 0.0}
    (without, none), (with_it, all_) = (
        faces.draw(64, 32, frequencies=given | {name: share}) for share in (0.0, 1.0)
    )
    differ = (none != all_).any(0)
    assert differ.tolist() == [name == other for other in faces.ATTRIBUTES]
    change = np.abs(without.astype(int) - with_it).max(-1)
    assert (change.max((1, 2)) > 24).all()
    # Within the central 70%, but for long hair on the shoulders and the tip of a hat.
    inside = np.abs(np.arange(32) - 15.5) < 11.5
    inside = inside[:, None] & inside
    assert change[:, inside].sum() > 0.75 * change.sum()


def test_a_rare_attribute():
    rare = faces.draw(2000, 16, frequencies={"sunglasses": 0.02})[1]
    assert 0.01 < column("sunglasses", rare).mean() < 0.03
    assert 0.26 < column("glasses", rare).mean() < 0.34


# ------------------------------------------------------------------ with the rest of the library


def test_attributes_stay_with_their_images():
    loaded = data.load("faces", size=16, n=60)
    key = {image.tobytes(): row.tolist() for image, row in zip(loaded.images, loaded.attributes)}

    def together(part):
        assert len(part.images) == len(part.attributes)
        for image, row in zip(part.images, part.attributes, strict=True):
            assert key[image.tobytes()] == row.tolist()

    train, held = data.hold_out(loaded, 6)
    assert len(held.images) == 6 and len(train.images) == 54
    few = data.first(loaded, 5)
    assert len({image.tobytes() for image in few.images}) == 5 and len(few.images) == 60
    labelled = loaded._replace(labels=column("hat", loaded.attributes), class_names=("no", "yes"))
    hats = data.one_class(labelled, 1)
    assert column("hat", hats.attributes).all() and 0 < len(hats.images) < 60
    for part in (train, held, few, hats, *data.hold_out(labelled, 6)):
        together(part)
    refuses(lambda: data.one_class(loaded, 1), ["faces has no labels"])


def test_data_without_attributes_stay_without():
    digits = data.load("digits", "test")
    assert digits.attributes is None and digits.attribute_names == ()
    for part in (*data.hold_out(digits, 10), data.first(digits, 10), data.one_class(digits, 3)):
        assert part.attributes is None


def test_batches_of_faces():
    loaded = data.load("faces", size=16, n=20)
    (x,) = data.make_batches(loaded, batch_size=8).from_epoch(0).take(1)
    assert x.shape == (8, 16, 16, 3) and x.dtype == tf.float32
    with_hats = data.Batches(loaded.images, column("hat", loaded.attributes), batch_size=8)
    x, y = next(iter(with_hats))
    assert set(y.numpy().tolist()) <= {0, 1}


def test_it_is_described():
    assert "faces" in [about.name for about in data.names() if about.bundled]
    for words in (*faces.ATTRIBUTES, "with this package"):
        assert words in data.describe("faces")
    assert dataset.Data._fields[:3] == ("images", "labels", "class_names")


@pytest.mark.parametrize(
    "options, words",
    [
        ({"size": 12}, ["size is 12", "from 16 to 256"]),
        ({"size": 512}, ["size is 512", "from 16 to 256"]),
        ({"n": 0}, ["n is 0", "at least 1"]),
        ({"n": 2.5}, ["n is 2.5", "whole number"]),
        ({"seed": -1}, ["seed is -1", "whole number"]),
        ({"split": "validation"}, ["split is 'validation'", "train, test, all"]),
        ({"channels": 3}, ["channels is 3"]),
        ({"crop": 0.5}, ["crop is 0.5 without a size"]),
        ({"size": 32, "crop": 0}, ["fraction is 0"]),
        ({"frequencies": 0.5}, ["frequencies is 0.5", "give a dict"]),
        ({"frequencies": {"hats": 0.5}}, ["'hats'", "did you mean 'hat'"]),
        ({"frequencies": {"hat": 1.5}}, ["frequencies['hat'] is 1.5", "[0, 1]"]),
        ({"frequencies": {"hat": "often"}}, ["frequencies['hat'] is 'often'"]),
        ({"frequencies": {"sunglasses": 0.8}}, ["1.1 together", "at most 1"]),
    ],
)
def test_bad_input(options, words):
    refuses(lambda: data.load("faces", **options), words)


@pytest.mark.parametrize("options", [{"n": 5}, {"seed": 1}, {"frequencies": {"hat": 1.0}}])
def test_other_sets_are_not_drawn(options, tmp_path):
    for name in ("digits", "mnist", tmp_path):
        refuses(lambda name=name: data.load(name, **options), [next(iter(options)), "drawn faces"])
