"""What an evaluation found: numbers, the numbers of real images beside them, and where from.

A `Result` prints as one table, travels as JSON, and refuses to be compared with a result of
another classifier, other images, other counts or another seed.
"""

import dataclasses

import numpy as np

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
                numbers must not be compared.
        """
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
    """Measures as rows, column name -> values; then a block with a column for each class."""
    heads = "".join(f"{name:>12}" for name in columns)
    lines = [f"{'measure':<34}{heads}   better"]
    for name, words, better in ROWS:
        row = [values.get(name) for values in columns.values()]
        if any(value is not None for value in row):
            lines.append(
                f"{words:<34}" + "".join(f"{_number(v):>12}" for v in row) + f"   {better}"
            )
    classes = max(len(values.get("class_shares", ())) for values in columns.values())
    if classes:
        lines += ["", f"{'class':<26}" + "".join(f"{y:>7}" for y in range(classes))]
    for name, words in CLASS_ROWS:
        for column, values in columns.items():
            if row := values.get(name):
                cells = ("-" if v is None else f"{v:.{3 if v < 100 else 1}f}" for v in row)
                lines.append(f"{words + ', ' + column:<26}" + "".join(f"{c:>7}" for c in cells))
    return "\n".join(lines)
