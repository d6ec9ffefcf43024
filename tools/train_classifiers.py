"""Trains the bundled classifiers again, or checks that they read as well as is said.

    python -m tools.train_classifiers [digits|fashion] [--check]

Writes ganedu/assets/NAME_classifier.npz (float16 weights) and that set's part of
ganedu/assets/classifiers.json.  Trained on the bundled training images alone; the test images
are read once, by the finished classifier.  Other machines round differently and give other,
equally good weights, and so another hash.
"""

import argparse
import json
import platform
import sys
import time

import keras
import numpy as np
import tensorflow as tf

from ganedu import data, files
from ganedu.measures import readers, teach

ABOUT = readers.ASSETS / "classifiers.json"


def test_accuracy(classifier):
    """Share of the bundled test images that it reads right: of all, and of each class."""
    test = data.load(classifier.name, "test")
    return readers.accuracy(classifier, data.scale()(test.images), test.labels)


def make(name):
    """Trains, measures and writes one classifier."""
    start = time.perf_counter()
    classifier = teach.train(name, verbose=2)
    seconds = time.perf_counter() - start
    correct, of_class = test_accuracy(classifier)
    path = readers.ASSETS / f"{name}_classifier.npz"
    readers.save(classifier, path)
    about = json.loads(ABOUT.read_text("utf-8")) if ABOUT.exists() else {}
    about[name] = {
        "accuracy": round(correct, 4),
        "accuracy_of_class": [round(float(share), 4) for share in of_class],
        "measured_on": f"the 2,000 test images of {name}, with the float16 weights",
        "trained_on": f"the 10,000 training images of {name}",
        "seed": 0,
        "epochs": teach.SETTINGS[name][0],
        "sha256": readers.hash_of(classifier.model),
        "command": f"python -m tools.train_classifiers {name}",
        "versions": {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
        },
    }
    files.write(ABOUT, json.dumps(dict(sorted(about.items())), indent=1) + "\n")
    size = path.stat().st_size / 1000
    print(f"{name}: {correct:.2%} of the test images, {seconds:.0f} s, {size:.0f} kB")


def check(name):
    """Whether a bundled classifier reads as well as is stated."""
    classifier = readers.load(name)
    correct, _ = test_accuracy(classifier)
    good = abs(correct - classifier.accuracy) <= 0.002
    stated = f"stated {classifier.accuracy:.2%}: {'good' if good else 'BAD'}"
    print(f"{name}: {correct:.2%}, {stated}")
    return good


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="?", choices=list(teach.SETTINGS))
    parser.add_argument("--check", action="store_true", help="train nothing, measure")
    args = parser.parse_args(argv)
    names = [args.name] if args.name else list(teach.SETTINGS)
    if args.check:
        return 0 if all([check(name) for name in names]) else 1
    for name in names:
        make(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
