"""The command line: python -m ganedu train | sample | diagnose | audit | data | experiments ..."""

import argparse
import os
import sys
from pathlib import Path


def parser():
    """The argument parser, whose help a student can follow."""
    main = argparse.ArgumentParser(
        prog="python -m ganedu",
        description="Train a GAN, draw images from it, ask what is wrong with it, check its networks, "
        "look at data, repeat the book's experiments.",
        epilog="Start with:  python -m ganedu train digits      (then open runs/digits/film.gif)",
    )
    commands = main.add_subparsers(dest="command", required=True, metavar="COMMAND")

    train = commands.add_parser(
        "train",
        help="train a GAN; the same command goes on where a stopped run ended",
        description="Trains a recipe in a folder of its own: settings, metrics, sample sheets, "
        "a film and checkpoints. Stop it with Ctrl-C; the same command goes on from the last "
        "finished epoch.",
    )
    train.add_argument("recipe", help="what to train: digits, cgan-digits, a report's ... (see: train --list)", nargs="?")
    train.add_argument("--list", action="store_true", help="list the recipes and end")
    train.add_argument("--scale", choices=("quick", "standard", "paper"), help="default: $GANEDU_SCALE, else quick")
    train.add_argument("--run", type=Path, metavar="FOLDER", help="default: runs/RECIPE")
    train.add_argument("--epochs", type=int, help="default: the recipe's")
    train.add_argument("--seed", type=int, default=0, help="another seed, another GAN (default 0)")
    train.add_argument("--data", help="train on this data set or folder of images instead")
    train.add_argument("--only-class", type=int, metavar="Y", help="train on the images of this class alone")
    train.add_argument("--data-dir", help="where TensorFlow Datasets keeps its sets")

    sample = commands.add_parser(
        "sample",
        help="draw images from a trained run",
        description="Writes a sheet of images drawn from a run's generator.",
    )
    sample.add_argument("run", type=Path, help="folder of the run, say runs/digits")
    sample.add_argument("--out", type=Path, help="PNG to write (default: FOLDER/sample.png)")
    sample.add_argument("-n", type=int, help="number of images (default 64, or one for each label)")
    sample.add_argument("--labels", type=int, nargs="+", metavar="Y", help="of a conditional GAN: "
                        "an image of each of these classes (default: a row for each class)")
    sample.add_argument("--seed", type=int, default=0, help="of the latents (default 0)")
    sample.add_argument("--which", choices=("last", "best"), default="last", help="which checkpoint")

    diagnose = commands.add_parser(
        "diagnose",
        help="say what is wrong with a trained run, and what to try next",
        description="Looks at a run's images, at the real ones beside them and at its logs, and names "
        "what is wrong: collapse, lost classes, a discriminator that is too strong ...",
    )
    diagnose.add_argument("run", type=Path, help="folder of the run, say runs/digits")

    audit = commands.add_parser(
        "audit",
        help="check networks against the DCGAN rules",
        description="Says which DCGAN rules a network keeps, which not, where, and why it matters.",
    )
    audit.add_argument("what", help="a run's folder, a config's JSON file, or a name (see: audit --help)"
                       " such as A-faces, B-ref, D-ref")  # fmt: skip

    show = commands.add_parser(
        "data",
        help="list the data sets, or describe one",
        description="Lists what ganedu.data.load can give, or describes one set.",
    )
    show.add_argument("name", nargs="?", help="a data set, or a folder of images")
    show.add_argument("--sheet", type=Path, metavar="PNG", help="write a sheet of its first images")
    show.add_argument("--data-dir", help="where TensorFlow Datasets keeps its sets")

    table = commands.add_parser(
        "experiments",
        help="list the book's experiments, and which of them are recorded",
        description="Lists the table of experiments: which claims of the reports each speaks to, "
        "how many of its runs are recorded, and about how long the missing ones take.",
    )
    table.add_argument("claim", nargs="?", help="only those of this claim, say B-cgan")

    repeat = commands.add_parser(
        "reproduce",
        help="run the experiments of a claim that are not recorded yet",
        description="Trains and measures the missing runs of a claim's experiments and leaves a "
        "record of each. Stop it with Ctrl-C; the same command goes on where it ended. At the "
        "end it says whether the runs keep the rules that the table sets for them.",
    )
    repeat.add_argument("claim", nargs="?", help="whose experiments, say B-cgan (see: experiments)")
    repeat.add_argument("--setting", help="only this one of them")
    repeat.add_argument("--scale", choices=("quick", "standard", "paper"), help="only those of this scale")
    repeat.add_argument("--seeds", type=int, help="how many runs of each (default: the table's)")
    repeat.add_argument("--jobs", type=int, help="how many runs at a time (default: one a core)")
    repeat.add_argument("--again", action="store_true", help="repeat the recorded runs too, as they "
                        "were recorded, and say whether the same comes out")
    repeat.add_argument("--gates", action="store_true", help="all experiments that have a rule")
    for command in (table, repeat):
        command.add_argument("--records", type=Path, metavar="FOLDER",
                             help="where the records are (default: the nearest records folder)")
    return main


def main(arguments=None):
    """Runs a command; errors that a user can mend are one line, without a traceback."""
    chosen = parser().parse_args(arguments)
    try:
        _import_tensorflow()
        COMMANDS[chosen.command](chosen)
    except KeyboardInterrupt:
        sys.exit("\nstopped; the same command goes on from the last finished epoch")
    except (ValueError, TypeError, OSError, RuntimeError, ImportError) as error:
        sys.exit(f"ganedu: {error}")


def _import_tensorflow():
    """TensorFlow's libraries greet on stderr before they can be told not to."""
    keep = os.dup(2)
    try:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        import tensorflow  # noqa: F401
    finally:
        os.dup2(keep, 2)
        os.close(keep)


def _train(chosen):
    import dataclasses

    from .experiments import recipes, trainer

    if chosen.list or not chosen.recipe:
        print("recipe        scale     data             epochs  batch")
        for r in recipes.RECIPES:
            print(f"{r.name:13} {r.scale:9} {r.data:16} {r.epochs:6} {r.batch_size:6}")
        return
    recipe = recipes.get(chosen.recipe, chosen.scale)
    if chosen.data:
        recipe = dataclasses.replace(recipe, data=chosen.data)
    if chosen.epochs is not None:
        recipe = dataclasses.replace(recipe, epochs=chosen.epochs)
    if chosen.only_class is not None:
        recipe = dataclasses.replace(recipe, only_class=chosen.only_class)
    only = "" if recipe.only_class is None else f"-class{recipe.only_class}"
    folder = chosen.run or Path("runs") / f"{recipe.name}{only}"
    trainer.train(folder, recipe, seed=chosen.seed, data_dir=chosen.data_dir)
    print(f"watch {folder / 'film.gif'}; draw more with: python -m ganedu sample {folder}")


def _sample(chosen):
    from . import pictures
    from .experiments import runs

    run = runs.Run(chosen.run)
    gan, columns = run.load(chosen.which), 8
    labels, n = chosen.labels, chosen.n
    if gan.classes and labels is None and n is None:
        labels = [y for y in range(gan.classes) for _ in range(columns)]
    if labels is None and n is None:
        n = 64
    images = gan.sample(n, seed=chosen.seed, labels=labels)
    out = chosen.out or run.folder / "sample.png"
    pictures.save_png(out, pictures.sheet(images, columns))
    print(f"{len(images)} images in {out} ({run.recipe.name}, {run.recipe.scale} scale)")


def _diagnose(chosen):
    from . import clinic

    print(clinic.diagnose(chosen.run))


def _audit(chosen):
    from . import networks
    from .experiments import runs
    from .networks.audit import audit

    path = Path(chosen.what)
    if chosen.what in networks.NAMED:
        print(audit(networks.NAMED[chosen.what]))
    elif path.is_dir():
        recipe = runs.Run(path).recipe
        print(audit(recipe.build()))
    elif path.is_file():
        print(audit(networks.load_config(path)))
    else:
        raise ValueError(
            f"{chosen.what!r} is no run, no config file and none of {', '.join(networks.NAMED)}"
        )


def _data(chosen):
    from . import data, pictures

    if not chosen.name:
        for about in data.names():
            bundled = "bundled" if about.bundled else ""
            print(f"{about.name:24} {bundled:8} {about.what}; {about.size}")
        print("\nor the path of a folder of images, whose subfolders are the classes")
        return
    if chosen.name in [about.name for about in data.names()]:
        print(data.describe(chosen.name))
    else:
        loaded = data.load(chosen.name, size=64)
        print(f"{len(loaded.images)} images, classes: {', '.join(loaded.class_names) or 'none'}")
    if chosen.sheet:
        loaded = data.load(chosen.name, data_dir=chosen.data_dir, size=64)
        pictures.save_png(chosen.sheet, pictures.sheet(data.scale()(loaded.images[:64], None)))
        print(f"its first images are in {chosen.sheet}")


def _experiments(chosen):
    from .experiments import records, sweeps

    root = chosen.records or records.root()
    print("claim           setting               scale     recorded   missing: minutes")
    for row in sweeps.find(chosen.claim):
        claims = ", ".join(row.claims[:2]) + (" ..." if len(row.claims) > 2 else "")
        if row.stand_in:
            print(f"{claims:15} {row.setting:21} a quick look, never recorded")
            continue
        found = sweeps.recorded(row, root)
        missing = len(set(range(row.seeds)) - set(found))
        left = f"{missing * row.minutes:.0f}" if missing else ""
        changed = sorted({name for record in found.values() for name in sweeps.differs(row, record)})
        other = f"  recorded with other {', '.join(changed)}" if changed else ""
        print(f"{claims:15} {row.setting:21} {row.recipe.scale:9} "
              f"{len(found):3} of {row.seeds:2}  {left:>8}{other}")  # fmt: skip
    print(f"\nThe records are in {root}. Run what is missing:  python -m ganedu reproduce CLAIM")


def _reproduce(chosen):
    from .experiments import jobs, records, sweeps

    if not (chosen.claim or chosen.gates):
        raise ValueError("reproduce which claim? `python -m ganedu experiments` lists them")
    if chosen.seeds is not None and chosen.seeds < 1:
        raise ValueError(f"--seeds is {chosen.seeds}; give at least 1")
    root = chosen.records or records.root()
    rows = sweeps.find(chosen.claim, chosen.setting, chosen.scale)
    looks = [row for row in rows if row.stand_in]
    rows = [row for row in rows if not row.stand_in and (row.rules or not chosen.gates)]
    if chosen.scale == "quick" and looks:
        _look(looks, chosen)
        if not rows:
            return
    _, failed = jobs.reproduce(
        rows, root, seeds=chosen.seeds, jobs=chosen.jobs, again=chosen.again
    )
    broken = 0
    for row, rule, values, kept in sweeps.check(rows, root):
        broken += not kept
        print(f"{row.setting}: {rule}: {values}: {'passed' if kept else 'FAILED'}")
    if failed or broken:
        sys.exit(f"ganedu: {len(failed)} runs failed, {broken} rules are broken")


def _look(rows, chosen):
    """Runs stand-ins anew and prints what they gave: a look, which leaves no record."""
    import tempfile

    from .experiments import jobs, records

    print("A quick look on stand-ins: networks of a quarter of the width, trained for seconds, one "
          "seed. Which way a knob turns may show; it is no verdict.")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        jobs.reproduce(rows, folder, Path(folder) / "runs", jobs=chosen.jobs)
        names = ("success", "frechet", "gap", "sure", "ink", "spread")
        print(f"{'':26}" + "".join(f"{name:>10}" for name in names))
        for row in rows:
            for run in records.load(folder, row.claims[0], row.setting):
                values = [records.of_run(run, name) for name in names]
                shown = ["" if v is None else f"{v:.3f}" if abs(v) < 100 else f"{v:.0f}" for v in values]
                print(f"{row.setting:26}" + "".join(f"{text:>10}" for text in shown))


COMMANDS = {
    "train": _train, "sample": _sample, "diagnose": _diagnose, "audit": _audit, "data": _data,
    "experiments": _experiments, "reproduce": _reproduce,
}  # fmt: skip
