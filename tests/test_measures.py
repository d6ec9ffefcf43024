"""Measures against their oracles."""

import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from helpers import refuses

from ganedu import data, measures
from ganedu.measures import formulas, scoring

rng = np.random.default_rng(0)


class Reader:
    """A stand-in for a classifier: 6 random projections of 8x8 images, and 3 classes."""

    name, hash, accuracy = "stand-in", "0123456789ab", 0.5

    def __init__(self, seed=0):
        weights = np.random.default_rng(seed).normal(size=(64, 6))
        self.weights = (weights / 8).astype("float32")

    def read(self, images):
        f = images.reshape(len(images), -1) @ self.weights
        p = np.exp(f[:, :3] * 3)
        return f, p / p.sum(1, keepdims=True)

    def features(self, images):
        return self.read(images)[0]


def images_of(n, seed, shape=(8, 8, 1)):
    return np.random.default_rng(seed).uniform(-1, 1, (n, *shape)).astype("float32")


FAKE, REAL, TRAIN = images_of(60, 1), images_of(45, 2), images_of(90, 3)
FAKE_Y, REAL_Y, TRAIN_Y = (np.arange(len(a)) % 3 for a in (FAKE, REAL, TRAIN))
READER = Reader()
WHOLE = measures.score(FAKE, FAKE_Y, REAL, REAL_Y, READER, TRAIN, TRAIN_Y)


def test_frechet_distance_of_gaussians_with_known_moments():
    """For diagonal covariances d^2 = |m1 - m2|^2 + sum (s1 - s2)^2: a closed form."""
    n, means, sds = 200_000, np.array([1.0, -2.0, 0.5]), np.array([1.0, 2.0, 0.5])
    a = rng.normal(size=(n, 3))
    b = means + sds * rng.normal(size=(n, 3))
    expected = (means**2).sum() + ((1 - sds) ** 2).sum()
    assert measures.frechet_distance(a, b) == pytest.approx(expected, rel=0.02)


def test_frechet_distance_against_a_matrix_root():
    from scipy.linalg import sqrtm

    a, b = rng.normal(size=(60, 5)) @ rng.normal(size=(5, 5)), rng.normal(size=(80, 5)) + 1
    c1, c2 = np.cov(a.T), np.cov(b.T)
    gap = a.mean(0) - b.mean(0)
    oracle = gap @ gap + np.trace(c1 + c2 - 2 * sqrtm(c1 @ c2).real)
    assert measures.frechet_distance(a, b) == pytest.approx(oracle, rel=1e-8)
    assert measures.frechet_distance(b, a) == pytest.approx(oracle, rel=1e-8)


def test_frechet_distance_of_a_set_to_itself():
    a = rng.normal(size=(40, 6))
    assert measures.frechet_distance(a, a) == pytest.approx(0, abs=1e-8)


def test_inception_score_at_its_ends():
    certain = np.eye(10)[np.arange(50) % 10]
    assert measures.inception_score(certain) == pytest.approx(10)
    assert measures.inception_score(np.eye(10)[[3] * 50]) == pytest.approx(1)
    assert measures.inception_score(np.full((50, 10), 0.1)) == pytest.approx(1)


def test_inception_score_by_hand():
    p = np.array([[0.9, 0.1], [0.2, 0.8]])
    q = p.mean(0)
    oracle = np.exp(np.mean([(row * np.log(row / q)).sum() for row in p]))
    assert measures.inception_score(p) == pytest.approx(oracle)


def test_class_shares():
    p = np.eye(4)[[0, 0, 1, 3]]
    np.testing.assert_allclose(measures.class_shares(p), [0.5, 0.25, 0, 0.25])


def test_coarse_pixels_are_block_means():
    x = rng.uniform(-1, 1, (5, 28, 28, 3)).astype("float32")
    small = measures.coarse_pixels(x).reshape(5, 7, 7, 3)
    oracle = x.reshape(5, 7, 4, 7, 4, 3).mean((2, 4))
    np.testing.assert_allclose(small, oracle, atol=1e-6)
    assert measures.coarse_pixels(x[:, :5, :5]).shape == (5, 75)


def test_success_and_confusion_against_scikit_learn():
    from sklearn.metrics import accuracy_score, confusion_matrix, recall_score

    p, y = rng.dirichlet(np.ones(5), 200), rng.integers(0, 5, 200)
    read = p.argmax(1)
    overall, per_class, confusion = measures.success_rate(p.astype("float32"), y)
    assert overall == pytest.approx(accuracy_score(y, read))
    np.testing.assert_array_equal(confusion, confusion_matrix(y, read))
    np.testing.assert_allclose(per_class, recall_score(y, read, average=None))


def test_success_of_a_class_that_nobody_asked_for():
    overall, per_class, confusion = measures.success_rate(np.eye(3)[[0, 0, 1]], [0, 1, 1])
    assert overall == pytest.approx(2 / 3)
    np.testing.assert_allclose(per_class, [1, 0.5, np.nan])
    np.testing.assert_array_equal(confusion, [[1, 0, 0], [1, 1, 0], [0, 0, 0]])


def test_frechet_distance_of_each_class():
    a, b = rng.normal(size=(90, 4)), rng.normal(size=(60, 4))
    y, other_y = rng.permutation(np.arange(90) % 3), np.arange(60) % 3
    b[other_y == 2] += 5
    found = measures.class_frechet(a, y, b, other_y)
    oracle = [measures.frechet_distance(a[y == k], b[other_y == k]) for k in range(3)]
    np.testing.assert_allclose(found, oracle)
    assert found[2] > 50 > 10 * max(found[:2])


def test_frechet_distance_falls_with_the_number_of_images():
    a, b = rng.normal(size=(4000, 8)), rng.normal(size=(4000, 8))
    curve = measures.frechet_by_size(a, b, [20, 200, 4000])
    assert curve[0] > 3 * curve[1] > 9 * curve[2]
    assert curve[2] == pytest.approx(measures.frechet_distance(a, b))
    np.testing.assert_array_equal(curve, measures.frechet_by_size(a, b, [20, 200, 4000]))
    assert curve[0] != measures.frechet_by_size(a, b, [20], seed=1)[0]


def prdc_by_hand(real, fake, k):
    def gaps(a, b):
        return np.sqrt(((a[:, None] - b[None]) ** 2).sum(2))

    real_radii = np.sort(gaps(real, real), 1)[:, k]  # place 0 is the image itself
    fake_radii = np.sort(gaps(fake, fake), 1)[:, k]
    between = gaps(real, fake)
    in_real_ball = between < real_radii[:, None]
    return {
        "precision": in_real_ball.any(0).mean(),
        "recall": (between < fake_radii[None]).any(1).mean(),
        "density": in_real_ball.sum(0).mean() / k,
        "coverage": (between.min(1) < real_radii).mean(),
    }


@pytest.mark.parametrize("k", [1, 5])
def test_precision_to_coverage_by_hand(k, capsys):
    real, fake = rng.normal(size=(80, 3)), 0.6 * rng.normal(size=(70, 3)) + 0.4
    found = measures.precision_recall(real, fake, k=k)
    oracle = prdc_by_hand(real.astype("float32"), fake.astype("float32"), k)
    assert found == pytest.approx(oracle, abs=1e-5)
    assert len(set(found.values())) == 4  # so that a mix-up shows
    assert capsys.readouterr().out == ""


def test_precision_of_drawn_images():
    real, fake = rng.normal(size=(300, 3)), rng.normal(size=(300, 3))
    few = measures.precision_recall(real, fake, limit=40)
    assert few == measures.precision_recall(real, fake, limit=40)
    assert few != measures.precision_recall(real, fake, limit=40, seed=1)
    assert few != measures.precision_recall(real, fake)


def test_precision_without_prdc(monkeypatch):
    monkeypatch.setitem(sys.modules, "prdc", None)
    with pytest.raises(ImportError, match=r"ganedu\[evaluate\]"):
        measures.precision_recall(np.eye(9), np.eye(9))
    left = measures.score(FAKE, FAKE_Y, REAL, REAL_Y, READER, TRAIN, TRAIN_Y)
    assert "precision" not in left.values and left.values["frechet"] == WHOLE.values["frechet"]
    assert any("ganedu[evaluate]" in note for note in left.notes)


def test_nearest_neighbours_by_brute_force():
    x, t = images_of(23, 4), images_of(57, 5)
    gaps = np.sqrt(((x[:, None] - t[None]).astype("float64") ** 2).sum((2, 3, 4)))
    for batch in (5, 200):
        distances, indices = measures.nearest_neighbours(x, t, batch=batch)
        np.testing.assert_array_equal(indices, gaps.argmin(1))
        np.testing.assert_allclose(distances, gaps.min(1), rtol=1e-5)
    # Training images in blocks, two neighbours each.
    distances, indices = formulas._nearest(x, t, 2, batch=5, block=10)
    np.testing.assert_array_equal(indices, gaps.argsort(1)[:, :2])
    np.testing.assert_allclose(distances, np.sort(gaps, 1)[:, :2], rtol=1e-5)


def test_a_copy_is_found_at_distance_nought():
    distances, indices = measures.nearest_neighbours(TRAIN[[7, 3]], TRAIN)
    np.testing.assert_array_equal(distances, [0, 0])
    np.testing.assert_array_equal(indices, [7, 3])


def test_memorisation_counts_copies():
    t, unseen, honest = images_of(300, 6), images_of(200, 7), images_of(200, 8)
    both = np.concatenate([honest[:100], t[:100]])
    assert measures.memorisation(honest, t, unseen).copied < 0.06
    assert measures.memorisation(honest, t, unseen).distance_ratio == pytest.approx(1, abs=0.05)
    assert measures.memorisation(both, t, unseen).copied == pytest.approx(0.5, abs=0.06)
    assert measures.memorisation(t, t, unseen) == (1, 0)
    near = (t + 0.05 * honest[:1]).clip(-1, 1)
    assert measures.memorisation(near, t, unseen).copied > 0.95
    # Exact copies count too where the training set holds everything twice.
    assert measures.memorisation(t, np.concatenate([t, t]), unseen).copied == 1


def test_memorisation_by_hand():
    x, t, unseen = images_of(40, 9), images_of(50, 10), images_of(30, 11)

    def two(a):
        return np.sort(np.sqrt(((a[:, None] - t[None]) ** 2).sum((2, 3, 4))), 1)[:, :2]

    near, far = two(x), two(unseen)
    limit = np.quantile(far[:, 0] / far[:, 1], 0.01)
    copied = (near[:, 0] / near[:, 1] <= limit).mean()
    ratio = np.median(near[:, 0]) / np.median(far[:, 0])
    assert measures.memorisation(x, t, unseen) == pytest.approx((copied, ratio), abs=1e-5)


@pytest.mark.slow
def test_gan_train():
    """Labels that fit teach, wrong labels do not; the same seed gives the same value."""
    train, test = data.load("digits"), data.load("digits", "test")
    # Every second pixel: quick to learn from.
    x, x_test = (d.images[:, ::2, ::2].astype("float32") / 127.5 - 1 for d in (train, test))
    x, y, x_test, y_test = x[:1000], train.labels[:1000], x_test[:500], test.labels[:500]
    good = measures.gan_train(x, y, x_test, y_test, epochs=3)
    assert good.overall > 0.6
    np.testing.assert_allclose(good.confusion.sum(1), np.bincount(y_test))
    again = measures.gan_train(x, y, x_test, y_test, epochs=3)
    np.testing.assert_array_equal(good.confusion, again.confusion)
    wrong = measures.gan_train(x, (y + 1) % 10, x_test, y_test, epochs=3)
    assert wrong.overall < 0.2


# All at once.


def test_score_is_made_of_the_measures():
    (f, p), (real_f, real_p) = READER.read(FAKE), READER.read(REAL)
    success = measures.success_rate(p, FAKE_Y)
    by_class = measures.class_frechet(f, FAKE_Y, real_f, REAL_Y)
    expected = {
        "success": success.overall,
        "success_per_class": success.per_class,
        "confusion": success.confusion,
        "inception_score": measures.inception_score(p),
        "class_shares": measures.class_shares(p),
        "frechet": measures.frechet_distance(f, real_f),
        "class_frechet": by_class,
        "class_frechet_mean": by_class.mean(),
        **measures.precision_recall(real_f, f),
        **measures.memorisation(FAKE, TRAIN, REAL)._asdict(),
    }
    assert set(WHOLE.values) == set(expected) == set(WHOLE.real)
    for name, value in expected.items():
        np.testing.assert_allclose(WHOLE.values[name], value, atol=1e-5, err_msg=name)
    assert WHOLE.real["success"] == measures.success_rate(real_p, REAL_Y).overall
    assert (WHOLE.samples, WHOLE.reference, WHOLE.training) == (60, 45, 90)
    assert WHOLE.classifier == {"name": "stand-in", "hash": "0123456789ab", "accuracy": 0.5}


def test_the_floor_is_of_as_many_real_images_of_the_same_labels():
    """Asked for are 30, 20 and 10 images of the classes; training images would have all."""
    y = np.repeat([0, 1, 2], [30, 20, 10])
    drawn, drawn_y = scoring._floor(y, len(y), TRAIN, TRAIN_Y, seed=0)
    np.testing.assert_array_equal(drawn_y, y)
    np.testing.assert_array_equal(TRAIN_Y[drawn], y)
    assert len(set(drawn)) == 60
    result = measures.score(FAKE, y, REAL, REAL_Y, READER, TRAIN, TRAIN_Y)
    floor = measures.frechet_distance(READER.features(TRAIN[drawn]), READER.features(REAL))
    assert result.real["frechet"] == pytest.approx(floor, abs=1e-5)
    other = scoring._floor(y, len(y), TRAIN, TRAIN_Y, seed=1)[0]
    assert set(other) != set(drawn)


def test_score_of_an_unconditional_gan():
    result = measures.score(FAKE, None, REAL, None, READER, TRAIN)
    for name in ("success", "success_per_class", "confusion", "class_frechet"):
        assert name not in result.values and name not in result.real
    assert result.values["frechet"] == WHOLE.values["frechet"]
    assert result.real["frechet"] > 0
    assert "success" not in str(result)


def test_score_says_what_it_left_out():
    result = measures.score(FAKE, FAKE_Y, REAL, REAL_Y, READER)
    assert "frechet" not in result.real and "copied" not in result.values
    assert "no training images" in str(result)
    assert result.real["success"] == WHOLE.real["success"]
    few = measures.score(FAKE, FAKE_Y, REAL[:15], REAL_Y[:15], READER, TRAIN[:20], TRAIN_Y[:20])
    assert "class_frechet" not in few.values
    assert "a class has 5 images" in str(few) and "of 20 training images" in str(few)
    y = FAKE_Y % 2  # class 2 is not asked for
    two = measures.score(FAKE, y, REAL, REAL_Y, READER, TRAIN, TRAIN_Y)
    assert two.values["success_per_class"][2] is None
    assert "a class has 0 images" in str(two)


def test_score_searches_few_images_for_copies(monkeypatch):
    monkeypatch.setattr(scoring, "NEIGHBOUR_LIMIT", 30)
    copies = measures.score(TRAIN, TRAIN_Y, REAL, REAL_Y, READER, TRAIN, TRAIN_Y)
    assert copies.values["copied"] == 1 and copies.values["distance_ratio"] == 0
    assert "among 30 of" in str(copies)


def test_a_result_prints_and_survives_json():
    text = str(WHOLE)
    assert "60 generated images against 45 real ones" in text
    assert "0123456789ab" in text and "seed 0" in text
    lines = {line[:34].strip(): line for line in text.splitlines()}
    words = f"{WHOLE.values['frechet']:.4f} {WHOLE.real['frechet']:.4f} lower"
    assert lines["Frechet distance"].split()[2:] == words.split()
    assert max(map(len, text.splitlines()[1:])) <= 76  # a page shows it whole
    again = measures.Result.from_dict(json.loads(json.dumps(WHOLE.to_dict(), allow_nan=False)))
    assert again == WHOLE and str(again) == text
    heads, *classes = text.splitlines()[-4:]  # a row a class, a column a measure
    assert heads.split() == ["class", *["generated", "real"] * 3]
    assert [line.split()[:2] for line in classes] == [
        [str(y), f"{share:.3f}"] for y, share in enumerate(WHOLE.values["success_per_class"])
    ]


def test_results_side_by_side():
    other = measures.score(TRAIN[:60], TRAIN_Y[:60], REAL, REAL_Y, READER, TRAIN, TRAIN_Y)
    row = WHOLE.compare(other, ("a", "b")).splitlines()[3]
    values = (WHOLE.values["frechet"], other.values["frechet"], WHOLE.real["frechet"])
    assert row.split()[:5] == ["Frechet", "distance", *(f"{v:.4f}" for v in values)]


@pytest.mark.parametrize(
    "words, change",
    [
        ("classifier hash (0123456789ab and ff)", {"reader": "ff"}),
        ("samples (60 and 57)", {"fake": 57}),
        ("reference (45 and 42)", {"real": 42}),
        ("training (90 and 87)", {"train": 87}),
        ("seed (0 and 1)", {"seed": 1}),
        ("images_hash", {"flip": True}),
    ],
)
def test_results_that_must_not_be_compared(words, change):
    n, m, t = (change.get(name, d) for name, d in [("fake", 60), ("real", 45), ("train", 90)])
    reader = SimpleNamespace(
        name="stand-in", hash=change.get("reader", READER.hash), accuracy=None,
        read=READER.read, features=READER.features,
    )  # fmt: skip
    real = -REAL if change.get("flip") else REAL
    other = measures.score(
        FAKE[:n], FAKE_Y[:n], real[:m], REAL_Y[:m], reader, TRAIN[:t], TRAIN_Y[:t],
        seed=change.get("seed", 0),
    )  # fmt: skip
    with pytest.raises(ValueError, match="must not be compared") as caught:
        WHOLE.compare(other)
    assert words in str(caught.value)


def score(**changed):
    given = {
        "images": FAKE, "labels": FAKE_Y, "real_images": REAL, "real_labels": REAL_Y,
        "classifier": READER, "training_images": TRAIN, "training_labels": TRAIN_Y,
    }  # fmt: skip
    return measures.score(**(given | changed))


def with_nan():
    x = FAKE.copy()
    x[3, 4, 5, 0] = np.nan
    return x


BAD = {
    "bytes": (lambda: score(images=np.zeros((60, 8, 8, 1), "uint8")), ["images", "uint8", "[-1, 1]"]),
    "pixels from 0 to 255": (lambda: score(images=127 + 127 * FAKE), ["images", "[-1, 1]"]),
    "pixels that are no numbers": (lambda: score(images=with_nan()), ["images", "NaN"]),
    "one image alone": (lambda: score(images=FAKE[0]), ["images", "(8, 8, 1)", "[N, H, W, C]"]),
    "no images": (lambda: score(images=FAKE[:0], labels=FAKE_Y[:0]), ["images", "N > 0"]),
    "images of two sizes": (lambda: score(real_images=images_of(45, 0, (6, 6, 1))), ["real_images", "(45, 6, 6, 1)", "8, 8, 1"]),
    "training images of another size": (lambda: score(training_images=TRAIN[:, 1:]), ["training_images", "(90, 7, 8, 1)"]),
    "labels of another length": (lambda: score(labels=FAKE_Y[:50]), ["labels", "(50,)", "(60,)"]),
    "labels that are one-hot": (lambda: score(labels=np.eye(3)[FAKE_Y]), ["labels", "(60, 3)"]),
    "labels that are floats": (lambda: score(labels=FAKE_Y * 1.0), ["labels", "float64"]),
    "a label beyond the classes": (lambda: score(labels=FAKE_Y + 1), ["labels", "1 to 3", "0 to 2"]),
    "no labels of the real images": (lambda: score(real_labels=None), ["real_labels", "None"]),
    "odd training labels": (lambda: score(training_labels=TRAIN_Y - 1), ["training_labels", "-1"]),
    "fewer images than features": (lambda: score(images=FAKE[:6], labels=FAKE_Y[:6]), ["images holds 6", "6"]),
    "a name for a classifier": (lambda: score(classifier="digits"), ["classifier", "'digits'", "load"]),
    "success of no probabilities": (lambda: measures.success_rate(np.ones(4), [1]), ["probabilities", "(4,)"]),
    "a class of one image": (lambda: measures.class_frechet(np.eye(4), [0, 0, 0, 1], np.eye(4), [0, 0, 1, 1]), ["class 1", "at least 2"]),
    "a size beyond the images": (lambda: measures.frechet_by_size(np.eye(4), np.eye(5), [3, 5]), ["sizes", "5", "4"]),
    "features of two kinds": (lambda: measures.precision_recall(np.eye(9), np.eye(8)), ["fake_features", "(8, 8)"]),
    "no more images than neighbours": (lambda: measures.precision_recall(np.eye(9), np.eye(9), k=8), ["real_features", "k is 8"]),
    "a single training image": (lambda: measures.memorisation(FAKE, TRAIN[:1], REAL), ["training_images", "at least 2"]),
    "a result beside something else": (lambda: WHOLE.compare({"frechet": 3}), ["other is {'frechet': 3}", "Result"]),
    "two results of one name": (lambda: WHOLE.compare(WHOLE, ("a", "a")), ["('a', 'a')", "differ"]),
    "a result of something else": (lambda: measures.Result.from_dict({"frechet": 3}), ["values is", "to_dict", "seed"]),
    "shares of no probabilities": (lambda: measures.class_shares(np.ones(4)), ["probabilities", "(4,)"]),
    "coarse pixels of one image": (lambda: measures.coarse_pixels(FAKE[0]), ["images", "(8, 8, 1)"]),
    "features without end": (lambda: measures.frechet_distance(np.eye(4) * 1e200, np.eye(4)), ["1e+200", "too large"]),
    "training for no epoch": (lambda: measures.gan_train(FAKE, FAKE_Y, REAL, REAL_Y, epochs=0), ["epochs", "0"]),
    "training without labels": (lambda: measures.gan_train(FAKE, None, REAL, REAL_Y), ["labels", "None"]),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input(case):
    refuses(*BAD[case])
