"""Latents whose images have an attribute, and the direction in which they get it.

A reader says what an image has: an object with `names`, what its A answers are called, and
`probabilities(images)`, [N, A], as `measures.attributes.AttributeReader` has.  An image has what is
read with more than 0.5.

By hand, in a notebook, it is: z = gan.latents(64, seed=0), look at the sheet of images_from(z), and
take z[[3, 17, 40]].
"""

import numpy as np

from .. import checks
from .vectors import latents

AT_ONCE = 500  # images, between two looks at whether enough are found
TRIES = 10_000


def read(gan, reader, z):
    """What the images of latents z [N, L] have: probabilities [N, A], a column for each name.

    Raises:
        ValueError: the reader has no names or probabilities, or not one of these for each other.
    """
    if not hasattr(reader, "names") or not callable(getattr(reader, "probabilities", None)):
        raise ValueError(
            f"reader is {checks.short(reader)}; give an object with names and probabilities(images), "
            "as measures.attributes.AttributeReader"
        )
    p = np.asarray(reader.probabilities(gan.images_from(np.asarray(z))))
    if p.shape != (len(z), len(reader.names)):
        raise ValueError(
            f"reader gives probabilities of shape {p.shape} for {len(z)} images and the names "
            f"{', '.join(reader.names)}; it must give one for each, {(len(z), len(reader.names))}"
        )
    return p


def wants(name, wanted, names):
    """The columns and the truths that `wanted`, {"smile": True, "hat": False}, asks for.

    Raises:
        ValueError: it is no such dict, empty, or has a name that the reader does not read.
    """
    if not isinstance(wanted, dict) or not wanted:
        raise ValueError(
            f"{name} is {checks.short(wanted)}; give a dict, as {{{names[0]!r}: True}}"
        )
    for attribute, has in wanted.items():
        checks.choice(f"an attribute in {name}", attribute, tuple(names))
        if not isinstance(has, bool | np.bool_):
            raise ValueError(f"{name}[{attribute!r}] is {checks.short(has)}; give True or False")
    columns = [list(names).index(attribute) for attribute in wanted]
    return columns, np.array(list(wanted.values()))


def fits(p, wanted, names, sure=0.5, name="wanted"):
    """Which images have just what is wanted, by probabilities p [N, A]: bools [N].

    sure: the probability, 0.5 to 1, with which each attribute must be read.
    """
    columns, truths = wants(name, wanted, names)
    p = np.where(truths, p[:, columns], 1 - p[:, columns])
    return (p > sure).all(1)


def find(gan, reader, wanted, k=3, seed=0, tries=TRIES, sure=0.5):
    """The first k latents of a seed whose images are read to have what is wanted, [k, L].

    Args:
        gan: an unconditional GAN.
        reader: as above.
        wanted: attribute -> True or False; of the others an image may have what it likes.
        seed: of the latents; other k find the same ones first.
        tries: latents to try.
        sure: the probability with which each attribute must be read: 0.9 leaves out images
            that a person would not choose either.

    Raises:
        ValueError: fewer than k of the latents tried have it; an argument is none of the above.
    """
    k, tries = checks.whole("k", k, 1), checks.whole("tries", tries, 1)
    sure = checks.number("sure", sure, "[0.5, 1)")
    z = np.asarray(gan.latents(tries, checks.seed("seed", seed)))
    found = np.zeros(0, int)
    for i in range(0, tries, AT_ONCE):
        p = read(gan, reader, z[i : i + AT_ONCE])
        found = np.append(found, i + np.flatnonzero(fits(p, wanted, reader.names, sure)))
        if len(found) >= k:
            return z[found[:k]]
    raise too_few("wanted", wanted, k, len(found), tries)


def too_few(name, wanted, k, found, tries):
    words = ", ".join(f"{attribute} {has}" for attribute, has in wanted.items())
    return ValueError(
        f"{name} ({words}): {found} of {tries} latents have it, and {k} are needed; raise tries, "
        "or ask for less"
    )


def direction(z, has, kind="means"):
    """The direction in which latents get an attribute, of length 1, [L]: z + 2 * direction.

        "means"      w = mean of z that have it - mean of z that do not
        "logistic"   w of the p(has | z) = sigmoid(w z + b) that fits best (scikit-learn's)

    divided by its length.  Of normal latents z w is then N(0, 1): a step of 2 is a large one.
    The two ways agree but for chance; of few latents "logistic" is often the nearer one, since
    it leaves out what those with the attribute happen to have in common.

    Args:
        z: latents [N, L].
        has: [N], whether the image of each has the attribute.

    Raises:
        ValueError: shapes do not fit, or all latents have it, or none.
        ImportError: "logistic" without scikit-learn.
    """
    z, given = latents("z", z, (2,)), np.asarray(has)
    if given.shape != (len(z),) or not np.isin(given, (0, 1)).all():
        raise ValueError(
            f"has is {checks.short(given)}; give True or False for each of the {len(z)} latents"
        )
    has = given.astype(bool)
    if has.all() or not has.any():
        raise ValueError(f"has is {has[0]} for all {len(z)} latents; a direction needs both kinds")
    if checks.choice("kind", kind, ("means", "logistic")) == "means":
        w = z[has].mean(0) - z[~has].mean(0)
    else:
        try:
            from sklearn.linear_model import LogisticRegression
        except ImportError as error:
            raise ImportError(
                f'kind "logistic" needs scikit-learn: pip install "ganedu[evaluate]" ({error})'
            ) from error
        w = LogisticRegression(max_iter=1000).fit(z, has).coef_[0].astype(z.dtype)
    length = np.linalg.norm(w)
    if not length:
        raise ValueError("has does not depend on z: both kinds have the same mean")
    return w / length
