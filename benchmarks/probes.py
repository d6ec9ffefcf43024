"""Which linear classifier for a probe?  `python -m benchmarks.probes [IMAGES [FEATURES]]`

Fits each of `linear.KINDS` that is linear, once, on features of an untrained discriminator for
CIFAR-10 (TFDS_DATA_DIR): 50,000 images and 7,168 features by default.  Each in a process of its own,
whose peak of memory is printed beside its seconds and its accuracy at the best of a few strengths.
The default of `linear.fit` is the fastest that stays within half a point of the SVM.
"""

import resource
import subprocess
import sys
import time

from ganedu import data, probe
from ganedu.measures import linear
from ganedu.networks import DiscriminatorConfig

LINEAR = ("svm", "ridge", "sgd")
GRIDS = {"svm": (1e-4, 1e-3, 1e-2), "ridge": (1e-5, 1e-4, 1e-3), "sgd": (1e-4, 1e-3, 1e-2)}
LIMIT = 1200  # seconds of a fit


def features(n, size):
    """Of n training and all test images of CIFAR-10: [N, size] each, with labels."""
    maps = size // 16 // 7
    config = DiscriminatorConfig((32, 32, 3), filters=(maps, 2 * maps, 4 * maps), kernel_sizes=5)
    train, test = data.load("cifar10"), data.load("cifar10", "test")
    network = probe.with_statistics(config.build(0), train.images[:2000])
    extractor = probe.Features(network)
    return [(probe.extract(extractor, s.images[:m]), s.labels[:m]) for s, m in ((train, n), (test, None))]


def one(kind, n, size):
    """Fits one kind at each strength and prints seconds, accuracy and the process's peak of memory."""
    began = time.perf_counter()
    (x, y), (test_x, test_y) = features(n, size)
    print(f"features {x.shape} in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    for C in GRIDS[kind]:
        began = time.perf_counter()
        found = linear.fit(x, y, test_x, test_y, kind, (C,))
        gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        seconds = time.perf_counter() - began
        print(f"{kind:6} C {C:g}: {seconds:7.1f} s  accuracy {found.accuracy:.4f}  peak {gib:.1f} GiB", flush=True)


def main(n=50_000, size=7168):
    print(f"{n:,} images, {size:,} features", flush=True)
    for kind in LINEAR:
        command = [sys.executable, "-m", "benchmarks.probes", str(n), str(size), kind]
        try:
            subprocess.run(command, timeout=len(GRIDS[kind]) * LIMIT, check=True)
        except subprocess.TimeoutExpired:
            print(f"{kind:6} stopped: more than {LIMIT} s a fit")
        except subprocess.CalledProcessError as error:
            print(f"{kind:6} ended with exit code {error.returncode}")


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:3]]
    if len(sys.argv) == 4:
        one(sys.argv[3], *asked)
    else:
        main(*asked)
