"""How long do the measures take?  `python -m benchmarks.measures`

Scores 10,000 "generated" images (real training ones) against 10,000 real test images and 60,000
training images: MNIST where it is prepared (TFDS_DATA_DIR), else the bundled digits tiled to
those numbers.  Prints the seconds of each measure (by the clock, and of all cores), and of
`measures.score`, which takes all of them, most twice: for the generated images and the floor.
"""

import time

import numpy as np

from ganedu import data, measures
from ganedu.measures import readers, scoring

SAMPLES, REFERENCE, TRAINING = 10_000, 10_000, 60_000


def images(name, split, n):
    """n images in [-1, 1] and their labels, tiled where there are fewer."""
    found = data.load(name, split)
    rows = np.arange(n) % len(found.images)
    x = found.images[rows].astype(np.float32) / 127.5 - 1
    return x, found.labels[rows]


def timed(words, measure, *arguments):
    began, cpu = time.perf_counter(), time.process_time()
    result = measure(*arguments)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"{seconds:8.1f} {cpu:8.1f}  {words}", flush=True)
    return result


def main():
    name = "mnist" if data.find("mnist") else "digits"
    print(f"{name}{' (tiled)' if name == 'digits' else ''}: {SAMPLES:,} images against"
          f" {REFERENCE:,} real ones, {TRAINING:,} training images")  # fmt: skip
    test, test_labels = images(name, "test", REFERENCE)
    training, training_labels = images(name, "train", TRAINING)
    fake, labels = training[-SAMPLES:], training_labels[-SAMPLES:]
    classifier = readers.load("digits")
    classifier.read(fake[:500])  # TensorFlow's first call is slow
    few = scoring.NEIGHBOUR_LIMIT

    print(" seconds      CPU  measure")
    f, p = timed("reading the images", classifier.read, fake)
    real_f, _ = classifier.read(test)
    timed("success rate", measures.success_rate, p, labels)
    timed("Inception score", measures.inception_score, p)
    timed("Frechet distance", measures.frechet_distance, f, real_f)
    timed("Frechet distance by class", measures.class_frechet, f, labels, real_f, test_labels)
    timed("precision to coverage", measures.precision_recall, real_f, f)
    timed("copies", measures.memorisation, fake[:few], training, test[:few])
    arguments = (fake, labels, test, test_labels, classifier, training, training_labels)
    print(timed("score: all of these", measures.score, *arguments))


if __name__ == "__main__":
    main()
