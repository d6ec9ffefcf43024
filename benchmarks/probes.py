"""Which linear classifier for a probe?  `python -m benchmarks.probes [IMAGES [FEATURES]]`

Fits each of `linear.KINDS` that is linear on features of an untrained discriminator for CIFAR-10
(TFDS_DATA_DIR): 50,000 images and 7,168 features by default, at a few strengths.  Each fit has a
process of its own, whose peak of memory is printed beside its seconds and its accuracy; a kind of
which one fit takes longer than LIMIT is given up.  The default of `linear.fit` is the fastest that
stays within half a point of the SVM.
"""

import resource
import subprocess
import sys
import tempfile
import time

from ganedu import data, probe
from ganedu.measures import linear
from ganedu.networks import DiscriminatorConfig

GRIDS = {"ridge": (1e-4, 1e-3, 1e-2), "sgd": (1e-4, 1e-3, 1e-2), "svm": (1e-4, 1e-3, 1e-2)}
LIMIT = 1200  # seconds of a fit


def features(n, size, cache):
    """Of n training and all test images of CIFAR-10: [N, size] each, with labels."""
    maps = size // 16 // 7
    config = DiscriminatorConfig((32, 32, 3), filters=(maps, 2 * maps, 4 * maps), kernel_sizes=5)
    train, test = data.load("cifar10"), data.load("cifar10", "test")
    network = probe.with_statistics(config.build(0), train.images[:2000])
    extractor = probe.Features(network)
    return [(probe.extract(extractor, s.images[:m], cache), s.labels[:m]) for s, m in ((train, n), (test, None))]


def one(n, size, cache, kind, C):
    """Fits one kind at one strength and prints seconds, accuracy and the process's peak of memory."""
    (x, y), (test_x, test_y) = features(n, size, cache)
    began = time.perf_counter()
    found = linear.fit(x, y, test_x, test_y, kind, (C,))
    seconds = time.perf_counter() - began
    gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{kind:6} C {C:g}: {seconds:7.1f} s  accuracy {found.accuracy:.4f}  peak {gib:.1f} GiB", flush=True)


def main(n=50_000, size=7168):
    with tempfile.TemporaryDirectory() as cache:
        began = time.perf_counter()
        features(n, size, cache)
        print(f"{n:,} images and the test set, {size:,} features, in {time.perf_counter() - began:.0f} s", flush=True)
        for kind, grid in GRIDS.items():
            for C in grid:
                command = [sys.executable, "-m", "benchmarks.probes", str(n), str(size), cache, kind, str(C)]
                try:
                    subprocess.run(command, timeout=LIMIT, check=True)
                except subprocess.TimeoutExpired:
                    print(f"{kind:6} C {C:g}: stopped, more than {LIMIT} s")
                    break
                except subprocess.CalledProcessError as error:
                    print(f"{kind:6} C {C:g}: ended with exit code {error.returncode}")
                    break


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:3]]
    if len(sys.argv) == 6:
        one(*asked, *sys.argv[3:5], float(sys.argv[5]))
    else:
        main(*asked)
