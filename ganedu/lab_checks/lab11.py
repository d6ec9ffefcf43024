"""Lab 11, three sick runs: the checks of Tasks 1 to 3; `lab11_cures` has those of Tasks 4 and 5."""

import numpy as np

from .common import Wrong as Wrong
from .common import array, brief, check, pair, returned, run, shown
from .lab7_parts import judge
from .lab11_cures import cure_p as cure_p
from .lab11_cures import cure_q as cure_q
from .lab11_cures import cure_r as cure_r
from .lab11_cures import verdict as verdict
from .lab11_given import STATES
from .lab11_mistakes import COUNTS, LIMITS, NAMES, RAREST, SAMES, SPREADS, WHY, WORTHS
from .lab11_parts import (
    LARGE,
    SMALL,
    _counts,
    _limit,
    _name,
    _rarest,
    _same_label,
    _spread,
    _worth,
    alone,
)
from .lab11_parts import play as play

# ------------------------------------------------------------------ evidence


def _number(name, value, words):
    found = float(array(name, value, (), words))
    assert not np.isnan(found), f"{name} gives NaN (0 divided by 0?); it must be {words}"
    return found


@check
def spread(spread, seed):
    rng = np.random.default_rng(seed)
    cases = [(rng.normal(size=(n, k)) * scale, rng.normal(size=(m, k)) + 1)
             for n, m, k, scale in ((8, 8, 3, 1.0), (5, 12, 4, 0.2), (20, 9, 2, 2.0), (6, 7, 5, 0.01), (3, 30, 8, 1.0))]
    cases.append((np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [6.0, 8.0], [0.0, 0.0]])))
    found = [_number("spread", run(alone, spread, *case), "one number, a ratio") for case in cases]

    def tell(case, yours, ours):
        return (f"of {len(case[0])} generated images and {len(case[1])} real ones, {case[0].shape[1]} features each: "
                f"you give {yours:.4g}, it should be {ours:.4g}")

    judge(cases, found, [_spread(*case) for case in cases], SPREADS, tell, np.isclose)
    return "How far apart two images are, beside two real ones."


@check
def same_label(same_label, seed):
    rng, cases = np.random.default_rng(seed), []
    for n, m, classes, scale in ((12, 15, 3, 1.0), (20, 20, 4, 0.1), (9, 24, 2, 0.5), (24, 24, 5, 1.0)):
        labels, y = (np.concatenate([np.arange(classes), np.arange(classes), np.zeros(k - 2 * classes, int)])
                     for k in (n, m))  # each at least twice, the first most often
        labels, y = rng.permutation(labels), rng.permutation(y)
        centres = 3 * rng.normal(size=(classes, 4))
        cases.append((centres[labels] + scale * rng.normal(size=(n, 4)), labels,
                      centres[y] + (1 + y[:, None]) * rng.normal(size=(m, 4)), y))
    found = [_number("same_label", run(alone, same_label, *case), "one number, a ratio") for case in cases]

    def tell(case, yours, ours):
        return (f"of {len(case[0])} generated images with labels {shown(case[1])} and {len(case[2])} real ones: you "
                f"give {yours:.4g}, it should be {ours:.4g}")

    judge(cases, found, [_same_label(*case) for case in cases], SAMES, tell, np.isclose)
    return "What is left for the latent when the label is held."


def _readings(rng):
    """(p, p_real): few images, classes that are rare or missing among the real ones."""
    cases = []
    for made, real in (((4, 1, 5), (4, 4, 2)), ((6, 0, 2, 2), (3, 3, 3, 1)), ((1, 5, 4, 0), (1, 10, 9, 0)),
                       ((3, 3, 4), (12, 2, 6)), ((2, 2, 1, 0, 5), (2, 4, 4, 0, 1)), ((9, 3), (20, 40)), ((5, 3, 0), (3, 4, 3))):
        pair = []
        for counts in (made, real):
            read = rng.permutation(np.repeat(np.arange(len(counts)), counts))
            p = rng.uniform(0, 1, (len(read), len(counts)))
            p[np.arange(len(read)), read] = 1.05  # the largest, and often not by much
            pair.append(p / p.sum(1, keepdims=True))
        cases.append(tuple(pair))
    return cases


def _asked(rarest, p, p_real):
    return alone(rarest, p, p_real, hints=[
        (r"could not be broadcast together with shapes \(\d+,\) \(\d+,\)|boolean index did not match",
         "np.bincount ends at the largest class that was read: np.bincount(..., minlength=p.shape[1])"),
        ("index .* is out of bounds", "np.bincount ends at the largest class that was read: np.bincount(..., "
         "minlength=p.shape[1])")])  # fmt: skip


@check
def rarest(rarest, seed):
    cases, found = _readings(np.random.default_rng(seed)), []
    for case in cases:
        value = run(_asked, rarest, *case)
        value = list(value) if isinstance(value, np.ndarray) and value.shape == (2,) else value
        one, ratio = pair("rarest", value, "class, ratio")
        found.append((float(array("rarest's class", one, ())), float(array("rarest's ratio", ratio, ()))))

    def tell(case, yours, ours):
        read = [shown(np.bincount(p.argmax(1), minlength=p.shape[1])) for p in case]
        return (f"read as classes 0, 1, ... are {read[0]} of the generated images and {read[1]} of the real ones: you "
                f"give class {yours[0]:g} and {yours[1]:.3g}, it should be class {ours[0]} and {ours[1]:.3g}")

    judge(cases, found, [_rarest(*case) for case in cases], RAREST, tell,
          lambda x, y: np.allclose(x, y, equal_nan=True))
    return "The class that is missed most, beside the real images."


# ------------------------------------------------------------------ a rule


@check
def limit(limit, seed):
    rng, nan = np.random.default_rng(seed), np.nan
    cases = [([0.1, 0.2], [0.6, 0.9, 0.7]), ([0.9, 0.99], [0.0, 0.02]), ([0.1, nan, 0.3], [nan, 0.5, 0.8]),
             ([0.1, 0.4], [0.3, 0.9]), ([0.7, 0.2], [0.1, 0.3]), ([nan, 0.95], [0.01, 0.2, nan]), ([0.5], [0.25])]
    for _ in range(4):
        values = np.sort(rng.uniform(0, 1, 7)).round(3)
        a, b = rng.permutation(values[:3]).tolist(), rng.permutation(values[3:]).tolist()
        cases.append((a, b) if rng.random() < 0.5 else (b, a))
    found = [float(array("limit", returned("limit", run(alone, limit, list(a), list(b))), (), "one number, or NaN"))
             for a, b in cases]

    def tell(case, yours, ours):
        return f"sick {case[0]}, well {case[1]}: you give {yours:.4g}, it should be {ours:.4g}"

    judge(cases, found, [_limit(*case) for case in cases], LIMITS, tell,
          lambda x, y: np.isclose(x, y, equal_nan=True))
    return "Half-way between the nearest two, or no limit at all."


CLUES = {  # state -> numbers that show it, and with it all that it explains
    "diverged": {"nan_epoch": 3.0}, "wrong pixel range": {"low": 0.0}, "mode collapse": {"spread": 0.1},
    "discriminator too strong": {"d_real": 1.0, "d_fake": 0.001}, "generator ignores its latent": {"by_latent": 0.2},
    "generator ignores its label": {"by_label": 0.05}, "memorising": {"copied": 0.9},
    "partial mode collapse": {"repeats": 0.9}, "lost classes": {"rarest_share": 0.02},
}  # fmt: skip
WELL = {"nan_epoch": 0.0, "loss": 1.5, "low": -1.0, "d_real": 0.7, "d_fake": 0.3, "spread": 0.9, "by_latent": 0.9,
        "by_label": 0.9, "copied": 0.0, "repeats": 0.0, "rarest_share": 0.8}  # fmt: skip


def _patients(rng):
    limits = {name: round(float(rng.uniform(0.3, 0.6)), 2) for name in (*SMALL, *LARGE)}
    found = [WELL, {}, {"spread": 0.9}, {"copied": 0.0, "d_real": 1.0}, WELL | {"loss": 2500.0},
             WELL | {"d_real": 0.995, "d_fake": 0.3}, WELL | {"d_real": 0.6, "d_fake": 0.01},
             WELL | {"d_real": 0.98, "d_fake": 0.01}, WELL | {"low": -0.2}, {"nan_epoch": 1.0}]
    found += [WELL | clue for clue in CLUES.values()] + [dict(clue) for clue in CLUES.values()]
    found += [WELL | CLUES[a] | CLUES[b] for a, b in WHY]
    for name in (*SMALL, *LARGE):  # a little on each side of its limit, whatever the limit is
        found += [WELL | {name: limits[name] + d} for d in (-0.02, 0.02)]
    for order in (("wrong pixel range", "discriminator too strong", "mode collapse", "lost classes"),
                  ("mode collapse", "partial mode collapse", "lost classes", "generator ignores its label")):
        found.append({k: v for name in order for k, v in CLUES[name].items()})
    return [({k: found[i][k] for k in rng.permutation(sorted(found[i]))}, limits) for i in range(len(found))]


@check
def name(name, seed):
    cases, found = _patients(np.random.default_rng(seed)), []
    for evidence, limits in cases:
        value = returned("name", run(alone, name, dict(evidence), dict(limits)))
        assert isinstance(value, str) and value in STATES, (
            f"name gives {brief(value)}; it must be one of {', '.join(map(repr, STATES))}")
        found.append(str(value))

    def tell(case, yours, ours):
        evidence, limits = case
        odd = {k: v for k, v in evidence.items() if WELL[k] != v} or evidence
        told = ", ".join(f"{k} {v:.3g}" + (f" (limit {limits[k]:.2f})" if k in limits else "") for k, v in odd.items())
        rest = "all else as in a healthy run" if len(evidence) > len(odd) else "nothing else measured"
        return f"of {told or 'no number at all'}, {rest}: you say {yours!r}, it should be {ours!r}"

    judge(cases, found, [_name(*case) for case in cases], NAMES, tell, lambda x, y: x == y)
    return "One name, the one that explains the others."


# ------------------------------------------------------------------ how good is it?


@check
def counts(counts, seed):
    rng = np.random.default_rng(seed)
    cases = [(["mode collapse", "healthy", "lost classes", "healthy"], ["mode collapse", "healthy", "memorising", "lost classes"]),
             (["healthy", "diverged", "lost classes"], ["healthy", "diverged", "healthy"])]
    for n in (12, 20, 30):
        true = ["healthy", "diverged"] + rng.choice(STATES, n).tolist()
        said = [str(rng.choice([t, "healthy", *STATES])) for t in true]
        cases.append((said, [str(t) for t in true]))
    found = []
    for said, true in cases:
        value = returned("counts", run(alone, counts, list(said), list(true)))
        assert isinstance(value, list | tuple | np.ndarray) and len(value) == 4, (
            f"counts gives {brief(value)}; it must give four numbers: warned, sick, alarms, well")
        found.append(tuple(float(array("counts", part, (), "a count")) for part in value))

    def tell(case, yours, ours):
        return (f"said {case[0][:4]}, true {case[1][:4]}{' and so on' * (len(case[0]) > 4)}: you count "
                f"{tuple(f'{v:g}' for v in yours)}, it should be {ours}".replace("'", ""))

    judge(cases, found, [_counts(*case) for case in cases], COUNTS, tell, np.allclose)
    return "Sick runs and healthy ones, counted apart."


@check
def worth(worth, seed):
    rng = np.random.default_rng(seed)
    cases = [(0.9, 0.1, 0.05), (1.0, 0.0, 0.2), (0.5, 0.5, 0.3), (0.0, 0.2, 0.5), (1.0, 0.3, 1.0)]
    cases += [tuple(round(float(v), 3) for v in rng.uniform(0.05, 0.95, 3)) for _ in range(5)]
    found = [_number("worth", run(alone, worth, *case), "a share from 0 to 1") for case in cases]

    def tell(case, yours, ours):
        return (f"found {case[0]:g}, alarms {case[1]:g}, base {case[2]:g}: you give {yours:.4g}, it should be "
                f"{ours:.4g}")

    judge(cases, found, [_worth(*case) for case in cases], WORTHS, tell, np.isclose)
    return "How much a warning is worth depends on how many are sick."
