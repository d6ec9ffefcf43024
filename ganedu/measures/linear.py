"""Classifiers on features: linear ones with a chosen strength, RBF, neighbours; and few labels.

All are scikit-learn's.  The strength C of a fit is chosen on training images that are held out for it,
never on the test images, of 10,000 at most; the classifier is then taught by all training images and
tested once.

    linear.fit(x, y, test_x, test_y).accuracy
"""

from typing import NamedTuple

import numpy as np

from .. import checks

GRID = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
HELD = 0.2  # share of the training images that choose C
CHOOSING = 10_000  # training images that a choice of C looks at, at most: each C is a fit of its own
FASTEST = "ridge"  # about half a point from the SVM, many times as fast: see benchmarks/probes.py


class Probe(NamedTuple):
    """What a classifier made of features.

    accuracy: on the test images.  C: the strength that was chosen.  tried: {C: accuracy on the held
    out training images}.  at_edge: C is the first or last that was tried, so a wider grid may be
    better.  confusion: counts [K, K], row y the class, column k what it was read as.
    """

    accuracy: float
    C: float
    tried: dict
    at_edge: bool
    confusion: np.ndarray


def _svm(C, n, seed):
    """L2-SVM, the papers': squared hinge.  The bias is not punished much: it is scaled up."""
    from sklearn.svm import LinearSVC

    return LinearSVC(C=C, dual="auto", intercept_scaling=10.0, random_state=seed, max_iter=2000)


def _ridge(C, n, seed):
    """Least squares on labels of +1 and -1: one system of equations, no iterations."""
    from sklearn.linear_model import RidgeClassifier

    return RidgeClassifier(alpha=1 / C, solver="cholesky")


def _sgd(C, n, seed):
    """The SVM's loss, a few passes of averaged stochastic gradients."""
    from sklearn.linear_model import SGDClassifier

    return SGDClassifier("squared_hinge", alpha=1 / (C * n), average=True, random_state=seed, max_iter=20)


def _rbf(C, n, seed):
    return Rbf(C)


class Rbf:
    """scikit-learn's `SVC(C, kernel="rbf", gamma="scale")`, its kernel made by one product of matrices.

    libsvm computes it entry by entry, which for thousands of features takes a hundred times as long.
    """

    def __init__(self, C):
        self.C = C

    def fit(self, x, y):
        """Teaches the machine on features x [N, F] with labels y [N]; returns it."""
        from sklearn.svm import SVC

        self.x, self.gamma = x, 1 / (x.shape[1] * x.var(dtype=np.float64))
        self.machine = SVC(C=self.C, kernel="precomputed").fit(self._kernel(x), y)
        return self

    def predict(self, x):
        """The class [N] that each is read as."""
        return self.machine.predict(self._kernel(x))

    def score(self, x, y):
        """The share that is read as y."""
        return float((self.predict(x) == y).mean())

    def _kernel(self, x):
        from sklearn.metrics.pairwise import rbf_kernel

        return rbf_kernel(x, self.x, gamma=self.gamma)


KINDS = {"svm": _svm, "ridge": _ridge, "sgd": _sgd, "rbf": _rbf}


def fit(x, y, test_x, test_y, kind=FASTEST, grid=GRID, seed=0, say=None):
    """Teaches a classifier on features x [N, F] with labels y [N], and tests it.

    Args:
        x, y, test_x, test_y: features and labels of training and of test images.
        kind: "svm", "ridge", "sgd", or "rbf", which is not linear.
        grid: strengths C to choose from; one alone is taken as it is.
        seed: of the split, and of what is random in the fit.
        say: called with a line for each C.

    Returns:
        A `Probe`.

    Raises:
        ValueError: features that are no numbers or of two sizes, labels that do not fit, or a
            strength that is not above 0.
    """
    x, y = _given("x", "y", x, y)
    test_x, test_y = _given("test_x", "test_y", test_x, test_y)
    if x.shape[1] != test_x.shape[1]:
        raise ValueError(f"test_x has {test_x.shape[1]} features, x {x.shape[1]}; they must be the same ones")
    make = KINDS[checks.choice("kind", kind, tuple(KINDS))]
    grid = [checks.number("grid", C, "(0, inf)") for C in grid]
    tried = {}
    if len(grid) > 1:
        some = np.flatnonzero(split(y, CHOOSING / len(y), seed)) if len(y) > CHOOSING else np.arange(len(y))
        held = split(y[some], HELD, seed)
        taught, held = some[~held], some[held]
        for C in grid:
            tried[C] = float(make(C, len(taught), seed).fit(x[taught], y[taught]).score(x[held], y[held]))
            if say:
                say(f"C = {C:g}: {tried[C]:.4f} of {len(held):,} held out training images")
    C = max(tried, key=tried.get) if tried else grid[0]
    read = make(C, len(y), seed).fit(x, y).predict(test_x)
    classes = 1 + int(max(y.max(), test_y.max()))
    confusion = np.bincount(test_y * classes + read, minlength=classes**2).reshape(classes, classes)
    return Probe(float((read == test_y).mean()), C, tried, C in (grid[0], grid[-1]) and len(grid) > 1, confusion)


def neighbours(x, y, test_x, test_y, k=5):
    """Accuracy of the k nearest neighbours' vote."""
    from sklearn.neighbors import KNeighborsClassifier

    x, y = _given("x", "y", x, y)
    test_x, test_y = _given("test_x", "test_y", test_x, test_y)
    k = checks.whole("k", k, 1, len(x))
    return float(KNeighborsClassifier(k).fit(x, y).score(test_x, test_y))


def few_labels(x, y, test_x, test_y, per_class, draws=10, kind=FASTEST, grid=GRID, seed=0):
    """The same with only so many labels a class, drawn again and again.

    C is chosen once, on the first draw's images and as many others of the training images.

    Returns:
        (mean accuracy, 1.96 times its standard deviation over the draws, the accuracies).
    """
    x, y = _given("x", "y", x, y)
    per_class = checks.whole("per_class", per_class, 1, int(np.bincount(y)[np.unique(y)].min()))
    found, C = [], None
    for draw in range(checks.whole("draws", draws, 1)):
        rng = np.random.default_rng([seed, draw])
        rows = np.sort(np.concatenate([rng.permutation(np.flatnonzero(y == k))[:per_class] for k in np.unique(y)]))
        probe = fit(x[rows], y[rows], test_x, test_y, kind, grid if C is None else (C,), seed)
        C = probe.C
        found.append(probe.accuracy)
    return float(np.mean(found)), 1.96 * float(np.std(found, ddof=min(1, draws - 1))), found


def split(y, share, seed=0):
    """Which images are held out: a mask [N] with that share of each class, drawn."""
    rng, held = np.random.default_rng(seed), np.zeros(len(y), bool)
    for k in np.unique(y):
        mine = rng.permutation(np.flatnonzero(y == k))
        held[mine[: max(1, round(share * len(mine)))]] = True
    return held


def _given(name, labels_name, x, y):
    x = np.asarray(x)
    if x.ndim != 2 or not x.size or x.dtype.kind != "f":
        raise ValueError(f"{name} has shape {x.shape} and dtype {x.dtype}; give floats [N, F]")
    return x, checks.labels(labels_name, y, len(x))
