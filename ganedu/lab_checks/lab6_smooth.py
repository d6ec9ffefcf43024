"""Lab 6, smoothed targets: the checks of Task 6."""

import numpy as np

from .common import array, check, run
from .lab6_mistakes import named
from .lab6_parts import (
    _best_discriminator,
    _pull_left,
    _smoothed_loss,
    alone,
    first_apart,
)

EXACT = {"rtol": 1e-6, "atol": 2e-7}  # a guard of 1e-8 against 0 may stand, a grid may not
TARGETS = [(1.0, 0.0), (0.9, 0.0), (0.8, 0.15), (0.7, 0.3)]  # (alpha, beta)


def _judged(found, right, mistakes, cases):
    """Stops where the cases' numbers are not right, with a mistake that explains *every* case.

    A case is its words, and the place of each number in words.
    """
    if all(np.allclose(f, r, **EXACT) for f, r in zip(found, right)):
        return
    together = np.nan_to_num(np.concatenate([np.ravel(f) for f in found]))
    named(together, [(words, np.nan_to_num(np.concatenate([np.ravel(v) for v in values])))
                     for words, values in mistakes], 1e-7)
    near = all(np.allclose(f, r, atol=3e-3) for f, r in zip(found, right))
    for f, r, (case, places) in zip(found, right, cases):
        if apart := first_apart(f, r, **EXACT):
            (place,), (yours, *_), (ours, *_) = apart
            words = "" if np.isfinite(yours) else ": is something divided by 0 there?"
            digits = 5
            if near:
                words = (": near, not exact. A small number added, a clip, a grid, a numerical "
                         "derivative? A formula is exact")
                digits = 8
            raise AssertionError(f"{case}, {places[place]}: you give {yours:.{digits}g}, it "
                                 f"should be {ours:.{digits}g}{words}")


def _case(targets, *places):
    """Words for a case, and for each of its places: (name, numbers) pairs."""
    names = [name for name, _ in places]
    return "targets alpha = {}, beta = {}".format(*targets), [
        ", ".join(f"{name} = {number:.4g}" for name, number in zip(names, numbers))
        for numbers in zip(*(numbers for _, numbers in places))]


@check
def smoothed_loss(smoothed_loss, seed):
    rng = np.random.default_rng(seed)
    cases = [(rng.uniform(0.02, 0.98, 6), *rng.uniform(0.1, 2, 2), *t) for t in TARGETS]
    found = [array("smoothed_loss", run(alone, smoothed_loss, *case), (6,), "a loss for each d")
             for case in cases]

    @np.errstate(all="ignore")
    def wrong(formula):
        return [formula(np.log(d), np.log(1 - d), p, q, a, b) for d, p, q, a, b in cases]

    right = [_smoothed_loss(*case) for case in cases]
    _judged(found, right, [
        ("the sign: a loss is *minus* the logarithm",
         wrong(lambda u, v, p, q, a, b: p * (a * u + (1 - a) * v) + q * (b * u + (1 - b) * v))),
        ("the part (1 - alpha) log(1 - d) is missing: with a target of 0.9 a real image counts a "
         "tenth as a fake", wrong(lambda u, v, p, q, a, b: -p * a * u - q * (b * u + (1 - b) * v))),
        ("the part beta log d of the fakes is missing",
         wrong(lambda u, v, p, q, a, b: -p * (a * u + (1 - a) * v) - q * (1 - b) * v)),
        ("both parts 1 - alpha and beta are missing: a target of alpha is a cross-entropy with two "
         "parts", wrong(lambda u, v, p, q, a, b: -p * a * u - q * (1 - b) * v)),
        ("the fakes' target is not heeded: beta", wrong(
            lambda u, v, p, q, a, b: -p * (a * u + (1 - a) * v) - q * v)),
        ("the reals' target is not heeded: alpha", wrong(
            lambda u, v, p, q, a, b: -p * u - q * (b * u + (1 - b) * v))),
        ("no target is heeded: that is the loss for alpha = 1, beta = 0", wrong(
            lambda u, v, p, q, a, b: -p * u - q * v)),
        ("take the natural logarithm, np.log", [r / np.log(2) for r in right]),
        ("take the natural logarithm, np.log", [r / np.log(10) for r in right]),
        ("the two costs, each times its density, are added: neither divided nor averaged",
         [r / (p + q) for r, (_, p, q, *_) in zip(right, cases)]),
        ("the two costs, each times its density, are added: neither divided nor averaged",
         [r / 2 for r in right]),
        ("the cost of the fakes is subtracted: both costs are added", wrong(
            lambda u, v, p, q, a, b: -p * (a * u + (1 - a) * v) + q * (b * u + (1 - b) * v))),
        ("that is least squares; a cross-entropy has logarithms",
         [p * (d - a) ** 2 + q * (d - b) ** 2 for d, p, q, a, b in cases]),
        ("p_data and p_g are swapped", wrong(
            lambda u, v, p, q, a, b: -q * (a * u + (1 - a) * v) - p * (b * u + (1 - b) * v))),
        ("alpha and beta are swapped", wrong(
            lambda u, v, p, q, a, b: -p * (b * u + (1 - b) * v) - q * (a * u + (1 - a) * v))),
        ("the densities are missing: reals come here with p_data, fakes with p_g", wrong(
            lambda u, v, p, q, a, b: -(a * u + (1 - a) * v) - (b * u + (1 - b) * v))),
        ("log d and log(1 - d) are swapped: a real image with target 1 costs -log d", wrong(
            lambda u, v, p, q, a, b: -p * (a * v + (1 - a) * u) - q * (b * v + (1 - b) * u))),
        ("the fakes are given the target 1 - beta: beta belongs to log d in both parts", wrong(
            lambda u, v, p, q, a, b: -p * (a * u + (1 - a) * v) - q * (b * v + (1 - b) * u))),
        ("alpha is the reals' target; you give it to the fakes too", wrong(
            lambda u, v, p, q, a, b: -(p + q) * (a * u + (1 - a) * v))),
        ("beta is the fakes' target; you give it to the reals too", wrong(
            lambda u, v, p, q, a, b: -(p + q) * (b * u + (1 - b) * v))),
        ("the fakes' target is beta, not 1 - alpha", wrong(
            lambda u, v, p, q, a, b: -p * (a * u + (1 - a) * v) - q * ((1 - a) * u + a * v))),
        *[("one part has a minus, the other none: how many minus signs has the cost of one image?",
           wrong(formula)) for formula in (
               lambda u, v, p, q, a, b: p * ((1 - a) * v - a * u) + q * ((1 - b) * v - b * u),
               lambda u, v, p, q, a, b: p * (a * u - (1 - a) * v) + q * (b * u - (1 - b) * v),
               lambda u, v, p, q, a, b: p * ((1 - a) * v - a * u) - q * (b * u + (1 - b) * v))],
        ("that is the cost of the real images; where are the fakes?", wrong(
            lambda u, v, p, q, a, b: -p * (a * u + (1 - a) * v))),
        ("that is the cost of the fakes; where are the real images?", wrong(
            lambda u, v, p, q, a, b: -q * (b * u + (1 - b) * v))),
        ("alpha is 0.9 whatever the argument", wrong(
            lambda u, v, p, q, a, b: -p * (0.9 * u + 0.1 * v) - q * (b * u + (1 - b) * v))),
        ("the loss is divided by alpha", [r / a for r, (*_, a, _) in zip(right, cases)]),
        *[("the logarithm is that of d, not of d over a target", wrong(formula)) for formula in (
            lambda u, v, p, q, a, b: -p * (a * (u - np.log(a)) + (1 - a) * (v - np.log(1 - a)))
            - q * v,
            lambda u, v, p, q, a, b: -p * (a * (u - np.log(a)) + (1 - a) * (v - np.log(1 - a)))
            - q * (b * u + (1 - b) * v),
            lambda u, v, p, q, a, b: -p * (a * (u - np.log(a)) + (1 - a) * (v - np.log(1 - a)))
            - q * (b * (u - np.log(b)) + (1 - b) * (v - np.log(1 - b))))],
        ("the target weights the two logarithms; it does not stand within one", wrong(
            lambda u, v, p, q, a, b: -p * np.log(a * np.exp(u) + (1 - a) * np.exp(v))
            - q * np.log(b * np.exp(u) + (1 - b) * np.exp(v)))),
    ], [_case(case[3:], ("d", case[0])) for case in cases])
    return "Two cross-entropies, weighted by how often each kind comes here."


@check
def best_discriminator(best_discriminator, seed):
    rng = np.random.default_rng(seed)
    cases = [(rng.uniform(0.1, 2, 5), rng.uniform(0.1, 2, 5), *t) for t in TARGETS]
    edge = np.array([0.0, 1.0, 0.7])
    cases += [(edge, np.array([1.0, 0.0, 0.7]), *t) for t in TARGETS]
    found = [array("best_discriminator", run(alone, best_discriminator, *case), np.shape(case[0]),
                   "a number at each place") for case in cases]

    def wrong(formula):
        with np.errstate(all="ignore"):
            return [np.nan_to_num(formula(*case)) for case in cases]

    _judged(found, [_best_discriminator(*case) for case in cases], [
        ("no target is heeded: that is D* for alpha = 1, beta = 0",
         wrong(lambda p, q, a, b: p / (p + q))),
        ("the fakes' target beta is missing: set the derivative of *your* loss to 0",
         wrong(lambda p, q, a, b: a * p / (p + q))),
        *[("set the derivative to 0 and bring it over one denominator: does a target stay below?",
           wrong(formula)) for formula in (
               lambda p, q, a, b: a * p / (a * p + q), lambda p, q, a, b: a * p / (a * p + b * q),
               lambda p, q, a, b: (a * p + b * q) / (a * p + q),
               lambda p, q, a, b: (a * p + b * q) / (a * p + (1 - b) * q))],
        ("alpha and beta are swapped", wrong(lambda p, q, a, b: (b * p + a * q) / (p + q))),
        ("the share of the *fakes*, without targets: a D* near 1 says real",
         wrong(lambda p, q, a, b: q / (p + q))),
        ("try a place without fakes, p_g = 0: which d is best there, and what do you give?",
         wrong(lambda p, q, a, b: a * p / (p + q) + b)),
        ("brackets: how far does your division reach?",
         wrong(lambda p, q, a, b: a * p + b * q / (p + q))),
        ("you divide by the targets' sum: where do the densities stand in the derivative?",
         wrong(lambda p, q, a, b: (a * p + b * q) / (a + b))),
        ("that is 1 - D*: what D gives for a *fake*",
         wrong(lambda p, q, a, b: 1 - (a * p + b * q) / (p + q))),
        ("the fakes' part has the wrong sign: a fake with target beta > 0 speaks *for* real",
         wrong(lambda p, q, a, b: (a * p - b * q) / (p + q))),
        ("a fake's target is given as 1 - beta: which logarithm has the factor beta?",
         wrong(lambda p, q, a, b: (a * p + (1 - b) * q) / (p + q))),
        ("no probability, it passes 1: what is left over when you solve for d?",
         wrong(lambda p, q, a, b: a * p + b * q)),
        ("you divide by 2: do the densities of a place add up to 2?",
         wrong(lambda p, q, a, b: (a * p + b * q) / 2)),
        ("those are the odds, d / (1 - d): solve for d", wrong(
            lambda p, q, a, b: (a * p + b * q) / ((1 - a) * p + (1 - b) * q))),
        ("that is the logit, log(d / (1 - d)): solve for d", wrong(
            lambda p, q, a, b: np.log((a * p + b * q) / ((1 - a) * p + (1 - b) * q)))),
        *[("you give the same at every place: p_data and p_g have a say", wrong(formula))
          for formula in (lambda p, q, a, b: a / 2 + 0 * p,
                          lambda p, q, a, b: (a + b) / 2 + 0 * p)],
        ("you divide by a sum over all places: each place has its own", wrong(
            lambda p, q, a, b: (a * p + b * q) / np.sum(p + q))),
    ], [_case(case[2:], ("p_data", case[0]), ("p_g", case[1])) for case in cases])
    return "There the loss is least, whatever the densities and the targets."


@check
def pull_left(pull_left, seed):
    rng = np.random.default_rng(seed)
    cases = [(np.sort(10 ** rng.uniform(-4, 0, 5)), *t) for t in TARGETS]
    found = [array("pull_left", run(alone, pull_left, *case), (5,),
                   "an array like share, a number for each")
             for case in cases]

    def wrong(formula):
        with np.errstate(all="ignore"):
            return [np.nan_to_num(formula(s, a - b, a, b)) for s, a, b in cases]

    _judged(found, [_pull_left(*case) for case in cases], [
        ("that is the pull itself, and not its share of the pull with plain targets: divide by "
         "1 / s", wrong(lambda s, c, a, b: c / (b + c * s))),
        ("the sign: both pulls point the same way, so their ratio is positive",
         wrong(lambda s, c, a, b: -c * s / (b + c * s))),
        ("upside down: the pull with these targets over the plain one",
         wrong(lambda s, c, a, b: (b + c * s) / (c * s))),
        ("that is the slope of D*; G's loss is -log D*, whose slope is that of D* over D*",
         wrong(lambda s, c, a, b: c + 0 * s)),
        ("that is D* itself", wrong(lambda s, c, a, b: b + c * s)),
        ("that is D* over the plain D*; take the slopes of their logarithms",
         wrong(lambda s, c, a, b: (b + c * s) / s)),
        ("that is the ratio of the losses; take the slopes", wrong(
            lambda s, c, a, b: np.log(b + c * s) / np.log(s))),
        ("you divide by 1 / s, but not by D*: the slope of log D* is that of D* over D*",
         wrong(lambda s, c, a, b: c * s)),
        ("that is s; with plain targets all of the pull is left, 1", wrong(
            lambda s, c, a, b: s)),
        *[("the slope of D* is not right: gather all that stands before s in D*", wrong(formula))
          for formula in (lambda s, c, a, b: (a + b) * s / (b + c * s),
                          lambda s, c, a, b: a * s / (b + c * s),
                          lambda s, c, a, b: -c * s / (b - c * s))],
        ("1 everywhere is right for beta = 0 only", wrong(lambda s, c, a, b: 1 + 0 * s)),
        *[("your D* in s is not that of best_discriminator: p_data is the share s of the sum, p_g "
           "the share 1 - s", wrong(formula)) for formula in (
               lambda s, c, a, b: c * s / (b + a * s), lambda s, c, a, b: c / a + 0 * s,
               lambda s, c, a, b: (a + b) * s / (b + (a + b) * s),
               lambda s, c, a, b: a * s / (b + a * s),
               lambda s, c, a, b: c * s * (1 + s) / (b + a * s), lambda s, c, a, b: c * s / a)],
        ("one s too many: the plain slope, of log s, is 1 / s",
         wrong(lambda s, c, a, b: c * s**2 / (b + c * s))),
        *[("that is a difference of the two pulls; how many *times* the plain one is it?",
           wrong(formula)) for formula in (lambda s, c, a, b: 1 / s - c / (b + c * s),
                                           lambda s, c, a, b: c / (b + c * s) - 1 / s)],
        ("that is in per cent: 1 is all of the pull",
         wrong(lambda s, c, a, b: 100 * c * s / (b + c * s))),
        ("that is what is lost; what is *left* is 1 minus this",
         wrong(lambda s, c, a, b: 1 - c * s / (b + c * s))),
        ("that is the saturating loss, log(1 - D*); G's is -log D*",
         wrong(lambda s, c, a, b: c / (1 - b - c * s) * (1 - s))),
    ], [_case(case[1:], ("s", case[0])) for case in cases])
    return "The ratio of the two slopes, at every share."
