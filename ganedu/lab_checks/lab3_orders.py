"""Lab 3, orders: the checks of balanced labels, of what was read, and of its mistakes."""

import numpy as np

from ..data import load
from ..measures import readers
from .common import Wrong, array, ask, call, check, close, pair, play, returned, run, shown

# ------------------------------------------------------------------ orders


def drawn(balanced_labels, n, seed):
    return call(balanced_labels, n, np.random.default_rng(seed))


@check
def balanced_labels(balanced_labels, seed):
    def draw(n, seed):
        y = array(f"balanced_labels({n}, rng)", run(drawn, balanced_labels, n, seed), (n,))
        assert y.dtype == np.int32, f"the labels have dtype {y.dtype}; it must be int32"
        assert y.min() >= 0 and y.max() <= 9, f"labels run from {y.min()} to {y.max()}; 0 to 9"
        counts = np.bincount(y, minlength=10)
        assert np.ptp(counts) <= 1, (
            f"of {n} labels the classes get {counts.tolist()}; the counts may differ by 1 at most. "
            "Drawing each label at random is not balanced")
        return y

    for n in (30, 7, 200, 1, 95):
        draw(n, seed + n)
    draws = [draw(64, 100 * seed + s) for s in range(40)]
    assert all(np.array_equal(draws[s], draw(64, 100 * seed + s)) for s in (0, 1)), (
        "the same rng gives other labels the second time: draw with rng, not with np.random")
    assert len({tuple(d) for d in draws}) > 1, "every rng gives the same labels: use rng"
    assert len({d[0] for d in draws}) > 1, "the order is not random: shuffle with rng.permutation"
    assert not any((d[:50] == d[10:60]).all() for d in draws), (
        "the ten classes come in the same order again and again: shuffle all n labels")
    assert not all(len(set(d[i : i + 10])) == 10 for d in draws for i in range(0, 60, 10)), (
        "each ten labels hold every class once, so the last of ten can be foretold: put all n "
        "labels together first, then shuffle them once, rng.permutation")
    assert len({c for d in draws for c in np.flatnonzero(np.bincount(d) == 7)}) > 5, (
        "64 = 6 * 10 + 4, and it is always the same four classes that come seven times: leave that "
        "to rng too")
    return "Balanced, in random order."


@check
def row_per_class(row_per_class, seed):
    for m, size in [(3, 2), (7, 16)]:
        z = np.random.default_rng(seed).normal(size=(m, size)).round(2)
        zs, ys = pair("row_per_class", ask(row_per_class, z), "zs, ys")
        why = f"{m} latents, each with ten labels"
        zs, ys = array("zs", zs, (10 * m, size), why), array("ys", ys, (10 * m,), why)
        assert ys.dtype == np.int32, f"ys has dtype {ys.dtype}; it must be int32"
        assert np.array_equal(ys, np.repeat(np.arange(10), m)), (
            f"ys begins {ys[: m + 1].tolist()}; the first row of the sheet is class 0, {m} times: "
            "np.repeat")
        assert close([zs], [np.concatenate([z] * 10)]), (
            f"zs begins {shown(zs[: m + 1, 0])} (first numbers). Each row of the sheet has all "
            "the latents, in the same order: np.tile")
    return "A row for each class, a column for each latent."


def trained(train, make_generator, make_discriminator):
    """The student's networks, trained.  No points."""
    return play(train, play(make_generator), play(make_discriminator))


def obeyed(gan, labels):
    """Asks the trained GAN for these labels and gives what is read.  No points."""
    if gan is None:
        raise Wrong("there is no trained GAN: run the cell above first, it must come through")
    try:
        labels = array("balanced_labels(1000, rng)", labels, (1000,)).astype("int32")
    except AssertionError as error:
        raise Wrong(str(error)) from None
    if not np.isin(labels, range(10)).all():
        raise Wrong("balanced_labels gives labels that are not 0 to 9")
    reader = readers.load("digits")
    fake = gan.sample(labels=labels, seed=1)
    read = reader.probabilities(fake).argmax(1)
    success = np.mean(read == labels)
    print(f"success rate {success:.3f}; by chance it would be 0.1; the reader's own, on "
          f"{len(load('digits', 'test').labels):,} real digits, is {reader.accuracy:.3f}")
    if success < 0.6:
        raise Wrong(
            f"only {success:.2f} of the images read as what was asked for; it should be above 0.6. "
            "Do all your functions pass? If the digits are good but wrong, the label is lost on "
            "its way; if they are no digits, look at the rules")
    if np.mean([fake[labels == k].std(axis=0).mean() for k in range(10)]) < 0.1:
        raise Wrong("the images of one class are all alike: does z reach the output?")
    print("Your orders are obeyed, mostly.")
    return read


# ------------------------------------------------------------------ mistakes of the GAN


@check
def confusion_matrix(confusion_matrix, seed):
    rng = np.random.default_rng(seed)
    for sizes in ([10] * 10, rng.integers(1, 40, 10), [9, 0, *range(1, 8), 0]):
        true = rng.permutation(np.repeat(np.arange(10), sizes))
        said = np.where(rng.random(len(true)) < 0.7, true, rng.integers(0, 9, len(true)))
        right = np.array([[np.sum((true == i) & (said == j)) for j in range(10)]
                          for i in range(10)])
        found = array("confusion_matrix", ask(confusion_matrix, true, said), (10, 10),
                      "also where the last class is never asked for and never read")
        assert found.dtype.kind in "iu", f"it holds {found.dtype}; counts are whole numbers"
        assert not np.array_equal(found, right.T), (
            "rows and columns are swapped: the row is what was asked for")
        assert found.sum() == len(true), (
            f"{len(true)} images, but the counts add up to {found.sum()}. `counts[asked, read] += "
            "1` counts a pair once, however often it comes: use np.add.at, or a loop")
        assert np.array_equal(found, right), (
            f"row 0 of yours is {found[0].tolist()}, by hand {right[0].tolist()}")
    return "Every image is counted once."


def _matrix(rng):
    counts = rng.integers(0, 4, (10, 10))
    np.fill_diagonal(counts, rng.integers(10, 60, 10))
    return counts


@check
def success_per_class(success_per_class, seed):
    counts = _matrix(np.random.default_rng(seed))
    found = array("success_per_class", ask(success_per_class, counts), (10,),
                  "ten numbers, one a class")
    right = np.diag(counts) / counts.sum(axis=1)
    assert not np.allclose(found, np.diag(counts) / counts.sum(axis=0)), (
        "you divide by the sums of columns (how often a class was read); of the images *asked for* "
        "as i, the row, how many were right?")
    assert not np.allclose(found, np.diag(counts) / counts.sum()), (
        "you divide by all images; of those asked for as i, how many were right?")
    assert not np.allclose(found, np.diag(counts)), (
        "these are the counts of what was read right: divide each by the sum of its row")
    assert not np.allclose(found, 100 * right), "a share runs from 0 to 1: no per cent"
    assert not np.allclose(found, 1 - right), "that is the share that was read wrong"
    assert np.allclose(found, right), f"you give {shown(found)}, by hand {shown(right)}"
    return "Of what was asked for."


@check
def most_confused(most_confused, seed):
    def most(matrix):
        found = returned("most_confused", ask(most_confused, matrix))
        assert np.ndim(found) != 0, (
            f"it gives {found}: argmax gives the place in the *flattened* matrix; "
            "np.unravel_index makes row and column of it")
        return tuple(int(i) for i in pair("most_confused", found, "asked, read"))

    rng = np.random.default_rng(seed)
    matrix = 90 * np.eye(10, dtype=int)
    matrix[4, 9], matrix[7, 1] = 10, 8
    fewer = matrix.copy()
    fewer[7] //= 3  # 7 was asked for less often: 30 times right, 6 times wrong
    fewer[7, 1] = 6
    matrices = [matrix, fewer, *(_matrix(rng) for _ in range(4))]
    said = [most(counts) for counts in matrices]
    off = [counts * (1 - np.eye(10)) for counts in matrices]
    right, early, *wrong = ([divmod(int(share.argmax()), 10) for share in shares] for shares in (
        [a / m.sum(1, keepdims=True) for a, m in zip(off, matrices)],
        [a / a.sum(1, keepdims=True).clip(1) for a in off],
        off,
        [a / m.sum(0, keepdims=True) for a, m in zip(off, matrices)],
        [a / m.sum(1) for a, m in zip(off, matrices)]))
    # Not of the first two matrices, where this is 0 / 0 for a class without mistakes.
    assert said[2:] != early[2:] or early[2:] == right[2:], (
        "you remove the diagonal before you divide, so that the shares are those of the mistakes "
        "alone: divide by the full row sums first, then remove the diagonal")
    assert said != [pair[::-1] for pair in right], "the pair is the wrong way round: (asked, read)"
    for words, mistaken in zip((
        "you compare counts; compare shares of the row, as classes may have been asked for "
        "unequally often",
        "you divide by the sums of columns; a share is one of its *row*, axis=1",
        "the row sums run along the columns: keepdims=True, in .sum(axis=1, keepdims=True)",
    ), wrong):
        assert said != mistaken, words
    for counts, yours, best in zip(matrices, said, right):
        i, j = best
        assert yours[0] != yours[1], f"it gives {yours}: a class that is read right is no mistake"
        assert yours == best, (
            f"you say {yours}; {i} was taken for {j} most often, in {counts[i, j]} of "
            f"{counts[i].sum()} (and {yours[0]} for {yours[1]} in {counts[yours]} of "
            f"{counts[yours[0]].sum()})")
    return "The largest share of a row."
