"""Numbers that say how good generated images are.

    reader = readers.load("digits")
    result = measures.score(images, labels, test_images, test_labels, reader,
                            train_images, train_labels)
    print(result)

Everything works on arrays and without a network.  `score` takes all measures but one at once;
`gan_train`, which trains a classifier, is called alone.  No measure is enough: a generator that
copies its training images, or makes one good image a class, or blurs, is perfect by some
measure and caught by another.

Two warnings that hold for each measure: a value means something only beside the value that
*real* images get at the same sample size, and values from different classifiers (feature
extractors) or sample sizes must never be compared.  `Result` keeps to both.
"""

from .formulas import (
    Memorisation,
    Success,
    class_frechet,
    class_shares,
    coarse_pixels,
    frechet_by_size,
    frechet_distance,
    inception_score,
    memorisation,
    nearest_neighbours,
    precision_recall,
    success_rate,
)
from .intervals import Share, difference, interval, paired
from .scoring import Result, score
from .teach import gan_train

__all__ = [
    "Memorisation", "Result", "Share", "Success", "class_frechet", "class_shares", "coarse_pixels",
    "difference", "frechet_by_size", "frechet_distance", "gan_train", "inception_score", "interval",
    "memorisation", "nearest_neighbours", "paired", "precision_recall", "score", "success_rate",
]  # fmt: skip
