"""A reader of several attributes at once."""

import numpy as np
import pytest
from helpers import close, refuses, rng

from ganedu import data, latent
from ganedu.measures import attributes, intervals, readers

NAMES = ("smile", "glasses", "hat")
IMAGES = rng(0).uniform(-1, 1, (7, 16, 16, 3)).astype("float32")


@pytest.fixture(scope="module")
def reader():
    """Untrained: what it says need not be right here."""
    return attributes.AttributeReader("faces", readers.new_network((16, 16, 3), 3, seed=1), NAMES)


def test_each_attribute_is_a_question_of_its_own(reader):
    features, p = reader.read(IMAGES)
    f, logits = (np.asarray(part) for part in reader.model(IMAGES, training=False))
    close(features, f)
    close(p, 1 / (1 + np.exp(-logits.astype("float64"))))
    np.testing.assert_array_equal(reader.probabilities(IMAGES), p)
    assert reader.names == NAMES and "smile, glasses, hat" in repr(reader)
    assert reader.model.trainable_variables == []


def test_it_reads_for_latents(reader):
    class Gan:
        def images_from(self, z):
            return IMAGES[: len(z)]

    close(latent.read(Gan(), reader, np.zeros((5, 2))), reader.probabilities(IMAGES[:5]))


def test_accuracy_by_hand(reader):
    truths = (reader.probabilities(IMAGES) > 0.5).astype(int)
    truths[:3, 1] ^= 1
    np.testing.assert_allclose(attributes.accuracy(reader, IMAGES, truths), [1, 4 / 7, 1])


def test_training_learns_repeats_itself_and_survives_the_disk(tmp_path):
    """1,000 faces of 16 pixels and 4 epochs: long hair and hats are read from their size."""
    faces = data.load("faces", size=16, n=1000)
    test = data.load("faces", "test", size=16, n=300)
    x = data.scale()(test.images)
    columns = [faces.attribute_names.index(name) for name in ("long_hair", "hat", "beard")]
    names = [faces.attribute_names[i] for i in columns]
    made = [attributes.train(faces.images, faces.attributes[:, columns], names, 5, epochs=4)
            for _ in range(2)]
    assert made[0].hash == made[1].hash
    right = attributes.accuracy(made[0], x, test.attributes[:, columns])
    assert right.shape == (3,) and right[0] > 0.85 and right.min() > 0.7, right
    readers.save(made[0], tmp_path / "faces.npz")
    assert (tmp_path / "faces.npz").stat().st_size < 2_000_000
    with np.load(tmp_path / "faces.npz") as file:
        network = readers.new_network((16, 16, 3), 3)
        network.set_weights([file[key].astype("float32") for key in sorted(file.files)])
    assert readers.hash_of(network)[:12] == made[0].hash


FACES = np.zeros((4, 16, 16, 3), "uint8")
BAD = {
    "rows": (lambda: attributes.train(FACES, np.ones((3, 2)), "ab"),
             ["attributes is an array of shape (3, 2)", "each of the 4 images"]),
    "values": (lambda: attributes.train(FACES, np.full((4, 2), 0.5), "ab"), ["give 0 or 1"]),
    "names": (lambda: attributes.train(FACES, np.ones((4, 2)), ["hat"]), ["names is ('hat',)", "give 2"]),
    "twice": (lambda: attributes.train(FACES, np.ones((4, 2)), "aa"), ["give 2 that differ"]),
    "epochs": (lambda: attributes.train(FACES, np.ones((4, 2)), "ab", epochs=0), ["epochs is 0"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_named(kind):
    call, words = BAD[kind]
    refuses(call, words)


# ------------------------------------------------------------------ the interval of a share


@pytest.mark.parametrize("hits, n", [(0, 1), (0, 20), (1, 20), (9, 10), (150, 300), (300, 300)])
def test_intervals_of_shares_against_scipy(hits, n):
    from scipy.stats import binomtest

    oracle = binomtest(hits, n).proportion_ci(method="wilson")
    found = intervals.Share(hits, n)
    assert (found.low, found.high) == pytest.approx(tuple(oracle), abs=1e-6)
    assert found.share == hits / n and str(found).endswith(f", {hits} of {n}")
    assert 0 <= found.low <= found.share <= found.high <= 1


def test_impossible_shares():
    refuses(lambda: intervals.Share(0, 0), ["n is 0"])
    refuses(lambda: intervals.Share(5, 4), ["hits is 5", "from 0 to 4"])
