"""What is measured of a GAN that makes faces: what they have, how they vary, what is wrong.

The drawn faces' attributes are known, and the bundled reader reads them: so "how many wear glasses"
is a number that real and generated faces have, at any size.
"""

import numpy as np

from .. import data, latent, measures
from ..clinic import Diagnosis, Evidence, gather
from ..measures import readers
from .measuring import SEED, rounded

SAMPLES, GLANCE = 5000, 500
LOOKS = 1000  # of the clinic
SURE = 0.9  # with which an attribute is read, or its absence
FREQUENT = 0.195  # share of faces; one in five, but for the chance of a sample
TRIPLES, TRIES = 300, 20_000

# Sums that are counted: a - b + c.  The first is the papers' ("smiling woman - neutral woman + neutral
# man"), as far as drawn faces have it.
SUMS = {
    "smile": ({"smile": True, "beard": False}, {"smile": False, "beard": False}, {"smile": False, "beard": True}),
    "no-glasses": ({"smile": True, "glasses": False}, {"smile": True, "glasses": True},
                   {"smile": False, "glasses": True}),
    "hat": ({"hat": True, "long_hair": False}, {"hat": False, "long_hair": False},
            {"hat": False, "long_hair": True}),
    "sunglasses": ({"sunglasses": True, "smile": False}, {"sunglasses": False, "smile": False},
                   {"sunglasses": False, "smile": True}),
}  # fmt: skip
# How a record calls what `latent.count` tries.
WAYS = ("mean", "one", "length", "c", "any", "chance")


def portraits(gan, recipe, history=None, diverged="", samples=None):
    """Of 5,000 generated faces, beside as many real ones that no GAN has seen.

        frequencies   attribute -> share of faces that have it;  real: the same of real faces
        off           the largest difference of the two, of attributes that a fifth of the data have
        sure          mean share of attributes that are read, or read as missing, with p >= 0.9
        frechet       distance in the reader's features;  frechet_floor: that of other real faces
        precision, recall, density, coverage
                      as `measures.precision_recall` gives them, in the same features
        evidence      what the clinic saw, of 1,000 faces: see `diagnosis`; all there is of a run that
                      diverged

    samples: in place of 5,000.
    """
    if diverged:
        return {"evidence": Evidence.of_diverged(len(history or ())).known()}
    n, reader, scale = samples or SAMPLES, readers.load("faces"), data.scale()
    fake = gan.sample(n, seed=SEED)
    test, train = (scale(recipe.load(s, n=n).images).numpy() for s in ("test", "train"))
    (f, p), (f_real, p_real) = reader.read(fake), reader.read(test)
    has, has_real = ((q > 0.5).mean(0) for q in (p, p_real))
    regions = measures.precision_recall(f_real, f)
    seen = gather(gan, train, unseen=test[:LOOKS], reader=reader, history=history, n=min(n, LOOKS))
    return rounded({
        "frequencies": dict(zip(reader.names, has.tolist(), strict=True)),
        "real": {
            "frequencies": dict(zip(reader.names, has_real.tolist(), strict=True)),
            "sure": _sure(p_real),
        },
        "off": float(np.abs(has - has_real)[has_real >= FREQUENT].max()),
        "sure": _sure(p),
        "frechet": measures.frechet_distance(f, f_real),
        "frechet_floor": measures.frechet_distance(reader.features(train), f_real),
        **{k: float(v) for k, v in regions.items()},
        "evidence": seen.known(),
        "samples": n,
        "reader": reader.hash,
    })  # fmt: skip


def portraits_glance(gan, recipe, history=None, diverged=""):
    """The same of 500 faces, which takes some seconds."""
    return portraits(gan, recipe, history, diverged, GLANCE)


def _sure(p):
    return float((np.abs(p - 0.5) >= SURE - 0.5).mean())


def arithmetic(gan, recipe, history=None, diverged="", samples=None, triples=None, tries=None):
    """The same, and how often sums of latents succeed: `latent.count` of each of `SUMS`.

    Under "sums", for each: "success", what was tried (`WAYS`) -> the share of images that have what they
    should, and "hits" of how many; "attributes", the same of the means' sums in each attribute; "gain" of
    the means over single latents, with its interval.  Or "too_few", which latents could not be found.

    samples, triples, tries: in place of 5,000 faces, 300 sums, 20,000 latents to choose from.
    """
    measured = portraits(gan, recipe, history, diverged, samples)
    if diverged:
        return measured
    triples, tries = triples or TRIPLES, tries or TRIES
    reader, found = readers.load("faces"), {}
    for name, (a, b, c) in SUMS.items():
        try:
            counted = latent.count(gan, reader, a, b, c, n=triples, seed=SEED, tries=tries)
        except ValueError as error:
            found[name] = {"too_few": str(error)}
            continue
        found[name] = {
            "success": dict(zip(WAYS, (s.share for s in counted.shares.values()), strict=True)),
            "hits": dict(zip(WAYS, ([s.hits, s.n] for s in counted.shares.values()), strict=True)),
            "attributes": {k: s.share for k, s in counted.attributes.items()},
            "gain": [float(v) for v in counted.gain],
        }
    return measured | {"sums": rounded(found)}


def arithmetic_glance(gan, recipe, history=None, diverged=""):
    """The same of 500 faces, and of 20 sums among 1,000 latents."""
    return arithmetic(gan, recipe, history, diverged, GLANCE, triples=20, tries=1000)


def diagnosis(record):
    """What the clinic says of a recorded run: a `Diagnosis`."""
    return Diagnosis.of(Evidence(**record["metrics"]["evidence"]))


NAMED = {f.__name__: f for f in (portraits, portraits_glance, arithmetic, arithmetic_glance)}
