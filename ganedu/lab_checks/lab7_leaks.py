"""Lab 7, six experiments under suspicion: the checks of Task 5, and what the usual mistakes give."""

import numpy as np

from . import suspects
from .common import Wrong, call, check, names_read, returned, run
from .lab7_given import SEALED, Experiment, guessed, suspect
from .lab7_parts import (
    HINTS,
    NOT_YOURS,
    PARTS,
    _evidence,
    _seen_in,
    alone,
    judge,
    mask,
    places,
    play,
)
from .suspects import keyed, number

KEYS = "gan_test", "gan_more", "stop_test", "looks", "changed"
FAULTS = "saw test", "saw more", "stopped by test", "two looks", "changed"
WORDS = {"innocent", *FAULTS}
FIELDS = Experiment._fields
BESIDE = "row i is compared with row i; the orders differ: look each image up among *all* of `others`"

# ------------------------------------------------------------------ has it been seen?


def _flat(x):
    return np.asarray(x).reshape(len(x), int(np.prod(np.shape(x)[1:])))


SEEN = [
    ("these are the images that were *not* seen", lambda x, o: ~_seen_in(x, o)),
    ("you say which of `others` are among `images`; it is the other way round", lambda x, o: _seen_in(o, x)),
    ("you compare place by place; the order says nothing: look for each image among *all* others",
     lambda x, o: np.array([i < len(o) and np.array_equal(v, o[i]) for i, v in enumerate(x)])),
    ("`in`, or ==, between arrays is true as soon as one *pixel* agrees; the whole image must: its bytes",
     lambda x, o: np.array([bool((v == o).any()) for v in x], bool)),
    ("every pixel value occurs somewhere in `others`, of nearly any image: the image as a whole must",
     lambda x, o: np.isin(x, o).reshape(len(x), -1).all(1)),
    ("two images can have one and the same sum (or mean): compare all pixels, in their places",
     lambda x, o: np.isin(_flat(x).sum(1), _flat(o).sum(1))),
    ("sorted pixels have lost their places: two images can have the same ones",
     lambda x, o: _seen_in(np.sort(_flat(x), 1), np.sort(_flat(o), 1))),
    ("one half of the pixels is compared; all of them", lambda x, o: _seen_in(
        _flat(x)[:, : _flat(x).shape[1] // 2], _flat(o)[:, : _flat(o).shape[1] // 2])),
    ("the first row of pixels is compared; all of them", lambda x, o: _seen_in(x[:, 0], o[:, 0])),
    ("one pixel is compared; all of them", lambda x, o: _seen_in(x[:, 0, 0], o[:, 0, 0])),
    ("you say which images stand in `images` twice; are they in `others`?", lambda x, o:
     np.array([sum(np.array_equal(v, w) for w in x) > 1 for v in x])),
    ("an image that stands in `images` twice counts each time: no image is to be left out",
     lambda x, o: _seen_in(x, o) & np.array([not any(np.array_equal(v, w) for w in x[:i])
                                              for i, v in enumerate(x)], bool)),
    ("nearly the same is not the same: compare exactly", lambda x, o: np.array(
        [bool((np.abs(v.astype(float) - np.asarray(o, float)).reshape(len(o), -1).max(1, initial=0)
               <= 1).any()) for v in x], bool)),
]  # fmt: skip


def _wrong_numbers():
    def rows(a, b):
        return int(_seen_in(a, b).sum())

    def different(a, b):
        return len({v.tobytes() for v in a} & {v.tobytes() for v in b})

    def names(e):
        return [look["experiment"] for look in e.looks]

    def changes(e):
        return sum(look["before"] != look["after"] for look in e.looks)

    def in_a_row(e):
        n = names(e)
        most = here = 1
        for a, b in zip(n, n[1:]):
            here = here + 1 if a == b else 1
            most = max(most, here)
        return most

    def hashes(e, key):
        return [look[key] for look in e.looks]

    twice = "you count different images; an image that stands in `tested_on` twice counts twice"
    return {
        "gan_test": [
            ("these are the test images that the GAN has *not* seen", lambda e:
             len(e.tested_on) - rows(e.tested_on, e.gan_saw)),
            ("you count the rows of `gan_saw`; count the *test images*: seen_in(tested_on, gan_saw)",
             lambda e: rows(e.gan_saw, e.tested_on)),
            ("the GAN's images are `gan_saw`; you look in `fitted_on`",
             lambda e: rows(e.tested_on, e.fitted_on)),
            ("the GAN's images are `gan_saw`; you look in `stopped_by`",
             lambda e: rows(e.tested_on, e.stopped_by)),
            ("the test images are `tested_on`; yours are `stopped_by`",
             lambda e: rows(e.stopped_by, e.gan_saw)),
            (twice, lambda e: different(e.tested_on, e.gan_saw)),
            ("how many, not what share", lambda e: _seen_in(e.tested_on, e.gan_saw).mean()),
            ("whether, in place of how many", lambda e: float(_seen_in(e.tested_on, e.gan_saw).any())),
        ],
        "gan_more": [
            ("these are the images that `fitted_on` has; those that it has *not*: ~ turns a mask round",
             lambda e: rows(e.gan_saw, e.fitted_on)),
            ("~ turns a mask round, not a number, so it needs brackets: (~seen_in(...)).sum()",
             lambda e: ~rows(e.gan_saw, e.fitted_on)),
            ("you count what `fitted_on` has more; what the *GAN* saw more: seen_in(gan_saw, fitted_on)",
             lambda e: len(e.fitted_on) - rows(e.fitted_on, e.gan_saw)),
            ("the difference of two lengths says nothing of what they hold: duplicates, and other images",
             lambda e: len(e.gan_saw) - len(e.fitted_on)),
            ("you count different images; an image that stands there twice counts twice", lambda e:
             len({v.tobytes() for v in e.gan_saw} - {v.tobytes() for v in e.fitted_on})),
            ("the test images are not left out here: all rows of `gan_saw` that `fitted_on` lacks", lambda e:
             int((~_seen_in(e.gan_saw, np.concatenate([e.fitted_on, e.tested_on]))).sum())),
            ("the classifier's real images are `fitted_on`; you look in `tested_on`", lambda e:
             len(e.gan_saw) - rows(e.gan_saw, e.tested_on)),
            ("the classifier's real images are `fitted_on`; you look in `stopped_by`", lambda e:
             len(e.gan_saw) - rows(e.gan_saw, e.stopped_by)),
            ("how many, not what share", lambda e: 1 - _seen_in(e.gan_saw, e.fitted_on).mean()),
        ],
        "stop_test": [
            ("you count the rows of `stopped_by`; count the *test images*: seen_in(tested_on, stopped_by)",
             lambda e: rows(e.stopped_by, e.tested_on)),
            ("these are the test images that did *not* stop it", lambda e:
             len(e.tested_on) - rows(e.tested_on, e.stopped_by)),
            ("what stopped the training is `stopped_by`; you look in `fitted_on`",
             lambda e: rows(e.tested_on, e.fitted_on)),
            ("what stopped the training is `stopped_by`; you look in `gan_saw`",
             lambda e: rows(e.tested_on, e.gan_saw)),
            ("the test images are `tested_on`; yours are `fitted_on`",
             lambda e: rows(e.fitted_on, e.stopped_by)),
            (twice, lambda e: different(e.tested_on, e.stopped_by)),
            ("how many, not what share", lambda e: _seen_in(e.tested_on, e.stopped_by).mean()),
        ],
        "looks": [
            ("that is how many looks there were in all; the most of *one* name", lambda e: len(e.looks)),
            ("that is how many names there are; the most looks of one name", lambda e: len(set(names(e)))),
            ("that is how many names looked more than once; the most looks of one name", lambda e:
             sum(names(e).count(n) > 1 for n in set(names(e)))),
            ("looks of one name need not stand beside each other: count them all", in_a_row),
            ("that is how many looks there were beyond the first of each name; the most looks of one name",
             lambda e: len(e.looks) - len(set(names(e)))),
            ("that counts equal weights; count equal *names*, look[\"experiment\"]", lambda e:
             max(hashes(e, "before").count(h) for h in hashes(e, "before"))),
            ("that is the most, less one: a single look is 1", lambda e:
             max(names(e).count(n) for n in names(e)) - 1),
            ("that is the first name's; the most of any", lambda e: names(e).count(names(e)[0])),
            ("that is the last name's; the most of any", lambda e: names(e).count(names(e)[-1])),
        ],
        "changed": [
            ("these are the looks that left the weights as they were", lambda e: len(e.looks) - changes(e)),
            ("each look has a before and an after of its own; you compare one look with the next", lambda e:
             sum(a["after"] != b["before"] for a, b in zip(e.looks, e.looks[1:]))),
            ("each look has a before and an after of its own; you compare one look with the next", lambda e:
             sum(a["before"] != b["before"] for a, b in zip(e.looks, e.looks[1:]))),
            ("you compare with the first look's weights; each look has a before of its own", lambda e:
             sum(h != hashes(e, "before")[0] for h in hashes(e, "after"))),
            ("how many looks, not what share", lambda e: changes(e) / len(e.looks)),
            ("whether, in place of how many", lambda e: float(changes(e) > 0)),
            ("that is how many different weights there were; at how many looks `before` and `after` differ",
             lambda e: len({*hashes(e, "before"), *hashes(e, "after")})),
            ("the order of the looks counts: not the sets of all hashes", lambda e:
             len({*hashes(e, "after")} - {*hashes(e, "before")})),
        ],
    }  # fmt: skip


NUMBERS = _wrong_numbers()


def _cases_of_images(rng):
    """Pairs (images, others), uint8."""
    a = rng.integers(1, 250, (12, 4, 4, 1)).astype(np.uint8)
    turned, near, half, equal, first = a.swapaxes(1, 2), *(a.copy() for _ in range(4))
    near[:, -1, -1] += 1
    half[:, :2] = rng.integers(0, 250, (12, 2, 4, 1))
    upper = a.copy()
    upper[:, 2:] = rng.integers(0, 250, (12, 2, 4, 1))
    equal[:, 0, 0], equal[:, 1, 1] = equal[:, 0, 0] + 1, equal[:, 1, 1] - 1  # the same sum
    first[:, 1:] = rng.integers(0, 250, (12, 3, 4, 1))
    twice = a[rng.permutation(np.repeat(np.arange(12), 2))]
    cases = [
        (a, a[rng.permutation(12)[:5]]), (a[:5], a), (twice, a[:7]), (a[:6], twice[:9]),
        (a, np.concatenate([turned[:6], a[9:]])), (a, np.concatenate([near[:8], a[8:10]])),
        (a, np.concatenate([half, a[3:5]])), (a, np.concatenate([upper, a[3:5]])), (a, turned), (a, near),
        (a, equal), (a, first),
        (a, a[:0]), (a, a), (a[:1], a[::-1]),
    ]
    colours = rng.integers(0, 256, (9, 3, 5, 3)).astype(np.uint8)
    dark = rng.integers(0, 2, (30, 2, 2, 1)).astype(np.uint8)  # many are equal
    return [*cases, (colours, colours[4:8]), (dark, dark[:4]), (dark[:5], dark[5:12])]


def _mask_of(seen_in, images, others):
    return alone(seen_in, images, others, hints=[("could not be broadcast", BESIDE)])


@check
def seen_in(seen_in, seed):
    cases = _cases_of_images(np.random.default_rng(seed))
    found = []
    for images, others in cases:
        value = run(_mask_of, seen_in, images, others)
        truths = isinstance(value, np.ndarray) and value.dtype.kind == "b" and len(images) != len(others)
        if truths and value.shape == (len(others),):
            beside = [np.array_equal(v, w) for v, w in zip(images, others)]
            turned = np.array_equal(value, _seen_in(others, images))
            assert turned or not np.array_equal(value, beside), BESIDE
            assert False, "you say which of `others` are among `images`; a truth for each of `images`"
        found.append(mask("seen_in", value, len(images)))

    def tell(case, yours, ours):
        off = yours != ours
        what = "is among the others, and you say not" if ours[off][0] else "is not among the others"
        return (f"{len(case[0])} images and {len(case[1])} others, of shape {list(case[0].shape[1:])}: "
                f"{off.sum()} are judged wrongly, at {places(off)}; the first {what}")

    judge(cases, found, [_seen_in(*case) for case in cases], SEEN, tell)
    return "By content: order and duplicates do not matter."


# ------------------------------------------------------------------ the evidence


def _made_up(rng):
    """Experiments of small images, with several faults each."""
    some = rng.integers(0, 256, (200, 3, 3, 1)).astype(np.uint8)
    own, stop, tested, more = some[:20], some[20:32], some[32:62], some[62:]

    def of(rows):
        return rows[rng.permutation(len(rows))]

    def looks(names, changed=()):
        found = []
        for i, name in enumerate(names):
            before = rng.bytes(4).hex()
            after = rng.bytes(4).hex() if i in changed else before
            found.append({"experiment": name, "accuracy": round(float(rng.uniform(0.9, 1)), 3),
                          "before": before, "after": after})
        return found

    one = looks(["a", "b", "a", "c", "b", "a", "d"], (1, 4))
    one[3]["before"] = one[3]["after"] = one[2]["after"]
    fine = Experiment(of(np.concatenate([own, own, own[:3]])), own, stop, tested, looks(["p", "q", "r"]))
    return [
        fine,
        Experiment(of(np.concatenate([own[:15], tested[:4], tested[:2], more[:7], more[:3], stop[:2]])),
                   of(own), of(np.concatenate([stop, tested[9:14], tested[9:11]])), tested, one),
        fine._replace(fitted_on=own[:12], stopped_by=np.concatenate([stop, own[:3], tested[:1]]),
                      looks=looks(["x", "y", "z", "y", "x", "y", "y"], (0, 2, 6))),
        fine._replace(gan_saw=tested[5:13], tested_on=np.concatenate([tested, tested[6:9]]),
                      stopped_by=np.concatenate([stop, tested[7:12]]),
                      looks=looks(["m"] * 3 + ["n"] * 2, range(5))),
    ]


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
            assert other == key or yours == ours or yours != [r[other] for r in right] or (
                [f[other] for f in found] != ours), f"`{key}` and `{other}` are exchanged"

        def tell(case, mine, wanted, key=key):
            return (f"`{key}` of one experiment is {mine:g} by you, {wanted} by us: read its line in the "
                    "list above once more")

        try:
            judge([(case,) for case in cases], yours, ours, NUMBERS[key], tell, np.isclose)
        except AssertionError as error:
            words = str(error)
            raise AssertionError(words if words.startswith(f"`{key}`") else f"`{key}`: {words}") from None
    return "Five numbers, as we count them."


def table(evidence, names="".join(SEALED), must_raise=None):
    """Prints the evidence against each, with ours where yours goes wrong.  No points.

    Below it stands what was predicted: `must_raise` has for each fault the numbers that it raises.
    """
    cases = {name: (suspect(name),) for name in names}
    suspects.table(evidence, cases, _evidence, play, "{:4}".format, lambda a, b: a == b)
    for fault in FAULTS if must_raise is not None else ():
        print(f"{fault} must raise, you wrote: {guessed(must_raise, fault)}")


@check
def verdict(verdict, seed):
    said = returned("verdict", run(call, verdict))
    suspects.sealed(
        said, "".join(SEALED), WORDS, "32dcdc1a6705cb1c", "Ask of each fault which of the five numbers it must "
        "raise, and which it leaves alone; then read the table")
    return "Five are convicted, one is acquitted."
