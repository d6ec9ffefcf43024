"""What the usual mistakes in lab 4 give, so that a check can name them."""

import numpy as np


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

    return [
        ("that is the root of d^2: return d^2", np.sqrt(right)),
        ("the means are missing: |m1 - m2|^2", right - gap),
        ("|m1 - m2| has to be squared: m @ m", right - gap + np.sqrt(gap)),
        ("the means are subtracted: |m1 - m2|^2 is added", right - 2 * gap),
        ("mean and covariance do not count equally here: add |m1 - m2|^2, not its mean over the "
         "features", right - gap + gap / len(m)),
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
    ]


def region(points, centres, radius, inside=np.less, some=np.any):
    """The share of points in some ball, one by one."""
    return np.mean([some([inside(np.sqrt(((p - c) ** 2).sum()), r)
                          for c, r in zip(centres, radius)]) for p in points])


def misread(found, real, fake, r, f, right):
    """Stops with the mistake in a pair (precision, recall), if it is one of the usual.

    r and f are the radii of the balls around reals and fakes.
    """
    apart = np.linalg.norm(fake[:, None] - real, axis=2)
    mixed = np.mean(apart.min(1) < r[apart.argmin(1)])
    by_centre = [np.mean([any(p < q) for p, q in zip(apart.T, r)]),
                 np.mean([any(p < q) for p, q in zip(apart, f)])]
    for words, wrong, part in [
        ("swapped: precision is the share of *fakes* in the region of the reals, and it comes "
         "first", right[::-1], all),
        ("a point on the edge of a ball lies outside (<, not <=)",
         (region(fake, real, r, np.less_equal), region(real, fake, f, np.less_equal)), all),
        ("you ask whether a point lies in *all* balls; in *some* ball is .any",
         (region(fake, real, r, some=np.all), region(real, fake, f, some=np.all)), any),
        (".any runs along the wrong axis: you count the *balls* with some point in them; count the "
         "*points* that lie in some ball", by_centre, any),
        ("that is the share of pairs; first ask of each point whether it lies in *some* ball: "
         ".any over all centres", ((apart < r).mean(), (apart < f[:, None]).mean()), any),
        ("you ask only the ball of the *nearest* centre. Another centre's ball may be larger and "
         "hold the point: .any over all centres", (mixed, np.nan), any),
        ("a fake is to lie in a ball of a *real*, a real in a ball of a *fake*: the radius is that "
         "of the ball's centre, not of the point",
         (np.mean((apart < f[:, None]).any(1)), np.mean((apart < r).any(0))), any),
    ]:
        hits = [np.isclose(a, b) and not np.isclose(a, c) for a, b, c in zip(found, wrong, right)]
        fits = [np.isclose(a, b) for a, b in zip(found, wrong)]
        assert not (all(fits) if part is all else any(hits)), words
