"""The ablations of report B, and of report A on MNIST: what each changes in its baseline.

A baseline is a recipe, an ablation turns one knob of it.  Report B's two baselines are its DCGAN and
its CGAN (recipes B-ref and B-ref-cgan); four remedies are tried on ours too, where they may do
nothing; report A's is A-mnist.  `rows()` gives what `sweeps.Row` takes, the headline runs first.

For a quick look each claim has stand-ins too, one seed each: a quarter of the width and of the
batch, on the bundled digits.  They may show which way a knob turns, and are no verdict.
"""

from dataclasses import replace

from .recipes import get

ONE = {"kernel_sizes": 5, "strides": 2, "padding": "same"}  # for all layers
PARTS = {"g": "generator", "d": "discriminator"}


def changed(recipe, change):
    """The recipe with other settings, those of its networks under "g" and "d"."""
    rest = {name: value for name, value in change.items() if name not in PARTS}
    nets = {PARTS[p]: replace(getattr(recipe, PARTS[p]), **change[p]) for p in PARTS if p in change}
    return replace(recipe, **nets, **rest)


def _both(**settings):
    return {"g": settings, "d": settings}


def _layers(base):
    """B-layers, B-deepD: {setting: change}, as wide as the baseline.

    Two: "the largest layer is removed".  Four: a layer of 512 kernels of 4x4 more; without padding
    they lead from 4x4 to the 7x7 of the next layer, and in D back.
    """
    w = base.discriminator.filters[0]
    deep = {"filters": (w, 2 * w, 4 * w), "kernel_sizes": (5, 5, 4), "strides": (2, 2, 1),
            "padding": ("same", "same", "valid")}  # fmt: skip
    deep_g = {"projection": (4, 4, 4 * w), "filters": (2 * w, w), "kernel_sizes": (4, 5, 5),
              "strides": (1, 2, 2), "padding": ("valid", "same", "same")}  # fmt: skip
    return {
        "2-layers": {"g": {"projection": (14, 14, w), "filters": (), **ONE}, "d": {"filters": (w,), **ONE}},
        "4-layers": {"g": deep_g, "d": deep},
        "deep-d": {"d": deep},
    }


def knobs(base):
    """What the claims change in a baseline: {setting: change}."""
    rate, batch, w = base.learning_rate, base.batch_size, base.generator.projection[2]
    return _layers(base) | {
        "lr-low": {"learning_rate": rate / 10},
        "lr-high": {"learning_rate": rate * 10},
        "batch-100": {"batch_size": batch // 2},
        "batch-300": {"batch_size": batch * 3 // 2},
        "keep-0.3": _both(dropout=0.7),
        "keep-0.9": _both(dropout=0.1),
        "uniform": {"g": {"latent_distribution": "uniform"}},
        "uniform01": {"g": {"latent_distribution": "uniform01"}},
        "vbn": {"g": {"normalization": "virtual"}},
        "ahead-2-2": {"balance": ("loss_ratio", 2.0, 2.0, "ahead")},
        "ahead-1.5-3": {"balance": ("loss_ratio", 1.5, 3.0, "ahead")},
        "behind-2-2": {"balance": ("loss_ratio", 2.0, 2.0, "behind")},
        "2-to-1": {"balance": ("fixed", 2, 1)},
        "smooth-0.9": {"objective": ("smoothed", 0.9)},
        "smooth-0.85": {"objective": ("smoothed", 0.85)},
        "feature-matching": {"objective": "discriminator_only", "terms": ("feature_matching",)},
        "minibatch": {"d": {"minibatch_kernels": 50}},
        "maxout": {"d": {"activation": "maxout"}},
        "more-8-9": {"class_weights": (1,) * 8 + (2, 2)},
        # Report A's: the three changes between its slow step, the baseline, and its fast one.
        "fast": {"order": "simultaneous"},
        "only-after": {"order": ("apart", "after")},
        "only-fresh": {"order": ("apart", "before", "fresh")},
        "only-twice": {"order": ("apart", "before", "shared", "twice")},
        "relu": {"g": {"activation": "relu"}},
        "deeper": {"g": {"projection": (4, 4, 2 * w), "filters": (w, w // 2), **ONE}},
        "faces": {"g": {"projection": (4, 4, 2 * w), "filters": (w, w // 2, w // 4, w // 8),
                        **ONE, "strides": (2, 2, 2, 1, 1), "activation": "relu"},
                  "d": {"head_dropout": 0.2}},
        **{f"z-{n}": {"g": {"latent_size": n}} for n in (10, 500)},
    }  # fmt: skip


# What is tried on which baselines, the headlines first: claims, settings, baselines, seeds.
TRIED = (
    ("B-vbn", ("vbn",), ("cgan", "ours"), 5),
    ("B-deepD", ("deep-d",), ("cgan", "ours"), 5),
    ("B-smooth", ("smooth-0.9", "smooth-0.85"), ("cgan", "ours"), 3),
    ("B-balance", ("ahead-2-2", "behind-2-2", "2-to-1", "ahead-1.5-3"), ("cgan",), 3),
    ("B-balance", ("ahead-2-2", "2-to-1"), ("ours",), 3),
    ("B-layers B-cgan", ("2-layers", "4-layers"), ("cgan",), 3),
    ("B-noise", ("uniform", "uniform01"), ("dcgan",), 3),
    ("B-ideas", ("feature-matching", "minibatch", "maxout"), ("dcgan",), 3),
    ("B-cgan", ("more-8-9",), ("cgan", "dcgan"), 3),
    ("B-vbn", ("vbn",), ("dcgan",), 3),
    ("B-keep", ("keep-0.3",), ("dcgan",), 3),
    ("B-keep", ("keep-0.9",), ("cgan",), 3),
    ("B-batch", ("batch-100", "batch-300"), ("cgan",), 3),
    ("B-lr", ("lr-low", "lr-high"), ("cgan",), 3),
    ("A-step", ("fast", "only-after", "only-fresh", "only-twice"), ("a-mnist",), 3),
    ("A-mnist", ("relu", "deeper", "faces"), ("a-mnist",), 3),
    ("A-latent", ("z-10", "z-500"), ("a-mnist",), 3),
)  # fmt: skip
# What a picture calls them.
NAMES = {
    "vbn": "virtual batch norm", "deep-d": "a layer more in D", "smooth-0.9": "smoothing 0.9",
    "smooth-0.85": "smoothing 0.85", "ahead-2-2": "the winner waits, 2 and 2",
    "behind-2-2": "the loser waits, 2 and 2", "2-to-1": "two D to one G",
    "ahead-1.5-3": "the winner waits, 1.5 and 3",
    "2-layers": "2 layers", "4-layers": "4 layers", "uniform": "z from U(-1, 1)",
    "uniform01": "z from U(0, 1)", "feature-matching": "feature matching",
    "minibatch": "minibatch discrimination", "maxout": "maxout in D", "more-8-9": "more 8s and 9s",
    "keep-0.3": "keep 0.3", "keep-0.9": "keep 0.9", "batch-100": "batches of 100",
    "batch-300": "batches of 300", "lr-low": "a tenth of the rate", "lr-high": "ten times the rate",
    "fast": "the fast step", "only-after": "fast, but G after D", "only-fresh": "fast, but fresh fakes",
    "only-twice": "fast, but D twice", "relu": "ReLU in G", "deeper": "a layer more in G",
    "faces": "the layers for faces", "z-10": "10 latents", "z-500": "500 latents",
}  # fmt: skip
# Recipe of each baseline, how many of its runs, and how many minutes one takes on two idle cores.
BASELINES = {
    "cgan": ("B-ref-cgan", 5, 6.0), "dcgan": ("B-ref", 5, 5.0), "ours": ("cgan-mnist-short", 5, 2.0),
    "a-mnist": ("A-mnist", 3, 2.0),
}  # fmt: skip
ITSELF = {"cgan": ["B-cgan", "B-gap"], "dcgan": ["B-ref", "B-gap"]}  # what a baseline alone speaks to
# The report's CGAN at a quarter of its length, read after each epoch: what fits an hour for four layers.
LONG = {"epochs": 5, "epoch_images": None, "held_out": 1000}
STAND_INS = 3  # settings of a claim at most, beside the baseline: a quick look ends in a minute


def rows():
    """What `sweeps.Row` takes, for each experiment: dicts of its arguments."""
    made = []
    for baseline, (name, seeds, minutes) in BASELINES.items():
        tried = [(claims.split(), settings, n) for claims, settings, on, n in TRIED if baseline in on]
        all_claims = dict.fromkeys(sum((claims for claims, _, _ in tried), ITSELF.get(baseline, [])))
        recipe, shared = get(name, "standard"), {"minutes": minutes, "precision": "mixed_bfloat16"}
        made.append(_row(all_claims, baseline, recipe, None, seeds, **shared))
        for claims, settings, n in tried:
            made += [_row(claims, baseline, recipe, s, n, **shared) for s in settings]
    long = replace(get(BASELINES["cgan"][0], "standard"), **LONG)
    for setting, minutes in ((None, 35.0), ("2-layers", 8.0), ("4-layers", 62.0)):
        row = _row(("B-cgan", "B-layers"), "cgan", long, setting, 1, minutes=minutes, precision="mixed_bfloat16")
        made.append(row | {"setting": f"long-{row['setting']}"})
    return made + _stand_ins()


def _row(claims, baseline, recipe, setting, seeds, measure="ablation", **more):
    change = knobs(recipe)[setting] if setting else {}
    return {
        "claims": tuple(claims), "setting": f"{baseline}-{setting}" if setting else baseline,
        "recipe": changed(recipe, change), "seeds": seeds, "measure": measure, **more,
    }  # fmt: skip


def _stand_ins():
    """The quick look of each claim: the first baseline that it is tried on, and some settings."""
    looks = {}  # claim -> (baseline, settings)
    for claims, settings, on, _ in TRIED:
        for claim in claims.split():
            looks.setdefault(claim, (on[0], settings[:STAND_INS]))
    shared = {"measure": "glance", "minutes": 0.3, "precision": "float32", "stand_in": True}
    made = []
    for baseline in dict.fromkeys(baseline for baseline, _ in looks.values()):
        mine = {claim: settings for claim, (on, settings) in looks.items() if on == baseline}
        recipe = get(BASELINES[baseline][0], "quick")
        all_claims = dict.fromkeys([*ITSELF.get(baseline, []), *mine])
        made.append(_row(all_claims, f"quick-{baseline}", recipe, None, 1, **shared))
        for setting in dict.fromkeys(sum(mine.values(), ())):
            claims = [claim for claim, settings in mine.items() if setting in settings]
            made.append(_row(claims, f"quick-{baseline}", recipe, setting, 1, **shared))
    return made
