"""Lab 8, six machines under suspicion: the checks of Task 6, and what the usual mistakes give."""

import numpy as np

from . import suspects
from .common import Wrong, array, call, check, names_read, returned, run, shown
from .lab7_parts import judge
from .lab8_given import SEALED, Experiment, guessed, suspect
from .lab8_parts import HINTS, NOT_YOURS, PARTS, _evidence, _majority_error, alone, play
from .suspects import keyed, number

KEYS = "error", "translated", "majority", "read", "overlap"
FAULTS = "one class", "shuffled", "saw test", "renumbered", "blind to two"
WORDS = {"innocent", *FAULTS}


# ------------------------------------------------------------------ who always says the same


def _majorities():
    def most(y):
        return np.bincount(y).argmax()

    return [
        ("that is the share that is read *right*; the error", lambda a, b: np.mean(b == most(a))),
        ("the machine has not seen the test labels: the most frequent class in *training*",
         lambda a, b: np.mean(b != most(b))),
        ("the error is to be counted in the *test* labels, not in training", lambda a, b: np.mean(a != most(a))),
        ("training and test labels are exchanged: training says which class, the test how often it errs",
         lambda a, b: np.mean(a != most(b))),
        ("that is a guess by dice among equally frequent classes; the most frequent one is said every time",
         lambda a, b: 1 - 1 / len(np.unique(a))),
        ("that is a guess by dice among equally frequent classes; the most frequent one is said every time",
         lambda a, b: 1 - 1 / len(np.unique(b))),
        ("of two equally frequent classes the smaller number: np.bincount(...).argmax()",
         lambda a, b: np.mean(b != len(np.bincount(a)) - 1 - np.bincount(a)[::-1].argmax())),
        ("the largest label is not the most frequent one: np.bincount(...).argmax()",
         lambda a, b: np.mean(b != a.max())),
        ("that is how many; the share of the test images", lambda a, b: np.sum(b != most(a))),
        ("no per cent: a share runs from 0 to 1", lambda a, b: 100 * np.mean(b != most(a))),
        ("argmax counts places: in np.unique's counts the place is not the class",
         lambda a, b: np.mean(b != np.unique(a, return_counts=True)[1].argmax())),
        ("you compare a *count* with the labels; the class that has it: argmax",
         lambda a, b: np.mean(b != np.bincount(a).max())),
        ("you divide by the number of training images; by that of the test images",
         lambda a, b: np.sum(b != most(a)) / len(a)),
        ("the *rarest* class is said in yours; the most frequent one",
         lambda a, b: np.mean(b != np.unique(a)[np.unique(a, return_counts=True)[1].argmin()])),
    ]  # fmt: skip


MAJORITIES = _majorities()


@check
def majority_error(majority_error, seed):
    rng = np.random.default_rng(seed)

    def labels(*counts):
        return rng.permutation(np.repeat(np.arange(len(counts)), counts))

    cases = [(labels(3, 6, 2), labels(5, 4, 3)), (labels(0, 4, 9, 2), labels(3, 6, 5, 5)),
             (labels(7, 3, 7), labels(2, 5, 6)), (labels(10, 20, 30, 5), labels(9, 9, 9, 9)),
             (labels(0, 0, 8, 3, 1), labels(4, 0, 3, 7, 2)), (labels(2, 9), labels(12, 3))]
    cases += [tuple(rng.choice(6, n, p=rng.dirichlet(np.ones(6))) for n in (90, 50)) for _ in range(4)]
    found = [float(array("majority_error", run(alone, majority_error, *case), (), "a share")) for case in cases]

    def tell(case, yours, ours):
        train, test = (np.bincount(labels).tolist() for labels in case)
        return (f"training images of each class {train}, test images {test}: you give {yours:.4g}, it should be "
                f"{ours:.4g}")

    judge(cases, found, [_majority_error(*case) for case in cases], MAJORITIES, tell, np.isclose)
    return "Features do not come into it."


# ------------------------------------------------------------------ the evidence


def _wrong_numbers():
    def table(f):
        return lambda e: f(np.asarray(e.confusion), np.asarray(e.confusion).sum())

    def inside(a, b):
        return int(np.isin(a, b).sum())

    place = ("row y, column k: how many images of class y were read as k. What a word stands for most often is "
             "the largest of its *column*, max over axis=0")
    return {
        "error": [
            ("that is the share that is read right; the error", table(lambda t, n: np.trace(t) / n)),
            ("how many, in place of what share", table(lambda t, n: n - np.trace(t))),
            ("no per cent: a share runs from 0 to 1", table(lambda t, n: 100 - 100 * np.trace(t) / n)),
            ("that is the mean of the classes' errors; of all test images alike", table(
                lambda t, n: 1 - np.mean(np.diag(t) / np.maximum(t.sum(1), 1)))),
            ("that is the mean of the classes' errors; of all test images alike", table(
                lambda t, n: 1 - np.mean((np.diag(t) / np.maximum(t.sum(1), 1))[t.sum(1) > 0]))),
            ("read right is what stands on the diagonal, confusion[y, y]; yours is the largest of each row",
             table(lambda t, n: 1 - t.max(1).sum() / n)),
            ("read right is what stands on the diagonal; yours is the largest of each column", table(
                lambda t, n: 1 - t.max(0).sum() / n)),
            ("you divide by the number of training images", lambda e: 1 - np.trace(e.confusion) / len(e.train_labels)),
            ("you divide by the number of cells; by that of the test images", table(
                lambda t, n: 1 - np.trace(t) / t.size)),
            ("np.diag(...).mean() divides by the number of classes; by that of the test images", table(
                lambda t, n: 1 - np.diag(t).mean())),
        ],
        "translated": [
            (place, table(lambda t, n: 1 - t.max(1).sum() / n)),
            ("that is the share that is right once the words are translated; the error", table(
                lambda t, n: t.max(0).sum() / n)),
            ("that is the largest cell alone; the largest of *each* column, added up", table(
                lambda t, n: 1 - t.max() / n)),
            ("how many, in place of what share", table(lambda t, n: n - t.max(0).sum())),
            ("that is `error`: nothing is translated", table(lambda t, n: 1 - np.trace(t) / n)),
            ("argmax is the *class* that a word stands for; how many images it is right for is max", table(
                lambda t, n: 1 - t.argmax(0).sum() / n)),
            ("that is the mean of the words' shares; of all test images alike", table(
                lambda t, n: 1 - np.mean(t.max(0) / np.maximum(t.sum(0), 1)))),
            ("the mean over the columns is no share of the images: the sum, divided by all", table(
                lambda t, n: 1 - t.max(0).mean())),
        ],
        "majority": [
            ("that is the share that is right; the error: majority_error", lambda e:
             1 - _majority_error(e.train_labels, e.test_labels)),
            ("the most frequent class in *training*: majority_error(train_labels, test_labels)", lambda e:
             _majority_error(e.test_labels, e.train_labels)),
            ("the most frequent class in *training*: majority_error(train_labels, test_labels)", lambda e:
             _majority_error(e.test_labels, e.test_labels)),
            ("the error is counted among the test labels: majority_error(train_labels, test_labels)", lambda e:
             _majority_error(e.train_labels, e.train_labels)),
            ("that is the most frequent *word* of the machine; majority_error(train_labels, test_labels)", table(
                lambda t, n: 1 - t.sum(1)[t.sum(0).argmax()] / n)),
            ("that is a guess by dice; majority_error(train_labels, test_labels)", table(
                lambda t, n: 1 - 1 / len(t))),
        ],
        "read": [
            ("these are the classes that *are* there (rows); those that the machine says: sum over axis=0", table(
                lambda t, n: (t.sum(1) > 0).sum())),
            ("these are the classes that are read *right* at least once; that are said at all, right or wrong",
             table(lambda t, n: (np.diag(t) > 0).sum())),
            ("these are the classes that are *never* said; how many are", table(lambda t, n: (t.sum(0) == 0).sum())),
            ("these are the cells that are not empty; the columns", table(lambda t, n: (t > 0).sum())),
            ("these are the classes that *every* class is read as; one image is enough", table(
                lambda t, n: (t > 0).all(0).sum())),
            ("that is how many classes there are", table(lambda t, n: len(t))),
            ("that is how many images were read; how many *classes* are said", table(lambda t, n: n)),
            ("how many, in place of what share", table(lambda t, n: (t.sum(0) > 0).mean())),
            ("one image is enough for a class to be said", table(lambda t, n: (t.sum(0) > 1).sum())),
        ],
        "overlap": [
            ("you count the rows of `trained_on`; count the *test images*: np.isin(tested_on, trained_on)",
             lambda e: inside(e.trained_on, e.tested_on)),
            ("these are the test images that it was *not* taught by", lambda e:
             len(e.tested_on) - inside(e.tested_on, e.trained_on)),
            ("~ turns a mask round, not a number, so it needs brackets; and here it has no place", lambda e:
             ~inside(e.tested_on, e.trained_on)),
            ("you compare place by place; the order says nothing: np.isin", lambda e: int(sum(
                a == b for a, b in zip(e.tested_on, e.trained_on)))),
            ("you count different images; an image that stands in `tested_on` twice counts twice", lambda e:
             len(set(np.asarray(e.tested_on).tolist()) & set(np.asarray(e.trained_on).tolist()))),
            ("how many, in place of what share", lambda e: inside(e.tested_on, e.trained_on) / len(e.tested_on)),
            ("whether, in place of how many", lambda e: float(inside(e.tested_on, e.trained_on) > 0)),
            ("labels are compared; the *numbers* of the images, tested_on and trained_on", lambda e:
             inside(e.test_labels, e.train_labels)),
        ],
    }  # fmt: skip


NUMBERS = _wrong_numbers()


def _made_up(rng):
    """Experiments of few images, with several faults each."""
    cases = []
    for k, n, m, shared in ((4, 60, 40, 0), (6, 80, 50, 9), (3, 30, 25, 4), (5, 50, 60, 13), (7, 70, 45, 0)):
        names = rng.permutation(500)
        trained = names[:n]
        own = np.concatenate([names[n:][: m - shared - 2], names[n:][:2]])
        tested = np.concatenate([own, rng.choice(trained[: max(shared // 2, 1)], shared)])
        train, test = (rng.choice(k, size, p=rng.dirichlet(2 * np.ones(k))) for size in (n, m))
        said = np.where(rng.random(m) < 0.5, (test + 1) % k, rng.integers(0, k, m))
        if k > 4:
            said = np.where(np.isin(said, (1, k - 1)), 0, said)
            said[0] = 2
        if k == 7:  # a class that is not among the test images, and one that is said once
            test[test == 3] = 5
            said = np.where(said == 4, 0, said)
            said[1] = 4
        confusion = np.zeros((k, k), int)
        np.add.at(confusion, (test, said), 1)
        tested = rng.permutation(tested)
        if shared > 5:
            trained[1] = trained[0]  # an image may teach twice
            tested[2:5] = trained[2:5]  # some stand in the same place in both
        cases.append(Experiment(trained, train, tested, test, confusion))
    return cases


def _asked(evidence, fields):
    """What the student's evidence gives, of an experiment with these fields."""
    if "suspect" in names_read(evidence):
        raise Wrong("evidence: the experiment to examine is the argument; `suspect` gives one of six")
    return call(evidence, Experiment(**fields), parts=PARTS, forbidden=NOT_YOURS, hints=HINTS)


@check
def evidence(evidence, seed):
    cases = _made_up(np.random.default_rng(seed))
    found, right = [], [_evidence(case) for case in cases]
    for case in cases:
        value = returned("evidence", run(_asked, evidence, case._asdict()))
        keyed(value, KEYS)
        numbers = {}
        for key in KEYS:
            try:
                numbers[key] = number(value[key])
            except AssertionError as error:
                raise AssertionError(f"`{key}` {error}") from None
        found.append(numbers)
    for key in KEYS:
        yours, ours = ([numbers[key] for numbers in each] for each in (found, right))
        for other in KEYS:
            assert other == key or np.allclose(yours, ours) or not np.allclose(yours, [r[other] for r in right]) or (
                not np.allclose([f[other] for f in found], ours)), f"`{key}` and `{other}` are exchanged"

        def tell(case, mine, wanted, key=key):
            case = case[0]
            return (f"`{key}` of one experiment is {mine:.4g} by you, {wanted:.4g} by us; its confusion is "
                    f"{shown(case.confusion.tolist())}: read its line in the list above once more")

        try:
            judge([(case,) for case in cases], yours, ours, NUMBERS[key], tell, np.isclose)
        except AssertionError as error:
            words = str(error)
            raise AssertionError(words if words.startswith(f"`{key}`") else f"`{key}`: {words}") from None
    return "Five numbers, as we count them."


def table(evidence, names="".join(SEALED), tells=None):
    """Prints the evidence against each, with ours where yours goes wrong.  No points.

    Below it stands what was predicted: `tells` has for each fault the numbers that give it away.
    """
    cases = {name: (suspect(name),) for name in names}
    suspects.table(evidence, cases, _evidence, play,
                   lambda value: f"{value:5.3f}" if isinstance(value, float) else f"{value:3}")
    for fault in FAULTS if tells is not None else ():
        print(f"{fault} is told by, you wrote: {guessed(tells, fault)}")


@check
def verdict(verdict, seed):
    said = returned("verdict", run(call, verdict))
    suspects.sealed(
        said, "".join(SEALED), WORDS, "f633fcfeee97129d", "Ask of each fault which of the five numbers give it "
        "away, and which it leaves alone; then read the table")
    return "Five are convicted, one is acquitted."
