"""Probes: pooling against NumPy, features against the layers, the cache, controls, classifiers."""

import functools
from dataclasses import replace

import keras
import numpy as np
import pytest

from tests.test_data_tfds import prepare  # noqa: F401

pytest.importorskip("sklearn")

from ganedu import data, probe  # noqa: E402
from ganedu.experiments import probing, recipes  # noqa: E402
from ganedu.measures import linear  # noqa: E402
from ganedu.networks import DiscriminatorConfig, GeneratorConfig  # noqa: E402

SMALL = DiscriminatorConfig((16, 16, 1), filters=(4, 6, 8), kernel_sizes=3)


def images(n=20, size=16, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, size, size, 1)).astype(np.uint8)


@pytest.mark.parametrize("size, n", [((8, 8), 4), ((7, 7), 4), ((7, 5), 2), ((4, 4), 4), ((5, 5), 1), ((9, 7), 3)])
def test_a_grid_cell_holds_the_largest_value_of_its_rows_and_columns(size, n):
    x = np.random.default_rng(0).normal(size=(2, *size, 3)).astype("float32")
    found = np.asarray(probe.GridMaxPooling2D(n)(x))
    assert found.shape == (2, n, n, 3) == probe.GridMaxPooling2D(n).compute_output_shape(x.shape)
    for i in range(n):
        for j in range(n):
            rows = [r for r in range(size[0]) if r < (i + 1) * size[0] / n and r + 1 > i * size[0] / n]
            columns = [c for c in range(size[1]) if c < (j + 1) * size[1] / n and c + 1 > j * size[1] / n]
            assert np.array_equal(found[:, i, j], x[:, rows][:, :, columns].max((1, 2)))


def test_features_are_the_pooled_maps_of_the_blocks():
    network = SMALL.build(0)
    x = images().astype("float32") / 127.5 - 1
    outputs, h = [], x
    for layer in network.layers[1:]:
        h = layer(h, training=False) if "drop" in layer.name else layer(h)
        if isinstance(layer, keras.layers.LeakyReLU):
            outputs.append(np.asarray(h))
    assert [o.shape[1:] for o in outputs] == [(8, 8, 4), (4, 4, 6), (2, 2, 8)]
    features = probe.Features(network, layers=(1, 2), pool=("grid", 2))
    pooled = [o.reshape(20, 2, s, 2, s, -1).max((2, 4)).reshape(20, -1) for o, s in zip(outputs, (4, 2))]
    assert np.allclose(features(x), np.concatenate(pooled, 1), atol=1e-6)
    assert features.parts == [(1, 16), (2, 24)] and features.size == 40
    last = probe.Features(network, "last", ("window", 1))
    assert np.allclose(last(x), outputs[2].reshape(20, -1), atol=1e-6)
    before = probe.Features(network, "last", ("window", 1), at="before")(x)
    assert before.min() < 0 and np.allclose(np.where(before > 0, before, 0.2 * before), last(x), atol=1e-5)


def test_both_readings_of_report_a_give_its_number_of_features():
    network = DiscriminatorConfig((32, 32, 3), filters=(128, 256, 512)).build()
    assert probe.Features(network, pool=("window", 2)).parts == [(1, 8192), (2, 4096), (3, 2048)]
    assert probe.Features(network, pool=("grid", 4)).parts == [(1, 2048), (2, 4096), (3, 8192)]
    mixed = probe.Features(network, pool=[("grid", 2), ("grid", 4), ("window", 1)])
    assert mixed.parts == [(1, 512), (2, 4096), (3, 8192)]


def test_statistics_of_the_whole_set_make_every_norm_standard():
    network, x = SMALL.build(0), images(60)
    copy = probe.with_statistics(network, x, batch_size=13)
    assert np.allclose(copy.layers[1].get_weights()[0], network.layers[1].get_weights()[0])
    scaled = x.astype("float32") / 127.5 - 1
    norms = [layer for layer in copy.layers if isinstance(layer, probe.BATCH_NORMS)]
    assert len(norms) == 2
    for norm in norms:
        out = np.asarray(keras.Model(copy.input, norm.input)(scaled, training=False))
        assert np.allclose(norm.moving_mean, out.mean((0, 1, 2)), atol=1e-4)
        assert np.allclose(norm.moving_variance, out.var((0, 1, 2)), rtol=1e-3)
    assert not np.allclose(norms[0].moving_mean, network.get_layer(norms[0].name).moving_mean)


def test_the_cache_is_made_once_and_knows_weights_settings_and_images(tmp_path, monkeypatch):
    network, x = SMALL.build(0), images()
    features = probe.Features(network, pool=("grid", 2))
    whole = probe.extract(features, x)
    said = []
    first = probe.extract(features, x, tmp_path, batch_size=7, say=said.append)
    assert np.allclose(first, whole, atol=1e-6) and isinstance(first, np.memmap)
    monkeypatch.setattr(probe.Features, "__call__", lambda *_: pytest.fail("computed again"))
    assert np.array_equal(probe.extract(features, x, tmp_path), first)
    monkeypatch.undo()
    others = [probe.Features(SMALL.build(1), pool=("grid", 2)), probe.Features(network, pool=("grid", 1))]
    assert len({f.key() for f in (features, *others)}) == 3
    probe.extract(features, images(seed=1), tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_broken_extraction_leaves_nothing_behind(tmp_path):
    class Breaks:
        calls = 0

        def __call__(self, x):
            self.calls += 1
            if self.calls == 3:
                raise OSError("No space left on device")
            return np.zeros((len(x), 5), np.float32)

        def key(self):
            return "breaks"

    with pytest.raises(OSError, match="No space"):
        probe.extract(Breaks(), images(), tmp_path, batch_size=5)
    assert not list(tmp_path.iterdir())


def test_controls_have_the_shape_of_what_they_control():
    x = images()
    one, again, other = (probe.with_statistics(SMALL.build(seed), x) for seed in (0, 0, 1))
    one_key, again_key, other_key = (probe.Features(d, pool=("grid", 2)).key() for d in (one, again, other))
    assert one_key == again_key != other_key
    assert probe.extract(probe.Pixels(), x).shape == (20, 256)
    axes = probe.Pca(x, 5)
    found = probe.extract(axes, x)
    centred = x.reshape(20, -1) / 127.5 - 1
    centred = centred - centred.mean(0)
    values = np.linalg.svd(centred, compute_uv=False)[:5]
    assert found.shape == (20, 5) and np.allclose(np.linalg.norm(found, axis=0), values, rtol=1e-2)
    assert axes.key() == probe.Pca(x, 5).key() != probe.Pca(images(seed=1), 5).key()
    features = probe.Features(one, pool=("grid", 2))
    plain, both = (probe.extract(f, x) for f in (features, probe.Mirrored(features)))
    turned = probe.extract(features, x[:, :, ::-1])
    assert np.allclose(both, (plain + turned) / 2, atol=1e-5) and not np.allclose(plain, turned, atol=1e-3)
    assert probe.Mirrored(axes).key() != axes.key()
    taught = probe.supervised(SMALL, 7)
    assert taught.output_shape == (None, 7)
    assert probe.Features(taught, pool=("grid", 2)).size == probe.Features(one, pool=("grid", 2)).size


@pytest.mark.parametrize("call, words", [
    (lambda d: probe.Features(d, "middle"), ["layers is 'middle'"]),
    (lambda d: probe.Features(d, [4]), ["layers is 4", "from 1 to 3"]),
    (lambda d: probe.Features(d, pool=("grid", 3)), ["pool (grid) is 3", "from 1 to 2"]),
    (lambda d: probe.Features(d, pool=[("grid", 1)]), ["pool holds 1", "3 blocks"]),
    (lambda d: probe.Features(d, pool=("mean", 2)), ["pool is 'mean'"]),
    (lambda d: probe.Features(d, at="inside"), ["at is 'inside'"]),
    (lambda d: probe.Features(DiscriminatorConfig(conditioning="projection", classes=3).build()), ["takes labels"]),
    (lambda d: probe.Features("D"), ["discriminator is 'D'"]),
    (lambda d: probe.Pca(images(), 21), ["size is 21", "from 1 to 20"]),
    (lambda d: probe.extract(probe.Features(d, pool=("grid", 1)), np.zeros((2, 16, 16, 1))), ["images has dtype"]),
])  # fmt: skip
def test_what_is_not_there_gets_one_line(call, words):
    with pytest.raises(ValueError) as error:
        call(SMALL.build(0))
    assert all(word in str(error.value) for word in words) and "\n" not in str(error.value)


# ------------------------------------------------------------------ classifiers


def clouds(n=60, classes=3, features=8, seed=0, noise=1.0):
    rng = np.random.default_rng(seed)
    y = np.arange(n) % classes
    centres = np.random.default_rng(99).normal(0, 2, (classes, features))
    return (centres[y] + rng.normal(0, noise, (n, features))).astype("float32"), y


@pytest.mark.parametrize("kind", ["svm", "ridge", "sgd", "rbf"])
def test_each_classifier_tells_clouds_apart_and_chooses_its_strength_without_the_test(kind):
    x, y = clouds()
    test_x, test_y = clouds(90, seed=1)
    found = linear.fit(x, y, test_x, test_y, kind, grid=(1e-3, 1e-1, 10.0))
    assert found.accuracy > 0.9 and found.confusion.sum() == 90
    assert found.accuracy == found.confusion.trace() / 90
    assert found.C == max(found.tried, key=found.tried.get) and set(found.tried) == {1e-3, 1e-1, 10.0}
    shuffled = linear.fit(x, y, test_x, np.roll(test_y, 1), kind, grid=(1e-3, 1e-1, 10.0))
    assert shuffled.C == found.C and shuffled.tried == found.tried


@pytest.mark.parametrize("kind", ["svm", "ridge", "sgd", "rbf"])
def test_features_are_left_as_they_were(kind):
    """Several classifiers share them, and in a cache they cannot be written to."""
    x, y = clouds()
    before = x.copy()
    x.flags.writeable = False
    linear.fit(x, y, x, y, kind, grid=(1.0,))
    assert np.array_equal(x, before)


def test_the_edge_of_the_grid_is_told():
    x, y = clouds(noise=0.1)
    assert linear.fit(x, y, x, y, "ridge", grid=(1e-9, 1e-8, 1e-7)).at_edge
    assert not linear.fit(x, y, x, y, "ridge", grid=(1.0,)).at_edge  # nothing was chosen


@pytest.mark.parametrize("C", [1e-3, 1.0, 100.0])
def test_the_rbf_machine_is_scikit_learns(C):
    from sklearn.svm import SVC

    (x, y), (test_x, _) = clouds(noise=3.0), clouds(200, seed=1, noise=3.0)
    theirs = SVC(C=C, kernel="rbf", gamma="scale").fit(x.astype(float), y).predict(test_x.astype(float))
    assert (linear.Rbf(C).fit(x, y).predict(test_x) == theirs).mean() > 0.99


def test_a_tiny_strength_makes_the_rbf_machine_predict_one_class():
    """Claim D-base: the same error in every row, whatever the features."""
    for seed in (0, 1):
        x, y = clouds(60, seed=seed)
        y = np.where(np.arange(60) < 25, 0, y)  # class 0 is the most frequent
        found = linear.fit(x, y, x, y, "rbf", grid=(1e-4,))
        assert (found.confusion.sum(0) > 0).sum() == 1
        assert found.accuracy == (y == np.bincount(y).argmax()).mean()


def test_few_labels_are_drawn_anew_and_evenly(monkeypatch):
    seen = []

    def fit_of(x, y, test_x, test_y, kind, grid, seed):
        seen.append((np.bincount(y).tolist(), x[:, 0].tolist(), grid))
        return linear.Probe(0.1 * len(seen), grid[0], {}, False, None)

    monkeypatch.setattr(linear, "fit", fit_of)
    x, y = clouds()
    mean, spread, found = linear.few_labels(x, y, x, y, per_class=4, draws=3)
    assert [counts for counts, *_ in seen] == [[4, 4, 4]] * 3
    assert len({tuple(rows) for _, rows, _ in seen}) == 3  # not the same images again
    assert len(seen[0][2]) > 1 and [len(grid) for *_, grid in seen[1:]] == [1, 1]
    assert found == pytest.approx([0.1, 0.2, 0.3]) and mean == pytest.approx(0.2)
    assert spread == pytest.approx(1.96 * 0.1)


@pytest.mark.parametrize("change, words", [
    ({"x": np.zeros((5, 2), int)}, ["x has shape (5, 2) and dtype"]),
    ({"y": [0, 1]}, ["y has shape (2,)"]),
    ({"test_x": np.zeros((90, 3), "float32")}, ["test_x has 3 features, x 8"]),
    ({"kind": "forest"}, ["kind is 'forest'"]),
    ({"grid": (0.0,)}, ["grid is 0"]),
])  # fmt: skip
def test_bad_features_get_one_line(change, words):
    given = dict(zip(("x", "y"), clouds())) | dict(zip(("test_x", "test_y"), clouds(90))) | change
    with pytest.raises(ValueError) as error:
        linear.fit(**given)
    assert all(word in str(error.value) for word in words)


def test_the_bundled_clothes_have_features_for_a_probe():
    train, test = data.load("fashion"), data.load("fashion", "test")
    network = probe.with_statistics(DiscriminatorConfig(filters=(16, 32)).build(), train.images[:500])
    features = probe.Features(network, pool=("grid", 2))
    x, test_x = (probe.extract(features, s.images[:1000]) for s in (train, test))
    found = linear.fit(x, train.labels[:1000], test_x, test.labels[:1000], "ridge", grid=(1e-3, 1e-2))
    assert found.accuracy > 0.6  # even without training; by chance 0.1


def test_the_strength_is_chosen_on_no_more_images_than_told(monkeypatch):
    monkeypatch.setattr(linear, "CHOOSING", 30)
    seen = []

    class Counts:
        def fit(self, x, y):
            seen.append(np.bincount(y).tolist())
            return self

        def score(self, x, y):
            seen.append(np.bincount(y).tolist())
            return 0.5

        def predict(self, x):
            return np.zeros(len(x), int)

    monkeypatch.setitem(linear.KINDS, "svm", lambda C, n, seed: Counts())
    x, y = clouds(90)
    linear.fit(x, y, x, y, "svm", grid=(1.0, 2.0))
    assert seen == 2 * [[8, 8, 8], [2, 2, 2]] + [[30, 30, 30]]  # all of them, once it is chosen


# ------------------------------------------------------------------ the experiments


def tiny(shape):
    """A recipe of report D's kind on the smallest networks."""
    return replace(
        recipes.get("D-ref", "paper"), generator=GeneratorConfig(shape, 8, projection=(4, 4, 4), filters=4),
        discriminator=DiscriminatorConfig(shape, filters=(4, 6), kernel_sizes=3))  # fmt: skip


def test_a_stopped_measurement_goes_on(monkeypatch, tmp_path):
    kept, arms = tmp_path / "measured.json", {name: probing.ARMS[name] for name in ("all", "last", "100")}
    computed = []

    def one(self, arm):
        computed.append(arm)
        if len(computed) == 3:
            raise KeyboardInterrupt
        return {"accuracy": 1 / 3 + len(computed), "features": 7, "seconds": 1.0, "strength": 1e-5}

    monkeypatch.setattr(probing.Probing, "one", one)
    table = probing.Probing(None, None, None, None)
    with pytest.raises(KeyboardInterrupt):
        table.all(arms, kept)
    found = table.all(arms, kept)
    assert len(computed) == 4 and computed[3] == computed[2]  # the one that was stopped
    assert found == table.all(arms, kept) and len(computed) == 4
    assert set(found["accuracy"].values()) == {1.3333, 2.3333, 4.3333} and found["strength"]["all"] == 1e-5
    arms["last"] = arms["last"]._replace(at="before")  # another arm of the same name
    assert table.all(arms, kept) != found and computed[4:] == [arms["last"]]


def test_arms_share_their_features_and_keep_to_their_images(monkeypatch):
    recipe = tiny((16, 16, 1))
    train, test = (data.Data(images(n, seed=n), np.arange(n, dtype=np.int32) % 3, tuple("abc"), "noise", "train")
                   for n in (60, 30))  # fmt: skip
    extract, made, sizes = probe.extract, [], []

    def extracted(features, x):
        made.append(features)
        return extract(features, x)

    def fitted(x, y, test_x, test_y, kind, grid, seed):
        sizes.append((kind, len(x), len(y), len(test_x), len(test_y)))
        return linear.Probe(0.5, 1e-6, {}, False, np.eye(3, dtype=int))

    monkeypatch.setattr(probe, "extract", extracted)
    monkeypatch.setattr(linear, "fit", fitted)
    monkeypatch.setattr(probing, "SMALL", (40, 20))
    monkeypatch.setattr(probing, "COMPONENTS", 5)
    arms = {name: probing.ARMS[name] for name in ("all", "pixels", "pca", "d-pixels-rbf", "untrained", "last", "100", "mirrored")}
    arms["100"] = arms["100"]._replace(labels=2)
    arms = {name: arm._replace(pool=("grid", 2)) for name, arm in arms.items()}
    found = probing.Probing(recipe.build(0, "float32"), recipe, train, test).all(arms)
    assert set(found["accuracy"].values()) == {0.5} and set(found["accuracy"]) == set(arms)
    assert found["strength"]["all"] == 1e-6 and found["features"]["pca"] == 5
    assert len(made) == 2 * 6  # of two sets; "all" and "100" share theirs, as do the two of pixels
    assert sizes.count(("rbf", 40, 40, 20, 20)) == 1 and sizes.count(("ridge", 60, 60, 30, 30)) == 6
    assert sizes.count(("ridge", 6, 6, 30, 30)) == probing.DRAWS


def test_report_ds_table_on_records_of_coco(prepare, tmp_path, monkeypatch):  # noqa: F811
    """Its identical rows come back: a tiny strength, one class, whatever the features."""
    shades = np.random.default_rng(0)

    def objects(made, i):
        kind = (0, 0, 1, 2)[i % 4]
        image = np.clip(shades.normal(60 + 70 * kind, 20, (40, 30, 3)), 0, 255).astype("uint8")
        box = {"area": 9, "bbox": made_box, "id": i, "is_crowd": False, "label": kind}
        return made | {"image": image, "objects": [box]}

    import tensorflow_datasets as tfds

    made_box = tfds.features.BBox(0.0, 0.0, 0.5, 0.5)
    prepare("coco/2017", ("validation",), objects, count=100)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(probing.classify, "fit", functools.partial(probing.classify.fit, steps=100))
    recipe = tiny((16, 16, 3))
    found = probing.probing_everyday(recipe.build(0, "float32"), recipe)
    assert set(found["accuracy"]) == set(probing.REPORT_D)
    same = [f"d-{of}-rbf-tiny" for of in ("pixels", "all", "last", "untrained")]
    assert {found["classes_read"][name] for name in same} == {1}
    assert len({found["accuracy"][name] for name in same}) == 1
    assert found["classes_read"]["d-all-chosen"] == 3 and found["accuracy"]["d-all-chosen"] > 0.9
    assert found["accuracy"]["d-all-chosen"] > found["accuracy"]["d-all-rbf-tiny"] + 0.2
