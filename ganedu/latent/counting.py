"""How often does arithmetic with latents succeed?  Counted by a reader, against chance.

    result = latent.count(gan, reader, a={"smile": True, "beard": False},
                          b={"smile": False, "beard": False}, c={"smile": False, "beard": True})
    print(result)

What a - b + c should give follows from the three: the attributes of c, those in which a and b
differ as in a.  Here: a smile and a beard.
"""

import dataclasses

import numpy as np

from .. import checks
from ..measures.intervals import Share, interval
from .finding import TRIES, fits, read, too_few, wants
from .vectors import arithmetic, latents, mean_of, to_length


@dataclasses.dataclass(frozen=True)
class Counted:
    """What `count` found; print it.

    Attributes:
        target: attribute -> True or False, what the sum should have.
        shares: what was tried -> `measures.intervals.Share` of the images that have all of it.
        attributes: of the sums of means, attribute -> `Share` of the images that are right in it.
        gain: share of the sums of means less that of single latents, and the ends of its 95%
            interval: both are made of the same latents.
        k, n, tries, seed: as they were given.
    """

    target: dict
    shares: dict
    attributes: dict
    gain: tuple
    k: int
    n: int
    tries: int
    seed: int

    def __str__(self):
        what = ", ".join(f"{'' if has else 'no '}{name}" for name, has in self.target.items())
        rows = self.shares | {f"  {name}": share for name, share in self.attributes.items()}
        width = max(map(len, rows))
        lines = [f"a - b + c should have: {what}"]
        lines += [f"  {name:{width}}  {share}" for name, share in self.shares.items()]
        lines += [f"of the means of {self.k}, right in"]
        lines += [f"  {name:{width}}  {share}" for name, share in self.attributes.items()]
        gain, low, high = self.gain
        lines.append(f"mean of {self.k} less one latent: {gain:+.3f} ({low:+.3f} to {high:+.3f})")
        return "\n".join(lines)

    __repr__ = __str__


def expected(a, b, c):
    """What a - b + c should have: attributes as in c, but as in a where a and b differ.

    Raises:
        ValueError: a and b do not differ.
    """
    changed = {name: a[name] for name in a if name in b and bool(a[name]) != bool(b[name])}
    if not changed:
        raise ValueError(f"a and b, {a} and {b}, differ in no attribute; let them differ in one")
    return c | changed


def count(gan, reader, a, b, c, target=None, k=3, n=300, seed=0, tries=TRIES, sure=0.5):
    """Does a - b + c have what it should?  Counted over n triples, a `Counted`.

    Each triple is made of k fresh latents with the attributes of a, k with those of b and k with
    those of c (the first of `tries` that are read so; no latent serves twice), so that the n
    trials are independent and the intervals hold.  Tried are

        mean of k        mean of a's k - mean of b's k + mean of c's k (Radford et al. 2016)
        one latent       the same of the first of each k
        one, to length   these, made as long as a latent usually is: see `vectors`
        c alone          mean of c's k: does it have it already?
        any direction    the first, with 2 k latents drawn by chance in place of a's and b's
        chance           latents drawn by chance, all that were tried

    A sum that beats "chance" but not "any direction" has moved, but has been taught nothing.

    Args:
        gan: an unconditional GAN.
        reader: as in `finding`.
        a, b, c: attribute -> True or False.
        target: the same; by default `expected(a, b, c)`.
        k: latents in a mean.
        n: triples, at least 2.
        seed: of all latents.
        tries: latents that are drawn and read.
        sure: with which probability a's, b's and c's attributes must be read; what the sums have
            is counted with 0.5.

    Raises:
        ValueError: too few of the latents have the attributes; an argument is none of the above.
    """
    k, n, tries = checks.whole("k", k, 1), checks.whole("n", n, 2), checks.whole("tries", tries, 1)
    seed, sure = checks.seed("seed", seed), checks.number("sure", sure, "[0.5, 1)")
    z = np.asarray(gan.latents(tries, seed))
    p = read(gan, reader, z)
    names = tuple(reader.names)
    for name, wanted in {"a": a, "b": b, "c": c}.items():
        wants(name, wanted, names)
    target = expected(a, b, c) if target is None else target
    columns, truths = wants("target", target, names)
    groups, free = [], np.ones(tries, bool)
    for name, wanted in {"a": a, "b": b, "c": c}.items():
        rows = np.flatnonzero(fits(p, wanted, names, sure) & free)
        if len(rows) < n * k:
            raise too_few(name, wanted, n * k, len(rows), tries)
        free[rows[: n * k]] = False
        groups.append(z[rows[: n * k]])
    random = np.asarray(gan.latents(2 * n * k, (seed + 1) % 2**32))
    others = [*(mean_of(part, k) for part in np.split(random, 2)), mean_of(groups[2], k)]
    means, ones = [mean_of(g, k) for g in groups], [g[::k] for g in groups]
    one = arithmetic([ones[0], ones[2]], [ones[1]])
    tried = {
        f"mean of {k}": arithmetic([means[0], means[2]], [means[1]]),
        "one latent": one,
        "one, to length": to_length(one, float(np.linalg.norm(z, axis=1).mean())),
        "c alone": means[2],
        "any direction": arithmetic([others[0], others[2]], [others[1]]),
    }
    got = {name: read(gan, reader, made) for name, made in tried.items()}
    right = {name: fits(found, target, names) for name, found in (got | {"chance": p}).items()}
    each = (got[f"mean of {k}"][:, columns] > 0.5) == truths
    gains = right[f"mean of {k}"].astype(float) - right["one latent"]
    return Counted(
        target,
        {name: Share(int(hits.sum()), len(hits)) for name, hits in right.items()},
        {names[i]: Share(int(each[:, j].sum()), n) for j, i in enumerate(columns)},
        (float(gains.mean()), *interval(gains)),
        k, n, tries, seed,
    )  # fmt: skip


def shares_along(gan, reader, z, w, steps):
    """Shares of images that have each attribute, as their latents move along w: [S, A].

    Row i is of the images of z + steps[i] * w.  The attribute that w is of should rise; others
    that rise too come with it in the training images, or by the chance of a direction found from
    few latents.

    Args:
        z: latents [N, L], fresh ones: not those that w was found from.
        w: a direction [L], from `finding.direction`.
        steps: S numbers, as (-2, -1, 0, 1, 2).

    Raises:
        ValueError: shapes do not fit, or steps are no numbers.
    """
    z, w = latents("z", z, (2,)), latents("w", w, (1,))
    if w.shape != z.shape[1:]:
        raise ValueError(f"w has shape {w.shape}, z {z.shape}; give a direction {z.shape[1:]}")
    steps = latents("steps", steps, (1,))
    return np.stack([(read(gan, reader, z + s * w) > 0.5).mean(0) for s in steps.astype(z.dtype)])
