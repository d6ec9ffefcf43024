"""Lab 6, five normalisers under suspicion: the checks of Task 5."""

import hashlib

import numpy as np

from .common import Wrong, array, brief, call, check, play, returned, run
from .lab6_given import _normaliser, suspect
from .lab6_mistakes import named
from .lab6_parts import NOT_YOURS, PARTS

KEYS = "mates", "scaled", "loud", "spread"
WORDS = {"ghost", "frozen", "no share", "means", "innocent"}
KINDS = (1, 2, 3, 4, 5)


def _ours(norm, x, r):
    y = norm(x, r)[0]
    louder = np.concatenate([x[:1], 3 * x[1:]])
    return {"mates": np.abs(norm(louder, r)[0][0] - y[0]).max(),
            "scaled": np.abs(norm(3 * x, 3 * r)[0] - y).max(),
            "loud": np.abs(norm(np.full_like(x[:1], 1e4), r)[0]).max(), "spread": y.std()}


def _evidence(evidence, x, r, kind):
    make = _normaliser(kind, np.array(r))

    def norm(*given):
        if len(given) != 2:
            raise Wrong(f"evidence: `norm` got {len(given)} arguments; it takes two, norm(x, r)")
        for name, a in zip("xr", given):
            if np.ndim(a) != 4 or np.shape(a)[1:] != x.shape[1:]:
                raise Wrong(f"evidence: `norm` got {name} of shape {np.shape(a)}; it takes examples "
                            "[N, H, W, C], also where it is one alone: x[:1], not x[0]")
        return make(*given)

    hints = [(r"list|tuple|inhomogeneous", "norm gives the pair (x normalised, r normalised): "
              "take the first, norm(x, r)[0]")]
    return call(evidence, norm, x, r, parts=PARTS, forbidden=NOT_YOURS, hints=hints)


def _gone_wrong(norm, x, r):
    """Key -> the usual mistakes in it."""
    y, y_r = norm(x, r)
    louder = np.concatenate([x[:1], 3 * x[1:]])
    moved = np.abs(norm(louder, r)[0] - y)
    x3, r3 = norm(3 * x, r)[0], norm(x, 3 * r)[0]
    loud = np.full_like(x[:1], 1e4)
    return {
        "mates": [("norm takes the live examples first: norm(x, r)",
                   np.abs(norm(r, louder)[0][0] - y[0]).max()),
                  ("take the difference first, then its absolute value",
                   (np.abs(norm(louder, r)[0][0]) - np.abs(y[0])).max()),
                  ("the mates are three times as large; yours by another factor",
                   np.abs(norm(np.concatenate([x[:1], 9 * x[1:]]), r)[0][0] - y[0]).max()),
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
                    np.abs(norm(3 * x, 3 * r)[1] - y_r).max()),
                   ("that is a mean; the *largest* difference, .max()",
                    np.abs(norm(3 * x, 3 * r)[0] - y).mean())],
        "loud": [("the reference is that bright too: it stays r", np.abs(
                     norm(loud, np.full_like(r, 1e4))[0]).max()),
                 ("the value is 1e4 everywhere; yours is another", np.abs(
                     norm(np.full_like(x[:1], 1e3), r)[0]).max()),
                 ("1e4 times x is not 1e4 everywhere: np.full_like(x[:1], 1e4)",
                  np.abs(norm(1e4 * x[:1], r)[0]).max()),
                 ("that is a mean; the *largest* value, .max()", np.abs(norm(loud, r)[0]).mean()),
                 ("that is the reference's; the first of the pair is x normalised",
                  np.abs(norm(loud, r)[1]).max())],
        "spread": [("that is the variance; the standard deviation is .std()", y.var()),
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
        assert isinstance(found, dict) and set(found) == set(KEYS), (
            f"it gives {brief(found)}; it must be a dictionary with the keys {', '.join(KEYS)}")
        norm = _normaliser(kind, r)
        right, wrong = _ours(norm, x, r), _gone_wrong(norm, x, r)
        for key in KEYS:
            value = float(array(key, found[key], ()))
            if not np.isclose(value, right[key], rtol=1e-3, atol=1e-3):
                try:
                    named(value, wrong[key], 1e-4)
                except AssertionError as error:
                    raise AssertionError(f"`{key}`: {error}") from None
            assert np.isclose(value, right[key], rtol=1e-3, atol=1e-3), (
                f"`{key}` of one normaliser is {value:.4g} by you, {right[key]:.4g} by us: read "
                "its line in the list above once more")
    return "Four experiments, as we make them."


def table(evidence, x, r, names="ABCDE"):
    """Prints the evidence against each, with ours where yours goes wrong.  No points."""
    notes = {}
    for name in names:
        norm, yours = suspect(name, r), {}
        ours = _ours(norm, x, r)
        try:
            yours = returned("evidence", play(evidence, norm, x, r))
        except AssertionError as error:  # Wrong is one too
            if "evidence is not written yet" in str(error):
                raise
            notes["evidence"] = f"(All with ours, because yours stops: {error})"
            yours = ours
        for key, value in ours.items():
            found = yours.get(key) if isinstance(yours, dict) else None
            if not (np.isscalar(found) and np.isclose(found, value, rtol=1e-3, atol=1e-3)):
                notes[key] = f"(`{key}` with ours, because yours is not right yet: see its check)"
        print(name, "  ", "   ".join(f"{key} {value:8.3f}" for key, value in ours.items()))
    if notes:
        print(*([notes["evidence"]] if "evidence" in notes else notes.values()), sep="\n")


@check
def verdict(verdict, seed):
    said = returned("verdict", run(call, verdict))
    assert isinstance(said, dict) and set(said) == set("ABCDE"), (
        f"it gives {brief(said)}; a dictionary with the keys A, B, C, D and E")
    assert set(map(str, said.values())) == WORDS, (
        f"you say {sorted(map(str, said.values()))}; each of {sorted(WORDS)} once")
    text = ", ".join(f"{name} {said[name]}" for name in "ABCDE")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "e574cb60b8829562", (
        "not all five are right. Ask of each fault which of the four numbers it must spoil, and "
        "which it leaves alone; then read the table. Each fault spoils another one")
    return "Four are convicted, one is acquitted."
