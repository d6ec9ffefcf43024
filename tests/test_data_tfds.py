"""Every TFDS loader against a few records that the set's real builder wrote."""

import importlib.util

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

from ganedu import data

N = 6  # records a split


def example(feature, i, rng):
    """A value that this feature can hold, different for every record."""
    f = tfds.features
    if isinstance(feature, f.Image):
        sides = [side or 30 + 5 * i + j for j, side in enumerate(feature.shape[:2])]
        return rng.integers(0, 256, (*sides, feature.shape[2]), dtype=np.uint8)
    if isinstance(feature, f.ClassLabel):
        return i % feature.num_classes
    if isinstance(feature, f.BBoxFeature):
        return f.BBox(0.1, 0.1, 0.5, 0.5)
    if isinstance(feature, f.Text):
        return f"text {i}"
    if isinstance(feature, f.Sequence):
        return []
    if isinstance(feature, dict | f.FeaturesDict):
        return {name: example(part, i, rng) for name, part in feature.items()}
    return np.zeros(feature.shape, feature.np_dtype) + i % 2


@pytest.fixture
def prepare(tmp_path, monkeypatch):
    """Writes records with the real builder, N a split if not told; gives the examples by split."""

    def write(name, splits=("train", "test"), change=lambda example, i: example, count=N):
        builder = tfds.builder(name, data_dir=tmp_path)
        rng = np.random.default_rng(0)
        made = {
            split: [change(example(builder.info.features, i, rng), i) for i in range(count)]
            for split in splits
        }

        def generators(self, *_, **__):
            return {split: list(enumerate(examples)) for split, examples in made.items()}

        monkeypatch.setattr(type(builder), "_split_generators", generators)
        builder.download_and_prepare(download_dir=tmp_path / "downloads")
        return made

    return write


def by_content(images):
    return sorted(np.asarray(image).tobytes() for image in images)


@pytest.mark.parametrize(
    "name, shape, classes",
    [
        ("mnist", (28, 28, 1), 10),
        ("fashion_mnist", (28, 28, 1), 10),
        ("cifar10", (32, 32, 3), 10),
        ("imagenet_resized/32x32", (32, 32, 3), 1000),
    ],
)
def test_sets_of_one_size_are_arrays(prepare, tmp_path, name, shape, classes):
    splits = ("train", "validation") if "imagenet" in name else ("train", "test")
    made = prepare(name, splits)
    for split in splits:
        loaded = data.load(name, split, tmp_path)
        assert loaded.images.shape == (N, *shape) and loaded.images.dtype == np.uint8
        assert loaded.labels.dtype == np.int32 and len(loaded.class_names) == classes
        assert by_content(loaded.images) == by_content(e["image"] for e in made[split])
        for image, label in zip(loaded.images, loaded.labels, strict=True):
            (mine,) = [e for e in made[split] if (e["image"] == image).all()]
            assert mine["label"] == label


def test_faces_have_no_labels(prepare, tmp_path):
    made = prepare("celeb_a", ("train", "validation", "test"))
    loaded = data.load("celeb_a", "validation", tmp_path)
    assert loaded.labels is None and loaded.class_names == ()
    assert loaded.images.shape == (N, 218, 178, 3)
    assert by_content(loaded.images) != by_content(e["image"] for e in made["test"])
    small = data.load("celeb_a", "train", tmp_path, size=16, crop=0.7)
    assert small.images.shape == (N, 16, 16, 3)


@pytest.mark.parametrize(
    "name, splits, classes",
    [
        ("lsun/bedroom", ("train", "validation"), 0),
        ("oxford_iiit_pet", ("train", "test"), 37),
        ("cars196", ("train", "test"), 196),
    ],
)
def test_sets_of_many_sizes_are_streams_until_a_size_is_given(
    prepare, tmp_path, name, splits, classes
):
    prepare(name, splits)
    loaded = data.load(name, "train", tmp_path)
    assert isinstance(loaded.images, tf.data.Dataset) and loaded.labels is None
    assert len(loaded.class_names) == classes
    for element in loaded.images:
        image = element[0] if classes else element
        assert image.dtype == tf.uint8 and image.shape[-1] == 3
    sized = data.load(name, "train", tmp_path, size=24)
    assert sized.images.shape == (N, 24, 24, 3)
    assert (sized.labels is None) == (classes == 0)

    batches = data.make_batches(
        loaded, batch_size=2, steps_per_epoch=2, prepare=(data.resize(16), data.scale())
    )
    assert not batches.exact_resume and len(batches) == 2
    for batch in batches:
        x = batch[0] if classes else batch
        assert x.shape == (2, 16, 16, 3) and x.dtype == tf.float32
        assert -1 <= float(tf.reduce_min(x)) and float(tf.reduce_max(x)) <= 1


def test_coco_takes_the_largest_single_object(prepare, tmp_path):
    box = tfds.features.BBox(0.0, 0.0, 0.5, 0.5)

    def objects(made, i):
        def thing(label, area, crowd):
            return {"area": area, "bbox": box, "id": i, "is_crowd": crowd, "label": label}

        # A crowd is the largest, then class 40 + i; the last record has crowds only.
        things = [thing(7, 10, False), thing(40 + i, 50, False), thing(3, 900, True)]
        return made | {"objects": things if i < N - 1 else things[2:]}

    prepare("coco/2017", ("train", "validation"), objects)
    loaded = data.load("coco/2017", "validation", tmp_path, size=16)
    labels = [int(y) for y in loaded.labels]
    assert sorted(labels) == [40 + i for i in range(N - 1)]
    assert len(loaded.class_names) == 80


def test_slices_and_unknown_splits(prepare, tmp_path):
    prepare("mnist")
    assert len(data.load("mnist", "train[:4]", tmp_path).images) == 4
    assert len(data.load("mnist", "all", tmp_path).images) == 2 * N
    with pytest.raises(ValueError, match="split is 'valid'; 'mnist' has train, test, all"):
        data.load("mnist", "valid", tmp_path)


def test_a_set_that_is_not_there_is_an_error_at_once(tmp_path, monkeypatch):
    def never(*_, **__):
        raise AssertionError("nothing may ask the network")

    monkeypatch.setattr(tfds, "builder", never)
    monkeypatch.setattr(tfds, "load", never)
    with pytest.raises(FileNotFoundError) as caught:
        data.load("lsun/bedroom", data_dir=tmp_path)
    message = str(caught.value)
    assert "lsun/bedroom" in message and str(tmp_path) in message and "download=True" in message
    assert "\n" not in message


def test_without_tfds_it_says_what_to_install(monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda n: None if n == "tensorflow_datasets" else find(n)
    )
    with pytest.raises(ImportError, match=r'pip install "ganedu\[tfds\]"'):
        data.load("cifar10")


def test_a_damaged_set_is_named(prepare, tmp_path):
    prepare("mnist")
    for path in tmp_path.rglob("*-train.*"):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(content)
    with pytest.raises(OSError, match="damaged: delete it"):
        data.load("mnist", "train", tmp_path)


@pytest.mark.parametrize("claim", ["A-faces", "A-bedrooms", "A-mnist", "B-ref", "C-ref", "D-ref"])
def test_paper_scale_recipes_read_their_sets(prepare, tmp_path, claim):
    import dataclasses

    from ganedu.experiments import recipes

    recipe = dataclasses.replace(recipes.get(claim, "paper"), batch_size=3)
    prepare(recipe.data, ("train",))
    batches = recipe.batches(seed=1, data_dir=tmp_path)
    for batch in batches.from_epoch(0).take(2):
        x = batch[0] if isinstance(batch, tuple) else batch
        assert x.shape == (3, *recipe.generator.image_shape)
        assert x.dtype == tf.float32 and float(tf.reduce_max(tf.abs(x))) <= 1
