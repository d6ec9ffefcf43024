"""Lab 6, five normalisers under suspicion: the checks of Task 5."""

import numpy as np

from . import suspects
from .common import Wrong, brief, call, check, names_read, play, returned, run
from .lab6_given import _normaliser, suspect
from .lab6_mistakes import named
from .lab6_parts import HINTS, NOT_YOURS, PARTS
from .suspects import number

KEYS = "mates", "scaled", "loud", "spread"
WORDS = {"ghost", "frozen", "no share", "means", "innocent"}
KINDS = (1, 2, 3, 4, 5, 6)
EXACT = {"rtol": 1e-4, "atol": 1e-4}


def _ours(norm, x, r):
    y = norm(x, r)[0]
    louder = np.concatenate([x[:1], 3 * x[1:]])
    return {"mates": np.abs(norm(louder, r)[0][0] - y[0]).max(),
            "scaled": np.abs(norm(3 * x, 3 * r)[0] - y).max(),
            "loud": np.abs(norm(np.full_like(x[:1], 1e4), r)[0]).max(), "spread": y.std()}


def _evidence(evidence, x, r, kind):
    if "virtual_batch_norm" in names_read(evidence):
        raise Wrong("evidence: `virtual_batch_norm` is your own, and innocent; the one to "
                    "examine is the argument `norm`")
    make, asked = _normaliser(kind, np.array(r)), []

    def norm(*given):
        asked.append(len(given))
        if len(given) != 2:
            raise Wrong(f"evidence: `norm` got {len(given)} arguments; it takes two, norm(x, r)")
        return make(*given)

    hints = [(r"list|tuple|inhomogeneous", "norm gives the pair (x normalised, r normalised): "
              "take the first, norm(x, r)[0]"), *HINTS]
    found = call(evidence, norm, x, r, parts=PARTS, forbidden=NOT_YOURS, hints=hints)
    if not asked and isinstance(found, dict):
        raise Wrong("evidence never calls the argument `norm`: each number is measured on it")
    return found


def _gone_wrong(norm, x, r):
    """Key -> the usual mistakes in it."""
    y, y_r = norm(x, r)
    louder = np.concatenate([x[:1], 3 * x[1:]])
    last = np.concatenate([3 * x[:-1], x[-1:]])

    def first(mates, reference=r):  # what becomes of the first example
        return norm(np.concatenate([x[:1], mates]), reference)[0][0] - y[0]

    moved, both = np.abs(norm(louder, r)[0] - y), norm(3 * x, 3 * r)
    x3, r3 = norm(3 * x, r)[0], norm(x, 3 * r)[0]
    loud = np.full_like(x[:1], 1e4)
    return {
        "mates": [("norm takes the live examples first: norm(x, r)",
                   np.abs(norm(r, louder)[0][0] - y[0]).max()),
                  ("take the difference first, then its absolute value",
                   (np.abs(norm(louder, r)[0][0]) - np.abs(y[0])).max()),
                  ("take the difference first, then its absolute value and the largest of all",
                   np.abs(norm(louder, r)[0][0]).max() - np.abs(y[0]).max()),
                  *[("the mates are three times as large; yours by another factor",
                     np.abs(first(factor * x[1:])).max()) for factor in (2, 4, 9, 10, 1 / 3, -3)],
                  ("the mates are three *times* as large: 3 * x[1:], not 3 + x[1:]",
                   np.abs(first(3 + x[1:])).max()),
                  ("the mates are left out; they stay, three times as large",
                   np.abs(first(x[:0])).max()),
                  ("the reference stays r; only the mates are three times as large",
                   np.abs(first(3 * x[1:], 3 * r)).max()),
                  ("it is the *first* example that stays, and that you look at",
                   np.abs(norm(last, r)[0][-1] - y[-1]).max()),
                  ("that is squared; the absolute change, np.abs", moved[0].max() ** 2),
                  ("that is the change of all examples, also of those that you changed yourself: "
                   "look at the first alone, y[0]", moved.max()),
                  ("that is a mean; the *largest* change, .max()", moved[0].mean()),
                  ("the first example is changed too: only its mates are, x[1:]",
                   np.abs(norm(3 * x, r)[0][0] - y[0]).max()),
                  ("without .abs the changes to below do not count: np.abs",
                   (norm(louder, r)[0][0] - y[0]).max())],
        "scaled": [("only x is three times as large: the reference passes through the same "
                    "weights, 3 * r", np.abs(x3 - y).max()),
                   ("only r is three times as large: x passes through the same weights, 3 * x",
                    np.abs(r3 - y).max()),
                   ("that is how r changed; compare the first of the pair, x normalised",
                    np.abs(both[1] - y_r).max()),
                   ("that is a mean; the *largest* difference, .max()",
                    np.abs(both[0] - y).mean()),
                   ("what goes *in* is three times as large; compare what comes out with y itself",
                    np.abs(both[0] - 3 * y).max()),
                   ("that is squared; the absolute difference, np.abs",
                    np.abs(both[0] - y).max() ** 2),
                   ("without np.abs the differences to below do not count",
                    (both[0] - y).max()),
                   *[("take the difference first, then its absolute value and the largest of all",
                      value) for value in (np.abs(both[0].max() - y.max()),
                                           np.abs(both[0]).max() - np.abs(y).max())],
                   *[("x and r are three times as large; yours by another factor",
                      np.abs(norm(factor * x, factor * r)[0] - y).max())
                     for factor in (2, 4, 9, 10, 1 / 3)]],
        "loud": [("the reference is that bright too: it stays r", np.abs(
                     norm(loud, np.full_like(r, 1e4))[0]).max()),
                 ("one example is that bright, [1, H, W, C]; yours is a whole batch", np.abs(
                     norm(np.full_like(x, 1e4), r)[0]).max()),
                 ("without np.abs large values below 0 do not count", norm(loud, r)[0].max()),
                 ("that is squared; the absolute value, np.abs",
                  np.abs(norm(loud, r)[0]).max() ** 2),
                 *[("the value is 1e4 everywhere; yours is another", np.abs(
                     norm(np.full_like(x[:1], value), r)[0]).max())
                   for value in (1e3, 1e5, 1e6, 100, -1e4)],
                 ("1e4 times x is not 1e4 everywhere: np.full_like(x[:1], 1e4)",
                  np.abs(norm(1e4 * x[:1], r)[0]).max()),
                 ("that is a mean; the *largest* value, .max()", np.abs(norm(loud, r)[0]).mean()),
                 ("that is the reference's; the first of the pair is x normalised",
                  np.abs(norm(loud, r)[1]).max())],
        "spread": [("that is the variance; the standard deviation is .std()", y.var()),
                   ("you divide by the count less one (ddof=1); plain .std()", y.std(ddof=1)),
                   ("that is the spread of x and r together; y is the first of the pair alone",
                    np.concatenate([y, y_r]).std()),
                   ("that is a mean over the channels' spreads; of all numbers at once",
                    y.std((0, 1, 2)).mean()),
                   ("that is the spread where all is three times as large; of y", both[0].std()),
                   ("that is the spread of x before it is normalised", x.std()),
                   ("that is the reference's; the first of the pair is x normalised", y_r.std()),
                   ("that is the spread of one example; of all numbers", y[0].std()),
                   ("that is a mean; the spread is .std()", y.mean())],
    }


@check
def evidence(evidence, seed):
    rng = np.random.default_rng(seed)
    for kind in KINDS:
        x, r = (0.5 + rng.normal(size=(n, 4, 4, 3)) * [1, 2, 0.5] for n in (10, 9))
        found = returned("evidence", run(_evidence, evidence, x, r, kind))
        assert isinstance(found, dict), (
            f"it gives {brief(found)}; it must be a dictionary with the keys {', '.join(KEYS)}")
        odd = [f"`{key}` is missing" for key in KEYS if key not in found]
        odd += [f"`{key}` is not asked for" for key in found if key not in KEYS]
        assert not odd, f"the keys are {', '.join(KEYS)}: {', '.join(odd)}"
        norm, values = _normaliser(kind, r), {}
        right, wrong = _ours(norm, x, r), _gone_wrong(norm, x, r)
        for key in KEYS:
            try:
                values[key] = number(found[key])
            except AssertionError as error:
                raise AssertionError(f"`{key}` {error}") from None
        for key in KEYS:
            value = values[key]
            if np.isclose(value, right[key], **EXACT):
                continue
            for other in KEYS:
                assert np.isclose(right[key], right[other], **EXACT) or not (
                    np.isclose(value, right[other], **EXACT)
                    and np.isclose(values[other], right[key], **EXACT)), (
                    f"`{key}` and `{other}` are exchanged")
            try:
                named(value, wrong[key], 1e-4)
            except AssertionError as error:
                raise AssertionError(f"`{key}`: {error}") from None
            raise AssertionError(
                f"`{key}` of one normaliser is {value:.4g} by you, {right[key]:.4g} by us: read "
                "its line in the list above once more")
    return "Four experiments, as we make them."


def table(evidence, x, r, names="ABCDE"):
    """Prints the evidence against each, with ours where yours goes wrong.  No points."""
    cases = {name: (suspect(name, r), x, r) for name in names}
    suspects.table(evidence, cases, _ours, play, "{:8.3f}".format, lambda a, b: np.isclose(a, b, **EXACT))


@check
def verdict(verdict, seed):
    said = returned("verdict", run(call, verdict))
    suspects.sealed(
        said, "ABCDE", WORDS, "e574cb60b8829562", "Ask of each fault which of the four numbers it must "
        "spoil, and which it leaves alone; then read the table")
    return "Four are convicted, one is acquitted."
