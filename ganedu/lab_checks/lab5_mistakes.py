"""Lab 5: what likely mistakes give in place of a spread or an interval."""

import numpy as np

from .lab5_given import student
from .lab5_parts import _interval, _spread


def spreads_gone_wrong(a, b):
    """Mistake -> the spread of two groups by it."""
    n, m = len(a), len(b)
    (va, vb), (wa, wb) = ([np.var(x, ddof=k) for x in (a, b)] for k in (1, 0))
    squares = wa * n + wb * m
    sizes = sum(np.abs(np.array(x) - np.mean(x)).sum() for x in (a, b))
    least = min(n, m)
    cut = sum(((np.array(x) - np.mean(x))[:least] ** 2).sum() for x in (a, b))
    own = ("the difference of the means is in it: each deviation is from the mean of its *own* "
           "group")
    once = "sum the squares of both groups, then divide once"
    return {
        "that is s^2: the root is missing": squares / (n + m - 2),
        "you divide by n_a + n_b; two means were taken from the data: n_a + n_b - 2":
            np.sqrt(squares / (n + m)),
        "you divide by n_a + n_b - 1; two means were taken from the data, so it is - 2":
            np.sqrt(squares / (n + m - 1)),
        "the sum of squares is to be divided: divide by n_a + n_b - 2 first, then the root":
            np.sqrt(squares),
        "n_a + n_b - 2 wants brackets: (n_a + n_b - 2)":
            np.sqrt(max(squares / n + m - 2, 0)),
        "you divide by one group's length twice: both lengths count":
            np.sqrt(squares / (2 * n - 2)),
        "you divide by one group's length twice: both lengths count.":
            np.sqrt(squares / (2 * m - 2)),
        "the deviations are to be squared before they are summed":
            np.sqrt(sizes / (n + m - 2)),
        "the shorter group ends the sum, as zip does: sum the squares of each group for itself":
            np.sqrt(cut / (n + m - 2)),
        own: np.std([*a, *b], ddof=1),
        f"{own}.": np.std([*a, *b]),
        f"{own};": np.std([*a, *b], ddof=2) if n + m > 2 else np.nan,
        f"{own}!": np.sqrt(wa * n + np.mean((np.array(b) - np.mean(a)) ** 2) * m)
            / np.sqrt(n + m - 2),
        "that is the mean of two deviations. Pool the squares: more seeds say more":
            (np.sqrt(va) + np.sqrt(vb)) / 2,
        f"that is the mean of two deviations, with N in each: {once}":
            (np.sqrt(wa) + np.sqrt(wb)) / 2,
        f"the variances count alike in it; a group of more seeds says more: {once}":
            np.sqrt((va + vb) / 2),
        f"the variances count alike in it, with N in each: {once}": np.sqrt((wa + wb) / 2),
        f"that is the sum of two variances, divided again: {once}":
            np.sqrt((wa + wb) / (n + m - 2)),
        "the variances are added: that is the deviation of a *difference* of two runs":
            np.sqrt(va + vb),
        "a group's sum of squares is np.var(a) * N, or np.var(a, ddof=1) * (N - 1)":
            np.sqrt((va * n + vb * m) / (n + m - 2)),
        "a group's sum of squares is np.var(a) * N; yours has N - 1":
            np.sqrt((wa * (n - 1) + wb * (m - 1)) / (n + m - 2)),
        "that is a's deviation alone: both groups count": np.sqrt(va),
        "that is b's deviation alone: both groups count": np.sqrt(vb),
    }


def intervals_gone_wrong(a, b):
    """Mistake -> the ends of the interval by it."""
    n, m, s, d = len(a), len(b), _spread(a, b), np.mean(a) - np.mean(b)
    (va, vb) = np.var(a, ddof=1), np.var(b, ddof=1)
    t, root = student(n + m - 2), np.sqrt(1 / n + 1 / m)

    def ends(half, d=d):
        return d - half, d + half

    few = "1.96 is the quantile for very many seeds; with few it is student(n_a + n_b - 2)"
    unequal = "1 / n_a + 1 / n_b: the groups may differ in size"
    wrong = {
        "low comes first, then high": _interval(a, b)[::-1],
        "that is b - a: it is mean(a) - mean(b)": ends(t * s * root, -d),
        "the difference has a sign, and keeps it": ends(t * s * root, abs(d)),
        "the means are to be compared, not the medians":
            ends(t * s * root, np.median(a) - np.median(b)),
        "that is the difference and the half width: the ends are difference - half and "
        "difference + half": (d, t * s * root),
        "the interval lies around 0: it is to lie around mean(a) - mean(b)": ends(t * s * root, 0),
        "the quantile of t is missing": ends(s * root),
        few: ends(1.959964 * s * root),
        f"{few}.": ends(2 * s * root),
        "s is missing: `spread(a, b)`": ends(t * root),
        "that is s^2, not s": ends(t * s**2 * root),
        "each group has its own deviation in it (Welch's interval); ours takes s, of both":
            ends(t * np.sqrt(va / n + vb / m)),
        "sqrt(1 / n_a + 1 / n_b) is missing": ends(t * s),
        "the root of (1 / n_a + 1 / n_b) is missing": ends(t * s * root**2),
        "1 / n_a + 1 / n_b is not 1 / (n_a + n_b)": ends(t * s / np.sqrt(n + m)),
        unequal: ends(t * s * np.sqrt(2 / n)),
        f"{unequal}.": ends(t * s * np.sqrt(2 / m)),
        "each root for itself: it is the root of the sum, sqrt(1 / n_a + 1 / n_b)":
            ends(t * s * (n**-0.5 + m**-0.5)),
        "half of it: t is already the quantile for one side, do not halve": ends(t * s * root / 2),
    }
    for words, v in (("n_a + n_b - 1", n + m - 1), ("n_a + n_b", n + m), ("n_a - 1", n - 1),
                     ("n_b - 1", m - 1), ("n_a", n), ("n_b", m)):
        wrong[f"the degrees of freedom are n_a + n_b - 2, not {words}"] = ends(
            student(v) * s * root)
    return wrong
