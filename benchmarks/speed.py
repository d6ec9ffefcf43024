"""How fast is training?  `python -m benchmarks.speed` (or `make bench`).

Trains the same networks with the same batch through our public `fit` and through the loops
people write after TensorFlow's, Keras's and PyTorch's examples.  All loops of a table take
turns in one process, in short blocks, so that what else the machine does hits all alike; a
ratio is the median, over the rounds, of the ratio within a round.  Prints two tables and, as
its last line, one JSON object.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time

import keras
import numpy as np
import tensorflow as tf

from benchmarks import peers
from ganedu import data
from ganedu.experiments import precision


def small_loops(x, policy):
    tutorial, networks = peers.tutorial, peers.tutorial_networks
    return {
        "tutorial, float32": tutorial(networks, x, "float32"),
        "tutorial, mixed_bfloat16": tutorial(networks, x, "mixed_bfloat16"),
        "keras.io-style fit, float32": peers.keras_io(networks, x, "float32"),
        "PyTorch, float32": peers.pytorch(x, bfloat16=False),
        "PyTorch, bfloat16 autocast": peers.pytorch(x, bfloat16=True),
        "ganedu, simultaneous": peers.ours(networks, x, policy, "simultaneous"),
        "ganedu, sequential": peers.ours(networks, x, policy, "sequential"),
    }


def large_loops(x, policy):
    tutorial, networks = peers.tutorial, peers.large_networks
    return {
        "tutorial, float32": tutorial(networks, x, "float32"),
        "tutorial, mixed_bfloat16": tutorial(networks, x, "mixed_bfloat16"),
        "ganedu, simultaneous": peers.ours(networks, x, policy, "simultaneous"),
        "ganedu, sequential": peers.ours(networks, x, policy, "sequential"),
    }


def measure(loops, steps, rounds):
    """Seconds a step of every loop, in every round; the first, compiling, is not counted.

    What a call of `fit` costs once (some 0.1 s) is in each turn.
    """
    seconds = {name: [] for name in loops}
    for i in range(rounds + 1):
        print(f"round {i} of {rounds} ...", file=sys.stderr, flush=True)
        for name, train in loops.items():
            start = time.perf_counter()
            train(steps if i else peers.WARM_UP)
            if i:
                seconds[name].append((time.perf_counter() - start) / steps)
    return seconds


def summary(seconds):
    """Per loop: median ms a step and images/s, and speed against each reference.

    What else the machine does only ever adds time, so beside the median of the rounds' ratios
    stands the ratio of the fastest turns: what an idle machine would show.
    """
    result = {}
    for name, times in seconds.items():
        median = statistics.median(times)
        result[name] = {
            "ms_per_step": round(1e3 * median, 1),
            "images_per_s": round(peers.BATCH / median, 1),
        }
        for policy in ("float32", "mixed_bfloat16"):
            reference = seconds[f"tutorial, {policy}"]
            ratio = statistics.median(r / t for r, t in zip(reference, times, strict=True))
            result[name][f"against_{policy}"] = round(ratio, 2)
            fastest = min(reference) / min(times)
            result[name][f"fastest_against_{policy}"] = round(fastest, 2)
    return result


def print_table(title, result):
    print(f"\n{title}, batch {peers.BATCH}")
    print(f"{'':48}{'x float32':^18}{'x bfloat16':^18}")
    print(f"{'loop':<29}{'ms/step':>9}{'images/s':>10}" + 2 * f"{'median':>9}{'fastest':>9}")
    for name, row in result.items():
        figures = "{ms_per_step:9.1f}{images_per_s:10.1f}" + "".join(
            f"{{against_{p}:9.2f}}{{fastest_against_{p}:9.2f}}" for p in ("float32", "mixed_bfloat16")
        )
        print(f"{name:<29}" + figures.format(**row))


def machine():
    """What the figures hold for."""
    model = platform.processor()
    flags = ""
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            facts = dict(line.split("\t: ", 1) for line in file if "\t: " in line)
        facts = {name.strip(): value.strip() for name, value in facts.items()}
        model, flags = facts.get("model name", model), facts.get("flags", "")
    versions = {
        "python": platform.python_version(),
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
    }
    try:
        import torch

        versions["torch"] = torch.__version__
    except ImportError:
        pass
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "amx_bf16": "amx_bf16" in flags.split(),
        "gpus": len(tf.config.list_physical_devices("GPU")),
        "versions": versions,
    }


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--rounds", type=int, default=5, help="counted turns of each loop")
    parser.add_argument("--steps", type=int, default=32, help="steps a turn (a third at 64x64)")
    parser.add_argument("--size", type=int, choices=(28, 64), help="only this table")
    options = parser.parse_args()

    policy = precision.choose()
    report = {
        **machine(),
        "precision": policy,
        "bfloat16_speedup": round(precision.bfloat16_speedup(), 2),
        "batch": peers.BATCH,
        "rounds": options.rounds,
    }
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if busy > 0.5:
        print(f"This machine is busy (load {busy:.1f}): trust the ratios, not the times.")
    if options.size != 64:
        images = data.load("digits").images[: options.steps * peers.BATCH]
        loops = small_loops(images, policy)
        for name in [name for name, train in loops.items() if train is None]:
            print(f"left out: {name} (torch is not installed)")
            del loops[name]
        report["28x28"] = summary(measure(loops, options.steps, options.rounds))
        print_table("28x28x1, the DCGAN tutorial's networks", report["28x28"])
    if options.size != 28:
        # The time does not depend on what the images show.
        steps = max(options.steps // 3, 1)
        shape = (steps * peers.BATCH, 64, 64, 3)
        images = np.random.default_rng(0).integers(0, 256, shape, dtype="uint8")
        report["64x64"] = summary(measure(large_loops(images, policy), steps, options.rounds))
        print_table("64x64x3, report D's networks", report["64x64"])
    report["load_before"] = round(busy, 2)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
