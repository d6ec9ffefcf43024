"""The slow acceptance runs, several seeds each, written as records: `make gates`.

    python -m benchmarks.gates                  every gate
    python -m benchmarks.gates digits           one of them
    python -m benchmarks.gates --again          also the runs whose records exist

Runs whose record exists are not repeated, so a sweep that was stopped goes on.  Each run
trains in build/gates/ and can itself be stopped and resumed.
"""

import argparse
import json
import shutil
import statistics
import sys
import time
from pathlib import Path

import keras
import numpy as np

from ganedu import data, evaluate, pictures, recipes, records, runs

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "book" / "records"
WORK = ROOT / "build" / "gates"
SEEDS = range(5)
SAMPLES = 10_000
CLAIM = "A-arch"


def plain(network):
    """The network with Keras's own layers where ours are drop-in replacements."""

    def swap(layer):
        if not type(layer).__module__.startswith("ganedu"):
            return layer.__class__.from_config(layer.get_config())
        return getattr(keras.layers, type(layer).__name__).from_config(layer.get_config())

    twin = keras.models.clone_model(network, clone_function=swap)
    twin.set_weights(network.get_weights())
    return twin


class PlainRecipe(recipes.Recipe):
    """The recipe on Keras's own layers (the run's folder looks the same: keep them apart)."""

    def build_networks(self, seed=0, precision="float32"):
        return [plain(network) for network in super().build_networks(seed, precision)]


def classifier():
    """The classifier that reads the samples, trained once and kept, and what it says of real ones."""
    path = WORK / "digits_classifier.keras"
    if not path.exists():
        print("training the classifier that reads the samples ...", flush=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        evaluate.train_classifier("digits")[0].save(path)
    model = keras.models.load_model(path)
    test = data.load("digits", "test")
    read = model.predict(data.scale()(test.images), batch_size=500, verbose=0)
    accuracy = float((read.argmax(1) == test.labels).mean())
    print(f"the classifier reads {accuracy:.2%} of the real test digits correctly", flush=True)
    real = model.predict(data.scale()(data.load("digits").images), batch_size=500, verbose=0)
    return model, {
        "reader_accuracy": round(accuracy, 4),
        "real_inception_score": round(evaluate.inception_score(real), 3),
    }


def measure(gan, reader, of_reader):
    """What the gate asks of a trained GAN, beside what the reader says of real images."""
    fake = gan.sample(SAMPLES, seed=12345)
    read = reader.predict(fake, batch_size=500, verbose=0)
    return {
        "inception_score": round(evaluate.inception_score(read), 3),
        "class_shares": [round(float(s), 4) for s in evaluate.class_shares(read)],
        "samples": SAMPLES,
        **of_reader,
    }


def digits(setting, recipe, policy, again):
    """Five seeds of the digits recipe; gives their metrics."""
    results, reader = [], None
    for seed in SEEDS:
        path = records.path(RECORDS, CLAIM, setting, seed)
        if path.exists() and not again:
            results.append(json.loads(path.read_text())["metrics"])
            continue
        folder = WORK / f"{setting}-seed{seed}"
        if again:
            shutil.rmtree(folder, ignore_errors=True)
        reader = reader or classifier()
        began = time.monotonic()  # the reader's own training is not this run's
        gan = runs.train(folder, recipe, seed, policy)
        metrics = measure(gan, *reader)
        run = runs.Run(folder)
        training = sum(line["seconds"] for line in run.metrics())
        sheets = [pictures.load_png(p) for p in sorted((folder / "sheets").glob("*.png"))]
        records.save(
            RECORDS,
            {
                "claim": CLAIM,
                "scale": recipe.scale,
                "setting": setting,
                "seed": seed,
                "metrics": metrics,
                "seconds": {
                    "training": round(training, 1),
                    "all": round(time.monotonic() - began, 1),
                },
                "versions": run.config["versions"],
                "machine": run.config["machine"] | {"precision": run.precision},
                "commit": records.commit(),
                "command": f"python -m benchmarks.gates {setting}",
            },
            pictures.film_strip(sheets, recipe.generator.image_shape[0]),
        )
        results.append(metrics)
    return results


def report(setting, results):
    """Prints all seeds, sorted by score, and whether the gate is passed."""
    scores = sorted(m["inception_score"] for m in results)
    smallest = sorted(min(m["class_shares"]) for m in results)
    median = statistics.median(scores)
    full = sum(share >= 0.04 for share in smallest)
    passed = median >= 6.7 and full >= len(results) - 1
    print(f"{setting}: Inception score, all seeds: {scores}, median {median:.2f} (at least 6.7)")
    print(f"{setting}: smallest class share, all seeds: {smallest}; {full} have 4% or more")
    print(f"{setting}: {'passed' if passed else 'FAILED'}")
    return passed


def gate_digits(again):
    recipe = recipes.get("digits", "standard")
    return report("digits", digits("digits", recipe, None, again))


def gate_plain(again):
    """The fast path (bfloat16 where it pays, our layers) against the plain one, same images seen."""
    fast = recipes.get("digits", "standard")
    slow = PlainRecipe(**{f: getattr(fast, f) for f in fast.__dataclass_fields__})
    results = {
        "digits": digits("digits", fast, None, again),
        "digits-plain": digits("digits-plain", slow, "float32", again),
    }
    passed = [report(setting, found) for setting, found in results.items()]
    means = {k: np.mean([m["inception_score"] for m in v]) for k, v in results.items()}
    spread = max(np.std([m["inception_score"] for m in v], ddof=1) for v in results.values())
    gap = means["digits"] - means["digits-plain"]
    # Two means of five seeds differ by chance by about spread * sqrt(2/5).
    equal = gap > -2 * spread * (2 / len(SEEDS)) ** 0.5
    print(f"fast minus plain: {gap:+.2f} (spread of seeds {spread:.2f}): {'passed' if equal else 'FAILED'}")
    return all(passed) and equal


GATES = {"digits": gate_digits, "digits-plain": gate_plain}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gates", nargs="*", choices=[*GATES, []], help="default: all")
    parser.add_argument("--again", action="store_true", help="repeat runs whose record exists")
    chosen = parser.parse_args()
    passed = [GATES[name](chosen.again) for name in chosen.gates or GATES]
    sys.exit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
