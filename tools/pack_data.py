"""Makes ganedu/assets/*.xz again from the full sets, or checks that they are what it makes.

    TFDS_DATA_DIR=/some/dir python tools/pack_data.py [--check]

The rule: within each class, the images whose SHA-256 (of the 784 pixel bytes) are smallest:
1,000 a class of the training split, 200 a class of the test split; stored in the order of
those hashes.  That is as good as drawing lots, needs no seed, and does not depend on the
order in which a copy of the set holds its images.
"""

import argparse
import hashlib
import lzma
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ganedu import data  # noqa: E402
from ganedu.data import bundled  # noqa: E402

SETS = {"digits": "mnist", "fashion": "fashion_mnist"}
PER_CLASS = {"train": 1000, "test": 200}
# Literal context of 3 bits, no position bits: the smallest of those tried on these images.
FILTERS = [
    {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 3, "lp": 0, "pb": 0}
]


def choose(images: np.ndarray, labels: np.ndarray, per_class: int) -> np.ndarray:
    """Indices of the chosen images, in the order of their hashes."""
    hashes = np.array([hashlib.sha256(x.tobytes()).hexdigest() for x in images])
    order = np.argsort(hashes, kind="stable")
    chosen = np.zeros(len(images), bool)
    for c in np.unique(labels):
        chosen[order[labels[order] == c][:per_class]] = True
    return order[chosen[order]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    parser.add_argument("--data-dir", help="default: $TFDS_DATA_DIR")
    args = parser.parse_args()
    same = True
    for name, full in SETS.items():
        for split, per_class in PER_CLASS.items():
            images, labels = data.load(full, split, args.data_dir)[:2]
            keep = choose(images, labels, per_class)
            images, labels = images[keep], labels[keep]
            if args.check:
                x, y = bundled.unpack(name, split)
                equal = np.array_equal(x, images) and np.array_equal(y, labels)
                print(f"{name} {split}: {'the same' if equal else 'DIFFERENT'}")
                same &= equal
                continue
            raw = labels.astype(np.uint8).tobytes() + images.tobytes()
            packed = lzma.compress(raw, format=lzma.FORMAT_XZ, filters=FILTERS)
            path = bundled.ASSETS / f"{name}_{split}.xz"
            path.write_bytes(packed)
            print(f'    "{path.name}": "{hashlib.sha256(packed).hexdigest()}",', len(packed))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
