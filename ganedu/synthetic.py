"""Labelled synthetic images, as training data for a classifier.

    made = synthetic.make(gan, per_class=1000)
    both = synthetic.mix(real, made, ratio=0.5)

Everything here takes and gives `data.Data`, so that a set of generated images goes wherever a set
of real ones does.  Whether it helps there is another question (claims B-base to B-turn, A-label).
"""

import numpy as np

from . import checks, pictures
from .data import Data
from .measures import coarse_pixels, frechet_distance


def make(source, per_class, seed=0, class_names=None):
    """As many generated images of each class, labelled by the class that was asked for.

    Args:
        source: a conditional `GAN`, or `game.per_class.PerClass`: one GAN a class.
        per_class: images of each class.
        seed: of the latents; each class has latents of its own.
        class_names: by default "0", "1", ...

    Returns:
        `Data`, uint8 images as stored ones are, class by class.

    Raises:
        ValueError: a source without classes, or another number of names.
    """
    classes = getattr(source, "classes", 0)
    if not classes or not hasattr(source, "sample"):
        raise ValueError(
            f"source is {checks.short(source)}, which has no classes; give a conditional GAN, or "
            "PerClass of one GAN for each class"
        )
    per_class, seed = checks.whole("per_class", per_class, 1), checks.seed("seed", seed)
    names = tuple(map(str, range(classes))) if class_names is None else tuple(class_names)
    if len(names) != classes:
        raise ValueError(f"class_names holds {len(names)}; give {classes}, one a class")
    images = [
        pictures.to_bytes(source.sample(labels=np.full(per_class, y), seed=_seed_of(seed, y)))
        for y in range(classes)
    ]
    labels = np.repeat(np.arange(classes, dtype=np.int32), per_class)
    return Data(np.concatenate(images), labels, names, "synthetic", "train")


def _seed_of(seed, y):
    """Unlike seeds for unlike pairs."""
    return int(np.random.SeedSequence([seed, y]).generate_state(1)[0])


def health(images, real):
    """How much of the real images' variety the generated ones have: 1 is all, 0 or less none.

        1 - d^2 / trace(C)

    with d^2 the Frechet distance and C the covariance of the real images, both of coarse pixels:
    no classifier is asked.  A generator that makes one image only has d^2 >= trace(C), whichever
    image it is, so its health is 0 at most.

    Args:
        images, real: float [N, H, W, C] in [-1, 1], of one class.
    """
    made, real = (coarse_pixels(x) for x in (images, real))
    return float(1 - frechet_distance(made, real) / np.trace(np.cov(real.T)))


def mix(real, made, ratio, seed=0):
    """The real images, and of each class `ratio` times as many synthetic ones, drawn at random.

    A class that `made` lacks gets none, and the others get no more for it.

    Args:
        real, made: `Data` with labels.
        ratio: synthetic images for one real one, 0 or more.
        seed: of the draw.

    Raises:
        ValueError: there are too few synthetic images of a class, images of two shapes, or no labels.
    """
    _pair(real, made)
    ratio = checks.number("ratio", ratio, "[0, inf)")
    rng, rows = np.random.default_rng(checks.seed("seed", seed)), []
    for y in np.unique(made.labels):
        here = np.flatnonzero(made.labels == y)
        wanted = round(ratio * int((real.labels == y).sum()))
        if wanted > len(here):
            raise ValueError(
                f"ratio is {ratio:g}, which takes {wanted} synthetic images of class {y}; there are "
                f"{len(here)}: make more, or filter less"
            )
        rows.append(rng.permutation(here)[:wanted])
    rows = np.concatenate(rows) if rows else np.empty(0, int)
    return real._replace(
        images=np.concatenate([real.images, made.images[rows]]),
        labels=np.concatenate([real.labels, made.labels[rows]]).astype(np.int32),
        name=f"{real.name}+{made.name}",
    )


def without(made, *classes):
    """The set without some of its classes; their names keep their places.

    Raises:
        ValueError: a class that is not there, or nothing is left.
    """
    _labelled("made", made)
    here = np.unique(made.labels).tolist()
    for y in classes:
        if y not in here:
            raise ValueError(f"classes holds {checks.short(y)}; made has those of {checks.short(here)}")
    kept = ~np.isin(made.labels, classes)
    if not kept.any():
        raise ValueError("classes are all that made has; leave one at least")
    return made.rows(kept)


def confident(made, probabilities, at_least):
    """The images whose most probable class has a probability of `at_least` (claim B-confidence: 0.999).

    It need not be the class that was asked for: `relabelled` takes the classifier's word for it.

    Args:
        made: `Data`.
        probabilities: p(y|x), [N, K], of a classifier that was taught by real images alone.
        at_least: from 0, which keeps all, to 1.

    Raises:
        ValueError: not one row of probabilities an image, or no image is that clear.
    """
    _labelled("made", made)
    p = _probabilities(probabilities, len(made.images))
    kept = p.max(1) >= checks.number("at_least", at_least, "[0, 1]")
    if not kept.any():
        raise ValueError(f"at_least is {at_least:g}, and the highest probability is {p.max():g}; none is left")
    return made.rows(kept)


def relabelled(made, probabilities):
    """The same images, labelled by the classifier, argmax_y p(y|x), and not by what was asked for."""
    _labelled("made", made)
    p = _probabilities(probabilities, len(made.images))
    return made._replace(labels=p.argmax(1).astype(np.int32))


def _labelled(name, given):
    if not isinstance(given, Data) or not isinstance(given.images, np.ndarray):
        raise ValueError(f"{name} is {checks.short(given)}; give Data in memory, see ganedu.data.load")
    if given.labels is None:
        raise ValueError(f"{name} ({given.name}) has no labels; a classifier needs them")


def _pair(real, made):
    for name, given in (("real", real), ("made", made)):
        _labelled(name, given)
    if real.images.shape[1:] != made.images.shape[1:]:
        raise ValueError(
            f"made has images {made.images.shape[1:]}, real {real.images.shape[1:]}; they must be equal"
        )


def _probabilities(p, n):
    p = np.asarray(p)
    if p.ndim != 2 or len(p) != n or p.dtype.kind != "f":
        raise ValueError(f"probabilities has shape {p.shape}; give one row an image, ({n}, classes)")
    if not np.allclose(p.sum(1), 1, atol=1e-3):
        raise ValueError("probabilities has rows that do not sum to 1; are they logits? take a softmax")
    return p
