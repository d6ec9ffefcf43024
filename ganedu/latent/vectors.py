"""Arithmetic with latents and walks from one to another, in NumPy: arrays in, arrays out.

Every function takes z as one latent [L] or as several [N, L], and gives the same.

How long a latent is matters.  A normal one of L numbers is nearly always about sqrt(L) long, and
G has seen hardly any other.  Of independent latents

    the mean of k             is  sqrt(1 / k)  times as long
    a - b + c                 is  sqrt(3)      times as long
    a - b + c of such means   is  sqrt(3 / k)  times as long

so three means of *three* give a sum of the usual length, and three single latents one that is 1.7
times too long: that may be part of why the mean of three works better (Radford et al. 2016, section
6.3.2).  Nothing here changes a length by itself, as the paper does not: `to_length` does, and
`counting.count` says what it makes of single latents.
"""

import numpy as np

from .. import checks

ZERO = 1e-12  # shorter than this a latent has no direction
OPPOSITE = 1e-6  # radians: nearer to opposite than this there is no one way round


def latents(name, z, ndims=(1, 2)):
    """Latents as a float array, [L] or [N, L].

    Raises:
        ValueError: they are of another shape, empty, or not all finite numbers.
    """
    try:
        z = np.asarray(z)
    except ValueError:  # a list of latents of several lengths
        raise ValueError(f"{name} is a list of unlike arrays; give latents [N, L]") from None
    right = "give one latent [L]" if ndims == (1,) else "give latents [N, L]"
    right += ", or one, [L]" if ndims == (1, 2) else ""
    if z.ndim not in ndims or not z.size or z.dtype.kind not in "fiu":
        raise ValueError(f"{name} has shape {z.shape} and dtype {z.dtype}; {right}")
    if not np.isfinite(z).all():
        raise ValueError(f"{name} holds NaN or infinite numbers; {right}")
    return z if z.dtype.kind == "f" else z.astype(np.float32)


def _alike(**named):
    (first, a), *others = ((name, latents(name, z)) for name, z in named.items())
    for name, z in others:
        if z.shape != a.shape:
            raise ValueError(f"{name} has shape {z.shape}, {first} {a.shape}; make them equal")
    return a, *(z for _, z in others)


def mean_of(z, k=None):
    """The mean of latents z [N, L], one latent [L]; or of each k that follow each other, [N/k, L].

    Raises:
        ValueError: N is no multiple of k.
    """
    z = latents("z", z, (2,))
    alone = k is None
    k = len(z) if alone else checks.whole("k", k, 1)
    if len(z) % k:
        raise ValueError(f"z holds {len(z)} latents; give a multiple of k, which is {k}")
    means = z.reshape(-1, k, z.shape[1]).mean(1)
    return means[0] if alone else means


def arithmetic(plus, minus=()):
    """The sum of the latents of `plus` minus that of the latents of `minus`.

        z = sum over plus of z - sum over minus of z

    arithmetic([smiling_woman, neutral_man], [neutral_woman]) is to be a smiling man.  Give one
    more to `plus` than to `minus`: the sum is then a place, fewer give a way from one to another.

    Args:
        plus, minus: lists of latents, all [L] or all [N, L].

    Raises:
        ValueError: plus is empty, or they are not all of one shape.
    """
    for name, part in {"plus": plus, "minus": minus}.items():
        if not isinstance(part, list | tuple) or not (part or name == "minus"):
            raise ValueError(f"{name} is {checks.short(part)}; give a list of latents, as [a, c]")
    named = {f"plus[{i}]": z for i, z in enumerate(plus)}
    named |= {f"minus[{i}]": z for i, z in enumerate(minus)}
    every = _alike(**named)
    return sum(every[: len(plus)]) - sum(every[len(plus) :])


def around(z, n=9, scale=0.25, seed=0):
    """z [L] and n - 1 latents near it, [n, L]: on a sheet of 3 columns z is in the middle.

    Each number of the others is moved by a random one from U(-scale, scale): the square of nine
    of Radford et al. (2016, figure 7) has scale 0.25.

    Raises:
        ValueError: an argument is none of that.
    """
    z = latents("z", z, (1,))
    n, scale = checks.whole("n", n, 1), checks.number("scale", scale, "[0, inf)")
    rng = np.random.default_rng(checks.seed("seed", seed))
    moved = rng.uniform(-scale, scale, (n, len(z))).astype(z.dtype)
    moved[n // 2] = 0
    return z + moved


def lerp(a, b, t):
    """The straight way from a to b (linear interpolation).

        z(t) = (1 - t) a + t b

    Half way between two normal latents it is about 0.7 times as long as they are.

    Args:
        a, b: latents of one shape, [L] or [N, L].
        t: 0 gives a and 1 gives b, to the bit; a number, or [T].

    Returns:
        As a, or [T, ...] for several t.
    """
    a, b = _alike(a=a, b=b)
    t = _times(t, a)
    return ((1 - t) * a + t * b).astype(a.dtype)


def slerp(a, b, t):
    """The way from a to b along the arc (spherical interpolation, Shoemake 1985).

        z(t) = sin((1 - t) w) / sin(w) a + sin(t w) / sin(w) b,    w the angle between a and b

    Two latents of one length stay that long all the way, as normal ones must for G to know them
    (White 2016).  Of unlike lengths the angle is still that between the two.  Of parallel ones it
    is `lerp`, to which the formula tends as w goes to 0.  Of no use for latents from U(0, 1): the
    arc is around 0, which is a corner of those.

    Args:
        a, b, t: as in `lerp`.

    Raises:
        ValueError: one of them is 0, which has no direction; or two are opposite: every way
            round is then as short as any other.
    """
    a, b = _alike(a=a, b=b)
    t = _times(t, a)
    lengths = [np.linalg.norm(z.astype(np.float64), axis=-1, keepdims=True) for z in (a, b)]
    for name, length in zip("ab", lengths, strict=True):
        if (length < ZERO).any():
            raise ValueError(f"{name} is 0 everywhere, which has no direction; take lerp")
    u, v = a / lengths[0], b / lengths[1]
    # arccos(u v) would lose half of its digits where u and v are nearly parallel.
    w = 2 * np.arctan2(*(np.linalg.norm(s, axis=-1, keepdims=True) for s in (u - v, u + v)))
    if (w > np.pi - OPPOSITE).any():
        raise ValueError("a and b are opposite, so no arc is the shortest; go by a third latent")
    # sin(t w) / sin(w) = t sinc(t w) / sinc(w), which knows what to do at w = 0.
    parts = [s * np.sinc(s * w / np.pi) / np.sinc(w / np.pi) for s in (1 - t, t)]
    return (parts[0] * a + parts[1] * b).astype(a.dtype)


def _times(t, a):
    """t as an array that goes with a: [T, 1] or [T, 1, 1], or a number."""
    found = np.asarray(t, np.float64) if np.asarray(t).dtype.kind in "fiu" else np.full(2, np.nan)
    if found.ndim > 1 or not found.size or not np.isfinite(found).all():
        raise ValueError(f"t is {checks.short(t)}; give a number, or [T] numbers, from 0 to 1")
    return found.reshape(-1, *[1] * a.ndim) if found.ndim else found


def to_length(z, length):
    """z [L] or [N, L], each made so long and left in its direction.

    Raises:
        ValueError: length is not above 0, or a latent is 0.
    """
    z = latents("z", z)
    length = checks.number("length", length, "(0, inf)")
    now = np.linalg.norm(z, axis=-1, keepdims=True)
    if (now < ZERO).any():
        raise ValueError("z holds a latent that is 0 everywhere, which has no direction")
    return z * (length / now)
