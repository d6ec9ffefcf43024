"""The slow acceptance runs, several seeds each, written as records: `make gates`.

    python -m benchmarks.gates                  every gate
    python -m benchmarks.gates digits           one of them
    python -m benchmarks.gates --again          also the runs whose records exist

Runs whose record exists are not repeated, so a sweep that was stopped goes on.  Each run
trains in build/gates/ and can itself be stopped and resumed.  `cgan-mnist` needs the full MNIST
in TensorFlow Datasets' folder ($TFDS_DATA_DIR).
"""

import argparse
import functools
import json
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np

from ganedu import data, measures, pictures
from ganedu.experiments import recipes, records, runs, trainer
from ganedu.measures import readers

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "book" / "records"
WORK = ROOT / "build" / "gates"
SEEDS = range(5)
SAMPLES = 10_000
CLASS_SAMPLES = 500
GAN_TRAIN_SAMPLES = 30_000
SAMPLE_SEED = 12345


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


def unconditional(gan, recipe):
    """What the gate of A-arch asks of a trained GAN, beside what the reader says of real images."""
    reader = readers.load(recipe.data)
    real = reader.probabilities(data.scale()(data.load(recipe.data).images).numpy())
    read = reader.probabilities(gan.sample(SAMPLES, seed=SAMPLE_SEED))
    return {
        "inception_score": round(measures.inception_score(read), 3),
        "class_shares": [round(float(s), 4) for s in measures.class_shares(read)],
        "samples": SAMPLES,
        "reader": reader.hash,
        "reader_accuracy": round(reader.accuracy, 4),
        "real_inception_score": round(measures.inception_score(real), 3),
    }


def conditional(gan, recipe):
    """Every measure but GAN-train, of 5,000 images, 500 a class, against all real test images."""
    train, test = (data.load(recipe.data, split) for split in ("train", "test"))
    labels = np.arange(CLASS_SAMPLES * gan.classes) % gan.classes
    result = measures.score(
        gan.sample(labels=labels, seed=SAMPLE_SEED), labels,
        data.scale()(test.images).numpy(), test.labels, readers.load(recipe.data),
        data.scale()(train.images).numpy(), train.labels, seed=SAMPLE_SEED,
    )  # fmt: skip
    floors = ("frechet", "class_frechet", "class_frechet_mean")
    return {
        **rounded(result.values),
        **rounded({f"{name}_floor": result.real[name] for name in floors}),
        "class_frechet_ratio": round(
            result.values["class_frechet_mean"] / result.real["class_frechet_mean"], 3
        ),
        "real": rounded({k: v for k, v in result.real.items() if k not in floors}),
        "samples": result.samples,
        "reference": result.reference,
        "reader": result.classifier["hash"],
        "reader_accuracy": round(result.real["success"], 4),
    }


def conditional_and_gan_train(gan, recipe):
    """The same, and a classifier trained on generated images alone, beside one on real ones."""
    test = data.load(recipe.data, "test")
    real = data.scale()(test.images).numpy(), test.labels
    labels = np.arange(GAN_TRAIN_SAMPLES) % gan.classes
    taught = measures.gan_train(gan.sample(labels=labels, seed=SAMPLE_SEED + 1), labels, *real)
    return conditional(gan, recipe) | {
        "gan_train": round(taught.overall, 4),
        "gan_train_per_class": [round(float(s), 4) for s in taught.per_class],
        "gan_train_samples": GAN_TRAIN_SAMPLES,
        "gan_train_real": round(gan_train_real(recipe.data), 4),
    }


@functools.cache
def gan_train_real(name):
    """GAN-train's classifier taught by as many real training images, the first of the set."""
    train, test = (data.load(name, split) for split in ("train", "test"))
    images, labels = train.images[:GAN_TRAIN_SAMPLES], train.labels[:GAN_TRAIN_SAMPLES]
    scale = data.scale()
    return measures.gan_train(
        scale(images).numpy(), labels, scale(test.images).numpy(), test.labels
    ).overall


def rounded(values):
    """Four digits after the point are more than a seed's spread; JSON stays readable."""
    return json.loads(json.dumps(values), parse_float=lambda text: round(float(text), 4))


def by_command(folder, recipe, seed, policy):
    """Trains as a reader does: from the command line, start-up included."""
    named = [recipe.name, "--scale", recipe.scale, "--seed", str(seed), "--run", str(folder)]
    subprocess.run([sys.executable, "-m", "ganedu", "train", *named], check=True, cwd=ROOT)
    return runs.Run(folder).load()


def sweep(gate, claim, setting, recipe, measure, again, seeds=SEEDS, policy=None, train=by_command):
    """Trains a recipe with several seeds, measures each and leaves its record; the metrics."""
    results = []
    for seed in seeds:
        path = records.path(RECORDS, claim, setting, seed)
        if path.exists() and not again:
            results.append(json.loads(path.read_text())["metrics"])
            continue
        folder = WORK / f"{setting}-seed{seed}"
        if again:
            shutil.rmtree(folder, ignore_errors=True)
        began = time.monotonic()
        gan = train(folder, recipe, seed, policy)
        trained = time.monotonic()
        metrics = measure(gan, recipe)
        run = runs.Run(folder)
        training = sum(line["seconds"] for line in run.metrics())
        records.save(
            RECORDS,
            {
                "claim": claim,
                "scale": recipe.scale,
                "setting": setting,
                "seed": seed,
                "metrics": metrics,
                "seconds": {
                    "training": round(training, 1),
                    "to_sheet": round(trained - began, 1),
                    "all": round(time.monotonic() - began, 1),
                },
                "versions": run.config["versions"],
                "machine": run.config["machine"] | {"precision": run.precision},
                "commit": records.commit(),
                "command": f"python -m benchmarks.gates {gate}",
            },
            pictures.load_png(folder / "film.png"),
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
    return report("digits", sweep("digits", "A-arch", "digits", recipe, unconditional, again))


def gate_plain(again):
    """The fast path (bfloat16 where it pays, our layers) against the plain one, same images seen."""
    fast = recipes.get("digits", "standard")
    slow = PlainRecipe(**{f: getattr(fast, f) for f in fast.__dataclass_fields__})
    results = {
        "digits": sweep("digits", "A-arch", "digits", fast, unconditional, again),
        "digits-plain": sweep(
            "digits-plain", "A-arch", "digits-plain", slow, unconditional, again,
            policy="float32", train=trainer.train,
        ),
    }
    passed = [report(setting, found) for setting, found in results.items()]
    means = {k: np.mean([m["inception_score"] for m in v]) for k, v in results.items()}
    spread = max(np.std([m["inception_score"] for m in v], ddof=1) for v in results.values())
    gap = means["digits"] - means["digits-plain"]
    # Two means of five seeds differ by chance by about spread * sqrt(2/5).
    equal = gap > -2 * spread * (2 / len(SEEDS)) ** 0.5
    print(f"fast minus plain: {gap:+.2f} (spread of seeds {spread:.2f}): {'passed' if equal else 'FAILED'}")
    return all(passed) and equal


def verdict(setting, results, rules):
    """Prints all seeds, sorted, for each rule (words, value of one run's metrics, test of all)."""
    passed = True
    for words, value, holds in rules:
        values = sorted(value(m) for m in results)
        good = holds(values)
        passed &= good
        print(f"{setting}: {words}: {values}, median {statistics.median(values):.3f}: "
              f"{'passed' if good else 'FAILED'}")  # fmt: skip
    return passed


def gate_cgan_digits(again):
    recipe = recipes.get("cgan-digits", "quick")
    found = sweep("cgan-digits", "B-cgan", "digits-quick", recipe, conditional, again)
    return verdict("digits-quick", found, [
        ("success (each at least 0.95)", lambda m: m["success"], lambda v: v[0] >= 0.95),
        ("smallest class (each at least 0.90)", lambda m: min(m["success_per_class"]),
         lambda v: v[0] >= 0.90),
    ])  # fmt: skip


def gate_cgan_fashion(again):
    recipe = recipes.get("cgan-fashion", "quick")
    found = sweep("cgan-fashion", "B-cgan", "fashion-quick", recipe, conditional, again)
    return verdict("fashion-quick", found, [
        ("success minus the reader's accuracy (each within 0.05)",
         lambda m: round(m["success"] - m["reader_accuracy"], 4), lambda v: -0.05 <= v[0] and v[-1] <= 0.05),
    ])  # fmt: skip


def gate_cgan_mnist(again):
    recipe = recipes.get("cgan-mnist", "standard")
    found = sweep("cgan-mnist", "B-cgan", "mnist", recipe, conditional_and_gan_train, again)
    return verdict("mnist", found, [
        ("GAN-train (median at least 0.955, aim 0.970)", lambda m: m["gan_train"],
         lambda v: statistics.median(v) >= 0.955),
        ("class Frechet distance over its floor (aim 2.5)", lambda m: m["class_frechet_ratio"],
         lambda v: True),
    ])  # fmt: skip


def gate_way(way, again):
    """Another way to tell the label, three seeds: no limit, the book shows what comes out."""
    gate, setting, recipe = f"cgan-{way}", f"digits-{way}", recipes.get(f"cgan-{way}", "quick")
    found = sweep(gate, "B-cgan", setting, recipe, conditional, again, seeds=range(3))
    return verdict(setting, found, [("success", lambda m: m["success"], lambda v: True)])


GATES = {
    "digits": gate_digits,
    "digits-plain": gate_plain,
    "cgan-digits": gate_cgan_digits,
    "cgan-fashion": gate_cgan_fashion,
    **{
        f"cgan-{way}": functools.partial(gate_way, way)
        for way in ("input", "every_layer", "projection", "head")
    },
    "cgan-mnist": gate_cgan_mnist,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gates", nargs="*", choices=[*GATES, []], help="default: all")
    parser.add_argument("--again", action="store_true", help="repeat runs whose record exists")
    chosen = parser.parse_args()
    passed = [GATES[name](chosen.again) for name in chosen.gates or GATES]
    sys.exit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
