"""Lab 6, remedies: the checks of virtual batch norm.  The oracles: loops, and ganedu's layer."""

import numpy as np

from ..networks.layers import VirtualBatchNormalization
from .common import Wrong, array, check, names_read, pair, run, shown
from .common import play as play
from .lab6_mistakes import (
    live_gone_wrong,
    movements_gone_wrong,
    named,
    norms_gone_wrong,
    reference_gone_wrong,
)
from .lab6_parts import (
    _live_statistics,
    _moved_by_mates,
    _reference_statistics,
    _virtual_batch_norm,
    alone,
    first_apart,
)
from .lab6_smooth import best_discriminator as best_discriminator
from .lab6_smooth import pull_left as pull_left
from .lab6_smooth import smoothed_loss as smoothed_loss
from .lab6_suspects import evidence as evidence
from .lab6_suspects import table as table
from .lab6_suspects import verdict as verdict

# ------------------------------------------------------------------ the disease


def generator(size, seed):
    """A generator of NumPy with batch norm, which refuses what is no batch of latents."""
    w = np.random.default_rng(seed).normal(size=(size, 12))

    def generate(z):
        if not isinstance(z, np.ndarray) or z.ndim != 2 or z.shape[1] != size:
            got = f"shape {z.shape}" if isinstance(z, np.ndarray) else f"a {type(z).__name__}"
            raise Wrong(f"moved_by_mates: `generate` got {got}; it takes one array of latents, "
                        f"[N, {size}], with z in front of its mates: z[None] is [1, {size}]")
        h = np.asarray(z, float) @ w
        h = (h - h.mean(0)) / np.sqrt(h.var(0) + 0.1)
        return np.tanh(h).reshape(-1, 3, 4, 1)

    return generate


def _moved(moved_by_mates, z, companies, seed):
    """What it gives, and which batches it had generated."""
    for name in sorted({"by_batch_norm", "by_virtual", "batch_normed", "virtual"} &
                       names_read(moved_by_mates)):
        raise Wrong(f"moved_by_mates: `{name}` is one generator of the notebook; the one to ask is "
                    "the argument `generate`")
    batches, make = [], generator(len(z), seed)

    def generate(z):
        batches.append(np.array(z))
        return make(z)

    return {"value": alone(moved_by_mates, generate, z, companies), "batches": batches}


@check
def moved_by_mates(moved_by_mates, seed):
    rng = np.random.default_rng(seed)
    for size, counts in [(5, (6, 6, 6, 6)), (4, (2, 5, 9)), (7, (1, 1, 1, 1, 1)), (3, (4,) * 12)]:
        z, companies = rng.normal(size=size), [rng.normal(size=(n, size)) for n in counts]
        asked = run(_moved, moved_by_mates, z, companies, seed)
        value = float(array("moved_by_mates", asked["value"], (), "a mean over the pixels"))
        generate = generator(size, seed)
        right = _moved_by_mates(generate, z, companies)
        if not np.isclose(value, right, rtol=1e-5):
            named(value, movements_gone_wrong(generate, z, companies))
            batches = asked["batches"]
            assert batches, "it never calls the argument `generate`"
            assert any(np.allclose(b[0], z) for b in batches), (
                "z is in front of none of your batches")
            assert all(any(b.shape == (n + 1, size) for b in batches) for n in counts), (
                f"for companies of {list(counts)} mates your batches have "
                f"{[len(b) for b in batches]} latents; z and all mates of one company make one")
            assert value or len(batches) >= len(counts), (
                "nothing moves: is one company's image left alone? `return` in the loop?")
            assert value, (
                "nothing moves: axis=0 compares the companies' images; axis=-1 is that of the "
                "colours, and there is one")
        assert np.isclose(value, right, rtol=1e-5), (
            f"for companies of {list(counts)} mates you get {value:.5g}, it should be {right:.5g}")
    z = rng.normal(size=3)
    still = run(_moved, moved_by_mates, z, [np.repeat(z[None], n, 0) for n in (2, 5)], seed)
    assert abs(still["value"]) < 1e-6, "among copies of itself an image does not move"
    return "The same latent, another company, another image."


# ------------------------------------------------------------------ its parts


def maps(rng, *shape):
    """Feature maps, each channel with a mean and a spread of its own."""
    channels = shape[-1]
    return rng.normal(size=shape) * rng.uniform(0.5, 2, channels) + rng.normal(size=channels)


def exact(name, what, m, q, values):
    """Are these means exact where the values lie far from 0?"""
    variance = np.asarray(q, float) - np.asarray(m, float) ** 2
    assert np.allclose(variance, values, atol=1e-4), (
        f"float32 {what} near 1000: by {name} the variance q - m^2 comes out as "
        f"{shown(np.ravel(variance)[:3])}, it is {shown(np.ravel(values)[:3])}. In float32 that is "
        "rounding: count in float64, np.asarray(..., float), before you square")


def two(name, value, shape, of, words):
    """The two arrays of a pair."""
    return [array(f"{name}'s {which}", part, shape, words)
            for which, part in zip(of.split(", "), pair(name, value, of))]


@check
def reference_statistics(reference_statistics, seed):
    rng = np.random.default_rng(seed)
    for shape in [(5, 4, 3, 2), (1, 2, 2, 3), (16, 7, 7, 4), (6, 1, 1, 5)]:
        r = maps(rng, *shape)
        m, q = two("reference_statistics", run(alone, reference_statistics, r), shape[-1:],
                   "m_R, q_R", f"a number a channel, of r {list(shape)}")
        right = _reference_statistics(r)
        for place, (found, oracle) in enumerate(zip((m, q), right)):
            if not np.allclose(found, oracle):
                named(found, reference_gone_wrong(r)[place])
            assert np.allclose(found, oracle), (
                f"for r {list(shape)} {('m_R', 'q_R')[place]} is {shown(found[:4])} by you, number "
                f"by number it is {shown(oracle[:4])}")
    far = (1000 + 0.1 * rng.normal(size=(8, 6, 6, 2))).astype("float32")
    m, q = run(alone, reference_statistics, far)
    exact("reference_statistics", "activations", m, q, far.astype(float).var((0, 1, 2)))
    return "Means and mean squares of the reference, channel by channel."


@check
def live_statistics(live_statistics, seed):
    rng = np.random.default_rng(seed)
    for shape, n in [((5, 4, 3, 2), 7), ((1, 2, 2, 3), 8), ((4, 7, 7, 4), 16), ((6, 1, 1, 5), 1),
                     ((3, 5, 5, 1), 128)]:
        x = maps(rng, *shape)
        m_r, q_r = _reference_statistics(maps(rng, 9, 3, 3, shape[-1]))
        asked = run(alone, live_statistics, x, m_r, q_r, n)
        kept = isinstance(asked, tuple | list) and len(asked) and np.ndim(asked[0]) == 4
        m, q = two("live_statistics", asked, (len(x), 1, 1, shape[-1]), "m, q",
                   "a number for each example and channel" + (
                       ", the mean over axes 1 and 2" if kept else "; keepdims=True keeps the 1s"))
        right = _live_statistics(x, m_r, q_r, n)
        for place, (found, oracle) in enumerate(zip((m, q), right)):
            if not np.allclose(found, oracle):
                named(found, live_gone_wrong(x, m_r, q_r, n)[place])
            if apart := first_apart(found, oracle):
                (example, *_, channel), yours, ours = apart
                raise Wrong(f"live_statistics: for x {list(shape)} and n = {n}, "
                            f"{('m', 'q')[place]} of example {example}, channel {channel} is "
                            f"{yours[0]:.5g} by you, {ours[0]:.5g} one by one")
    far = (1000 + 0.1 * rng.normal(size=(3, 6, 6, 2))).astype("float32")
    own = far.astype(float)
    m_r, q_r = own.mean((0, 1, 2)), (own**2).mean((0, 1, 2))
    m, q = run(alone, live_statistics, far, m_r, q_r, 1)
    m_i, q_i = _live_statistics(far, m_r, q_r, 1)
    exact("live_statistics", "activations", m, q, q_i - m_i**2)
    return "Each example joins the reference, alone."


# ------------------------------------------------------------------ the whole


def by_our_layer(x, r, gamma, beta, epsilon):
    """What ganedu's layer makes of the joined batch, as (x, r)."""
    layer = VirtualBatchNormalization(len(r), epsilon)
    joined = np.concatenate([r, x]).astype("float32")
    layer.build(joined.shape)
    layer.set_weights([gamma, beta])
    y = layer(joined).numpy()
    return y[len(r):], y[: len(r)]


@check
def virtual_batch_norm(virtual_batch_norm, seed):
    def compare(x, r, epsilon):
        gamma, beta = 1 + 0.5 * rng.normal(size=x.shape[-1]), rng.normal(size=x.shape[-1])
        given = x, r, gamma, beta, epsilon
        found = pair("virtual_batch_norm", run(alone, virtual_batch_norm, *given),
                     "x, r normalised")
        for place, oracle in enumerate(_virtual_batch_norm(*given)):
            name, part, a = "xr"[place], found[place], given[place]
            part = array(f"virtual_batch_norm's {name}", part, a.shape, "the pair is (x, r), each "
                         "shaped as it came")
            assert np.isfinite(part).all(), (
                f"{name} holds NaN or infinite values. " + (
                    "All numbers are equal here, the variance is 0: is epsilon under the root?"
                    if np.ptp(x) == 0 else "The root of a negative number? q - m^2 is none where "
                    "m and q are a mean and a mean of squares of the *same* numbers"))
            if not np.allclose(part, oracle, rtol=1e-4, atol=1e-4):
                named(part, norms_gone_wrong(*given)[place])
            if apart := first_apart(part, oracle, rtol=1e-4, atol=1e-4):
                (example, *rest), yours, ours = apart
                raise Wrong(f"virtual_batch_norm: x {list(x.shape)}, r {list(r.shape)}: {name} "
                            f"first differs in example {example}, from {rest} on: you give "
                            f"{shown(yours)}, one by one it is {shown(ours)}")
        return found, by_our_layer(*given)

    rng = np.random.default_rng(seed)
    for live, n, sides, epsilon in [(5, 3, (4, 3, 2), 0.3), (1, 8, (2, 2, 3), 1e-5),
                                    (4, 4, (3, 3, 1), 0.1), (6, 2, (1, 1, 5), 1e-5)]:
        x, r = maps(rng, live, *sides), maps(rng, n, *sides)
        found, layer = compare(x, r, epsilon)
    x, r = (a.astype("float32") for a in (maps(rng, 12, 7, 7, 4), maps(rng, 16, 7, 7, 4)))
    found, layer = compare(x, r, 1e-5)
    apart = max(np.abs(np.asarray(a) - b).max() for a, b in zip(found, layer))
    assert apart < 1e-3, f"ganedu's layer gives something else, up to {apart:.2g} apart"
    x, r = ((1000 + 0.1 * rng.normal(size=(n, 6, 6, 2))).astype("float32") for n in (3, 5))
    given = x, r, np.ones(2), np.zeros(2), 1e-5
    far = pair("virtual_batch_norm", run(alone, virtual_batch_norm, *given), "x, r normalised")
    assert all(np.allclose(a, b, atol=0.02) for a, b in zip(far, _virtual_batch_norm(*given))), (
        "float32 activations near 1000 come out wrong: in float32 q - m^2 is mostly rounding. "
        "Count means and squares in float64, as in Tasks 2 and 3")
    for value in (0.0, 1000.0):
        flat = np.full((3, 2, 2, 2), value)
        compare(flat, flat[:2], 1e-5)
    return f"One by one it is the same, and by ganedu's layer (to {apart:.0e})."
