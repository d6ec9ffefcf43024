"""What can be seen of a GAN: a few numbers, each measured once.

Most are a quantity of the generated images divided by the same of real ones, so that about 1 is
as it should be, whatever the images are of.  NaN stands for what could not be measured: without a
reader nobody knows which classes there are.
"""

import dataclasses
from typing import NamedTuple

import numpy as np

from .. import checks, measures
from .history import told

FEWEST = 20  # images: of fewer no distance says anything
NEAR = 0.01  # share of real images that have a neighbour as near as `repeats` counts
COPY_LIMIT = 500  # generated images that are compared with all training images
UNKNOWN = float("nan")


@dataclasses.dataclass(frozen=True)
class Evidence:
    """What `gather` found.  All but counts are floats; NaN if it is not known.

    Attributes:
        n: generated images looked at, and as many real ones.
        classes: of the GAN, 0 if it takes no labels.
        finite: share of generated images whose pixels are all finite numbers.
        low, high: the darkest and the brightest generated pixel.
        x_low, x_high: those of the real images.
        change: largest difference of a pixel between images of two latents (of one label).
        spread: mean distance of two generated images, in features / of two real ones.
        by_latent: the same of two images of one label, of a conditional GAN.
        by_label: the same of two labels, the generated ones having the same latent.
        repeats: share of generated images that have another one nearer than 99% of the real
            images have.
        distance: Frechet distance to real images / the variance of those: 1 if all generated
            images are the mean real one.
        success: share read as the label asked for; of a conditional GAN, with a reader.
        rarest_share: of the class that is read least often beside real images: generated /
            real share.  Of a reader of attributes: of the attribute, or of its absence.
        rarest: which one that is, in words.
        copied: share that look like copies of training images, `measures.memorisation`.
        d_real: share of real images that D called real, a mean over the last epochs.
        d_fake: what D said of generated images, 0 to 1, a mean over the last epochs.
        loss: the largest |loss| of the last epoch.
        nan_epoch: the first epoch whose logs hold NaN, or 0 if there is none.
        fall: validation measure now / at its best, the first of those that are better low.
        best_epoch: when it was best.
    """

    n: int = 0
    classes: int = 0
    finite: float = UNKNOWN
    low: float = UNKNOWN
    high: float = UNKNOWN
    x_low: float = UNKNOWN
    x_high: float = UNKNOWN
    change: float = UNKNOWN
    spread: float = UNKNOWN
    by_latent: float = UNKNOWN
    by_label: float = UNKNOWN
    repeats: float = UNKNOWN
    distance: float = UNKNOWN
    success: float = UNKNOWN
    rarest_share: float = UNKNOWN
    rarest: str = ""
    copied: float = UNKNOWN
    d_real: float = UNKNOWN
    d_fake: float = UNKNOWN
    loss: float = UNKNOWN
    nan_epoch: float = UNKNOWN
    fall: float = UNKNOWN
    best_epoch: int = 0

    @classmethod
    def of_diverged(cls, epochs):
        """Of a training whose losses stopped being numbers after so many epochs: all there is to see."""
        return cls(nan_epoch=epochs + 1.0)

    def known(self):
        """What was measured, a dict that JSON can hold: without what is NaN or infinite."""
        return {k: v for k, v in vars(self).items() if isinstance(v, str) or np.isfinite(v)}


def gather(gan, x, y=None, unseen=None, reader=None, history=None, n=1000, seed=0):
    """Looks at a GAN once, and at real images beside it: an `Evidence`.

    Args:
        gan: anything with `classes`, `latents(n, seed)` and `images_from(z, labels)`.
        x: the real images as the GAN was shown them, [N, H, W, C].  They need not be in [-1, 1]:
            whether they are is part of the evidence.
        y: their labels [N]; a conditional GAN needs them.
        unseen: real images that it was not shown; only beside these can copies be found.
        reader: a `measures.readers.Classifier` of such images; without one, distances are of
            coarse pixels, and nobody knows which class an image is of.
        history: a dict of the logs of each epoch, in a list, as `Run.metrics()` gives it; or what
            Keras's `fit` returns.
        n: images to generate; at most as many as x holds.
        seed: of latents and of the choice among x.

    Raises:
        ValueError: x is too few, or no images; y is missing or does not fit.
    """
    x = _images("x", x)
    n = min(checks.whole("n", n, FEWEST), len(x))
    if len(x) < FEWEST:
        raise ValueError(f"x holds {len(x)} images; give at least {FEWEST}")
    classes = checks.whole("classes of the GAN", getattr(gan, "classes", 0))
    if classes or y is not None:
        y = checks.labels("y", y, len(x), classes or None)
    rng = np.random.default_rng(checks.seed("seed", seed))
    rows = rng.permutation(len(x))[:n]
    real, real_y = x[rows], None if y is None else y[rows]
    z, labels = np.asarray(gan.latents(n, seed)), np.arange(n) % classes if classes else None
    fake = np.asarray(gan.images_from(z, labels) if classes else gan.images_from(z))
    finite = np.isfinite(fake.reshape(n, -1)).all(1)
    found = told(history, getattr(gan, "objective", None)) | {
        "n": n,
        "classes": classes,
        "finite": float(finite.mean()),
        "low": float(fake.min()),
        "high": float(fake.max()),
        "x_low": float(real.min()),
        "x_high": float(real.max()),
    }
    ends = [found[name] for name in ("low", "high", "x_low", "x_high")]
    if not finite.all() or max(map(abs, ends)) > 1.05:  # no measure would take these
        return Evidence(**found)
    fake, real = (np.clip(a, -1, 1).astype(np.float32) for a in (fake, real))
    look = _Look(reader)
    f, p = look(fake)
    f_real, p_real = look(real)
    pairs = rng.permutation(n)[: n // 2 * 2].reshape(2, -1)
    found |= {
        "spread": _ratio(_apart(f[pairs]), _apart(f_real[pairs])),
        "repeats": _repeats(f, f_real),
        "distance": _ratio(
            measures.frechet_distance(f, f_real), float(f_real.var(0, dtype=np.float64).sum())
        ),
        **_responses(gan, z, labels, fake, f, f_real, real_y, look),
    }
    if p is not None:
        found |= _classes(p, p_real, labels, getattr(reader, "names", None))
    if unseen is not None:
        unseen = _images("unseen", unseen)[:n]
        found["copied"] = measures.memorisation(fake[:COPY_LIMIT], _each_once(x), unseen).copied
    return Evidence(**found)


def _images(name, images):
    images = np.asarray(images)
    if images.ndim != 4 or not images.size or not np.isfinite(images).all():
        raise ValueError(f"{name} is {checks.short(images)}; give finite images [N, H, W, C]")
    return images


def _each_once(x):
    """x without repetitions: a copy is known by being near one image and far from the second."""
    return np.stack(list({image.tobytes(): image for image in x}.values()))


class _Look(NamedTuple):
    """Features [N, F] of images and, of a reader, p(y|x); else None."""

    reader: object

    def __call__(self, images):
        return self.reader.read(images) if self.reader else (measures.coarse_pixels(images), None)


def _apart(pairs):
    """Mean distance of features [2, N, F], those of one half to those of the other."""
    return float(np.linalg.norm(pairs[0] - pairs[1], axis=1).mean())


def _ratio(a, b):
    return a / b if b > 0 else UNKNOWN


def _repeats(f, f_real):
    """Share of rows of f whose nearest other row is as near as the nearest 1% of f_real's are."""
    limit = np.quantile(_nearest_other(f_real), NEAR)
    return float(np.mean(_nearest_other(f) <= limit))


def _nearest_other(f):
    f = f.astype(np.float64)
    squares = (f**2).sum(1)
    gaps = squares[:, None] + squares - 2 * f @ f.T
    np.fill_diagonal(gaps, np.inf)
    return np.sqrt(gaps.min(1).clip(0))


def _responses(gan, z, labels, fake, f, f_real, y, look):
    """What another latent, and another label, changes in the images."""
    if labels is None:
        return {"change": float(np.abs(fake - np.roll(fake, 1, 0)).max())}
    classes = int(labels.max()) + 1
    # Labels go round: rows `classes` apart have the same one.
    other = np.roll(np.arange(len(z)), classes)
    same = labels == labels[other]
    turned = np.asarray(gan.images_from(z, (labels + 1) % classes)).clip(-1, 1).astype(np.float32)
    real_same, real_other = _real_pairs(f_real, y)
    return {
        "change": float(np.abs(fake - fake[other])[same].max()),
        "by_latent": _ratio(_apart(np.stack([f, f[other]])[:, same]), real_same),
        "by_label": _ratio(_apart(np.stack([f, look(turned)[0]])), real_other),
    }


def _real_pairs(f, y):
    """Mean distance of two real images of one class, and of two classes."""
    order = np.argsort(y, kind="stable")
    f, y = f[order], y[order]  # neighbours are mostly of one class, the far ones of two
    pairs = [np.stack([f, np.roll(f, shift, 0)]) for shift in (1, len(f) // 2)]
    same = y == np.roll(y, 1)
    other = y != np.roll(y, len(f) // 2)
    return tuple(
        _apart(pair[:, kept]) if kept.any() else UNKNOWN
        for pair, kept in zip(pairs, (same, other), strict=True)
    )


def _classes(p, p_real, labels, names):
    """names: of attributes, where p answers several questions; None of classes."""
    if names:
        shares, real = (np.concatenate([(q > 0.5).mean(0), (q <= 0.5).mean(0)]) for q in (p, p_real))
        called = [*names, *(f"no {name}" for name in names)]
    else:
        shares, real = measures.class_shares(p), measures.class_shares(p_real)
        called = [f"class {y}" for y in range(len(shares))]
    ratios = np.where(real > 0, shares / np.where(real > 0, real, 1), np.inf)
    found = {"rarest_share": float(ratios.min()), "rarest": called[int(ratios.argmin())]}
    if labels is not None:
        found["success"] = measures.success_rate(p, labels).overall
    return found
