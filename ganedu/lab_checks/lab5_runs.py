"""Lab 5, recorded runs: the checks of Tasks 4 and 6."""

import hashlib

import numpy as np

from . import common
from .common import array, brief, check, returned, run, shown
from .lab5_given import KNOBS, WAYS
from .lab5_parts import NOT_YOURS, PARTS, _same_seed, _values

METRICS = ("quality", "gap")
LETTERS = 10  # of a reason, at least


def predicted(prediction):
    """What the student's prediction gives, if it is a dictionary."""
    said = returned("prediction", common.ask(prediction))
    assert isinstance(said, dict), (
        f"prediction gives {brief(said)}; it is to be a dictionary, with an entry for each knob")
    return said


def fault(knob, said):
    """What is wrong with the prediction of a knob, in words; None if nothing is."""
    if knob not in said:
        return f"no prediction for {knob!r}"
    row = said[knob]
    if not isinstance(row, list | tuple) or len(row) != 3:
        return (f"{knob}: {brief(row)}; it must be (word for the quality, word for the gap, why)")
    for metric, word in zip(METRICS, row):
        if not isinstance(word, str) or word not in WAYS:
            left = isinstance(word, str) and not word.strip(". ") or word is ...
            given = "the dots still stand there" if left else f"it is {brief(word)}"
            return f"{knob}, {metric}: {given}; put one of {', '.join(map(repr, WAYS))}"
    if not isinstance(row[2], str) or len(row[2].strip()) < LETTERS:
        return (f"{knob}: say in a few words *why*, as the third of the three ({LETTERS} letters "
                f"or more): {brief(row[2])}")
    reasons = {k: _letters(r[2]) for k, r in said.items()
               if isinstance(r, list | tuple) and len(r) == 3 and isinstance(r[2], str)}
    if len(set(reasons[knob])) < 5:
        return f"{knob}: no reason: {brief(row[2])}"
    same = [k for k, reason in reasons.items() if k != knob and reason == reasons[knob]]
    if same:
        return (f"{knob}: the *why* is that of {same[0]!r}, word for word; each knob has a reason "
                "of its own")
    return None


def _letters(text):
    return "".join(filter(str.isalnum, text)).casefold()


@check
def prediction(prediction, seed):
    said = predicted(prediction)
    faults = [words for knob in KNOBS if (words := fault(knob, said))]
    there = [words for words in faults if not words.startswith("no prediction")]
    missing = [knob for knob in KNOBS if knob not in said]
    odd = [knob for knob in said if knob not in KNOBS]
    assert not there, there[0]
    assert not missing and not odd, (
        f"{f'no prediction for {missing}' if missing else ''}{', and ' if missing and odd else ''}"
        f"{f'there is no knob {odd}' if odd else ''}; the knobs are {', '.join(KNOBS)}")
    return "Said before the runs were seen; whether it holds costs no points."


# ------------------------------------------------------------------ recorded runs


def record(seed, score=None, gap=None):
    """A made-up run that ended with these numbers; without a score it diverged."""
    metrics = {"diverged": "epoch 2"} if score is None else {"inception_score": score}
    curves = {"d_out_real": [0.6, 0.5 + (gap or 0)], "d_out_fake": [0.4, 0.5]}
    return {"setting": "made-up", "seed": seed, "claims": ["A-arch"], "metrics": metrics,
            "curves": curves, "seconds": {"training": 20.0}}


RUN_HINTS = [
    ("list indices must be integers or slices, not str", "records.of_run takes one run, not a list "
     "of them: a number for each run"),
    ("'dict' object has no attribute", "a run is a dictionary: run[\"seed\"]; its number is "
     "records.of_run(run, metric)"),
    ("isnan", "a run that diverged has None for its number, not NaN: `v is not None`"),
]


def _handed(effect, runs, base, metric, says):
    """What effect hands to call, and what it gives when that says `says`."""
    kept = []

    def watched(a, b):
        kept.append([list(a), list(b)])
        return says

    word = common.call(effect, runs, base, metric, parts=PARTS | {"call": watched},
                       forbidden=NOT_YOURS, hints=[*RUN_HINTS,
                           ("KeyError", "records.of_run(run, metric) finds the number, also in "
                            "the curves, and gives None where a run has none"),
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
        (some([a[0], a[1], a[0], a[1]]), some([b[0], b[0], b[0]]), "inception_score", "higher"),
    ]
    for runs, base, metric, says in cases:
        found = run(_handed, effect, runs, base, metric, says)
        right = [sorted(_values(group, metric).values()) for group in (runs, base)]
        lost = len(runs) + len(base) - sum(map(len, right))
        assert found["calls"] or found["word"] != "diverged", (
            f"{len(right[0])} runs against {len(right[1])} have a number"
            + (f", {lost} diverged: leave those out and compare the others; two in a group are enough."
               if lost else ", none diverged, and two are enough. Is it the number of `metric` that you take?")
            + " Yours says 'diverged'")
        assert found["calls"], "effect never asks your `call`"
        first, second = found["calls"][0]
        assert len(found["calls"]) == 1, f"effect asks `call` {len(found['calls'])} times, not once"
        assert not any(v is None or np.isnan(v) for v in first + second), (
            "among the values is None or NaN: a run that diverged has no number; leave it out")
        given = [sorted(first), sorted(second)]
        assert given == right or given != right[::-1], (
            "the groups are swapped: `runs` come first, `base` second, in call(a, b)")
        other = "gap" if metric == "inception_score" else "inception_score"
        assert given == right or given != [
            sorted(_values(group, other).values()) for group in (runs, base)], (
            f"asked for {metric} you take {other}: use the argument `metric`")
        for part, wanted in zip(given, right):
            short = len(wanted) - len(part)
            assert part.count(0.0) >= min(1, wanted.count(0.0)), (
                "values of 0 are left out: 0 is a number (`if v` is false for it, and 0 > 0 as "
                "well); leave out None")
            assert not (short > 0 and len(set(wanted)) == len(part)), (
                "equal values are merged into one (a set?): each run counts")
            assert short >= 0, (
                f"{len(part)} values, where {len(wanted)} runs have one: leave out the run that "
                "diverged, do not put a number in its place")
            assert short <= 0, f"{len(part)} values, where {len(wanted)} runs have one: take all"
            assert np.allclose(part, wanted), (
                f"`call` is handed {shown(part)}; the runs have {shown(wanted)}, by "
                "records.of_run(run, metric)")
        word = returned("effect", found["word"])
        assert word == says, f"`call` says {says!r}, effect gives {brief(word)}: give what it says"
    for runs, base in ((some([None, a[0], None]), some(b)), (some(a), some([None, None, b[0]])),
                       (some(a), some([None, None]))):
        found = run(_handed, effect, runs, base, "inception_score", "none")
        said = returned("effect", found["word"])
        n, m = (len(_values(group, "inception_score")) for group in (runs, base))
        assert said == "diverged", (
            f"of `runs` {n} have a number, of `base` {m}: in one group fewer than two are left, so "
            f"it is to be 'diverged'; yours gives {brief(said)}")
    return "What diverged is left out, and said."


# ------------------------------------------------------------------ paired by seed?


def _seeds(same_seed, runs, base, metric):
    return common.call(same_seed, runs, base, metric, parts=PARTS, forbidden=NOT_YOURS, hints=[*RUN_HINTS,
        ("must have the same length|not match|same number of|all the input array dimensions",
         "the two lists differ in length: take the seeds that both have"),
        ("KeyError", "a seed that one side does not have? Take those that both have"),
        ("NoneType", "a run that diverged has no number (None): its seed is no pair"),
    ])


def _correlation(a, b):
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(np.corrcoef(a, b)[0, 1])


def _seeds_gone_wrong(runs, base):
    """(words, what the mistake gives)."""
    metric = "inception_score"
    maps = [_values(group, metric) for group in (runs, base)]
    a, b = (list(found.values()) for found in maps)
    by_seed = [[found[seed] for seed in sorted(found)] for found in maps]
    whole = [sorted((run["seed"], found.get(run["seed"])) for run in group)
             for group, found in zip((runs, base), maps)]
    both = [(x[1], y[1]) for x, y in zip(*whole) if x[1] is not None and y[1] is not None]
    zero = [{run["seed"]: found.get(run["seed"], 0.0) for run in group}
            for group, found in zip((runs, base), maps)]
    common_seeds = sorted(zero[0].keys() & zero[1].keys())
    pairs = [(maps[0][s], maps[1][s]) for s in maps[0] if s in maps[1]]
    n = min(map(len, by_seed))
    shifts = ("a seed that only one group has, or that has no number, shifts all that follow: look "
              "up each seed in both groups")
    rows = [
        ("you pair the runs in the order of the lists; pair those of the same run[\"seed\"]",
         _correlation(a[:len(b)], b[:len(a)])),
        (shifts, _correlation(by_seed[0][:n], by_seed[1][:n])),
        ("you sort the values: then the largest is paired with the largest, whatever its seed",
         _correlation(sorted(a)[:len(b)], sorted(b)[:len(a)])),
        ("a run that diverged has no number; yours gives it 0",
         _correlation(*([found[s] for s in common_seeds] for found in zero))),
        ("that is the square of the correlation", _same_seed(runs, base, metric) ** 2),
        ("that is the covariance: divide it by both deviations, or take np.corrcoef",
         np.cov(np.transpose(pairs))[0, 1]),
        ("that is the correlation of the ranks, not of the numbers",
         _correlation(*(np.argsort(np.argsort(x)) for x in zip(*pairs)))),
    ]
    if len(both) > 2:
        rows.append((shifts, _correlation(*zip(*both))))
    return rows


@check
def same_seed(same_seed, seed):
    rng = np.random.default_rng(seed)

    def some(seeds, *scores):
        """Runs of these seeds: with these scores first, then with normal ones."""
        drawn = rng.normal(6, 1, len(seeds)).tolist()
        return [record(i, v) for i, v in zip(seeds, [*scores, *drawn])]

    for runs, base in [
        (some(range(5)), some(range(5))),
        (some(rng.permutation(5).tolist()), some(rng.permutation(5).tolist())),
        (some((2, 5, 1, 4, 3)), some((4, 0, 3, 1, 2))),
        (some((9, 3, 11, 7, 20)), some((7, 11, 5, 3, 9))),
        (some((4, 1, 3, 0, 5, 2), 5.1, None), some(range(6))),
        (some((2, 0, 4, 1, 5, 3)), some(range(6), 6.2, 5.5, None)),
        (some(range(5), 4.4, 0.0), some(range(5), 5.3, 6.1, 0.0)),
    ]:
        found = float(array("same_seed", run(_seeds, same_seed, runs, base, "inception_score"), (),
                            "np.corrcoef gives a matrix; the correlation is its entry [0, 1]"))
        right = _same_seed(runs, base, "inception_score")
        if np.isclose(found, right):
            continue
        assert not np.isnan(found), (
            "same_seed gives NaN: is None or NaN among the values, or is no pair left, or only one?")
        assert abs(found) < 1 - 1e-9 or abs(found) > 1 + 1e-9, (
            f"your correlation is {found:.0f}: of a list with itself (which entry of the matrix?), "
            "or of two numbers only? np.corrcoef wants two rows, one a group")
        assert abs(found) > 1e-9, (
            "your correlation is 0: is every run paired with *every* run of the other group?")
        for words, wrong in _seeds_gone_wrong(runs, base):
            assert not np.isclose(found, wrong), words
        assert abs(found) <= 1, (
            f"same_seed gives {found:.3g}; a correlation lies in -1 .. 1 (np.cov is no correlation)")
        lost = [r["seed"] for r in runs + base if r["metrics"].get("inception_score") is None]
        zeros = [r["seed"] for r in runs + base if r["metrics"].get("inception_score") == 0]
        seeds = f"seeds {[r['seed'] for r in runs]} and {[r['seed'] for r in base]}"
        more = f", {lost[0]} diverged in one of them" if lost else (
            ", with a 0 in each, which is a number" if zeros else "")
        assert np.isclose(found, right), (
            f"{seeds}{more}: you give {found:.3f}, it should be {right:.3f}")
    return "Of the pairs that have a number on both sides."


@check
def pairing(pairing, seed):
    said = returned("pairing", common.ask(pairing))
    words = ("yes", "no", "cannot tell")
    assert isinstance(said, str) and said in words, (
        f"pairing gives {brief(said)}; it must be one of {', '.join(map(repr, words))}")
    assert hashlib.sha256(f"lab 5 {said}".encode()).hexdigest()[:16] == "9732d45f39c335d3", (
        f"{said!r} claims to know what pairs bring. Compare each correlation with the range that pairs without any "
        "link reach, in the last column")
    return ("Three pairs, or five, show no correlation. The interval of Task 1 needs none: stay with "
            "it, and train more seeds.")
