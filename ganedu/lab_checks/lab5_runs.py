"""Lab 5, recorded and live runs: the checks of Tasks 4 to 6."""

import hashlib
from dataclasses import replace

import numpy as np

from ..experiments import recipes
from ..measures.intervals import difference
from . import common
from .common import array, brief, check, play, returned, run, shown
from .lab5_given import KNOBS, WAYS, both
from .lab5_parts import NOT_YOURS, PARTS, _effect, _same_seed, _values

METRICS = ("quality", "gap")


@check
def prediction(prediction, seed):
    said = returned("prediction", common.ask(prediction))
    assert isinstance(said, dict), f"it gives {brief(said)}; a dictionary, a knob each"
    missing, odd = [k for k in KNOBS if k not in said], [k for k in said if k not in KNOBS]
    assert not missing and not odd, (
        f"{f'no prediction for {missing}' if missing else f'there is no knob {odd}'}; the knobs "
        f"are {', '.join(KNOBS)}")
    for knob, row in said.items():
        assert isinstance(row, list | tuple) and len(row) == 3, (
            f"{knob}: {brief(row)}; it must be (word for the quality, word for the gap, why)")
        for metric, word in zip(METRICS, row):
            assert isinstance(word, str) and word in WAYS, (
                f"{knob}, {metric}: {brief(word)}; one of {', '.join(map(repr, WAYS))}")
        assert isinstance(row[2], str) and len(row[2].split()) >= 4, (
            f"{knob}: say in a sentence *why*, as the third of the three: {brief(row[2])}")
    return "Said before the runs were seen; whether it holds costs no points."


# ------------------------------------------------------------------ recorded runs


def record(seed, score=None, gap=None):
    """A made-up run that ended with these numbers; without a score it diverged."""
    metrics = {"diverged": "epoch 2"} if score is None else {"inception_score": score}
    curves = {"d_out_real": [0.6, 0.5 + (gap or 0)], "d_out_fake": [0.4, 0.5]}
    return {"setting": "made-up", "seed": seed, "claims": ["A-arch"], "metrics": metrics,
            "curves": curves, "seconds": {"training": 20.0}}


def _handed(effect, runs, base, metric, says):
    """What effect hands to call, and what it gives when that says `says`."""
    kept = []

    def watched(a, b):
        kept.append([list(a), list(b)])
        return says

    word = common.call(effect, runs, base, metric, parts=PARTS | {"call": watched},
                       forbidden=NOT_YOURS, hints=[
                           ("KeyError", "records.of_run(run, metric) finds the number, also in "
                            "the curves, and gives None where a run has none"),
                           ("attribute 'metrics'|attribute 'seed'", "a run is a dictionary: "
                            "run[\"seed\"]; its number is records.of_run(run, metric)"),
                           ("NoneType", "a run that diverged has no number: of_run gives None. "
                            "Leave it out"),
                       ])
    return {"word": word, "calls": [[[None if v is None else float(v) for v in group]
                                     for group in pair] for pair in kept]}


@check
def effect(effect, seed):
    rng = np.random.default_rng(seed)

    def some(scores):
        return [record(i, v, None if v is None else 0.1 * v) for i, v in enumerate(scores)]

    a, b = rng.uniform(5, 9, 4).round(3).tolist(), rng.uniform(5, 9, 3).round(3).tolist()
    cases = [  # runs, base, metric, what call says
        (some(a), some(b), "inception_score", "lower"),
        (some(a), some(b), "gap", "higher"),
        (some([*a[:2], None, a[2]]), some(b), "inception_score", "none"),
        (some(a), some([None, b[0], None, b[1]]), "gap", "lower"),
        (some([0.0, a[0], a[1], 0.0]), some(b), "inception_score", "lower"),
    ]
    for runs, base, metric, says in cases:
        found = run(_handed, effect, runs, base, metric, says)
        assert found["calls"], "effect never asks your `call`"
        first, second = found["calls"][0]
        assert len(found["calls"]) == 1, f"effect asks `call` {len(found['calls'])} times, not once"
        assert not any(v is None or np.isnan(v) for v in first + second), (
            "among the values is None or NaN: a run that diverged has no number; leave it out")
        right = [sorted(_values(group, metric).values()) for group in (runs, base)]
        given = [sorted(first), sorted(second)]
        assert given == right or given != right[::-1], (
            "the groups are swapped: `runs` come first, `base` second, in call(a, b)")
        other = "gap" if metric == "inception_score" else "inception_score"
        assert given == right or given != [
            sorted(_values(group, other).values()) for group in (runs, base)], (
            f"asked for {metric} you take {other}: use the argument `metric`")
        for part, wanted in zip(given, right):
            lost = len(wanted) - len(part)
            assert lost <= 0 or 0.0 not in wanted, (
                "values of 0 are left out: 0 is a number (`if v` is false for it); leave out None")
            assert lost >= 0, (
                f"{len(part)} values, where {len(wanted)} runs have one: leave out the run that "
                "diverged, do not put a number in its place")
            assert lost <= 0, f"{len(part)} values, where {len(wanted)} runs have one: take all"
            assert np.allclose(part, wanted), (
                f"`call` is handed {shown(part)}; the runs have {shown(wanted)}, by "
                "records.of_run(run, metric)")
        word = returned("effect", found["word"])
        assert word == says, f"`call` says {says!r}, effect gives {brief(word)}: give what it says"
    for runs, base in ((some([None, a[0], None]), some(b)), (some(a), some([None, None]))):
        found = run(_handed, effect, runs, base, "inception_score", "none")
        word = returned("effect", found["word"])
        assert word == "diverged", (
            f"with one value, or none, left in a group effect gives {brief(word)}; 'diverged'")
    return "What diverged is left out, and said."


def compare(prediction, effect, root=None):
    """Prints what each recorded knob did, beside the prediction; ours where yours go wrong."""
    said = returned("prediction", play(prediction))
    notes, held, asked = {}, 0, 0
    for name, knob in KNOBS.items():
        runs, base = both(name, root)
        print(f"{name}: {knob.turned}")
        if min(len(runs), len(base)) < 2:
            print("    too few runs are recorded yet")
            continue
        for metric, expected in zip((knob.quality, "gap"), said.get(name, ("?", "?"))):
            word = _effect(runs, base, metric)
            try:
                yours = play(effect, runs, base, metric)
            except AssertionError as error:  # Wrong is one too
                if "effect is not written yet" in str(error):
                    raise
                yours = str(error)
            if yours != word:
                notes["effect"] = "(By our effect, because yours is not right yet: see its check.)"
            groups = [list(_values(group, metric).values()) for group in (runs, base)]
            numbers = ""
            if word != "diverged":
                d = difference(*groups)
                numbers = f"{d.difference:+.3g} ({d.low:+.3g} to {d.high:+.3g})"
            asked, held = asked + 1, held + (expected == word)
            print(f"    {metric:15} {numbers:27} {word:8} you: {expected:6}",
                  "held" if expected == word else "")
    if asked:
        print(f"{held} of {asked} predictions held.")
    else:
        print("No runs were found: they are in the folder book/records, beside labs/.")
    print(*notes.values(), sep="\n", end="")


# ------------------------------------------------------------------ one knob


def _rates(values):
    return values["learning_rate"], values["d_learning_rate"] or values["learning_rate"]


def _turned(turned, d_rate, factor):
    """What turned makes of a recipe, and what it left that recipe as: plain values."""
    recipe = replace(recipes.get("cgan-digits", "quick"), d_learning_rate=d_rate)
    made = common.call(turned, recipe, factor, forbidden=NOT_YOURS, hints=[
        ("FrozenInstanceError|cannot assign to field", "a recipe cannot be changed. "
         "replace(recipe, name=value) makes another one"),
        ("unsupported operand type.*NoneType", "d_learning_rate is None where D has G's rate: then "
         "there is nothing to multiply"),
        ("unexpected keyword", "the names are those of the recipe: recipe.to_dict() lists them"),
    ])
    whole = isinstance(made, recipes.Recipe)
    return {"made": made.to_dict() if whole else made, "whole": whole, "was": recipe.to_dict()}


@check
def turned(turned, seed):
    rng = np.random.default_rng(seed)
    for d_rate, factor in ((None, 0.1), (None, float(rng.uniform(2, 9))), (4e-3, 0.25)):
        found = run(_turned, turned, d_rate, factor)
        made, was = returned("turned", found["made"]), found["was"]
        assert found["whole"], f"turned gives {brief(made)}; it must be a recipe: replace(recipe, ...)"
        odd = [name for name in was if name not in ("learning_rate", "d_learning_rate")
               and made[name] != was[name]]
        assert not odd, f"turned changes {', '.join(odd)} too: then nobody knows which knob did it"
        (g, d), (old_g, old_d) = _rates(made), _rates(was)
        assert (g, d) != (old_g, old_d), "turned gives a recipe with the rates that it had"
        wanted = np.multiply((old_g, old_d), factor)
        if not np.allclose((g, d), wanted, rtol=1e-6):
            assert not np.allclose((g, d), np.divide((old_g, old_d), factor)), (
                "you divide by the factor; the rates are to be multiplied by it")
            assert not np.allclose((g, d), (factor, factor)), (
                "your rate is the factor itself; it is to be the old rate times factor")
            assert not (d_rate and np.isclose(g, wanted[0])), (
                f"here D has a rate of its own, d_learning_rate {d_rate}: it is to be multiplied "
                "as well, or the knob is turned for G alone")
            assert not np.isclose(g, old_g), "G's rate, learning_rate, is what it was"
        assert np.allclose((g, d), wanted, rtol=1e-6), (
            f"rates {old_g:.3g} of G and {old_d:.3g} of D, times {factor:.3g}: you give {g:.3g} and "
            f"{d:.3g}. Is `factor` used?")
    return "One knob, for both networks, and nothing else."


# ------------------------------------------------------------------ paired by seed?


def _seeds(same_seed, runs, base, metric):
    return common.call(same_seed, runs, base, metric, parts=PARTS, forbidden=NOT_YOURS, hints=[
        ("must have the same length|not match|same number of|all the input array dimensions",
         "the two lists differ in length: take the seeds that both have"),
        ("KeyError", "a seed that one side does not have? Take those that both have"),
        ("NoneType", "a run that diverged has no number (None): its seed is no pair"),
    ])


@check
def same_seed(same_seed, seed):
    rng = np.random.default_rng(seed)

    def some(scores, seeds):
        return [record(i, v) for i, v in zip(seeds, scores)]

    for runs, base in [
        (some(rng.normal(6, 1, 5), range(5)), some(rng.normal(6, 1, 5), range(5))),
        (some(rng.normal(6, 1, 5), rng.permutation(5).tolist()),
         some(rng.normal(6, 1, 5), rng.permutation(5).tolist())),
        (some(rng.normal(6, 1, 5), range(1, 6)), some(rng.normal(6, 1, 5), range(5))),
        (some([5.1, None, *rng.normal(6, 1, 4)], range(6)), some(rng.normal(6, 1, 6), range(6))),
    ]:
        runs, base = ([r | {"metrics": {k: v if isinstance(v, str) else float(v)
                                        for k, v in r["metrics"].items()}} for r in group]
                      for group in (runs, base))
        found = float(array("same_seed", run(_seeds, same_seed, runs, base, "inception_score"), (),
                            "np.corrcoef gives a matrix; the correlation is its entry [0, 1]"))
        right = _same_seed(runs, base, "inception_score")
        a, b = (list(_values(group, "inception_score").values()) for group in (runs, base))
        for words, wrong in [
            ("you pair the runs in the order of the lists; pair those of the same run[\"seed\"]",
             np.corrcoef(a[:len(b)], b[:len(a)])[0, 1]),
            ("you sort the values: then the largest is paired with the largest, whatever its seed",
             np.corrcoef(sorted(a)[:len(b)], sorted(b)[:len(a)])[0, 1]),
            ("that is the square of the correlation", right**2),
        ]:
            assert np.isclose(found, right) or not np.isclose(found, wrong), words
        assert not np.isnan(found), "same_seed gives NaN: is a value among them that is None or NaN?"
        assert -1.000001 <= found <= 1.000001, (
            f"same_seed gives {found:.3g}; a correlation lies in -1 .. 1 (np.cov is no correlation)")
        assert np.isclose(found, right), (
            f"seeds {[r['seed'] for r in runs]} and {[r['seed'] for r in base]}: you give "
            f"{found:.3f}, it should be {right:.3f}")
    return "Of the pairs that have a number on both sides."


@check
def pairing(pairing, seed):
    said = returned("pairing", common.ask(pairing))
    words = ("yes", "no", "cannot tell")
    assert isinstance(said, str) and said in words, (
        f"pairing gives {brief(said)}; one of {', '.join(map(repr, words))}")
    assert hashlib.sha256(f"lab 5 {said}".encode()).hexdigest()[:16] == "9732d45f39c335d3", (
        f"{said!r} claims to know. Compare each correlation with the range that pairs without any "
        "link reach, in the last column")
    return "Three pairs, or five, are no ground to stand on; the unpaired interval asks for less."
