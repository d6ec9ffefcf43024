"""How fast is training?  `python -m benchmarks.speed` (or `make bench`).

Trains the same networks with the same batch through our public `fit` and through the loops
people write after TensorFlow's, Keras's and PyTorch's examples.  All loops of a table take
turns, in short blocks, so that what else the machine does hits all alike; a ratio is the
median, over the rounds, of the ratio within a round.  Prints two tables and, as its last line,
one JSON object.

How much of the machine others had meanwhile is printed too: two loops that differ by a tenth
cannot be told apart on a machine that others use, where one turn may take twice as long as the
next.
"""

import argparse
import importlib.machinery
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from benchmarks import BATCH, peers
from ganedu import data
from ganedu.experiments import precision


class Elsewhere:
    """Loops of a process of its own, which waits for its turns.

    Args:
        command: the process.  Its first line is kept as `greeting`; a line "name steps" makes
            it train and answer with the seconds of processor time it took.
        environment: what to add to ours.
    """

    def __init__(self, command, environment=()):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **dict(environment)},
        )
        self.greeting = self._line()

    def _line(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(
                f"{' '.join(self.process.args)} ended with exit code {self.process.wait()}"
            )
        return line.strip()

    def train(self, name, steps):
        self.process.stdin.write(f"{name} {steps}\n")
        self.process.stdin.flush()
        return float(self._line())

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def pytorch(x, folder):
    """The process that holds PyTorch's loops, or None where PyTorch is not installed."""
    path = [*([str(folder)] if folder else []), *sys.path]
    if importlib.machinery.PathFinder.find_spec("torch", path) is None:
        return None
    root = str(Path(__file__).parent.parent)
    environment = {"PYTHONPATH": os.pathsep.join([root, *path[: bool(folder)]])}
    with tempfile.TemporaryDirectory() as temporary:
        images = Path(temporary) / "images.npy"
        np.save(images, peers.scaled(x))
        command = [sys.executable, "-m", "benchmarks.torch_peer", str(images)]
        return Elsewhere(command, environment)


def small_loops(x, policy, torch):
    tutorial, networks = peers.tutorial, peers.tutorial_networks
    loops = {
        "tutorial, float32": tutorial(networks, x, "float32"),
        "tutorial, mixed_bfloat16": tutorial(networks, x, "mixed_bfloat16"),
        "keras.io-style fit, float32": peers.keras_io(networks, x, "float32"),
    }
    if torch:
        loops["PyTorch, float32"] = partial(torch.train, "float32")
        loops["PyTorch, bfloat16 autocast"] = partial(torch.train, "bfloat16")
    return loops | our_loops(networks, x, policy)


def large_loops(x, policy):
    tutorial, networks = peers.tutorial, peers.large_networks
    return {
        "tutorial, float32": tutorial(networks, x, "float32"),
        "tutorial, mixed_bfloat16": tutorial(networks, x, "mixed_bfloat16"),
    } | our_loops(networks, x, policy)


def our_loops(networks, x, policy):
    return {
        f"ganedu, {order}": peers.ours(networks, x, policy, order)
        for order in ("simultaneous", "sequential", "alternating")
    }


def processor_seconds():
    """Processor time that all processes of this machine have used, or None if it does not say."""
    try:
        with open("/proc/stat") as file:
            user, nice, system, _, _, irq, softirq, steal = map(
                int, file.readline().split()[1:9]
            )
    except (OSError, ValueError):
        return None
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def measure(loops, steps, rounds):
    """Seconds a step of every loop, in every round; the first, compiling, is not counted.

    Also the cores that other processes had during each turn (none where this machine does not
    say).  What a call of `fit` costs once (some 0.1 s) is in each turn.
    """
    seconds, others = {name: [] for name in loops}, []
    for i in range(rounds + 1):
        print(f"round {i} of {rounds} ...", file=sys.stderr, flush=True)
        for name, train in loops.items():
            everybody, cpu, start = (
                processor_seconds(),
                time.process_time(),
                time.perf_counter(),
            )
            elsewhere = train(steps if i else peers.WARM_UP) or 0.0
            taken = time.perf_counter() - start
            cpu = time.process_time() - cpu + elsewhere
            if i:
                seconds[name].append(taken / steps)
                if everybody is not None:
                    others.append(max(processor_seconds() - everybody - cpu, 0.0) / taken)
    return seconds, others


def summary(seconds):
    """Per loop: ms a step and images/s of the median turn, and speed against each reference.

    What else the machine does only ever adds time, so beside the median of the rounds' ratios
    stands the ratio of the fastest turns: what an idle machine would show.
    """
    result = {}
    for name, times in seconds.items():
        median = statistics.median(times)
        result[name] = {
            "ms_per_step": round(1e3 * median, 1),
            "fastest_ms_per_step": round(1e3 * min(times), 1),
            "images_per_s": round(BATCH / median, 1),
        }
        for policy in ("float32", "mixed_bfloat16"):
            reference = seconds[f"tutorial, {policy}"]
            ratio = statistics.median(r / t for r, t in zip(reference, times, strict=True))
            result[name][f"against_{policy}"] = round(ratio, 2)
            fastest = min(reference) / min(times)
            result[name][f"fastest_against_{policy}"] = round(fastest, 2)
    return result


def print_table(title, result):
    print(f"\n{title}, batch {BATCH}")
    print(f"{'':48}{'x float32':^18}{'x bfloat16':^18}")
    print(f"{'loop':<29}{'ms/step':>9}{'images/s':>10}" + 2 * f"{'median':>9}{'fastest':>9}")
    for name, row in result.items():
        figures = "{ms_per_step:9.1f}{images_per_s:10.1f}" + "".join(
            f"{{against_{p}:9.2f}}{{fastest_against_{p}:9.2f}}"
            for p in ("float32", "mixed_bfloat16")
        )
        print(f"{name:<29}" + figures.format(**row))


def machine(torch):
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
    if torch:
        versions["torch"] = torch.greeting
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
    parser.add_argument("--rounds", type=int, default=10, help="counted turns of each loop")
    parser.add_argument("--steps", type=int, default=16, help="steps a turn (a third at 64x64)")
    parser.add_argument("--size", type=int, choices=(28, 64), help="only this table")
    parser.add_argument(
        "--torch", help="folder where PyTorch is installed, if not with TensorFlow"
    )
    options = parser.parse_args()

    policy = precision.choose()
    report = {
        "precision": policy,
        "bfloat16_speedup": round(precision.bfloat16_speedup(), 2),
        "batch": BATCH,
        "rounds": options.rounds,
        "steps": options.steps,
    }
    torch, disturbance = None, []
    if options.size != 64:
        images = data.load("digits").images[: options.steps * BATCH]
        torch = pytorch(images, options.torch)
        if torch is None:
            print("left out: PyTorch (it is not installed)")
        loops = small_loops(images, policy, torch)
        seconds, others = measure(loops, options.steps, options.rounds)
        disturbance += others
        report["28x28"] = summary(seconds)
        print_table("28x28x1, the DCGAN tutorial's networks", report["28x28"])
        if torch:
            torch.close()
    if options.size != 28:
        # The time does not depend on what the images show.
        steps = max(options.steps // 3, 1)
        shape = (steps * BATCH, 64, 64, 3)
        images = np.random.default_rng(0).integers(0, 256, shape, dtype="uint8")
        seconds, others = measure(large_loops(images, policy), steps, options.rounds)
        disturbance += others
        report["64x64"] = summary(seconds)
        print_table("64x64x3, report D's networks", report["64x64"])
    if disturbance:
        report["cores_of_others"] = round(statistics.median(disturbance), 2)
        print(
            f"\nMeanwhile other processes had {report['cores_of_others']} cores (median of turns)."
        )
        if report["cores_of_others"] > 0.1:
            print("Do not trust these figures: run this again when the machine is idle.")
    print(json.dumps(machine(torch) | report))


if __name__ == "__main__":
    main()
