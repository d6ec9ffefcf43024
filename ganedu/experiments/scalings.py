"""Rows for faces: report A's three roads to more pixels, and what it says goes wrong on them.

The generator that makes 32x32 from 4x4 in three steps makes more by one of three changes, D being the
same on all: a larger first map ("width"), one step more ("depth"), or larger strides ("stride").
Each of the other claims turns one knob of the deep road, which is the usual DCGAN.

Ours have an eighth of the maps of the report's, a sixteenth at 128 pixels; its own are there at paper
scale.
"""

from dataclasses import replace

from .ablations import changed
from .recipes import get

ROADS = ("width", "depth", "stride")
STEPS = {32: 3, 64: 4, 128: 5, 256: 6}  # of 2, from 4x4


def road(recipe, name, activation="relu", size=None):
    """The recipe with a generator that gets to its size by a road: "width", "depth" or "stride".

    From the 32x32 generator's (4, 4, 4 w) -> 2 w -> w -> image, strides of 2:

        width    (size / 8, size / 8, 4 w) -> 2 w -> w -> image, kernels of 6 in the first step
        depth    (4, 4, 4 w) -> 2 w -> w -> w / 2 ... -> image
        stride   (4, 4, 4 w) -> 2 w -> w -> image, the first strides 4 in place of 2
    """
    g = recipe.generator
    size, w = size or g.image_shape[0], g.projection[2] // 4
    more = STEPS[size] - STEPS[32]
    change = {
        "width": {"projection": (size // 8, size // 8, 4 * w), "filters": (2 * w, w),
                  "kernel_sizes": (6 if more else 4, 4, 4), "strides": 2},
        "depth": {"projection": (4, 4, 4 * w), "filters": tuple(2 * w // 2**i for i in range(more + 2)),
                  "kernel_sizes": 4, "strides": 2},
        "stride": {"projection": (4, 4, 4 * w), "filters": (2 * w, w), "kernel_sizes": 4,
                   "strides": tuple(4 if i < more else 2 for i in range(3))},
    }[name]  # fmt: skip
    change |= {"image_shape": (size, size, 3), "padding": "same", "activation": activation}
    return replace(recipe, generator=replace(g, **change))


def knobs(base):
    """What the claims change in a baseline: {setting: change}, as `ablations.changed` takes it."""
    options = base.data_options
    return {
        "fast": {"order": "simultaneous"},
        "z-500": {"g": {"latent_size": 500}},
        "uncropped": {"data_options": options | {"crop": 1.0}},
        "g-faster": {"learning_rate": 4 * base.learning_rate, "d_learning_rate": base.learning_rate},
        "d-faster": {"d_learning_rate": 4 * base.learning_rate},
        "narrow": {"g": _maps(base.generator, 0.5)},
        "large": {"g": _maps(base.generator, 2)},  # as many multiplications as the wide road's
        "smooth": {"objective": ("smoothed", 0.9)},
        "dropout": {"d": {"dropout": 0.5}},
        "dropout-fades": {"d": {"dropout": 0.5, "fading": True}, "fade": 0.5},
        "noise": {"d": {"head_noise": 1.0}},
    }  # fmt: skip


def _maps(g, times):
    """The settings of a generator of so many times the maps."""
    return {"projection": (*g.projection[:2], int(times * g.projection[2])),
            "filters": tuple(int(times * f) for f in g.filters)}  # fmt: skip


# What is tried on the deep road, at which sizes: claims, settings, sizes.
TRIED = (
    ("A-step", ("fast",), (32, 64)),
    ("A-latent", ("z-500",), (32, 64)),
    ("A-collapse", ("narrow", "g-faster", "d-faster"), (32,)),
    ("A-dstrong A-anneal", ("dropout",), (32, 64)),
    ("A-dstrong", ("noise", "smooth"), (32,)),
    ("A-anneal", ("dropout-fades",), (32, 64)),
    ("A-crop", ("uncropped",), (64,)),
    ("A-hi-width A-collapse", ("large",), (64,)),
)  # fmt: skip
HI = ("A-hi-width", "A-hi-depth", "A-hi-stride", "A-hi-selu")
# That a run trains on, whatever its road; at 256 none is recorded.
IMAGES = {32: 100_000, 64: 100_000, 128: 30_000, 256: 10_000}
EPOCHS = 5
MINUTES = {32: 3.0, 64: 8.0, 128: 8.0}


def thin(size):
    """The deep road to a size, on the networks of the recipe "faces" with half of D's maps.

    At 128 pixels D has a block more, at 256 two, so that its last map is never larger than 8x8; and G
    has half the maps there, or one run on the wide road would take hours.
    """
    recipe = get("faces", "standard")
    g, d = recipe.generator, recipe.discriminator
    filters = tuple(f // 2 for f in d.filters)
    shape = (size, size, 3)
    more = tuple(2 * filters[-1] * 2**i for i in range(STEPS[size] - STEPS[64]))
    recipe = replace(
        recipe,
        data_options={"size": size, "crop": 0.7},
        generator=replace(g, **_maps(g, 1 if size < 128 else 0.5)),
        discriminator=replace(d, image_shape=shape, filters=filters + more, kernel_sizes=4, strides=2,
                              padding="same"),
        # All that is compared is trained so, whatever becomes of the recipe.
        objective="non_saturating", order="alternating", learning_rate=1e-3, beta_1=0.5, fall=None, ema=0.99,
        batch_size=32, epochs=EPOCHS, epoch_images=IMAGES[size] // EPOCHS,
    )  # fmt: skip
    return road(recipe, "depth", size=size)


def rows():
    """What `sweeps.Row` takes, for each experiment: dicts of its arguments."""
    made = []
    for size in (32, 64):
        base = thin(size)
        tried = [(claims.split(), settings) for claims, settings, sizes in TRIED if size in sizes]
        every = dict.fromkeys(sum((claims for claims, _ in tried), [*HI] if size > 32 else []))
        made.append(_row(every, f"thin{size}", base, size))
        made += [_row(claims, f"thin{size}-{s}", changed(base, knobs(base)[s]), size)
                 for claims, settings in tried for s in settings]  # fmt: skip
    # depth64 is thin64.  Runs of 128 pixels are dear: SELU is tried on the road that the report took.
    roads = [(64, name, activation) for activation in ("relu", "selu") for name in ROADS]
    roads.remove((64, "depth", "relu"))
    for size, name, activation in (*roads, *((128, name, "relu") for name in ROADS), (128, "width", "selu")):
        setting = f"{name}{size}" + "-selu" * (activation == "selu")
        made.append(_row(HI, setting, road(thin(size), name, activation), size))
    faces = get("faces", "standard")
    rare = replace(faces, data_options=faces.data_options | {"frequencies": {"sunglasses": 0.02}})
    for setting, recipe, minutes in (("faces", faces, 10.0), ("faces-64", get("faces-64", "standard"), 40.0),
                                     ("faces-rare", rare, 10.0)):  # fmt: skip
        made.append(_row(("A-arith",), setting, recipe, None, "arithmetic", minutes))
    return made + _looks(made)


LOOKS = ("thin64", "width64", "stride64", "width64-selu", "thin64-dropout", "thin64-dropout-fades",
         "thin64-uncropped", "thin32", "thin32-narrow", "faces", "faces-rare")  # fmt: skip
ON_DIGITS = ("A-step", "A-latent")  # have their quick looks there


def _looks(rows):
    """The stand-ins: the same on few faces, with a quarter of the maps.  Which way a knob turns, at best."""
    made = []
    for row in rows:
        if row["setting"] not in LOOKS:
            continue
        recipe = row["recipe"]
        d = tuple(f // 4 for f in recipe.discriminator.filters)
        recipe = replace(
            changed(recipe, {"g": _maps(recipe.generator, 1 / 4), "d": {"filters": d}}),
            scale="quick", epochs=2, epoch_images=1600,
            data_options=recipe.data_options | {"n": 2000}, held_out=200,
        )  # fmt: skip
        made.append(row | {
            "claims": tuple(claim for claim in row["claims"] if claim not in ON_DIGITS),
            "setting": f"quick-{row['setting']}", "recipe": recipe, "seeds": 1, "stand_in": True,
            "measure": f"{row['measure']}_glance", "minutes": 0.7,
        })  # fmt: skip
    return made


def _row(claims, setting, recipe, size, measure="portraits", minutes=None):
    return {
        "claims": tuple(claims), "setting": setting, "recipe": recipe, "seeds": 3, "measure": measure,
        "minutes": minutes or MINUTES[size], "precision": "float32",
    }  # fmt: skip
