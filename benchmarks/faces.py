"""What faces cost: to draw, and a training step on each road.  `python -m benchmarks.faces [ROAD SIZE]`

Draws 10,000 faces of 64 pixels, then builds the thin GAN of `experiments.scalings` on each road to each
size and trains it for a few steps.  Each road has a process of its own, whose peak of memory is printed
beside the milliseconds of a step; within a size the roads take turns, so that a busy machine is so for
all of them.
"""

import resource
import statistics
import subprocess
import sys
import time

import numpy as np

from ganedu import data
from ganedu.experiments import scalings

SIZES = (32, 64, 128, 256)
BATCH, WARM, STEPS, ROUNDS = 32, 1, 5, 3


def draw():
    """Seconds that 10,000 faces of 64 pixels take."""
    data.load("faces", size=64, n=100)  # whatever is imported late
    began = time.perf_counter()
    data.load("faces", size=64, n=10_000)
    return time.perf_counter() - began


def one(road, size, steps=STEPS):
    """Milliseconds of a step of a batch of 32, and the process's peak of memory in GiB."""
    gan = scalings.road(scalings.thin(size), road).build(0)
    images = np.random.default_rng(0).uniform(-1, 1, (BATCH, size, size, 3)).astype("float32")
    for _ in range(WARM):  # the first step traces
        gan.train_on_batch(images)
    began = time.perf_counter()
    for _ in range(steps):
        gan.train_on_batch(images)
    milliseconds = 1000 * (time.perf_counter() - began) / steps
    return milliseconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main(rounds=ROUNDS, sizes=SIZES):
    print(f"10,000 faces of 64 pixels drawn in {draw():.1f} s", flush=True)
    for size in sizes:
        roads = scalings.ROADS if size > 32 else ("depth",)
        found = {road: [] for road in roads}
        for _ in range(rounds):
            for road in roads:
                command = [sys.executable, "-m", "benchmarks.faces", road, str(size)]
                told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                found[road].append([float(number) for number in told.split()])
        for road, numbers in found.items():
            step, memory = (statistics.median(column) for column in zip(*numbers, strict=True))
            ratio = statistics.median(n[0] / d[0] for n, d in zip(numbers, found["depth"], strict=True))
            print(f"{size:4} {road:6} {step:8.0f} ms a step, {ratio:5.2f} of the deep road's; "
                  f"peak {memory:.2f} GiB", flush=True)  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:]:
        print(*one(sys.argv[1], int(sys.argv[2])))
    else:
        main()
