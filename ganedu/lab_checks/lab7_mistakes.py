"""What the usual mistakes in lab 7's Tasks 1 and 2 give: (words, function of the case that makes it)."""

import numpy as np

from .lab7_parts import _confident


def _softmax(p):
    return np.exp(p) / np.exp(p).sum(1, keepdims=True)


CONFIDENT = [
    ("an image at exactly `at_least` is kept: >=, not >", lambda p, q: p.max(1) > q),
    ("these are the images that are thrown away: turn the comparison round", lambda p, q: p.max(1) < q),
    ("these are the images that are thrown away: turn the comparison round", lambda p, q: p.max(1) <= q),
    ("*every* class would need such a probability, the least one too; the predicted class alone: "
     "p.max(axis=1)", lambda p, q: (p >= q).all(1)),
    ("p holds probabilities already: no softmax", lambda p, q: _softmax(p).max(1) >= q),
    ("argmax is the class; its probability is the max", lambda p, q: p.argmax(1) >= q),
    ("that is class 0's probability; the predicted class is another one in each row",
     lambda p, q: p[:, 0] >= q),
    ("that is the last class's probability; the predicted class is another one in each row",
     lambda p, q: p[:, -1] >= q),
    ("a row of p sums to 1 whatever the classifier thinks: its largest entry, p.max(axis=1)",
     lambda p, q: p.sum(1) >= q - 1e-9),
    ("the mean of a row is 1 / K whatever the classifier thinks: its largest entry, p.max(axis=1)",
     lambda p, q: p.mean(1) >= q),
    ("`at_least` is not used: 0.999 always", lambda p, q: p.max(1) >= 0.999),
    ("that is the distance to the second class; the largest probability itself is to be `at_least`",
     lambda p, q: np.sort(p, 1)[:, -1] - np.sort(p, 1)[:, -2] >= q),
    ("the number is a probability, not a rank: no quantile", lambda p, q:
     p.max(1) >= np.quantile(p.max(1), q)),
]  # fmt: skip


def _shares():
    def said(p):
        return p.argmax(1)

    def wrong(p, asked):
        return said(p) != asked

    def of_asked(p, asked):
        return np.take_along_axis(p, asked[:, None], 1)[:, 0]

    return [
        ("that is the share that is *right*: predicted != asked", lambda p, a, q:
         1 - wrong(p, a)[_confident(p, q)].mean()),
        ("you divide by all images; by those that are kept", lambda p, a, q:
         (wrong(p, a) & _confident(p, q)).mean()),
        ("the filter is missing: that is the share among all images", lambda p, a, q: wrong(p, a).mean()),
        ("that is how many; the share among the kept ones", lambda p, a, q:
         wrong(p, a)[_confident(p, q)].sum()),
        ("no per cent: a share runs from 0 to 1", lambda p, a, q: 100 * wrong(p, a)[_confident(p, q)].mean()),
        ("you filter by the probability of the class *asked for*; the filter asks for the predicted "
         "class's, whichever it is", lambda p, a, q: wrong(p, a)[of_asked(p, a) >= q].mean()),
        ("you filter by the probability of the class *asked for*; the filter asks for the predicted "
         "class's, whichever it is", lambda p, a, q: 0.0),
        ("a label is wrong where the classifier predicts another class, however sure it is of the asked one",
         lambda p, a, q: (of_asked(p, a) < q)[_confident(p, q)].mean()),
        ("that is the share among those thrown away", lambda p, a, q: wrong(p, a)[~_confident(p, q)].mean()),
        ("that is the share of the wrong ones that is kept; the share of the kept ones that is wrong",
         lambda p, a, q: _confident(p, q)[wrong(p, a)].mean()),
        ("that is the share that is kept", lambda p, a, q: _confident(p, q).mean()),
        ("that is the share thrown away", lambda p, a, q: (~_confident(p, q)).mean()),
        ("you pair the kept images with the *first* of `asked`: asked[kept]", lambda p, a, q:
         (said(p)[_confident(p, q)] != a[: _confident(p, q).sum()]).mean()),
        ("p.argmax() is one number, a place in the whole table: argmax over axis=1", lambda p, a, q:
         (p.argmax() != a)[_confident(p, q)].mean()),
        ("p.argmax() is one number, a place in the whole table: argmax over axis=1", lambda p, a, q:
         (p[_confident(p, q)].argmax() != a)[_confident(p, q)].mean()),
        ("a probability is compared with a label; the class is p.argmax(axis=1)", lambda p, a, q: 1.0),
        ("argmax over the wrong axis: the classes are axis 1", lambda p, a, q:
         (np.resize(p.argmax(0), len(a)) != a)[_confident(p, q)].mean()),
        ("you divide by the number thrown away; by those that are kept", lambda p, a, q:
         (wrong(p, a) & _confident(p, q)).sum() / (~_confident(p, q)).sum()),
    ]  # fmt: skip


SHARES = _shares()


# ------------------------------------------------------------------ how many rows of each class


def _more_for_the_others(n, there, ratio):
    each = np.where(there > 0, n, 0)
    return np.round(ratio * n.sum() * each / max(each.sum(), 1))


def _counts():
    """The rules for the counts of a mixture; with and without classes that only one side has."""
    own = "a class gets `ratio` times as many as *it* has real ones"
    rows = [
        ("the fraction is cut off; round it: round(ratio * n_y)", lambda n, m, r: np.floor(r * n)),
        ("the fraction is rounded up; to the nearest: round(ratio * n_y)", lambda n, m, r: np.ceil(r * n)),
        (f"the classes get equally many; {own}", lambda n, m, r: np.round(r * n.sum() / (n > 0).sum())),
        (f"the classes get equally many; {own}", lambda n, m, r: np.round(r * n.sum() / (m > 0).sum())),
        (f"the classes get equally many; {own}", lambda n, m, r: np.round(r * n.sum() / len(n))),
        ("the others get more because a class is lacking; each gets its own round(ratio * n_y), no more",
         _more_for_the_others),
        ("`ratio` counts from the *real* images of a class; yours counts from the made ones",
         lambda n, m, r: np.minimum(np.round(r * m), m)),
        ("these are all made images of each class: `ratio` is not used", lambda n, m, r: m),
        ("`ratio` is not used: as many made as real ones", lambda n, m, r: np.minimum(n, m)),
        ("`ratio` is made images for one *real* image, not their share of the mixture",
         lambda n, m, r: np.minimum(np.round(r * n / (1 - r)), m) if r < 1 else m),
        ("the ratio is upside down: made images for one real one",
         lambda n, m, r: np.minimum(np.round(n / r), m) if r else m),
        ("the real images are counted in; give the rows of `made` alone",
         lambda n, m, r: np.minimum(n + np.round(r * n), m)),
        ("each class gets what the *first* one gets: n_y is its own number of real images",
         lambda n, m, r: round(r * int(n[np.flatnonzero(n)[0]]))),
        ("each class gets what all real images give together; n_y is its own number",
         lambda n, m, r: np.minimum(np.round(r * n.sum()), m)),
        ("one class alone gets its share; round(ratio * n_y) of *each*", lambda n, m, r:
         np.where(np.arange(len(n)) == np.flatnonzero(n)[-1], np.round(r * n), 0)),
        ("one class alone gets its share; round(ratio * n_y) of *each*", lambda n, m, r:
         np.where(np.arange(len(n)) == np.flatnonzero(n)[0], np.round(r * n), 0)),
    ]

    def rule(count, absent):
        def counted(real, made, ratio):
            k = max(real.max(), made.max()) + 1
            n, there = np.bincount(real, minlength=k), np.bincount(made, minlength=k)
            kept = (there > 0) & ((n > 0) | absent)
            return np.where(kept, np.broadcast_to(count(n, there, ratio), k), 0).astype(int)
        return counted

    return [(words, rule(count, absent)) for words, count in rows for absent in (False, True)]


COUNTS = _counts()
