"""What the usual mistakes in lab 11 give: (words, function of the case that makes it)."""

import numpy as np

from .lab11_parts import (
    ORDER,
    _apart,
    _clues,
    _gaps,
    _name,
    _rarest,
    _same_label,
    _shares,
    _spread,
    _within,
)

# ------------------------------------------------------------------ evidence


def _ratio(apart):
    return lambda f, f_real: apart(f) / apart(f_real)


def _squares(f):
    return (_gaps(f) ** 2).sum() / (len(f) * (len(f) - 1))


def _next(f):
    return np.linalg.norm(f - np.roll(f, 1, 0), axis=1).mean()


SPREADS = [
    ("turned round: the generated images' distance is divided by the real ones'", lambda f, r: 1 / _spread(f, r)),
    ("not divided by the same of the real images", lambda f, r: _apart(f)),
    ("an image paired with itself counts in yours: N (N - 1) pairs, not N N", _ratio(lambda f: _gaps(f).mean())),
    ("these are *squared* distances: the root of the sum of squares, of each pair", _ratio(_squares)),
    ("that is a ratio of variances; of mean distances", _ratio(lambda f: f.var(0).sum())),
    ("that is a ratio of standard deviations; of mean distances of pairs", _ratio(lambda f: f.std(0).mean())),
    ("that is a ratio of standard deviations; of mean distances of pairs", _ratio(lambda f: f.std())),
    ("the distance to the *mean* is not that of a pair", _ratio(
        lambda f: np.linalg.norm(f - f.mean(0), axis=1).mean())),
    ("the lengths of the features themselves; the distances of pairs", _ratio(
        lambda f: np.linalg.norm(f, axis=1).mean())),
    ("absolute differences are summed in yours; the root of the sum of squares", _ratio(
        lambda f: np.abs(f[:, None] - f[None]).sum(2).sum() / (len(f) * (len(f) - 1)))),
    ("only neighbours in the array are paired in yours; all pairs", _ratio(_next)),
    ("the *sum* of the distances grows with the number of images; their mean", _ratio(lambda f: _gaps(f).sum())),
    ("the difference; the ratio", lambda f, r: _apart(f) - _apart(r)),
]  # fmt: skip


def _means_of_classes(f, labels):
    return np.mean([_apart(f[labels == k]) for k in np.unique(labels) if (labels == k).sum() > 1])


def _with_itself(f, labels):
    return _gaps(f)[labels[:, None] == labels].mean()


def _others(f, labels):
    return _gaps(f)[labels[:, None] != labels].mean()


SAMES = [
    ("turned round: the generated images' distance is divided by the real ones'",
     lambda f, labels, r, y: 1 / _same_label(f, labels, r, y)),
    ("not divided by the same of the real images", lambda f, labels, r, y: _within(f, labels)),
    ("an image paired with itself counts in yours", lambda f, labels, r, y: (
        _with_itself(f, labels) / _with_itself(r, y))),
    ("all pairs count in yours; those of *one* label alone", lambda f, labels, r, y: _spread(f, r)),
    ("pairs of two *different* labels; of one", lambda f, labels, r, y: _others(f, labels) / _others(r, y)),
    ("of the real images all pairs count in yours; those of one class", lambda f, labels, r, y: (
        _within(f, labels) / _apart(r))),
    ("the mean of the classes' means; the mean of all pairs, so that a class with more pairs weighs more",
     lambda f, labels, r, y: _means_of_classes(f, labels) / _means_of_classes(r, y)),
    ("the real images have labels of their own, y", lambda f, labels, r, y: (
        _within(f, labels) / _within(r, labels))),
    ("the generated images have labels of their own, `labels`", lambda f, labels, r, y: _within(f, y) / _within(r, y)),
    ("the *sum* of the distances grows with the number of pairs; their mean", lambda f, labels, r, y: (
        (_gaps(f) * (labels[:, None] == labels)).sum() / (_gaps(r) * (y[:, None] == y)).sum())),
    ("0 for pairs of two labels still counts in a mean of all: the mean of the pairs of one label", lambda f, a, r, y: (
        (_gaps(f) * (a[:, None] == a)).mean() / (_gaps(r) * (y[:, None] == y)).mean())),
]  # fmt: skip


def _by(measure, choose=np.argmin, kept=True):
    def found(p, p_real):
        ratios = measure(p, p_real)
        if kept:
            ratios = np.where(_shares(p_real) > 0, ratios, np.inf if choose is np.argmin else -np.inf)
        k = int(choose(ratios))
        return k, float(ratios[k])
    return found


def _divided(p, p_real):
    with np.errstate(all="ignore"):
        return _shares(p) / _shares(p_real)


RAREST = [
    ("the smallest *share* is not the smallest ratio: a class may be rare among the real images too",
     _by(lambda p, r: _shares(p))),
    ("the smallest share's class has the right ratio in yours, but another class has a smaller one", lambda p, r: (
        k := int(np.where(_shares(r) > 0, _shares(p), np.inf).argmin()), float(_divided(p, r)[k]))),
    ("that is the class read *most* often, beside the real images", _by(_divided, np.argmax)),
    ("turned round: the generated share is divided by the real one", _by(lambda p, r: _divided(r, p), np.argmin)),
    ("turned round: the generated share is divided by the real one", _by(lambda p, r: _divided(r, p), np.argmax)),
    ("mean probabilities in yours; an image is read as its most probable class, and these are counted",
     _by(lambda p, r: p.mean(0) / r.mean(0))),
    ("a class that no real image is read as has no ratio: leave it out", _by(_divided, np.argmin, False)),
    ("a class that no real image is read as has no ratio: leave it out", lambda p, r: (
        lambda ratios: (int(np.nan_to_num(ratios).argmin()), float(np.nan_to_num(ratios).min())))(_divided(p, r))),
    ("counts in yours: there need not be as many generated images as real ones; shares", _by(
        lambda p, r: _divided(p, r) * len(p) / len(r))),
    ("the pair is turned round: the class comes first", lambda p, r: _rarest(p, r)[::-1]),
    ("the ratio is that of the class; yours is its share alone", lambda p, r: (
        _rarest(p, r)[0], float(_shares(p)[_rarest(p, r)[0]]))),
]  # fmt: skip

# ------------------------------------------------------------------ a rule


def _kept(values):
    return np.array([v for v in values if not np.isnan(v)])


def _known(rule):
    return lambda sick, well: rule(_kept(sick), _kept(well))


def _apart_by(sick, well):
    return sick.max() < well.min() or well.max() < sick.min()


LIMITS = [
    ("NaN is a run in which nothing was measured: leave it out (np.isnan), or the limit is NaN", lambda s, w: (
        np.nan if np.isnan([*s, *w]).any() else (max(s) + min(w)) / 2 if max(s) < min(w) else (
            max(w) + min(s)) / 2 if max(w) < min(s) else np.nan)),
    ("the middle of the *means*; of the two values that are nearest to each other", _known(lambda s, w: (
        (s.mean() + w.mean()) / 2 if _apart_by(s, w) else np.nan))),
    ("the middle of the *means*; of the two values that are nearest to each other, and NaN where they overlap",
     _known(lambda s, w: (s.mean() + w.mean()) / 2)),
    ("the mean of all values; the middle of the two that are nearest to each other", _known(lambda s, w: (
        np.concatenate([s, w]).mean()))),
    ("where they overlap no limit tells them apart: NaN", _known(lambda s, w: (
        (w.max() + s.min()) / 2 if w.max() < s.min() else (s.max() + w.min()) / 2))),
    ("where they overlap no limit tells them apart: NaN", _known(lambda s, w: (
        (s.max() + w.min()) / 2 if s.max() < w.min() else (w.max() + s.min()) / 2))),
    ("where they overlap no limit tells them apart: NaN", _known(lambda s, w: (
        (s.max() + w.min()) / 2 if s.mean() < w.mean() else (w.max() + s.min()) / 2))),
    ("yours takes it that the sick ones lie below: of `copied` they lie above", _known(lambda s, w: (
        (s.max() + w.min()) / 2))),
    ("yours takes it that the sick ones lie below (of `copied` they lie above), and NaN is not left out",
     lambda s, w: (max(s) + min(w)) / 2),
    ("yours takes it that the sick ones lie below: of `copied` they lie above", _known(lambda s, w: (
        (s.max() + w.min()) / 2 if s.max() < w.min() else np.nan))),
    ("yours takes it that the sick ones lie above: of `spread` they lie below", _known(lambda s, w: (
        (w.max() + s.min()) / 2 if w.max() < s.min() else np.nan))),
    ("that is the outermost sick value itself: the next run may lie a little further; the middle to the healthy ones",
     _known(lambda s, w: s.max() if s.max() < w.min() else s.min() if w.max() < s.min() else np.nan)),
    ("that is the outermost healthy value itself: the middle to the sick ones", _known(lambda s, w: (
        w.min() if s.max() < w.min() else w.max() if w.max() < s.min() else np.nan))),
    ("the middle of the two *farthest* values; of the two that are nearest to each other", _known(lambda s, w: (
        (s.min() + w.max()) / 2 if s.max() < w.min() else (s.max() + w.min()) / 2 if w.max() < s.min() else np.nan))),
]  # fmt: skip


def _placed(state, front):
    """The rule that asks for `state` just before `front`, which should come first."""
    def named(e, limits):
        shown = _clues(e, limits)
        if state in shown:
            late = ORDER[ORDER.index(front):]
            shown.remove(state)
            i = next((i for i, other in enumerate(shown) if other in late), len(shown))
            shown.insert(i, state)
        return (*shown, "healthy")[0]
    return named


def _delayed(state, behind):
    """The rule that asks for `state` just behind another one, which it explains."""
    def named(e, limits):
        shown = _clues(e, limits)
        if state in shown:
            early = ORDER[: ORDER.index(behind) + 1]
            shown.remove(state)
            shown.insert(sum(other in early for other in shown), state)
        return (*shown, "healthy")[0]
    return named


def _of_e(change):
    return lambda e, limits: _name(change(e), limits)


def _zeros(e):
    names = ("spread", "by_latent", "by_label", "rarest_share", "low", "nan_epoch", "loss", "copied", "repeats")
    return dict.fromkeys(names, 0.0) | e


def _or(e, limits):
    shown = _clues(e, limits)
    strong = e.get("d_real", 0.0) > 0.98 or e.get("d_fake", 1.0) < 0.02
    if strong and (not shown or shown[0] not in ("diverged", "wrong pixel range")):
        return "discriminator too strong"
    return (*shown, "healthy")[0]


def _alphabet(e, limits):
    return (*sorted(_clues(e, limits)), "healthy")[0]


# (What explains, what it explains): why the first is asked first.
WHY = {
    ("diverged", "wrong pixel range"): "what has diverged may show any clue: ask for it first",
    ("diverged", "discriminator too strong"): "what has diverged may show any clue: ask for it first",
    ("diverged", "mode collapse"): "what has diverged may show any clue: ask for it first",
    ("wrong pixel range", "discriminator too strong"):
        "with wrong pixels D is sure of everything, by them alone: the range comes before the strong D",
    ("wrong pixel range", "mode collapse"):
        "with wrong pixels G learns nothing, and its images are alike: the range comes before mode collapse",
    ("discriminator too strong", "mode collapse"):
        "where D is too strong G has not moved, and its images are alike: it comes before mode collapse",
    ("discriminator too strong", "generator ignores its latent"):
        "where D is too strong G has not moved, whatever its latent: it comes before the generator that ignores it",
    ("mode collapse", "generator ignores its latent"):
        "if all images are alike, another latent changes little too: mode collapse comes first",
    ("mode collapse", "generator ignores its label"):
        "if all images are alike, another label changes little too: mode collapse comes first",
    ("mode collapse", "partial mode collapse"):
        "if all images are alike, they repeat too: mode collapse comes before the partial one",
    ("mode collapse", "lost classes"): "if all images are alike, classes are lost too: mode collapse comes before lost classes",
    ("generator ignores its latent", "partial mode collapse"):
        "one image a label repeats: the generator that ignores its latent comes before partial mode collapse",
    ("memorising", "partial mode collapse"):
        "copies of few images repeat: memorising comes before partial mode collapse",
    ("generator ignores its label", "lost classes"):
        "where the label is not heard, some classes come seldom: it is asked before lost classes",
    ("partial mode collapse", "lost classes"):
        "few images leave classes out: partial mode collapse comes before lost classes",
}  # fmt: skip
NAMES = [
    ("a number that was not measured shows nothing, and 0 in its place is below every limit: "
     "evidence.get(name, np.nan)", _of_e(_zeros)),
    ("the order is that of the table, and the table's is the alphabet's: a state is asked before those it explains",
     _alphabet),
    ("D is too strong if it is sure of the real images *and* of the generated ones: and, not or", _or),
    *[(words, rule) for (first, second), words in WHY.items()
      for rule in (_placed(second, first), _delayed(first, second))],
]  # fmt: skip

# ------------------------------------------------------------------ how good is it?


def _tally(warned=None, alarms=None, sick=None, well=None):
    """`counts` with other counts of pairs (said, true)."""
    def is_sick(s, t):
        return t != "healthy"

    rules = (warned or (lambda s, t: s != "healthy" and t != "healthy"), sick or is_sick,
             alarms or (lambda s, t: s != "healthy" and t == "healthy"), well or (lambda s, t: t == "healthy"))  # fmt: skip

    def counted(said, true):
        return tuple(sum(bool(rule(s, t)) for s, t in zip(said, true)) for rule in rules)
    return counted


COUNTS = [
    ("a sick run with a *wrong* name was warned of too: anything but \"healthy\"",
     _tally(warned=lambda s, t: s == t != "healthy")),
    ("a healthy run called healthy is no warning: count sick runs alone", _tally(warned=lambda s, t: s == t)),
    ("all warnings in yours; those of sick runs, and of healthy ones, are counted apart",
     _tally(warned=lambda s, t: s != "healthy")),
    ("all wrong names in yours: an alarm is a *healthy* run that was called something else",
     _tally(alarms=lambda s, t: s != t)),
    ("that counts the sick runs that were missed; an alarm is a healthy run that was called something else",
     _tally(alarms=lambda s, t: s == "healthy" != t)),
    ("all warnings in yours: an alarm is a *healthy* run that was called something else",
     _tally(alarms=lambda s, t: s != "healthy")),
    ("who is sick is in `true`, not in `said`", _tally(sick=lambda s, t: s != "healthy", well=lambda s, t: s == "healthy")),
    ("who is sick is in `true`, not in `said`", _tally(warned=lambda s, t: s != "healthy", alarms=lambda s, t: False,
                                                       sick=lambda s, t: s != "healthy", well=lambda s, t: s == "healthy")),
    ("all runs are counted as sick; those that are not healthy in truth", _tally(sick=lambda s, t: True)),
    ("all runs are counted as healthy; those that are so in truth", _tally(well=lambda s, t: True)),
    ("the healthy ones that were left alone; the ones that raised an alarm", _tally(alarms=lambda s, t: s == t == "healthy")),
    ("`said` and `true` are exchanged", lambda said, true: _tally()(true, said)),
    ("the order is: warned, sick, alarms, well", lambda said, true: tuple(_tally()(said, true)[i] for i in (0, 2, 1, 3))),
    ("shares; the four counts", lambda said, true: (
        lambda w, s, a, h: (w / s, s, a / h, h))(*_tally()(said, true))),
]  # fmt: skip

WORTHS = [
    ("that is how many sick runs are warned of: of the *warnings*, how many are right", lambda f, a, b: f),
    ("without the healthy runs' alarms: they are warnings too, (1 - base) * alarms of all runs", lambda f, a, b: b * f),
    ("that is how often a warning comes; how many of them are right", lambda f, a, b: b * f + (1 - b) * a),
    ("the base rate is not used: sick and healthy runs are not equally many", lambda f, a, b: f / (f + a)),
    ("alarms come from healthy runs alone: (1 - base) * alarms", lambda f, a, b: b * f / (b * f + a)),
    ("sick runs are `base` of all: base * found", lambda f, a, b: f / (f + (1 - b) * a)),
    ("base and 1 - base are exchanged", lambda f, a, b: (1 - b) * f / ((1 - b) * f + b * a)),
    ("that is the share of *false* warnings; of the right ones", lambda f, a, b: (1 - b) * a / (b * f + (1 - b) * a)),
    ("`alarms` is the share of healthy runs that are warned of, not of those left alone", lambda f, a, b: (
        b * f / (b * f + (1 - b) * (1 - a)))),
    ("that is how surely a run without a warning is healthy", lambda f, a, b: (
        (1 - b) * (1 - a) / ((1 - b) * (1 - a) + b * (1 - f)))),
    ("a percentage; a share from 0 to 1", lambda f, a, b: 100 * b * f / (b * f + (1 - b) * a)),
]  # fmt: skip
