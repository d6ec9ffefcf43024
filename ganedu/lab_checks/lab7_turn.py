"""Lab 7, in turn and in pairs: the checks of Tasks 3 and 4, and what the usual mistakes give."""

import numpy as np

from .common import Wrong, array, brief, check, pair, returned, run, shown
from .lab7_given import student, unpaired
from .lab7_parts import _best_round, _paired_effect, alone, judge

# ------------------------------------------------------------------ first made, then real


def _recorded(in_turn, rates):
    """What in_turn has `fit` do, and what it gives: [[data, rate], ...], the value."""
    made, real, log = np.full((3, 2), 0.25), np.full((2, 2), 0.75), []

    def fit(data, rate):
        kind = {0.25: "made", 0.75: "real"}.get(float(np.mean(data)) if _is_array(data) else None)
        if not isinstance(rate, int | float | np.number):
            turned = ": the data come first, fit(data, rate)" if _is_array(rate) else ""
            raise Wrong(f"in_turn: `fit` got {brief(rate)} as its rate; it takes one number{turned}")
        log.append([kind or "both", float(rate)])
        return [float(len(log)), 0.5]

    value = alone(in_turn, fit, made, real, list(rates))
    return {"log": log, "value": value}


def _is_array(value):
    return isinstance(value, np.ndarray) and value.size > 0


def _plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else list(value) if isinstance(
        value, tuple) else value


@check
def in_turn(in_turn, seed):
    low = round(float(np.random.default_rng(seed).uniform(1e-5, 1e-4)), 6)
    for rates in ([2e-3, low], [low, 2e-3], [0.5, 3 * low]):
        found = run(_recorded, in_turn, rates)
        log, value = found["log"], found["value"]
        kinds, used = [kind for kind, _ in log], [rate for _, rate in log]
        assert log, "in_turn never calls `fit`"
        assert "both" not in kinds, (
            "`fit` got neither `made` nor `real` as they are: one after the other, not joined")
        assert kinds != ["real", "made"], (
            "the real images come first in yours; they come last: what is learned last stays")
        assert kinds == ["made", "real"], (
            f"`fit` is called {len(log)} times, with {', '.join(kinds)}; twice: once with `made`, then once "
            "with `real`")
        assert used != [min(rates), max(rates)] or rates[0] < rates[1], (
            "the rates are exchanged: the higher one for `made`, the lower one for `real`")
        for place, wanted in enumerate((max(rates), min(rates))):
            assert used[place] == wanted or used[place] != rates[place], (
                f"for rates = {rates} `{kinds[place]}` is trained at {used[place]}: they come in "
                "any order, so max(rates) and min(rates)")
        assert used == [max(rates), min(rates)], (
            f"for rates = {rates} `fit` got {used}: `made` at the higher, `real` at the lower one")
        given = ([1.0, 0.5], [2.0, 0.5])
        value = [_plain(v) for v in value] if isinstance(value, list | tuple) else _plain(value)
        assert value not in given, "you return what `fit` gave in one call; return both: made's, real's"
        first, second = pair("in_turn", value, "what `fit` gave for made, and for real")
        assert (second, first) != given, "the pair is exchanged: made's comes first"
        assert (first, second) == given, (
            f"in_turn gives {brief(value)}; what `fit` gave, both times, as it is")
    return "Synthetic images first; real ones have the last word."


# ------------------------------------------------------------------ when to stop


def _rounds():
    def walk(losses, patience, better, late=0, reset=True, best=np.inf):
        waited, kept = 0, 0
        for here, loss in enumerate(losses):
            if better(loss, best, losses[here - 1] if here else np.inf):
                best, kept, waited = loss, here, 0 if reset else waited
            else:
                waited += 1
                if waited >= patience + late:
                    return kept, here
        return kept, len(losses) - 1

    def since(losses, patience, best):
        kept = 0
        for here, loss in enumerate(losses):
            if loss < best:
                best, kept = loss, here
            elif here - kept >= patience:
                return kept, here
        return kept, len(losses) - 1

    def lower(loss, best, before):
        return loss < best

    def other(change):
        return lambda losses, patience: change(*_best_round(losses, patience), losses, patience)

    start = "rounds are counted from 0"
    above, below = "a loss can be above 1: start with infinity", "no loss is below 0: start with infinity"
    return [
        ("the pair is turned round: the round whose weights are kept comes first",
         other(lambda kept, end, x, n: (end, kept))),
        ("it stops one round late: after `patience` rounds in a row without a lower loss",
         lambda x, n: walk(x, n, lower, 1)),
        ("it stops one round early: after `patience` rounds in a row without a lower loss",
         lambda x, n: walk(x, max(n - 1, 1), lower)),
        ("it stops one round early: after `patience` rounds in a row without a lower loss",
         lambda x, n: walk(x, n - 1, lower) if n > 1 else (0, 0)),
        ("a new lowest loss starts the count again: `patience` rounds *in a row*",
         lambda x, n: walk(x, n, lower, reset=False)),
        ("an equal loss is not lower: < in place of <=", lambda x, n: walk(x, n, lambda a, b, c: a <= b)),
        ("the loss is compared with the round before; compare it with the lowest so far",
         lambda x, n: walk(x, n, lambda a, b, c: a < c)),
        ("the loss is compared with the round before; compare it with the lowest so far",
         lambda x, n: (int(np.argmin(x[: walk(x, n, lambda a, b, c: a < c)[1] + 1])),
                       walk(x, n, lambda a, b, c: a < c)[1])),
        (above, lambda x, n: walk(x, n, lower, best=1)), (above, lambda x, n: since(x, n, 1)),
        (below, lambda x, n: walk(x, n, lower, best=0)), (below, lambda x, n: since(x, n, 0)),
        ("it looks for the largest: a loss is better when it is lower",
         lambda x, n: _best_round([-v for v in x], n)),
        ("the lowest of *all* losses: rounds after the stop are never trained",
         other(lambda kept, end, x, n: (int(np.argmin(x)), end))),
        ("the lowest of *all* losses: rounds after the stop are never trained",
         lambda x, n: (int(np.argmin(x)), min(int(np.argmin(x)) + n, len(x) - 1))),
        ("the lowest of *all* losses: rounds after the stop are never trained",
         lambda x, n: (int(np.argmin(x)), len(x) - 1)),
        ("the last round's weights are kept in yours; keep those of the lowest loss",
         other(lambda kept, end, x, n: (end, end))),
        ("the kept round is not always `patience` before the end: where patience never ran out, it is "
         "another", other(lambda kept, end, x, n: (end - n, end))),
        ("the kept round is not always `patience` before the end: where patience never ran out, it is "
         "another", other(lambda kept, end, x, n: (max(end - n, 0), end))),
        ("where patience never runs out, it ends with the last round, len(losses) - 1",
         other(lambda kept, end, x, n: (kept, kept + n))),
        ("where patience never runs out, it ends with the last round, len(losses) - 1",
         other(lambda kept, end, x, n: (kept, end if end - kept >= n else len(x)))),
        (start, other(lambda kept, end, x, n: (kept + 1, end + 1))),
        (f"{start}: the second number is one too many", other(lambda kept, end, x, n: (kept, end + 1))),
        ("the first number is the loss; the *round* that had it",
         other(lambda kept, end, x, n: (x[kept], end))),
        ("these are losses; the two *rounds*", other(lambda kept, end, x, n: (x[kept], x[end]))),
        ("the second number is how many rounds the kept one lies back; the round after which it stops",
         other(lambda kept, end, x, n: (kept, end - kept))),
        ("it stops at the first loss that is not lower: patience is not used",
         lambda x, n: walk(x, 1, lower)),
    ]  # fmt: skip


ROUNDS = _rounds()


def _cases_of_rounds(rng):
    cases = [
        ([0.5, 0.4, 0.45, 0.41, 0.39], 2), ([0.5, 0.4, 0.3], 1), ([0.7, 0.6, 0.65, 0.62, 0.5, 0.55], 3),
        ([0.4, 0.4, 0.4, 0.4], 2), ([0.9], 1), ([0.9, 0.8, 0.8, 0.7, 0.7, 0.7, 0.1], 3),
        ([0.5, 0.6, 0.55, 0.58], 10), ([0.3, 0.5, 0.4, 0.35, 0.2], 3), ([3.0, 2.0, 2.5, 1.0, 1.5, 1.2], 2),
    ]
    return cases + [(np.round(0.3 + np.exp(-np.arange(20) / 5) + 0.1 * rng.normal(size=20), 2).tolist(), n)
                    for n in (1, 2, 4, 6, 12)]


@check
def best_round(best_round, seed):
    cases = _cases_of_rounds(np.random.default_rng(seed))
    found, right = [], [_best_round(*case) for case in cases]
    for losses, patience in cases:
        value = pair("best_round", _two(run(alone, best_round, losses, patience)), "kept, last")
        found.append(tuple(float(array(f"best_round's {name}", part, (), "a round"))
                           for name, part in zip(("first", "second"), value)))

    def tell(case, yours, ours):
        losses, patience = case
        return (f"losses {shown(losses)} with patience {patience}: you give ({yours[0]:g}, {yours[1]:g}), it "
                f"should be {ours}")

    judge(cases, found, right, ROUNDS, tell)
    return "What Keras calls EarlyStopping, with the best weights restored."


def _two(value):
    return value.tolist() if isinstance(value, np.ndarray) and value.shape == (2,) else value


# ------------------------------------------------------------------ in pairs


def _effects():
    def ends(half, middle=lambda a, b: np.mean(np.subtract(a, b))):
        return lambda a, b: (middle(a, b), middle(a, b) - half(a, b), middle(a, b) + half(a, b))

    def s(a, b, k=1):
        return np.std(np.subtract(a, b), ddof=k)

    def usual(a, b):
        return student(len(a) - 1) * s(a, b) / np.sqrt(len(a))

    def with_t(t):
        return ends(lambda a, b: t(len(a)) * s(a, b) / np.sqrt(len(a)))

    def back(x):
        return lambda a, b: _paired_effect(*x(a, b))

    def groups(freedom, spread, root):
        return lambda a, b: student(freedom(len(a))) * spread(a, b) * np.sqrt(root / len(a))

    pooled = [
        *(lambda a, b, k=k: np.sqrt((np.var(a, ddof=k) + np.var(b, ddof=k)) / 2) for k in (1, 0)),
        *(lambda a, b, k=k: (np.std(a, ddof=k) + np.std(b, ddof=k)) / 2 for k in (1, 0)),
        *(lambda a, b, k=k: np.std([*a, *b], ddof=k) for k in (1, 0)),
    ]
    lab_5 = ("that is Lab 5's interval, of two groups, not of pairs: here it is the deviation of the "
             "*differences* d = a - b")
    few = "1.96 is the quantile for very many pairs; of n pairs it is student(n - 1)"
    return [
        ("that is b - a; it is a - b", back(lambda a, b: (b, a))),
        (lab_5, lambda a, b: (np.mean(np.subtract(a, b)), *unpaired(a, b))),
        *((lab_5, ends(groups(t, s, root))) for t in (lambda n: n - 1, lambda n: 2 * n - 2, lambda n: n)
          for s in pooled for root in (1, 2)),
        ("s is that of the differences d = a - b, not of a", ends(lambda a, b:
         student(len(a) - 1) * np.std(a, ddof=1) / np.sqrt(len(a)))),
        ("s is that of the differences d = a - b, not of b", ends(lambda a, b:
         student(len(a) - 1) * np.std(b, ddof=1) / np.sqrt(len(a)))),
        ("s has n - 1 in it: np.std(d, ddof=1)", ends(lambda a, b:
         student(len(a) - 1) * s(a, b, 0) / np.sqrt(len(a)))),
        ("that is s^2 in place of s", ends(lambda a, b:
         student(len(a) - 1) * s(a, b) ** 2 / np.sqrt(len(a)))),
        ("there are n differences, so n - 1 degrees of freedom: student(n - 1)", with_t(student)),
        ("there are n differences, not 2n numbers: student(n - 1)", with_t(lambda n: student(2 * n - 2))),
        ("there are n differences, not 2n numbers: student(n - 1)", with_t(lambda n: student(2 * n - 1))),
        (few, with_t(lambda n: 1.959964)), (few, with_t(lambda n: 2)),
        ("t is missing: student(n - 1)", with_t(lambda n: 1)),
        ("sqrt(n) is missing: the deviation of a *mean* of n is s / sqrt(n)", ends(lambda a, b:
         student(len(a) - 1) * s(a, b))),
        ("divide by sqrt(n), not by n", ends(lambda a, b: student(len(a) - 1) * s(a, b) / len(a))),
        ("divide by sqrt(n), not by sqrt(n - 1)", ends(lambda a, b:
         student(len(a) - 1) * s(a, b) / np.sqrt(len(a) - 1))),
        ("sqrt(2 / n) is for two groups; the mean of n differences has s / sqrt(n)", ends(lambda a, b:
         student(len(a) - 1) * s(a, b) * np.sqrt(2 / len(a)))),
        ("the three are (mean difference, low, high), in this order: low and high are exchanged",
         lambda a, b: tuple(_paired_effect(a, b)[i] for i in (0, 2, 1))),
        ("the three are (mean difference, low, high), in this order: the mean comes first",
         lambda a, b: tuple(_paired_effect(a, b)[i] for i in (1, 0, 2))),
        ("the three are (mean difference, low, high), in this order: the mean comes first",
         lambda a, b: tuple(_paired_effect(a, b)[i] for i in (1, 2, 0))),
        ("that is the mean and the half width; the ends are mean - half and mean + half",
         lambda a, b: (_paired_effect(a, b)[0], -usual(a, b), usual(a, b))),
        ("that is the mean and the half width; the ends are mean - half and mean + half",
         lambda a, b: (_paired_effect(a, b)[0], usual(a, b), usual(a, b))),
        ("sorted, the lists have lost their pairs: a[i] and b[i] are of one seed",
         back(lambda a, b: (sorted(a), sorted(b)))),
        ("a difference has a sign, and keeps it: no abs", lambda a, b:
         _paired_effect(np.abs(np.subtract(a, b)), np.zeros(len(a)))),
        ("a difference has a sign, and keeps it: no abs", ends(usual, lambda a, b:
         abs(np.mean(np.subtract(a, b))))),
        ("the mean of the differences, not their median", ends(usual, lambda a, b:
         np.median(np.subtract(a, b)))),
        ("the sum of the differences is to be divided by n", ends(usual, lambda a, b:
         np.sum(np.subtract(a, b)))),
        ("half of it: t is already the quantile for one side, do not halve",
         ends(lambda a, b: usual(a, b) / 2)),
        ("that is a ratio; the *difference*, a - b", lambda a, b: _paired_effect(
            np.divide(a, b), np.zeros(len(a)))),
    ]  # fmt: skip


EFFECTS = _effects()


def _cases_of_pairs(rng):
    cases = [([3.0, 5.0, 4.0], [1.0, 4.0, 4.0]), ([0.95, 0.9], [0.94, 0.93])]
    for n, own in ((5, 0.2), (7, 2.0), (3, 0.5), (12, 1.0)):
        luck = 5 + rng.normal(size=n)
        cases.append(tuple((luck + shift + own * rng.normal(size=n)).tolist() for shift in (-0.7, 0.0)))
    return cases


def _near(x, y):
    return np.shape(x) == np.shape(y) and np.allclose(x, y, rtol=1e-3, atol=1e-9)  # t has three digits


@check
def paired_effect(paired_effect, seed):
    cases = _cases_of_pairs(np.random.default_rng(seed))
    found, right = [], [_paired_effect(*case) for case in cases]
    for a, b in cases:
        value = returned("paired_effect", run(alone, paired_effect, a, b))
        assert isinstance(value, list | tuple | np.ndarray) and np.ndim(value) and len(value) == 3, (
            f"paired_effect gives {brief(value)}; it must give three numbers: `return mean, low, high`")
        found.append([float(array(f"paired_effect's {name}", part, (), "of all pairs together"))
                      for name, part in zip(("mean", "low", "high"), value)])
    t = [(high - low) / 2 / (np.std(np.subtract(a, b), ddof=1) / np.sqrt(len(a)))
         for (_, low, high), (a, b) in zip(found, cases)]
    assert not (np.allclose(t, t[0], rtol=1e-3) and t[0] > 2.05), (
        f"t is {t[0]:.4g} in yours, however many pairs; it depends on their number: student(n - 1)")

    def tell(case, yours, ours):
        a, b, yours, ours = shown(case[0]), shown(case[1]), shown(yours, 4), shown(ours, 4)
        return f"for a = {a} and b = {b} you give {yours}, it should be {ours}"

    judge(cases, found, right, EFFECTS, tell, _near)
    return "What a seed does to both of its numbers drops out."
