"""Trains the bundled classifiers again, or checks that they read as well as is said.

    python -m tools.train_classifiers [digits|fashion|faces] [--check]

Writes ganedu/assets/NAME_classifier.npz (float16 weights) and that set's part of
ganedu/assets/classifiers.json.  Trained on the bundled training images alone, or on drawn faces of
another seed; the test images are read once, by the finished classifier.  Other machines round differently and give other,
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
from ganedu.measures import attributes, readers, teach

NAMES = readers.BUNDLED
ABOUT = readers.ASSETS / "classifiers.json"


def test_accuracy(classifier):
    """Share of the test images that it reads right: the whole, and of each class or attribute.

    The whole is, of the reader of faces, what it reads worst.
    """
    if classifier.name == "faces":
        test = data.load("faces", "test", size=readers.FACES_SHAPE[0])
        of_each = attributes.accuracy(classifier, data.scale()(test.images).numpy(), test.attributes)
        return float(of_each.min()), of_each
    test = data.load(classifier.name, "test")
    return readers.accuracy(classifier, data.scale()(test.images), test.labels)


def train(name):
    """The classifier of one set, and what its part of the list says of its making."""
    if name == "faces":
        drawn = [data.load("faces", **arguments) for arguments in attributes.FACES]
        images, truths = (np.concatenate([getattr(d, k) for d in drawn]) for k in ("images", "attributes"))
        made = attributes.train(
            images, truths, drawn[0].attribute_names, epochs=attributes.EPOCHS, name=name, verbose=2
        )
        return made, {
            "attributes": list(made.names),
            "trained_on": [f"faces {arguments}" for arguments in attributes.FACES],
            "epochs": attributes.EPOCHS,
        }
    return teach.train(name, verbose=2), {
        "trained_on": f"the 10,000 training images of {name}",
        "epochs": teach.SETTINGS[name][0],
    }


def make(name):
    """Trains, measures and writes one classifier."""
    start = time.perf_counter()
    classifier, how = train(name)
    seconds = time.perf_counter() - start
    correct, of_each = test_accuracy(classifier)
    path = readers.ASSETS / f"{name}_classifier.npz"
    readers.save(classifier, path)
    about = json.loads(ABOUT.read_text("utf-8")) if ABOUT.exists() else {}
    about[name] = {
        "accuracy": round(correct, 4),
        "accuracy_of_attribute" if name == "faces" else "accuracy_of_class": [
            round(float(share), 4) for share in of_each
        ],
        "measured_on": f"the 2,000 test images of {name}, with the float16 weights",
        **how,
        "seed": 0,
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
    said = float(np.min(classifier.accuracy))
    good = abs(correct - said) <= 0.002
    stated = f"stated {said:.2%}: {'good' if good else 'BAD'}"
    print(f"{name}: {correct:.2%}, {stated}")
    return good


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="?", choices=NAMES)
    parser.add_argument("--check", action="store_true", help="train nothing, measure")
    args = parser.parse_args(argv)
    names = [args.name] if args.name else list(NAMES)
    if args.check:
        return 0 if all([check(name) for name in names]) else 1
    for name in names:
        make(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
