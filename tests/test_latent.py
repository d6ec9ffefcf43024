"""Latents that mean something, against a GAN whose images say what their latents are."""

import numpy as np
import pytest
from helpers import refuses, rng

from ganedu import latent

NAMES = ("smile", "beard", "hat")
L = 16


class Plain:
    """A GAN whose pixels are the latents, cut to [-1, 1]: number i of z decides on attribute i."""

    latent_size, classes = L, 0

    def latents(self, n, seed):
        return rng(seed).normal(size=(n, L)).astype("float32")

    def images_from(self, z):
        return np.clip(z, -1, 1).reshape(len(z), 4, 4, 1)


class Oracle:
    """Reads them: how far above 0 the first pixels are.  Keeps how many images it was shown."""

    names, shown = NAMES, 0

    def probabilities(self, images):
        self.shown += len(images)
        return (images.reshape(len(images), -1)[:, :3] + 1) / 2


GAN, READER = Plain(), Oracle()
Z = GAN.latents(40, 5)
A, B = Z[:8], Z[8:16]


# ------------------------------------------------------------------ vectors


def test_means():
    np.testing.assert_allclose(latent.mean_of(Z), Z.mean(0), rtol=1e-5, atol=1e-6)
    by_hand = [Z[4 * i : 4 * i + 4].sum(0) / 4 for i in range(10)]
    np.testing.assert_allclose(latent.mean_of(Z, 4), by_hand, rtol=1e-5, atol=1e-6)
    assert latent.mean_of(Z, 40).shape == (1, L) and latent.mean_of(Z).shape == (L,)
    np.testing.assert_array_equal(latent.mean_of(Z, 1), Z)


def test_arithmetic():
    a, b, c, d = Z[:4]
    np.testing.assert_allclose(latent.arithmetic([a, c], [b]), a - b + c, atol=1e-6)
    np.testing.assert_allclose(latent.arithmetic((a,), (b, d)), a - b - d, atol=1e-6)
    np.testing.assert_array_equal(latent.arithmetic([a]), a)
    np.testing.assert_allclose(latent.arithmetic([A], [B]), A - B, atol=1e-6)


def test_lengths_are_as_the_module_says():
    """Of 1,000 numbers: one latent sqrt(1000); the others by their factors."""
    z = rng(1).normal(size=(3, 3, 500, 1000))

    def length(z):
        return np.linalg.norm(z, axis=-1).mean() / np.sqrt(1000)

    single, means = z[:, 0], z.mean(1)
    assert length(single[0]) == pytest.approx(1, abs=0.01)
    assert length(means[0]) == pytest.approx(np.sqrt(1 / 3), abs=0.01)
    assert length(latent.arithmetic([single[0], single[2]], [single[1]])) == pytest.approx(
        np.sqrt(3), abs=0.01)
    assert length(latent.arithmetic([means[0], means[2]], [means[1]])) == pytest.approx(1, abs=0.01)
    made = latent.to_length(single[0], 2.5)
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 2.5)
    assert (made * single[0]).sum(1) == pytest.approx(2.5 * np.linalg.norm(single[0], axis=1))


def test_around_has_the_latent_in_the_middle():
    z = latent.around(Z[0], seed=3)
    assert z.shape == (9, L) and z.dtype == np.float32
    np.testing.assert_array_equal(z[4], Z[0])
    moved = np.delete(z, 4, 0) - Z[0]
    assert 0.2 < np.abs(moved).max() <= 0.2501 and abs(moved.mean()) < 0.05
    np.testing.assert_array_equal(z, latent.around(Z[0], seed=3))
    assert (z[0] != latent.around(Z[0], seed=4)[0]).any()
    np.testing.assert_array_equal(latent.around(Z[0], n=4, scale=0), np.stack([Z[0]] * 4))


@pytest.mark.parametrize("way", [latent.lerp, latent.slerp])
@pytest.mark.parametrize("a, b", [(Z[0], Z[1]), (A, B), (A.astype("float64"), B.astype("float64"))])
def test_walks_start_and_end_exactly(way, a, b):
    np.testing.assert_array_equal(way(a, b, 0), a)
    np.testing.assert_array_equal(way(a, b, 1.0), b)
    walk = way(a, b, np.linspace(0, 1, 7))
    assert walk.shape == (7, *a.shape) and walk.dtype == a.dtype
    np.testing.assert_array_equal(walk[[0, -1]], [a, b])
    np.testing.assert_allclose(walk[2], way(a, b, 1 / 3), rtol=1e-6)
    np.testing.assert_allclose(walk, way(b, a, np.linspace(1, 0, 7)), rtol=1e-5, atol=1e-6)


def test_lerp_by_hand():
    np.testing.assert_allclose(latent.lerp([0, 4], [2, 0], [0.25, 0.5]), [[0.5, 3], [1, 2]])


def test_slerp_by_its_formula():
    a, b = A.astype("float64"), B.astype("float64")
    for t in (0.1, 0.5, 0.9):
        u, v = (z / np.linalg.norm(z, axis=1, keepdims=True) for z in (a, b))
        w = np.arccos((u * v).sum(1, keepdims=True))
        oracle = np.sin((1 - t) * w) / np.sin(w) * a + np.sin(t * w) / np.sin(w) * b
        np.testing.assert_allclose(latent.slerp(a, b, t), oracle, rtol=1e-10)


def test_slerp_turns_evenly_and_keeps_lengths():
    a, b = np.array([3.0, 0.0]), np.array([0.0, 3.0])
    walk = latent.slerp(a, b, np.linspace(0, 1, 10))
    np.testing.assert_allclose(np.linalg.norm(walk, axis=1), 3)
    np.testing.assert_allclose(np.degrees(np.arctan2(walk[:, 1], walk[:, 0])), np.arange(0, 91, 10))
    units = latent.to_length(Z.astype("float64"), 1)
    walk = latent.slerp(units[:20], units[20:], np.linspace(0, 1, 5))
    np.testing.assert_allclose(np.linalg.norm(walk, axis=-1), 1)
    # The straight way between two latents at right angles cuts the corner.
    assert np.linalg.norm(latent.lerp(a, b, 0.5)) == pytest.approx(3 * np.sqrt(0.5))


def test_slerp_of_parallel_latents_is_the_straight_way():
    a = Z[0].astype("float64")
    t = np.linspace(0, 1, 5)
    np.testing.assert_allclose(latent.slerp(a, a, t), np.stack([a] * 5))
    np.testing.assert_allclose(latent.slerp(a, 3 * a, t), latent.lerp(a, 3 * a, t))
    near = a + 1e-9 * Z[1]
    np.testing.assert_allclose(latent.slerp(a, near, t), latent.lerp(a, near, t), rtol=1e-12)


# ------------------------------------------------------------------ finding


def test_found_latents_have_what_was_wanted():
    z = latent.find(GAN, READER, {"smile": True, "hat": False}, k=50, seed=2)
    assert z.shape == (50, L) and (z[:, 0] > 0).all() and (z[:, 2] < 0).all()
    every = GAN.latents(10_000, 2)
    fit = (every[:, 0] > 0) & (every[:, 2] < 0)
    np.testing.assert_array_equal(z, every[fit][:50])
    few = latent.find(GAN, READER, {"smile": True, "hat": False}, k=3, seed=2)
    np.testing.assert_array_equal(few, z[:3])
    sure = latent.find(GAN, READER, {"smile": True}, k=20, sure=0.9)
    assert (sure[:, 0] > 0.8).all()


def test_the_search_stops_when_it_has_enough_and_when_it_has_tried_enough():
    reader = Oracle()
    latent.find(GAN, reader, {"smile": True}, k=3)
    assert reader.shown == 500
    reader = Oracle()
    found = (GAN.latents(700, 0)[:, 1] > 0).sum()
    refuses(lambda: latent.find(GAN, reader, {"beard": True}, k=699, tries=700),
            ["wanted (beard True)", f"{found} of 700", "699 are needed", "raise tries"])
    assert reader.shown == 700


def test_read_gives_a_column_for_each_name():
    p = latent.read(GAN, READER, Z)
    assert p.shape == (40, 3)
    np.testing.assert_array_equal(p > 0.5, Z[:, :3] > 0)


@pytest.mark.parametrize("kind", ["means", "logistic"])
def test_the_direction_of_an_attribute_is_found(kind):
    """It is the second axis; 4,000 latents tell it to a few degrees."""
    z = GAN.latents(4000, 1)
    w = latent.direction(z, z[:, 1] > 0.3, kind)
    assert w.shape == (L,) and np.linalg.norm(w) == pytest.approx(1, abs=1e-6)
    assert w[1] > 0.99
    np.testing.assert_allclose(latent.direction(z, z[:, 1] <= 0.3, kind), -w, atol=1e-4)
    shares = latent.shares_along(GAN, READER, GAN.latents(500, 2), w, (-3, 0, 3))
    assert shares.shape == (3, 3)
    assert shares[0, 1] < 0.05 and 0.4 < shares[1, 1] < 0.6 and shares[2, 1] > 0.95
    assert (np.abs(shares[:, [0, 2]] - 0.5) < 0.12).all()  # the others stay


def test_a_logistic_direction_without_scikit_learn(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(ImportError, match=r"ganedu\[evaluate\]"):
        latent.direction(Z, Z[:, 0] > 0, "logistic")


# ------------------------------------------------------------------ counting

SMILING, NEUTRAL = {"smile": True, "beard": False}, {"smile": False, "beard": False}
BEARDED = {"smile": False, "beard": True}


def test_what_a_sum_should_have():
    assert latent.expected(SMILING, NEUTRAL, BEARDED) == {"smile": True, "beard": True}
    assert latent.expected({"hat": 1}, {"hat": 0}, {"smile": False}) == {"smile": False, "hat": 1}
    refuses(lambda: latent.expected(SMILING, SMILING, BEARDED), ["a and b", "differ in no"])


def test_success_is_counted_as_half_normal_numbers_add_up():
    """smile: |a| + |b| - |c| > 0, means of k; beard: -a + b + |c| > 0 for half-normal a, b."""
    result = latent.count(GAN, READER, SMILING, NEUTRAL, BEARDED, n=250, seed=3)
    half = np.abs(rng(9).normal(size=(2, 3, 200_000, 3)))

    def oracle(half):
        smile = half[0, 0] + half[0, 1] - half[0, 2] > 0
        return np.mean(smile & (-half[1, 0] + half[1, 1] + half[1, 2] > 0))

    for name, chance in {
        "mean of 3": oracle(half.mean(-1)),
        "one latent": oracle(half[..., 0]),
        "one, to length": oracle(half[..., 0]),  # the sign of a pixel does not know the length
        "c alone": 0,
        "chance": 0.25,
    }.items():
        found = result.shares[name]
        # One interval in twenty misses; these are of one seed, and of a wider one.
        assert found.share == pytest.approx(chance, abs=0.08), name
    assert result.shares["chance"].n == 10_000 and result.shares["mean of 3"].n == 250
    assert result.shares["any direction"].share < result.shares["one latent"].share
    assert result.attributes["smile"].share >= result.shares["mean of 3"].share
    gain, low, high = result.gain
    means, ones = (result.shares[name].share for name in ("mean of 3", "one latent"))
    assert gain == pytest.approx(means - ones) and low < gain < high
    again = latent.count(GAN, READER, SMILING, NEUTRAL, BEARDED, n=250, seed=3)
    assert again == result
    text = str(result)
    assert text.startswith("a - b + c should have: smile, beard\n") and "mean of 3 less one latent" in text
    assert max(map(len, text.splitlines())) <= 76


def test_no_latent_serves_twice():
    """a and b both fit c: without this, a latent could be taken off and put back."""
    seen = []

    class Watched(Plain):
        def images_from(self, z):
            seen.append(z)
            return super().images_from(z)

    any_face = {"hat": False}
    a, b = {"smile": True, "hat": False}, {"smile": False, "hat": False}
    latent.count(Watched(), READER, a, b, any_face, k=1, n=100, tries=2000)
    pool, sums, _, _, start, _ = seen
    assert sums.shape == start.shape == (100, L)
    free = pool[pool[:, 2] < 0]
    groups = [free[free[:, 0] > 0][:100], free[free[:, 0] < 0][:100]]
    used = {z.tobytes() for g in groups for z in g}
    assert not used & {z.tobytes() for z in start}
    np.testing.assert_allclose(sums, groups[0] - groups[1] + start, atol=1e-6)


def test_too_few_for_the_triples():
    refuses(lambda: latent.count(GAN, READER, SMILING, NEUTRAL, BEARDED, n=900),
            ["a (smile True, beard False)", "of 10000", "2700 are needed"])


# ------------------------------------------------------------------ bad input

BAD = {
    "one": (lambda: latent.mean_of(Z[0]), ["z has shape (16,)", "[N, L]"]),
    "multiple": (lambda: latent.mean_of(Z, 3), ["z holds 40", "multiple of k, which is 3"]),
    "nan": (lambda: latent.mean_of(Z * np.nan), ["z holds NaN"]),
    "unlike": (lambda: latent.mean_of([[1.0], [1.0, 2.0]]), ["z is a list of unlike"]),
    "text": (lambda: latent.around("z"), ["z has shape ()", "give one latent [L]"]),
    "plus": (lambda: latent.arithmetic(Z[0], [Z[1]]), ["plus is an array of shape (16,)", "[a, c]"]),
    "no plus": (lambda: latent.arithmetic([]), ["plus is []"]),
    "shapes": (lambda: latent.arithmetic([A, B], [Z[0]]), ["minus[0] has shape (16,)", "(8, 16)"]),
    "scale": (lambda: latent.around(Z[0], scale=-1), ["scale is -1"]),
    "t": (lambda: latent.lerp(A, B, np.nan), ["t is nan", "from 0 to 1"]),
    "t text": (lambda: latent.slerp(A, B, "half"), ["t is 'half'"]),
    "pair": (lambda: latent.slerp(A, Z[0], 0.5), ["b has shape (16,), a (8, 16)"]),
    "zero": (lambda: latent.slerp(A, 0 * B, 0.5), ["b is 0 everywhere", "lerp"]),
    "opposite": (lambda: latent.slerp(A, -2 * A, 0.5), ["a and b are opposite", "third latent"]),
    "length": (lambda: latent.to_length(Z, 0), ["length is 0"]),
    "no length": (lambda: latent.to_length(0 * Z, 1), ["z holds a latent that is 0"]),
    "reader": (lambda: latent.find(GAN, abs, {"smile": True}), ["reader is a abs", "names and"]),
    "names": (lambda: latent.find(GAN, READER, {"smil": True}),
              ["an attribute in wanted is 'smil'", "did you mean 'smile'"]),
    "wanted": (lambda: latent.find(GAN, READER, "smile"), ["wanted is 'smile'", "{'smile': True}"]),
    "truth": (lambda: latent.find(GAN, READER, {"hat": "no"}), ["wanted['hat'] is 'no'", "True or"]),
    "sure": (lambda: latent.find(GAN, READER, {"hat": True}, sure=1), ["sure is 1", "[0.5, 1)"]),
    "has": (lambda: latent.direction(Z, Z[:, 0]), ["has is an array of shape (40,)", "40 latents"]),
    "all": (lambda: latent.direction(Z, np.ones(40)), ["has is True for all 40 latents"]),
    "kind": (lambda: latent.direction(Z, Z[:, 0] > 0, "svm"), ["kind is 'svm'", "'logistic'"]),
    "w": (lambda: latent.shares_along(GAN, READER, Z, Z[0, :3], (0,)), ["w has shape (3,)", "(16,)"]),
    "target": (lambda: latent.count(GAN, READER, SMILING, NEUTRAL, BEARDED, {"nose": True}),
               ["an attribute in target is 'nose'"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_named(kind):
    call, words = BAD[kind]
    refuses(call, words)


def test_a_reader_that_gives_too_little():
    class Short(Oracle):
        names = ("smile", "beard")

    refuses(lambda: latent.read(GAN, Short(), Z), ["shape (40, 3)", "smile, beard", "(40, 2)"])
