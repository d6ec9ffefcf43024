"""Lab 7: our version of the student's functions, and how one of theirs is asked beside them."""

import warnings

import numpy as np

from ..measures.intervals import paired
from .common import brief, call, called, returned

NOT_YOURS = (
    "synthetic", "ganedu.synthetic", "measures", "ganedu.measures", "intervals", "ganedu.measures.intervals",
    "classify", "ganedu.measures.classify", "scipy", "scipy.stats", "statsmodels", "pingouin", "keras",
    "EarlyStopping", "unpaired", "suspect",
)  # fmt: skip


def _confident(p, at_least):
    return np.max(p, axis=1) >= at_least


def _wrong_label_share(p, asked, at_least):
    kept = _confident(p, at_least)
    return float((np.argmax(p, axis=1) != np.asarray(asked))[kept].mean())


def _mixture(real_labels, made_labels, ratio, rng):
    rows = []
    for y, n in zip(*np.unique(real_labels, return_counts=True)):
        here = np.flatnonzero(np.asarray(made_labels) == y)
        rows += rng.permutation(here)[: round(ratio * int(n))].tolist()
    return np.array(rows, int)


def _in_turn(fit, made, real, rates):
    return fit(made, max(rates)), fit(real, min(rates))


def _best_round(losses, patience):
    best = 0
    for here, loss in enumerate(losses):
        if loss < losses[best]:
            best = here
        elif here - best >= patience:
            return best, here
    return best, len(losses) - 1


def _paired_effect(a, b):
    return paired(a, b)[:3]


def _seen_in(images, others):
    there = {image.tobytes() for image in np.asarray(others)}
    return np.array([image.tobytes() in there for image in np.asarray(images)], bool)


def _evidence(experiment):
    names = [look["experiment"] for look in experiment.looks]
    return {
        "gan_test": int(_seen_in(experiment.tested_on, experiment.gan_saw).sum()),
        "gan_more": int((~_seen_in(experiment.gan_saw, experiment.fitted_on)).sum()),
        "stop_test": int(_seen_in(experiment.tested_on, experiment.stopped_by).sum()),
        "looks": max(map(names.count, names)),
        "changed": sum(look["before"] != look["after"] for look in experiment.looks),
    }


PARTS = called({
    "confident": _confident, "wrong_label_share": _wrong_label_share, "mixture": _mixture,
    "in_turn": _in_turn, "best_round": _best_round, "paired_effect": _paired_effect,
    "seen_in": _seen_in, "evidence": _evidence,
})  # fmt: skip

HINTS = [
    (r"indices must be integers.* not float", "an index counts from 0: is a loss, or another number with a "
     "fraction, used as one?"),
    (r"NoneType", "something here is None: does each function that you call `return`? (rng.shuffle works in "
     "place, and gives None)"),
    ("RecursionError", "it calls itself, without an end"),
    (r"only integer scalar arrays can be converted|unhashable type: 'numpy.ndarray'",
     "an array cannot be looked up in a set; its bytes can: image.tobytes()"),
    (r"'list' object has no attribute|unsupported operand .*'list'",
     "a list: np.array(...) of it first"),
    (r"'dict' object has no attribute", "a look is a dictionary: look[\"before\"]"),
    (r"'Experiment' object is not subscriptable|tuple indices must be",
     "an experiment's parts have a dot before them: experiment.gan_saw"),
    (r"a cannot be empty|'a' cannot be empty", "a class that made lacks gets none: there are no rows "
     "to choose from"),
    (r"unary ~: 'list'", "a list: np.array(...) of it first"),
    (r"Student's t has", "what do you give `student`? The degrees of freedom"),
]  # fmt: skip


# Where a cell that is given stops, what it got from a function of the student's is to blame.
PLAYED = [
    (r"unary ~: 'list'|'list' object has no attribute|same number of dimensions|setting an array element",
     "a list, where one array belongs: run the check of the function that gives it"),
    (r"list indices must be integers.* not float", "an index counts from 0, and here it is another number: "
     "run the check of the function that gives it"),
]  # fmt: skip


def alone(function, *arguments, hints=()):
    """The student's function with our version of the others, and without the library's."""
    with np.errstate(all="ignore"):
        return call(function, *arguments, parts=PARTS, forbidden=NOT_YOURS, hints=[*hints, *HINTS])


def play(show, *arguments):
    """show(*arguments) with the student's own parts, for no points: a failure is one line."""
    return call(show, *arguments, changes=True, hints=[*PLAYED, *HINTS])


def judge(cases, found, right, rules, tell, same=np.array_equal):
    """Stops with the rule that explains all answers, or with the first wrong one.

    A rule is (mistake in words, function of the case that makes it); `tell(case, found, right)` says
    what is wrong where no rule does.
    """
    wrong = [(c, f, r) for c, f, r in zip(cases, found, right) if not same(f, r)]
    if not wrong:
        return
    for words, rule in rules:
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                explained = all(same(f, rule(*case)) for case, f in zip(cases, found))
        except (ValueError, IndexError, ZeroDivisionError):  # a mistake that would not have run
            continue
        assert not explained, words
    raise AssertionError(tell(*wrong[0]))


def mask(name, value, n, each="image"):
    """The array of n truths that `value` should be."""
    returned(name, value)
    one = f"one True or False for each {each}"
    assert not isinstance(value, tuple), (
        f"{name} gives a tuple (np.where and np.nonzero give one, of indices); it must be an array, {one}")
    assert not isinstance(value, list), f"{name} gives a list; it must be one array (np.array), {one}"
    found = np.asarray(value)
    assert found.dtype.kind in "biuf", f"{name} gives {brief(value)}; it must be an array, {one}"
    assert found.ndim != 0, f"{name} gives {brief(value)}; it must be an array, {one}"
    if found.dtype.kind in "iu":
        what = "whole numbers, 0 and 1?" if found.shape == (n,) and found.max(initial=0) < 2 else "indices"
        raise AssertionError(f"{name} gives {what}; it must be {one}: the comparison itself is such an array")
    assert found.dtype.kind == "b", (
        f"{name} gives numbers, of shape {found.shape}; it must be {one}: what is compared with what?")
    assert found.shape == (n,), f"{name} gives shape {found.shape}; it must be {one}, shape {(n,)}"
    return found


def places(wrong, limit=3):
    """The first few places of a mask, in words."""
    at = np.flatnonzero(wrong)
    return ", ".join(map(str, at[:limit])) + (" and more" if len(at) > limit else "")
