"""Lab 10, three roads compared by their runs: the checks of Task 5."""

import numpy as np

from .common import ask, brief, check, returned, run
from .lab7_parts import judge
from .lab10_given import COMPARED, WAYS
from .lab10_mistakes import HOLDS, RANKINGS, SYMPTOMS
from .lab10_parts import _holds, _ranking, _symptom, alone

SIGNS = ("collapsed", "narrow", "far", "none")


@check
def prediction(prediction, seed):
    said = returned("prediction", ask(prediction))
    names = ", ".join(COMPARED)
    assert isinstance(said, dict), (
        f"prediction gives {brief(said)}; it is to be a dictionary, with an entry for each of {names}")
    reasons = []
    for name in COMPARED:
        assert name in said, f"no prediction for {name!r}; the comparisons are {names}"
        entry = said[name]
        assert isinstance(entry, list | tuple) and len(entry) == 2 and all(isinstance(e, str) for e in entry), (
            f"of {name!r} you say {brief(entry)}; a word and a reason: (\"higher\", \"because ...\")")
        word, why = entry
        assert word in WAYS, f"of {name!r} you say {word!r}; it must be one of {', '.join(map(repr, WAYS))}"
        assert sum(c.isalpha() for c in why) >= 10, f"of {name!r}: why? A few words, ten letters or more"
        reasons.append(why.strip().lower())
    odd = [name for name in said if name not in COMPARED]
    assert not odd, f"there is no comparison {odd[0]!r}; they are {names}"
    assert len(set(reasons)) == len(reasons), "each comparison has a reason of its own; two of yours are the same"
    return "Said before the runs were seen; whether it holds costs no points."


# ------------------------------------------------------------------ a ranking


def _races(rng):
    """Distances of some roads each: with runs that diverged, with unlike numbers of seeds."""
    nan = float("nan")
    races = [
        {"width": [9.0, 8.0, 10.0], "depth": [3.0, 4.0, 2.0], "stride": [6.0, 5.0, 7.0]},
        {"width": [5.0, nan, 4.0], "depth": [8.0, 7.0, 9.0], "stride": [nan, nan, 1.0]},
        {"a": [nan, nan, nan], "c": [nan, 20.0, 30.0], "b": [nan, 2.0, 9.0], "d": [40.0, 50.0, 60.0]},
        {"b": [1.0, 9.0, 8.0], "a": [5.0, 5.5, 5.2], "c": [2.0, 2.5, 30.0], "d": [7.0, 3.0]},
        {"y": [4.0, 4.2, 4.1, 4.3], "x": [5.0, 5.1], "z": [3.0, nan, 3.2, 3.1]},
        {"only": [2.0, 3.0]},
    ]
    for _ in range(3):
        names = rng.permutation(["thin", "wide", "long", "deep"]).tolist()
        races.append({name: rng.uniform(1, 40, 4).round(2).tolist() for name in names})
    return races


@check
def ranking(ranking, seed):
    cases, found = [(race,) for race in _races(np.random.default_rng(seed))], []
    for (race,) in cases:
        value = returned("ranking", run(alone, ranking, {name: list(x) for name, x in race.items()}))
        assert isinstance(value, list | tuple | np.ndarray), (
            f"ranking gives {brief(value)}; it must give a list of names, the best first")
        value = list(value)
        assert not any(isinstance(v, int | float | np.number) for v in value), (
            f"ranking gives numbers, {brief(value)}; it must give the *names*, the best first")
        value = [v[0] if isinstance(v, list | tuple) and len(v) == 2 and v[0] in race else v for v in value]
        assert sorted(map(str, value)) == sorted(race), (
            f"of the roads {', '.join(race)} you rank {brief(value)}: each once, by its name")
        found.append([str(v) for v in value])

    def tell(case, yours, ours):
        told = "; ".join(f"{name} {values}" for name, values in case[0].items())
        return f"of {told} your ranking is {', '.join(yours)}; it should be {', '.join(ours)}"

    judge(cases, found, [_ranking(*case) for case in cases], RANKINGS, tell, lambda x, y: list(x) == list(y))
    return "First who diverged, then by how much who did not."


@check
def holds(holds, seed):
    rng = np.random.default_rng(seed)
    cases = [([2.0, 2.5, 2.2], [6.0, 6.4, 6.1]), ([6.0, 6.4, 6.1], [2.0, 2.5, 2.2]), ([3.0, 5.0, 4.0], [4.5, 6.5, 4.0]),
             ([4.0, 9.0, 5.0], [5.0, 6.0, 8.0]), ([1.0, 2.0], [3.5, 3.0]), ([2.9, 3.0, 2.0], [3.2, 3.1, 9.0]),
             ([1.0, 3.4, 1.2, 1.1], [3.3, 3.9, 4.0, 3.8]), ([1.0, 1.2, 5.1], [9.0, 4.9, 9.5])]
    for shift in (0, 1, 8, -8):
        cases.append((rng.normal(10, 1, 3).tolist(), rng.normal(10 + shift, 1, 3).tolist()))
    found = []
    for a, b in cases:
        value = returned("holds", run(alone, holds, list(a), list(b)))
        assert isinstance(value, bool | np.bool), f"holds gives {brief(value)}; it must give True or False"
        found.append(bool(value))

    def tell(case, yours, ours):
        from ..measures import difference

        a, b = ([round(v, 2) for v in values] for values in case)
        return (f"distances {a} against {b}: the difference of the means is {difference(*case)}; you say {yours}, it "
                f"should be {ours}")

    judge(cases, found, [_holds(*case) for case in cases], HOLDS, tell, lambda x, y: bool(x) == bool(y))
    return "Better by more than chance, or not shown."


# ------------------------------------------------------------------ who collapses


def _patients(rng):
    found = [
        {"spread": 0.05, "repeats": 0.9, "distance": 1.4}, {"spread": 0.1, "repeats": 0.0, "distance": 0.3},
        {"spread": 0.4, "repeats": 0.02, "distance": 0.2}, {"spread": 0.8, "repeats": 0.35, "distance": 0.1},
        {"spread": 0.9, "repeats": 0.01, "distance": 0.7}, {"spread": 0.45, "repeats": 0.01, "distance": 0.9},
        {"spread": 0.85, "repeats": 0.01, "distance": 0.08}, {"distance": 0.8}, {"spread": 0.9}, {"repeats": 0.5},
        {"spread": 0.7, "repeats": 0.3, "distance": 0.6}, {"spread": 0.3, "repeats": 0.4, "distance": 0.4}, {},
        {"spread": 0.75, "repeats": 0.1}, {"repeats": 0.05, "distance": 0.1}, {"spread": 0.35, "distance": 0.45},
    ]
    for _ in range(4):
        found.append(dict(zip(("spread", "repeats", "distance"), rng.uniform(0, 1, 3).round(3).tolist())))
    return found


@check
def symptom(symptom, seed):
    cases, found = [(e,) for e in _patients(np.random.default_rng(seed))], []
    for (evidence,) in cases:
        value = returned("symptom", run(alone, symptom, dict(evidence)))
        assert isinstance(value, str) and value in SIGNS, (
            f"symptom gives {brief(value)}; it must be one of {', '.join(map(repr, SIGNS))}")
        found.append(str(value))

    def tell(case, yours, ours):
        return f"of {case[0]} you say {yours!r}, it should be {ours!r}"

    judge(cases, found, [_symptom(*case) for case in cases], SYMPTOMS, tell, lambda x, y: x == y)
    return "One word for three numbers, by the clinic's limits."
