"""Measures against their oracles."""

import numpy as np
import pytest

from ganedu import evaluate

rng = np.random.default_rng(0)


def test_frechet_distance_of_gaussians_with_known_moments():
    """For diagonal covariances d^2 = |m1 - m2|^2 + sum (s1 - s2)^2: a closed form."""
    n, means, sds = 200_000, np.array([1.0, -2.0, 0.5]), np.array([1.0, 2.0, 0.5])
    a = rng.normal(size=(n, 3))
    b = means + sds * rng.normal(size=(n, 3))
    expected = (means**2).sum() + ((1 - sds) ** 2).sum()
    assert evaluate.frechet_distance(a, b) == pytest.approx(expected, rel=0.02)


def test_frechet_distance_against_a_matrix_root():
    from scipy.linalg import sqrtm

    a, b = rng.normal(size=(60, 5)) @ rng.normal(size=(5, 5)), rng.normal(size=(80, 5)) + 1
    c1, c2 = np.cov(a.T), np.cov(b.T)
    gap = a.mean(0) - b.mean(0)
    oracle = gap @ gap + np.trace(c1 + c2 - 2 * sqrtm(c1 @ c2).real)
    assert evaluate.frechet_distance(a, b) == pytest.approx(oracle, rel=1e-8)
    assert evaluate.frechet_distance(b, a) == pytest.approx(oracle, rel=1e-8)


def test_frechet_distance_of_a_set_to_itself():
    a = rng.normal(size=(40, 6))
    assert evaluate.frechet_distance(a, a) == pytest.approx(0, abs=1e-8)


def test_inception_score_at_its_ends():
    certain = np.eye(10)[np.arange(50) % 10]
    assert evaluate.inception_score(certain) == pytest.approx(10)
    assert evaluate.inception_score(np.eye(10)[[3] * 50]) == pytest.approx(1)
    assert evaluate.inception_score(np.full((50, 10), 0.1)) == pytest.approx(1)


def test_inception_score_by_hand():
    p = np.array([[0.9, 0.1], [0.2, 0.8]])
    q = p.mean(0)
    oracle = np.exp(np.mean([(row * np.log(row / q)).sum() for row in p]))
    assert evaluate.inception_score(p) == pytest.approx(oracle)


def test_class_shares():
    p = np.eye(4)[[0, 0, 1, 3]]
    np.testing.assert_allclose(evaluate.class_shares(p), [0.5, 0.25, 0, 0.25])


def test_coarse_pixels_are_block_means():
    x = rng.uniform(-1, 1, (5, 28, 28, 3)).astype("float32")
    small = evaluate.coarse_pixels(x).reshape(5, 7, 7, 3)
    oracle = x.reshape(5, 7, 4, 7, 4, 3).mean((2, 4))
    np.testing.assert_allclose(small, oracle, atol=1e-6)
    assert evaluate.coarse_pixels(x[:, :5, :5]).shape == (5, 75)


def test_the_classifier_reads_digits():
    """One epoch is enough to see that it learns; the gates train it longer."""
    from ganedu import data

    model, accuracy = evaluate.train_classifier("digits", epochs=1)
    assert accuracy > 0.9
    test = data.load("digits", "test")
    read = model.predict(data.scale()(test.images), batch_size=500, verbose=0)
    assert accuracy == pytest.approx((read.argmax(1) == test.labels).mean(), abs=1e-4)
    assert evaluate.inception_score(read) > 7.5
