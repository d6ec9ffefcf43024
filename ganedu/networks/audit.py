"""Which DCGAN rules does a network keep, which not, where, and why does it matter?

The rules are those of Radford et al. 2016 (section 3, figure 1 and section 4), as report A
gives them (2.1, 4.1; claim A-arch).  They are advice, not law: a rule that does not hold is a
place to look when training fails.
"""

import html
from typing import NamedTuple

import keras

from ..gan import GAN
from . import fast
from . import layers as our_layers
from .discriminator import DiscriminatorConfig
from .generator import GeneratorConfig

WEIGHTED = (keras.layers.Dense, keras.layers.Conv2D, keras.layers.Conv2DTranspose)
NORMS = (
    keras.layers.BatchNormalization,
    fast.BatchNormalization,
    our_layers.VirtualBatchNormalization,
)
POOLS = (
    keras.layers.MaxPooling2D,
    keras.layers.AveragePooling2D,
    keras.layers.GlobalAveragePooling2D,
    keras.layers.GlobalMaxPooling2D,
    keras.layers.UpSampling2D,
)


class Finding(NamedTuple):
    """One rule, checked on one network."""

    network: str
    rule: str
    holds: bool
    where: str
    why: str


class Audit(list):
    """Findings; a text in a terminal, a table in a notebook."""

    @property
    def broken(self):
        """The findings whose rule does not hold."""
        return [f for f in self if not f.holds]

    def __str__(self):
        lines = [f"{len(self) - len(self.broken)} of {len(self)} DCGAN rules hold"]
        for f in self:
            lines.append(f"  {'yes' if f.holds else 'NO ':3} {f.network}: {f.rule}")
            if not f.holds:
                lines += [f"        where: {f.where}", f"        why it matters: {f.why}"]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self):
        rows = "".join(
            "<tr>"
            + "".join(
                f'<td style="text-align:left">{html.escape(cell)}</td>'
                for cell in (f.network, f.rule, "holds" if f.holds else "✗ " + f.where, f.why)
            )
            + "</tr>"
            for f in self
        )
        head = "".join(f"<th>{t}</th>" for t in ("network", "rule", "holds?", "why it matters"))
        return f'<table class="audit"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


class Stage(NamedTuple):
    """A layer with weights, and the layers up to the next one."""

    layer: keras.layers.Layer
    after: list

    @property
    def name(self):
        return f"{self.layer.name} ({type(self.layer).__name__})"

    @property
    def norm(self):
        return next((a for a in self.after if isinstance(a, NORMS)), None)

    @property
    def activations(self):
        """Names of the activations after the layer, with LeakyReLU's slope."""
        found = [self.layer, *self.after]
        names = []
        for a in found:
            if isinstance(a, keras.layers.LeakyReLU):
                names.append(f"leaky_relu {a.negative_slope:g}")
            elif isinstance(a, keras.layers.ReLU):
                names.append("relu" if not a.negative_slope else f"leaky_relu {a.negative_slope:g}")
            elif isinstance(getattr(a, "activation", None), keras.layers.LeakyReLU):
                names.append(f"leaky_relu {a.activation.negative_slope:g}")
            elif callable(getattr(a, "activation", None)):
                names.append(getattr(a.activation, "__name__", str(a.activation)))
        return [n for n in names if n != "linear"]


def audit(gan_or_config):
    """Checks a GAN, one network, or a (generator, discriminator) pair against the DCGAN rules.

    Args:
        gan_or_config: a `GAN`; a `GeneratorConfig`, a `DiscriminatorConfig` or a Keras model
            (one that takes images [N, H, W, C] is a discriminator); or a pair of these.

    Returns:
        An `Audit`: a list of `Finding`s that prints as a report and shows as a table.

    Raises:
        TypeError: if it is something else.
    """
    if isinstance(gan_or_config, GAN):
        pair = gan_or_config.generator, gan_or_config.discriminator
        settings = _optimizers(gan_or_config) if gan_or_config.compiled else []
    else:
        pair, settings = _pair(gan_or_config), []
    generator, discriminator = (
        n.build() if isinstance(n, GeneratorConfig | DiscriminatorConfig) else n for n in pair
    )
    return Audit(
        (_generator(generator) if generator is not None else [])
        + (_discriminator(discriminator) if discriminator is not None else [])
        + settings
    )


def _pair(given):
    if isinstance(given, GeneratorConfig):
        return given, None
    if isinstance(given, DiscriminatorConfig):
        return None, given
    if isinstance(given, keras.Model):
        return (None, given) if len(given.input_shape) == 4 else (given, None)
    kinds = (keras.Model, GeneratorConfig, DiscriminatorConfig)
    if isinstance(given, tuple | list) and len(given) == 2:
        if all(isinstance(n, kinds) for n in given):
            return given
    raise TypeError(
        f"cannot audit a {type(given).__name__}; give a GAN, a GeneratorConfig, a "
        "DiscriminatorConfig, a Keras model, or a (generator, discriminator) pair"
    )


def _flat(network):
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            yield from _flat(layer)
        elif isinstance(layer, keras.layers.Wrapper):
            yield layer.layer
        else:
            yield layer


def _stages(network):
    stages = []
    for layer in _flat(network):
        if isinstance(layer, WEIGHTED):
            stages.append(Stage(layer, []))
        elif stages:
            stages[-1].after.append(layer)
    return stages


def _finding(network, rule, offenders, why):
    names = [o.name if isinstance(o, Stage) else str(o) for o in offenders]
    return Finding(network, rule, not names, ", ".join(names) or "everywhere", why)


def _generator(network):
    stages = _stages(network)
    hidden, output = stages[:-1], stages[-1]
    transposed = [s for s in stages if isinstance(s.layer, keras.layers.Conv2DTranspose)]
    filters = [s.layer.filters for s in transposed[:-1]]

    def finding(rule, offenders, why):
        return _finding("generator", rule, offenders, why)

    return [
        finding(
            "grows by strided transposed convolutions, no pooling or fixed upsampling",
            [layer.name for layer in _flat(network) if isinstance(layer, POOLS)]
            + ([] if any(s.layer.strides[0] > 1 for s in transposed) else ["no strided layer"]),
            "a learnt upsampling can place strokes and edges; a fixed one blurs them",
        ),
        finding(
            "one dense layer at most, the projection of z",
            [s for s in hidden[1:] if isinstance(s.layer, keras.layers.Dense)]
            + ([output] if isinstance(output.layer, keras.layers.Dense) else []),
            "dense layers have the most weights and know nothing of neighbouring pixels",
        ),
        finding(
            "batch norm after every layer but the output",
            [s for s in hidden if s.norm is None] + ([output] if output.norm else []),
            "it keeps gradients flowing into a deep G and guards against collapse; at the output "
            "it would take the image's own brightness away",
        ),
        finding(
            "ReLU in hidden layers",
            [s for s in hidden if s.activations != ["relu"]],
            "a bounded or missing activation slows learning (report A found LeakyReLU better on "
            "MNIST: claim A-mnist)",
        ),
        finding(
            "tanh at the output",
            [] if output.activations == ["tanh"] else [output],
            "images must have a range, and real ones are scaled to the same [-1, 1]",
        ),
        finding(
            "filters halve from layer to layer",
            [
                s
                for s, a, b in zip(transposed[1:-1], filters, filters[1:], strict=False)
                if b * 2 != a
            ],
            "as the map grows, each place needs to say less",
        ),
        *_shared("generator", stages),
    ]


def _discriminator(network):
    stages = _stages(network)
    hidden, output = stages[:-1], stages[-1]

    def finding(rule, offenders, why):
        return _finding("discriminator", rule, offenders, why)

    return [
        finding(
            "shrinks by strided convolutions, no pooling",
            [layer.name for layer in _flat(network) if isinstance(layer, POOLS)]
            + ([] if any(_stride(s) > 1 for s in stages) else ["no strided layer"]),
            "G learns through D's gradient; max pooling passes it to one position in each window",
        ),
        finding(
            "no hidden dense layer",
            [s for s in hidden if isinstance(s.layer, keras.layers.Dense)],
            "dense layers slow convergence; the convolutions are what we want to learn",
        ),
        finding(
            "batch norm after every layer but the first and the output",
            [s for s in hidden[1:] if s.norm is None]
            + [s for s in [*hidden[:1], output] if s.norm],
            "it steadies D; on raw pixels and on the logit it makes the samples oscillate",
        ),
        finding(
            "LeakyReLU 0.2 in hidden layers",
            [s for s in hidden if s.activations != ["leaky_relu 0.2"]],
            "where ReLU is 0 its gradient is 0 too, and G would get no signal there",
        ),
        finding(
            "one logit at the end, no sigmoid",
            [] if not output.activations and network.output_shape[-1] == 1 else [output],
            "the loss takes logits: a sigmoid inside it is stable, one before it is not",
        ),
        *_shared("discriminator", stages),
    ]


def _stride(stage):
    return getattr(stage.layer, "strides", (1,))[0]


def _shared(name, stages):
    def is_normal(initializer, mean):
        return (
            isinstance(initializer, keras.initializers.RandomNormal)
            and initializer.mean == mean
            and initializer.stddev == 0.02
        )

    return [
        _finding(
            name,
            "no bias where batch norm follows at once",
            [s for s in stages if s.layer.use_bias and s.after and isinstance(s.after[0], NORMS)],
            "batch norm subtracts the mean, the bias with it: weights that can do nothing",
        ),
        _finding(
            name,
            "weights start as N(0, 0.02^2), gamma as N(1, 0.02^2)",
            [s for s in stages if not is_normal(s.layer.kernel_initializer, 0.0)]
            + [s.norm.name for s in stages if s.norm and not is_normal(s.norm.gamma_initializer, 1.0)],
            "the game is sensitive to its start: too large, and D is certain before G has learnt",
        ),
    ]


def _optimizers(gan):
    findings = []
    for network in ("generator", "discriminator"):
        optimizer = getattr(gan, f"{network}_optimizer")
        wrong = []
        if not isinstance(optimizer, keras.optimizers.Adam):
            wrong.append(type(optimizer).__name__)
        else:
            rate = float(optimizer.learning_rate)
            if abs(rate - 2e-4) > 1e-9:
                wrong.append(f"learning rate {rate:g}")
            if optimizer.beta_1 != 0.5:
                wrong.append(f"beta_1 {optimizer.beta_1:g}")
        findings.append(
            _finding(
                network,
                "Adam with learning rate 0.0002 and beta_1 0.5",
                wrong,
                "the opponent moves: with beta_1 0.9 an optimizer runs on after a target that left; "
                "small batches and short runs can want a larger rate and even less memory",
            )
        )
    return findings
