"""Networks by name: the reports' and ours; and configs back from a file."""

import dataclasses
import json
from pathlib import Path

from .. import checks
from .discriminator import DiscriminatorConfig
from .generator import GeneratorConfig


def config_from_dict(settings):
    """The config that `to_dict` gave.

    Raises:
        ValueError: if the kind or a setting is unknown.
    """
    kinds = {"GeneratorConfig": GeneratorConfig, "DiscriminatorConfig": DiscriminatorConfig}
    if not isinstance(settings, dict):
        raise ValueError(f"a config is {checks.short(settings)}; give a dict of settings")
    settings = dict(settings)
    kind = settings.pop("kind", None)
    if kind not in kinds:
        raise ValueError(f"kind is {kind!r}; a config's kind is one of {', '.join(kinds)}")
    known = [field.name for field in dataclasses.fields(kinds[kind])]
    for name in settings:
        if name not in known:
            tip = checks.hint(name, known) or f"; it has {', '.join(known)}"
            raise ValueError(f"{kind} has no setting {name!r}{tip}")
    return kinds[kind](**settings)


def load_config(path):
    """The config in a JSON file that `save` wrote."""
    try:
        settings = json.loads(Path(path).read_text())
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is not a config: {error}") from None
    return config_from_dict(settings)


_B_BLOCK = {
    "activation": "leaky_relu",
    "dropout": 0.4,  # B's "keep probability 0.6"
    "block": ("dropout", "norm", "activation"),
}

# Where a report leaves a setting open, the comment says what we took.
NAMED = {
    # Ours, for 28x28 images and two CPU cores.
    "small": (
        GeneratorConfig(latent_size=10, filters=(64, 32), strides=(2, 2, 1)),
        DiscriminatorConfig(),
    ),
    # The same with a layer less in G and kernels of 4: about a third of the arithmetic.
    "lean": (
        GeneratorConfig(latent_size=64, kernel_sizes=4),
        DiscriminatorConfig(kernel_sizes=4),
    ),
    # 32x32 in colour: D halves the sides three times, as report A's do, with half its maps; kernels of 4.
    "colour": (
        GeneratorConfig((32, 32, 3), 100, "normal", (4, 4, 256), (128, 64), 4, 2),
        DiscriminatorConfig((32, 32, 3), (64, 128, 256), 4, 2),
    ),
    # Ours for faces of 32 pixels, and of 64 by the road that did best at equal cost: a longer first stride,
    # with twice the maps (claim A-hi-stride); `experiments.scalings.road` makes others.  D has a quarter
    # of the maps of A-faces.
    "faces": (
        GeneratorConfig((32, 32, 3), 100, "normal", (4, 4, 128), (64, 32), 4, 2),
        DiscriminatorConfig((32, 32, 3), (32, 64, 128), 4, 2),
    ),
    "faces-64": (
        GeneratorConfig((64, 64, 3), 100, "normal", (4, 4, 256), (128, 64), 4, (4, 2, 2)),
        DiscriminatorConfig((64, 64, 3), (32, 64, 128), 4, 2),
    ),
    # A 5.1.2, version 003.  Kernel size open: 5, as Radford et al.
    "A-faces": (
        GeneratorConfig(
            (64, 64, 3), 128, "uniform", (4, 4, 1024), (512, 256, 128, 64), 5, (2, 2, 2, 2, 1)
        ),
        DiscriminatorConfig((64, 64, 3), (128, 256, 512), head_dropout=0.2),
    ),
    # The same in version 000, which gives other filters.
    "A-faces-000": (
        GeneratorConfig(
            (64, 64, 3), 128, "uniform", (4, 4, 1024), (768, 512, 384, 256), 5, (2, 2, 2, 2, 1)
        ),
        DiscriminatorConfig((64, 64, 3), (128, 256, 512), head_dropout=0.2),
    ),
    # A 5.1.4: "5 layers of deconvolution", the fifth being the output.  D open: that of A-faces,
    # without dropout.
    "A-bedrooms": (
        GeneratorConfig(
            (64, 64, 3), 128, "uniform", (4, 4, 1024), (768, 512, 384, 256), 5, (2, 2, 2, 2, 1)
        ),
        DiscriminatorConfig((64, 64, 3), (128, 256, 512)),
    ),
    # A 5.1.7 and 8: 32x32, LeakyReLU in G, shallower than A-faces.  Widths open: ours.
    "A-mnist": (
        GeneratorConfig(
            (32, 32, 1), 100, "uniform", (8, 8, 256), (128,), 5, 2, activation="leaky_relu"
        ),
        DiscriminatorConfig((32, 32, 1), (64, 128, 256)),
    ),
    # B 1.1.  Its first layer, 256 kernels of 7x7 on a 1x1 map without padding, is this
    # projection.  D mirrored; its last layer, one 7x7 kernel, is our dense logit.
    "B-ref": (
        GeneratorConfig((28, 28, 1), 100, "normal", (7, 7, 256), (128,), 5, 2, **_B_BLOCK),
        DiscriminatorConfig((28, 28, 1), (128, 256), **_B_BLOCK),
    ),
    # D 3.3, table 1 (its text has batch norm in D's first layer too: normalize_first).  The
    # first layer of G and the last of D work on 1x1 maps: projection and logit again.
    "D-ref": (
        GeneratorConfig((64, 64, 3), 100, "normal", (4, 4, 512), (256, 128, 64), 4, 2),
        DiscriminatorConfig((64, 64, 3), (64, 128, 256, 512), 4, 2),
    ),
}
# C's DCGAN has D's widths, on CIFAR-10 resized to 64x64.  Kernel size open: 4.
NAMED["C-ref"] = NAMED["D-ref"]
