"""Every measure at once, and what was found: numbers, and the numbers of real images beside them.

A `Result` prints as one table, travels as JSON, and refuses to be compared with a result of
another classifier, other images, other counts or another seed.
"""

import dataclasses
import hashlib
import time

import numpy as np

from .. import checks, pictures
from .formulas import (
    PRDC_LIMIT,
    RARE,
    class_frechet,
    class_shares,
    draw,
    frechet_distance,
    inception_score,
    memorisation,
    precision_recall,
    success_rate,
)

NEIGHBOUR_LIMIT = 2000  # generated images that `score` compares with all training images

# The rows of a table: name in `values`, words, which values are better.
ROWS = (
    ("success", "success rate", "higher"),
    ("inception_score", "Inception score", "higher"),
    ("frechet", "Frechet distance", "lower"),
    ("class_frechet_mean", "Frechet distance, mean of classes", "lower"),
    ("precision", "precision", "higher"),
    ("recall", "recall", "higher"),
    ("density", "density", "as real"),
    ("coverage", "coverage", "higher"),
    ("copied", "copies of training images", "lower"),
    ("distance_ratio", "distance to training images", "as real"),
)
CLASS_ROWS = (
    ("success_per_class", "success rate"),
    ("class_frechet", "Frechet"),
    ("class_shares", "read as"),
)


@dataclasses.dataclass(frozen=True)
class Result:
    """What `score` found; print it.

    Attributes:
        values: measure -> number, list [K], or (confusion) list of lists; names as in `ROWS`,
            `CLASS_ROWS`, and "confusion".  None stands for a class without images.
        real: the same measures of real images, where there is such a value.
        classifier: its name, hash and accuracy.
        samples, reference, training: how many images were generated, how many real ones they
            were compared with, and how many training images there were (0: none given).
        images_hash: of the real images; equal hashes say that they were the same ones.
        seed: of every draw.
        seconds: that it took.
        notes: what was left out or measured on fewer images.
    """

    values: dict
    real: dict
    classifier: dict
    samples: int
    reference: int
    training: int
    images_hash: str
    seed: int
    seconds: float
    notes: tuple = ()

    def __str__(self):
        c = self.classifier
        known = "" if c["accuracy"] is None else f", accuracy {c['accuracy']:.4f}"
        return "\n".join([
            f"{self.samples} generated images against {self.reference} real ones"
            f" ({self.training} training images)",
            f"classifier {c['name']}, hash {c['hash']}{known}; seed {self.seed};"
            f" {self.seconds:.1f} s",
            "",
            _table({"generated": self.values, "real": self.real}),
            *(f"note: {note}" for note in self.notes),
        ])  # fmt: skip

    def compare(self, other, names=("this", "other")):
        """A table of both results side by side, and of the real images.

        Raises:
            ValueError: classifier, images, their number or the seed differ, so that the
                numbers must not be compared; other is no `Result`.
        """
        if not isinstance(other, Result):
            raise ValueError(f"other is {checks.short(other)}; give a Result of measures.score")
        if len({*names, "real"}) != 3:
            raise ValueError(f"names is {names!r}; give two that differ, neither of them 'real'")
        differ = [
            f"{name} ({a} and {b})"
            for name, a, b in (
                ("classifier hash", self.classifier["hash"], other.classifier["hash"]),
                *((f, getattr(self, f), getattr(other, f))
                  for f in ("samples", "reference", "training", "images_hash", "seed")),
            )
            if a != b
        ]  # fmt: skip
        if differ:
            raise ValueError(f"these results must not be compared: {', '.join(differ)} differ")
        return _table({names[0]: self.values, names[1]: other.values, "real": self.real})

    def to_dict(self):
        """Plain values for a JSON file."""
        return dataclasses.asdict(self) | {"notes": list(self.notes)}

    @classmethod
    def from_dict(cls, values):
        """The `Result` that `to_dict` wrote."""
        fields = [field.name for field in dataclasses.fields(cls)]
        if not isinstance(values, dict) or sorted(values) != sorted(fields):
            raise ValueError(
                f"values is {checks.short(values)}; give the dict that `Result.to_dict` wrote, "
                f"with {', '.join(fields)}"
            )
        return cls(**(values | {"notes": tuple(values["notes"])}))


def plain(value):
    """NumPy values as Python's own, NaN as None: fit for JSON."""
    if isinstance(value, dict):
        return {name: plain(v) for name, v in value.items()}
    if isinstance(value, np.ndarray | list):
        return [plain(v) for v in value]
    value = value.item() if isinstance(value, np.generic) else value
    return None if value != value else value


def _number(value):
    return "-" if value is None else f"{value:.{4 if abs(value) < 10 else 2}f}"


def _table(columns):
    """Measures as rows, column name -> values; then a block with a row for each class."""
    heads = "".join(f"{name:>12}" for name in columns)
    lines = [f"{'measure':<34}{heads}   better"]
    for name, words, better in ROWS:
        row = [values.get(name) for values in columns.values()]
        if any(value is not None for value in row):
            lines.append(
                f"{words:<34}" + "".join(f"{_number(v):>12}" for v in row) + f"   {better}"
            )
    # A group of columns for each measure of classes: as narrow as the table above.
    groups = {
        words: {c: values[name] for c, values in columns.items() if values.get(name)}
        for name, words in CLASS_ROWS
    }
    groups = {words: found for words, found in groups.items() if found}
    width = {c: max(8, len(c) + 1) for c in columns}
    if groups:
        spans = {words: sum(width[c] for c in found) for words, found in groups.items()}
        lines += [
            "",
            " " * 5 + "".join(f"{words:>{spans[words]}}" for words in groups),
            "class" + "".join(f"{c:>{width[c]}}" for found in groups.values() for c in found),
        ]
        cells = [(width[c], row) for found in groups.values() for c, row in found.items()]
        for y in range(max(len(row) for _, row in cells)):
            row = ((n, row[y] if y < len(row) else None) for n, row in cells)
            lines.append(f"{y:>5}" + "".join(f"{_short(v):>{n}}" for n, v in row))
    return "\n".join(lines)


def _short(value):
    return "-" if value is None else f"{value:.{3 if value < 100 else 1}f}"


def score(
    images,
    labels,
    real_images,
    real_labels,
    classifier,
    training_images=None,
    training_labels=None,
    seed=0,
):
    """Every measure of generated images but GAN-train, as a `Result`.

    Each stands beside a value of real images.  What looks at one set only (success, Inception
    score, shares) is measured on `real_images`, which the classifier did not learn from.  What
    compares two sets is measured between training images, as many as were generated and of the
    same labels, and `real_images`: the floor that no honest generator beats by more than chance.

    Args:
        images: generated, float [N, H, W, C] in [-1, 1].
        labels: the classes asked for, whole numbers [N]; None for an unconditional GAN, whose
            success rate and distances by class are left out.
        real_images, real_labels: real images that neither the generator nor the classifier was
            trained on, and their classes (None if labels is None).
        classifier: a `readers.Classifier`.
        training_images, training_labels: all that the generator was trained on; without them
            the floors and copies are left out.
        seed: of the draws.

    Raises:
        ValueError: arrays do not fit each other, or no more images than the classifier has
            features: the covariances of a Frechet distance would be singular.
    """
    began = time.perf_counter()
    if not hasattr(classifier, "read"):
        raise ValueError(f"classifier is {classifier!r}; give one of readers.load(...)")
    images = checks.images("images", images)
    real_images = checks.images("real_images", real_images, images.shape[1:])
    (fake_f, fake_p), (real_f, real_p) = classifier.read(images), classifier.read(real_images)
    for name, a in {"images": images, "real_images": real_images}.items():
        if len(a) <= fake_f.shape[1]:
            raise ValueError(
                f"{name} holds {len(a)}; a Frechet distance needs more images than the "
                f"classifier has features, {fake_f.shape[1]}"
            )
    classes = fake_p.shape[1]
    if labels is not None:
        labels = checks.labels("labels", labels, len(images), classes)
        real_labels = checks.labels("real_labels", real_labels, len(real_images), classes)

    values, real, notes = {}, {}, []
    values |= _read_measures(fake_p, labels)
    real |= _read_measures(real_p, None if labels is None else real_labels)
    values |= _distance_measures(fake_f, labels, real_f, real_labels, classes, seed, notes)
    if training_images is None:
        notes.append("no training images were given: no floors, no search for copies")
    else:
        training_images = checks.images("training_images", training_images, images.shape[1:])
        if training_labels is not None:
            training_labels = checks.labels(
                "training_labels", training_labels, len(training_images), classes
            )
        drawn, drawn_y = _floor(labels, len(images), training_images, training_labels, seed)
        if len(drawn) < len(images):
            notes.append(f"floors: of {len(drawn)} training images, there are no more")
        drawn_f = classifier.features(training_images[drawn])
        real |= _distance_measures(drawn_f, drawn_y, real_f, real_labels, classes, seed, [])
        some, unseen = (a[draw(len(a), NEIGHBOUR_LIMIT, seed)] for a in (images, real_images))
        values |= memorisation(some, training_images, unseen)._asdict()
        real |= {"copied": RARE, "distance_ratio": 1.0}  # by their definition
        if len(some) < len(images):
            notes.append(f"copies: searched among {len(some)} of the generated images")
    if max(len(images), len(real_images)) > PRDC_LIMIT:
        notes.append(f"precision to coverage: at most {PRDC_LIMIT} images of each kind")
    about = {
        "name": classifier.name,
        "hash": classifier.hash,
        "accuracy": None if classifier.accuracy is None else float(classifier.accuracy),
    }
    return Result(
        plain(values), plain(real), about, len(images), len(real_images),
        0 if training_images is None else len(training_images),
        _hash(real_images, training_images), seed,
        round(time.perf_counter() - began, 2), tuple(notes),
    )  # fmt: skip


def _read_measures(probabilities, labels):
    """The measures of one set, from what the classifier reads."""
    found = {
        "inception_score": inception_score(probabilities),
        "class_shares": class_shares(probabilities),
    }
    if labels is not None:
        success = success_rate(probabilities, labels)
        found["success"], found["success_per_class"], found["confusion"] = success
    return found


def _distance_measures(features, labels, other, other_labels, classes, seed, notes):
    """The measures of one set against another, from the classifier's features."""
    found = {"frechet": frechet_distance(features, other)}
    if labels is not None and other_labels is not None:
        fewest = min(np.bincount(y, minlength=classes).min() for y in (labels, other_labels))
        if fewest > features.shape[1]:
            found["class_frechet"] = class_frechet(features, labels, other, other_labels)
            found["class_frechet_mean"] = found["class_frechet"].mean()
        else:
            notes.append(
                f"no Frechet distances by class: a class has {fewest} images, and more than"
                f" {features.shape[1]} are needed"
            )
    try:
        found |= precision_recall(other, features, seed=seed)
    except ImportError as error:
        notes.append(str(error))
    return found


def _floor(labels, n, training_images, training_labels, seed):
    """Which training images stand in for the n generated: indices, and labels or None."""
    if labels is None or training_labels is None:
        return draw(len(training_images), n, seed), None
    drawn = []
    for y, asked in enumerate(np.bincount(labels)):
        mine = np.flatnonzero(training_labels == y)
        drawn.append(mine[draw(len(mine), asked, seed)])
    drawn = np.concatenate(drawn)
    return drawn, training_labels[drawn]


def _hash(*arrays):
    """12 hex digits of the SHA-256 of images, seen as grey levels."""
    digest = hashlib.sha256()
    for images in arrays:
        if images is not None:
            digest.update(pictures.to_bytes(images).tobytes())
    return digest.hexdigest()[:12]
