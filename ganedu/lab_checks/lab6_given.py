"""What lab 6 is given: small generators, another reference for one, five normalisers."""

import hashlib

import keras
import numpy as np

from ..networks import layers
from ..networks.generator import GeneratorConfig
from .common import Wrong

SEALED = {"A": "92", "B": "01", "C": "ce", "D": "3a", "E": "d3"}


def small_generator(normalization, **settings):
    """An untrained generator of 28x28 images from 16 latents, with this normalisation."""
    config = GeneratorConfig(latent_size=16, projection=(7, 7, 32), filters=(16,),
                             normalization=normalization, **settings)
    return config.build(seed=0)


def set_reference(generator, latents):
    """Gives a generator with virtual batch norm other reference latents [n, Z]."""
    generator.get_layer("reference").reference.assign(latents)


def around_the_norm(generator, z):
    """What goes into the first virtual batch norm for latents z, what comes out, gamma, beta."""
    layer = next(layer for layer in generator.layers
                 if isinstance(layer, layers.VirtualBatchNormalization))
    inside = keras.Model(generator.input, [layer.input, layer.output])
    before, after = (np.asarray(h) for h in inside(z))
    return before, after, layer.gamma.numpy(), layer.beta.numpy()


def suspect(name, r):
    """One of five normalisers, made at the start of training for the reference activations r.

    It is called as norm(x, r) with live and reference activations, [N, H, W, C] and
    [n, H, W, C], and gives the pair of both, normalised; gamma is 1, beta 0.
    """
    if name not in SEALED:
        raise Wrong(f"there is no suspect {name!r}: they are {', '.join(SEALED)}")
    key = hashlib.sha256(f"lab 6 {name}".encode()).digest()[0]
    return _normaliser(int(SEALED[name], 16) ^ key, np.array(r, float))


def _normaliser(kind, start):
    def norm(x, r):
        x, r = _examples(x, r, start.shape[1:])
        if kind == 2:
            return _in_slices(x), _in_slices(r)
        if kind == 6:  # nobody's: it minds signs, and how many are live
            y, y_r = _normaliser(1, start)(x, r)
            return 0.5 - y - 0.1 * len(x), y_r
        n, reference = len(r), start if kind == 3 else r
        m, q = _moments(reference, kind, (0, 1, 2))
        m_i, q_i = _moments(x, kind, (1, 2))
        share = 0 if kind == 4 else 1 / (n + 1)
        m_i, q_i = share * m_i + (1 - share) * m, share * q_i + (1 - share) * q
        return _standard(x, m_i, q_i), _standard(r, m, q)
    return norm


def _examples(x, r, sides):
    """Both as arrays of examples [N, H, W, C] with these sides."""
    for name, a in zip("xr", (x, r)):
        if np.ndim(a) != 4 or np.shape(a)[1:] != sides:
            more = ("; one example alone is x[:1], not x[0]" if np.ndim(a) == 3 else
                    f"; here [H, W, C] is {list(sides)}")
            raise Wrong(f"`norm` got {name} of shape {np.shape(a)}; it takes examples "
                        f"[N, H, W, C]{more}")
    return np.asarray(x, float), np.asarray(r, float)


def _moments(x, kind, axes):
    q = x.mean((1, 2), keepdims=True) if kind == 5 else x
    return x.mean(axes, keepdims=True), (q**2).mean(axes, keepdims=True)


def _standard(x, m, q):
    return (x - m) / np.sqrt((q - m**2).clip(0) + 1e-5)


def _in_slices(x):
    slices = [x[i : i + 4] for i in range(0, len(x), 4)]
    return np.concatenate([_standard(s, *_moments(s, 2, (0, 1, 2))) for s in slices])
