"""How sure is a mean of a few seeds, or a share, and is a difference of two more than chance?"""

import dataclasses
import math
from typing import NamedTuple

import numpy as np

from .. import checks

# The 97.5% quantiles of Student's t with 1, 2, ... degrees of freedom, and to what they tend.
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
Z = 1.959964  # of the normal distribution


def student(v):
    """The 97.5% quantile of Student's t with v degrees of freedom, a whole number of at least 1.

    Raises:
        ValueError: if v is below 1.
    """
    if v < 1:
        raise ValueError(f"v is {v}; Student's t has 1 degree of freedom or more: two values at least")
    if v <= len(STUDENT):
        return STUDENT[v - 1]
    # Beyond the table the quantile's expansion in 1/v: right to three digits.
    return Z + (Z**3 + Z) / (4 * v) + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * v**2)


def _values(name, values, least=2):
    values = np.asarray(values, float)
    if values.ndim != 1 or len(values) < least or not np.isfinite(values).all():
        raise ValueError(
            f"{name} are {values.tolist()}; an interval needs {least} finite numbers or more"
        )
    return values


def interval(values, kind="t", draws=2000):
    """Lower and upper end of a 95% interval of the mean of a few values, one a seed.

        "t"          mean -+ t(n - 1) * s / sqrt(n), s the deviation with n - 1
        "bootstrap"  between the 2.5% and the 97.5% quantile of the means of resampled values

    With five seeds the bootstrap is too narrow (it can repeat values, not guess new ones);
    take it where values are many or far from normal.

    Raises:
        ValueError: fewer than 2 values, values that are not numbers, or an unknown kind.
    """
    values = _values("values", values)
    if kind == "bootstrap":
        picks = np.random.default_rng(0).integers(len(values), size=(draws, len(values)))
        low, high = np.quantile(values[picks].mean(1), (0.025, 0.975))
    elif kind == "t":
        half = student(len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
        low, high = values.mean() - half, values.mean() + half
    else:
        raise ValueError(f"kind is {kind!r}; choose 't' or 'bootstrap'")
    return float(low), float(high)


@dataclasses.dataclass(frozen=True)
class Share:
    """`hits` of `n` independent trials, and the ends of the 95% interval of their share p.

    Wilson's interval (1927), which is right for few trials and for shares of 0 and 1 too:

        (hits + z^2/2  -+  z sqrt(hits (n - hits) / n + z^2/4)) / (n + z^2),    z = 1.96

    Raises:
        ValueError: if n is below 1, or hits is not from 0 to n.
    """

    hits: int
    n: int

    def __post_init__(self):
        checks.whole("n", self.n, 1)
        checks.whole("hits", self.hits, 0, self.n)

    @property
    def share(self):
        return self.hits / self.n

    @property
    def low(self):
        return 0.0 if self.hits == 0 else self._end(-1)  # exactly, whatever rounding says

    @property
    def high(self):
        return 1.0 if self.hits == self.n else self._end(1)

    def _end(self, side):
        half = Z * math.sqrt(self.hits * (1 - self.share) + Z**2 / 4)
        return (self.hits + Z**2 / 2 + side * half) / (self.n + Z**2)

    def __str__(self):
        return f"{self.share:.3f} ({self.low:.3f} to {self.high:.3f}), {self.hits} of {self.n}"


class Difference(NamedTuple):
    """Two groups of runs, compared: mean(a) - mean(b) and what it is worth.

    difference: of the means.  low, high: its 95% interval.  spread: deviation of seeds within a
    group, pooled.  way: "higher" or "lower" if the interval leaves out 0 and the difference is
    larger than the spread of seeds; else "none".
    """

    difference: float
    low: float
    high: float
    spread: float
    way: str

    def __str__(self):
        return f"{self.difference:+.3g} ({self.low:+.3g} to {self.high:+.3g})"


def paired(a, b):
    """Does a differ from b, each pair of one seed?  A `Difference` of two lists, matched by place.

        mean(d)  -+  t(n - 1) * s / sqrt(n),   d = a - b, one a seed

    What a seed does to both of its values drops out; the spread s is that of the differences.

    Raises:
        ValueError: fewer than 2 pairs, values without a partner, or that are not numbers.
    """
    a, b = _values("a", a), _values("b", b)
    if len(a) != len(b):
        raise ValueError(f"a holds {len(a)} values, b {len(b)}; give pairs, one of each for a seed")
    low, high = interval(a - b)
    d, spread = float((a - b).mean()), float((a - b).std(ddof=1))
    return Difference(d, low, high, spread, _way(d, (high - low) / 2, spread))


def difference(a, b):
    """Does a differ from b by more than seeds do?  A `Difference` of two lists, a value a seed.

        mean(a) - mean(b)  -+  t(n_a + n_b - 2) * s * sqrt(1 / n_a + 1 / n_b)

    with s the pooled deviation: s^2 = (sum (a - mean(a))^2 + sum (b - mean(b))^2) / (n_a + n_b - 2).
    Student's interval: both groups are taken to spread alike, since two or three seeds cannot
    tell how each does.

    Raises:
        ValueError: fewer than 2 values in a group, or values that are not numbers.
    """
    a, b = _values("a", a), _values("b", b)
    v = len(a) + len(b) - 2
    spread = math.sqrt((a.var() * len(a) + b.var() * len(b)) / v)
    half = student(v) * spread * math.sqrt(1 / len(a) + 1 / len(b))
    d = float(a.mean() - b.mean())
    return Difference(d, d - half, d + half, spread, _way(d, half, spread))


def _way(d, half, spread):
    clear = abs(d) > max(half, spread)
    return ("higher" if d > 0 else "lower") if clear else "none"
