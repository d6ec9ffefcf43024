"""Packs a trained GAN for lessons that train none, or trains it first.

    python -m tools.pack_gan [faces] [--runs FOLDER]

Trains the recipe of that name at standard scale with seed 0 in a run folder, from where the run
stands, and writes ganedu/assets/NAME_gan.npz (float16 weights) and its part of ganedu/assets/gans.json.
"""

import argparse
import json
import sys
from pathlib import Path

from ganedu import files
from ganedu.experiments import portraits, recipes, trained, trainer
from ganedu.experiments.runs import Run

SEED = 0
ABOUT = trained.ASSETS / "gans.json"


def pack(name, folder):
    """Trains what is missing of a run, and packs it."""
    recipe = recipes.get(name, "standard")
    gan = trainer.train(folder, recipe, SEED, "float32")
    path = trained.ASSETS / f"{name}_gan.npz"
    digest = trained.save(gan, path)
    about = json.loads(ABOUT.read_text("utf-8")) if ABOUT.exists() else {}
    config = Run(folder).config
    about[name] = {
        "what": f"recipe {name} at standard scale: G's average, and D, after the last epoch",
        "seed": SEED,
        "sha256": digest,
        "command": f"python -m tools.pack_gan {name}",
        "versions": config["versions"],
    }
    files.write(ABOUT, json.dumps(dict(sorted(about.items())), indent=1) + "\n")
    found = portraits.portraits(trained.load(name), recipe)
    numbers = {key: found[key] for key in ("frechet", "frechet_floor", "off", "sure")}
    print(f"{name}: {path.stat().st_size / 1000:.0f} kB, packed it has {numbers}")


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="?", choices=trained.NAMES, default=trained.NAMES[0])
    parser.add_argument("--runs", type=Path, default=Path("runs") / "packed", help="where it is trained")
    args = parser.parse_args(argv)
    pack(args.name, args.runs / args.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
