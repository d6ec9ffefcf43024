"""What the usual mistakes in lab 4 give, so that a check can name them."""

import numpy as np

from .lab4_given import distances
from .lab4_parts import _neighbour_ratio, _radii


def distances_gone_wrong(a, b, right):
    """(the mistake in words, the distance that it gives)."""
    m = a.mean(0) - b.mean(0)
    c1, c2 = (np.atleast_2d(np.cov(x, rowvar=False)) for x in (a, b))
    (w1, v1), (w2, v2) = (np.linalg.eigh(c) for c in (c1, c2))
    r1, r2 = ((v * np.sqrt(w.clip(0))) @ v.T for w, v in ((w1, v1), (w2, v2)))
    turned = (v1.T * np.sqrt(w1.clip(0))) @ v1
    traces, gap = np.trace(c1) + np.trace(c2), m @ m
    cross = (gap + traces - right) / 2
    n1, n2 = 1 - 1 / len(a), 1 - 1 / len(b)

    def with_cross(matrix):
        return gap + traces - 2 * np.sqrt(np.linalg.eigvalsh(matrix).clip(0)).sum()

    def entries(root):  # `*` for one `@` or both
        return root * c2 * root, root * c2 @ root, root @ c2 * root

    flat = (v1 * np.sqrt(w1.clip(0))) * v1.T
    return [
        ("that is the root of d^2: return d^2", np.sqrt(right)),
        ("the means are missing: |m1 - m2|^2", right - gap),
        ("|m1 - m2| has to be squared: m @ m", right - gap + np.sqrt(gap)),
        ("the means are subtracted: |m1 - m2|^2 is added", right - 2 * gap),
        ("mean and covariance do not count equally here: add |m1 - m2|^2, not its mean over the "
         "features", right - gap + gap / len(m)),
        ("a.mean() is the mean of all numbers; the mean of each feature is a.mean(axis=0)",
         right - gap + m.mean() ** 2 if len(m) > 1 else np.nan),
        ("|m1 - m2|^2 is the sum of the squares, m @ m, not the square of the sum",
         right - gap + m.sum() ** 2 if len(m) > 1 else np.nan),
        ("the cross term is missing", gap + traces),
        ("the cross term is added: it is subtracted, - 2 (C1 C2)^(1/2)", right + 4 * cross),
        ("the factor 2 of the cross term is missing: - 2 (C1 C2)^(1/2)", right + cross),
        ("a covariance is subtracted: C1 + C2", right - 2 * np.trace(c2)),
        ("the eigenvalues of C1 C2 are to be rooted before they are summed",
         gap + traces - 2 * np.trace(c1 @ c2)),
        ("np.sqrt of a matrix is the root of each entry, not the matrix root",
         gap + traces - 2 * np.trace(np.sqrt(np.abs(c1 @ c2)))),
        ("C1^(1/2) C2^(1/2) is not (C1 C2)^(1/2), unless they commute: take the roots of the "
         "eigenvalues of R C2 R", gap + traces - 2 * np.trace(r1 @ r2)),
        ("C1 C2 is not symmetric, and eigvalsh takes it for symmetric: R C2 R with R = C1^(1/2)",
         with_cross(c1 @ c2)),
        ("the eigenvectors are the *columns* of V: R = V diag(roots) V^T, not V^T diag(roots) V",
         with_cross(turned @ c2 @ turned)),
        ("np.linalg.eigh gives the pair (values, vectors), in this order, and V comes first in "
         "V diag(roots) V^T", with_cross((np.sqrt(w1.clip(0))[:, None] * v1 @ v1.T) @ c2 @ (
             np.sqrt(w1.clip(0))[:, None] * v1 @ v1.T))),
        ("R is C1 itself: take the roots of its eigenvalues", with_cross(c1 @ c2 @ c1)),
        ("the covariances divide by N; they are to divide by N - 1",
         gap + n1 * np.trace(c1) + n2 * np.trace(c2) - 2 * np.sqrt(n1 * n2) * cross),
        ("the roots of the eigenvalues are summed: not the root of their sum",
         gap + traces - 2 * np.sqrt(np.linalg.eigvalsh(r1 @ c2 @ r1).clip(0).sum())),
        *[("`*` multiplies entry by entry; the product of matrices is `@`", with_cross(product))
          for product in (*entries(r1), *entries(flat), flat @ c2 @ flat)],
    ]


def radii_gone_wrong(found, points, apart, k):
    """Stops with the mistake in the radii, if it is one of the usual; apart is sorted."""
    d = distances(points, points)

    def without(least):  # what is left of each row, the k-th of it
        return np.array([np.sort(np.where(row > least, row, np.inf))[k - 1] for row in d])

    zeros = ("two equal points are neighbours at distance 0, and rounding can make a point's "
             "distance to itself 0.00000001: leave out only the point itself, place 0 of the "
             "sorted distances, not the zeros")
    for words, wrong in [
        ("each point is counted as its own neighbour, at distance 0: your k-th is the (k-1)-th "
         "other one", apart[:, k - 1]),
        ("your radii reach one neighbour too far: place 0 of the sorted distances is the point "
         "itself", apart[:, min(k + 1, len(points) - 1)]),
        ("distances, not squares: the root", apart[:, k] ** 2),
        ("that is row k, all distances of one point: column k is the k-th of each", apart[k]),
        ("that is column k as it stands: sort each row first", d[:, k]),
        ("np.argsort gives places; np.sort gives the distances", np.argsort(d, axis=1)[:, k]),
        (zeros, without(0)), (zeros, without(1e-6)),
    ]:
        assert not np.allclose(found, wrong, atol=1e-6), words


def region(points, centres, radius, inside=np.less, some=np.any):
    """The share of points in some ball, one by one."""
    return np.mean([some([inside(np.sqrt(((p - c) ** 2).sum()), r)
                          for c, r in zip(centres, radius)]) for p in points])


def misread(cases):
    """Stops with the mistake in pairs (precision, recall), if one explains all the cases.

    A case is (the pair found, the right one, real, fake, k).
    """
    def is_it(words, wrong, both=False):
        fits = np.array([np.isclose(found, wrong(*case)) for found, _, *case in cases])
        differs = np.array([~np.isclose(found, right) for found, right, *_ in cases])
        named = fits.all(0) & differs.any(0)
        assert not (fits.all() if both else named.any()), words

    def balls(real, fake, k):
        apart = np.linalg.norm(fake[:, None] - real, axis=2)
        return apart, *(_radii(a, min(k, len(a) - 1)) for a in (real, fake))

    def as_regions(change=lambda k: k, **options):
        def wrong(real, fake, k):
            _, r, f = balls(real, fake, change(k))
            return region(fake, real, r, **options), region(real, fake, f, **options)
        return wrong

    def in_balls(count):
        return lambda *case: count(*balls(*case))

    right = as_regions()
    for fixed in range(1, 10):
        is_it(f"the argument k is not used: whatever k is, the radii are those of k = {fixed}",
              as_regions(lambda k, fixed=fixed: fixed))
    is_it("your balls reach to the neighbour k + 1: radii(real, k) leaves out the point itself",
          as_regions(lambda k: k + 1))
    is_it("your balls reach to the neighbour k - 1: radii(real, k) leaves out the point itself",
          as_regions(lambda k: k - 1))
    is_it("swapped: precision is the share of *fakes* in the region of the reals, and it comes "
          "first", lambda *case: right(*case)[::-1], both=True)
    is_it("a point on the edge of a ball lies outside (<, not <=)",
          as_regions(inside=np.less_equal))
    is_it("you ask whether a point lies in *all* balls; in *some* ball is .any",
          as_regions(some=np.all))
    is_it(".any runs along the wrong axis: you count the *balls* with some point in them; count "
          "the *points* that lie in some ball", in_balls(lambda apart, r, f: (
              (apart < r).any(0).mean(), (apart < f[:, None]).any(1).mean())))
    is_it("that is the share of pairs; first ask of each point whether it lies in *some* ball: "
          ".any over all centres", in_balls(lambda apart, r, f: (
              (apart < r).mean(), (apart < f[:, None]).mean())))
    is_it("you ask only the ball of the *nearest* centre. Another centre's ball may be larger and "
          "hold the point: .any over all centres", in_balls(lambda apart, r, f: (
              (apart.min(1) < r[apart.argmin(1)]).mean(),
              (apart.min(0) < f[apart.argmin(0)]).mean())))
    is_it("a fake is to lie in a ball of a *real*, a real in a ball of a *fake*: the radius is "
          "that of the ball's centre, not of the point", in_balls(lambda apart, r, f: (
              (apart < f[:, None]).any(1).mean(), (apart < r).any(0).mean())))
    is_it("that is how many points; a share is their mean", lambda real, fake, k: (
        len(fake) * right(real, fake, k)[0], len(real) * right(real, fake, k)[1]))
    is_it("a share runs from 0 to 1: no per cent", lambda *case: [100 * p for p in right(*case)])


def miscounted(found, right, cases):
    """Stops with the mistake in shares of copies, if one explains all of them.

    A case is (images, training, unseen).
    """
    r, limits, back, own = ([_neighbour_ratio(case[i], case[j]) for case in cases]
                            for i, j in ((0, 1), (2, 1), (1, 0), (1, 2)))

    def is_it(words, wrong):
        assert not np.allclose(found, list(wrong), atol=0.002), words

    def share(r, of, q=0.01):
        return [np.mean(a <= np.quantile(b, q)) for a, b in zip(r, of)]

    is_it("r is *at most* the limit: <=, not <",
          [np.mean(a < np.quantile(b, 0.01)) for a, b in zip(r, limits)])
    is_it("the limit is the 1% quantile, 0.01, not the 99% one", share(r, limits, 0.99))
    is_it("your limit is the 0.0001 quantile: np.percentile takes per cent (1, not 0.01), "
          "np.quantile a share (0.01)", share(r, limits, 0.0001))
    for words, q in (("smallest", 0), ("largest", 1)):
        is_it(f"your limit is the {words} of the ratios; the 1% quantile is "
              "np.quantile(..., 0.01)", share(r, limits, q))
    for q in (0.001, 0.002, 0.005, 0.02, 0.025, 0.05, 0.1, 0.5, 0.9, 0.95):
        is_it(f"your limit is the {q} quantile; the 1% quantile is np.quantile(..., 0.01)",
              share(r, limits, q))
    is_it("the limit is a quantile of neighbour_ratio(unseen, training). From the ratios of the "
          "judged images themselves every generator would have 1%", share(r, r))
    is_it("you find all but the copies. Count r <= limit", 1 - np.array(right))
    is_it("that is how many images; a share is their mean",
          [p * len(case[0]) for p, case in zip(right, cases)])
    is_it("a share runs from 0 to 1: no per cent", 100 * np.array(right))
    for of in (limits, own):
        is_it("neighbour_ratio(images, training): the images come first, then the training set. "
              "You have them swapped", share(back, of))
    is_it("for the limit the arguments are swapped: neighbour_ratio(unseen, training), the images "
          "first", share(r, own))
    # Does one limit for all cases give these shares?
    low, high = -np.inf, np.inf
    for p, a in zip(found, r):
        a, n = np.sort(a), round(p * len(a))
        low = max(low, a[n - 1] if n else -np.inf)
        high = min(high, a[n] if n < len(a) else np.inf)
    assert not 0 <= low < high < np.inf, (
        f"your limit seems to be the same whatever the images, from {low:.2f} to {high:.2f}; it is "
        "the 1% quantile of neighbour_ratio(unseen, training)")
