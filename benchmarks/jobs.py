"""Two runs side by side on one thread each, or one after the other on two?  The default of
`python -m ganedu reproduce --jobs`.

    python -m benchmarks.jobs [--rounds 3] [RECIPE ...]

In turn: every core a run of its own, then one run that has all cores.  Images per second of all
runs together, in their last epoch; start-up and tracing are not counted.
"""

import argparse
import dataclasses
import json
import shutil
import statistics
import threading
from pathlib import Path

from ganedu.experiments import jobs, recipes

WORK = Path("build") / "jobs"


def rate(recipe, runs, threads):
    """Images per second of `runs` runs at a time, `threads` threads each."""
    tasks = [
        {"claims": ["none"], "setting": recipe.name, "seed": seed, "recipe": recipe.to_dict(),
         "measure": "pixels", "precision": "float32", "threads": threads,
         "folder": str(WORK / f"{recipe.name}-{runs}-{seed}")}
        for seed in range(runs)
    ]  # fmt: skip
    for task in tasks:
        shutil.rmtree(task["folder"], ignore_errors=True)
    workers = [threading.Thread(target=jobs.one, args=(task,)) for task in tasks]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    total = 0.0
    for task in tasks:
        lines = (Path(task["folder"]) / "metrics.jsonl").read_text().splitlines()
        before, last = map(json.loads, lines[-2:])
        total += (last["steps"] - before["steps"]) * recipe.batch_size / last["seconds"]
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipes", nargs="*", default=["cgan-digits", "digits"])
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    cores = jobs.cores()
    for name in chosen.recipes:
        recipe = dataclasses.replace(recipes.get(name, "quick"), epochs=3, held_out=0)
        beside, alone = [], []
        for _ in range(chosen.rounds):
            beside.append(rate(recipe, cores, 1))
            alone.append(rate(recipe, 1, cores))
        ratio = statistics.median(beside) / statistics.median(alone)
        print(f"{name}: {cores} runs on 1 thread {[round(r) for r in beside]} images/s together, "
              f"1 run on {cores} threads {[round(r) for r in alone]}: {ratio:.2f} times")  # fmt: skip


if __name__ == "__main__":
    main()
