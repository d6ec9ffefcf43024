"""What lab 11 is given: pretended generators, recorded runs for tuning and for judging, live patients."""

from functools import cache

import numpy as np

from ..clinic.states import HEALTHY
from ..data import load
from ..experiments import records
from ..experiments.patients import CLAIMS, SICK
from ..measures import readers
from ..measures.intervals import Share as Share
from .common import Wrong, brief
from .lab11_parts import LARGE, SMALL
from .lab11_patients_given import CAUSES as CAUSES
from .lab11_patients_given import SETTINGS
from .lab11_patients_given import patient as patient
from .lab11_patients_given import tried as tried

STATES = (*SICK, HEALTHY)
TUNING = (0, 1)  # the seeds on which limits are chosen; the others judge
LIMITS = {"by_latent": "generator ignores its latent", "by_label": "generator ignores its label",
          "spread": "mode collapse", "rarest_share": "lost classes", "copied": "memorising",
          "repeats": "partial mode collapse"}  # fmt: skip
IMAGES = 200  # of each pretended generator
assert {*LIMITS} == {*SMALL, *LARGE}


def guessed(guesses, what):
    """What was guessed for `what`, in words: whatever stands in the notebook's cell."""
    found = guesses.get(what) if isinstance(guesses, dict) else guesses
    return "nothing" if found is None or isinstance(found, list) and not found else str(found)


# ------------------------------------------------------------------ pretended generators


@cache
def _digits():
    """Features, probabilities and labels of 1,200 digits, and the images."""
    digits = load("digits", "test")
    rows = np.random.default_rng(0).permutation(len(digits.images))[:1200]
    images = digits.images[rows].astype(np.float32) / 127.5 - 1
    return *readers.load("digits").read(images), digits.labels[rows], images


class Sample:
    """Of 200 images: `f` features [200, 64], `p` what a reader says [200, 10], `labels`, `images`."""

    def __init__(self, rows, labels):
        f, p, _, images = _digits()
        self.f, self.p, self.labels, self.images = f[rows], p[rows], labels, images[rows]


@cache
def real():
    """200 real digits beside which the others are seen."""
    rows = np.arange(IMAGES)
    return Sample(rows, _digits()[2][rows])


@cache
def pretenders():
    """Four pretended generators, each asked for 20 images of each digit: {letter: Sample}.

    All their images are real digits: A any of the right digit; B ten digits, one for each label, again and again;
    C the same few whatever the label; D any of the right digit, but for 8 and 9, where it gives a 1 and a 7.
    """
    y = _digits()[2]
    rest = np.arange(IMAGES, len(y))
    of = [rest[y[rest] == digit] for digit in range(10)]
    asked = np.arange(IMAGES) % 10
    turn = np.arange(IMAGES) // 10

    def rows(wanted, kinds):
        return np.array([of[digit][k % min(kinds, len(of[digit]))] for digit, k in zip(wanted, turn)])

    few = rows(np.full(IMAGES, 3), 2)
    return {"A": Sample(rows(asked, 20), asked), "B": Sample(rows(asked, 1), asked), "C": Sample(few, asked),
            "D": Sample(rows(np.where(asked > 7, np.where(asked == 8, 1, 7), asked), 20), asked)}  # fmt: skip


# ------------------------------------------------------------------ recorded runs


@cache
def _runs(root):
    found = []
    states = {setting: state for state, (setting, *_) in SICK.items()}
    for claim in CLAIMS:
        for setting, runs in records.by_setting(root, claim).items():
            state = states.get(setting, HEALTHY)
            found += [(run["seed"], state, run["metrics"].get("evidence") or {}) for run in runs]
    return found


def recorded(tuning, root=None):
    """The recorded runs of the clinic, (name, evidence) pairs: those for tuning, or those that judge.

    Of seeds 0 and 1, or of all others.  `evidence` is a dictionary; what was not measured is not in it.

    Raises:
        Wrong: if there are none.
    """
    found = [(state, dict(e)) for seed, state, e in _runs(root or records.root()) if (seed in TUNING) == tuning]
    if not found:
        raise Wrong("there are no records of the clinic here: is the folder `book/records` beside `labs`?")
    return found


def tuning_values(quantity):
    """(sick, well): that quantity in the tuning runs of the state that it tells of, and in healthy ones."""
    runs = recorded(True)
    return tuple([e.get(quantity, np.nan) for state, e in runs if state == name]
                 for name in (LIMITS[quantity], HEALTHY))


def tuned(limit):
    """The limits that the student's function finds on the tuning runs: {quantity: number}.

    Raises:
        Wrong: if it gives no number.
    """
    found = {}
    for quantity in LIMITS:
        value = limit(*tuning_values(quantity))
        if not np.ndim(value) == 0 or not isinstance(value, int | float | np.number) or np.isnan(value):
            raise Wrong(f"limit gives {brief(value)} for {quantity}, where sick and healthy lie apart: see its check")
        found[quantity] = float(value)
    return found


# ------------------------------------------------------------------ patients


def task_4_first(found):
    """Stops in one line where no patient has been seen."""
    if not isinstance(found, dict) or not found:
        raise Wrong("there is nobody to look at yet: run Task 4 first")


def pharmacy():
    """What a cure may change: lines for printing."""
    return [f"{name:19} {value!r:8} {words}\n{'':28} may be {allowed}"
            for name, (words, value, _, allowed, _) in SETTINGS.items()]
