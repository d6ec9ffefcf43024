"""Lab 4, three generators under suspicion: the checks of Task 5."""

import hashlib

import numpy as np

from .. import measures
from .common import Wrong, array, ask, brief, call, check, play, returned, run
from .lab4_given import digits, mystery
from .lab4_parts import NOT_YOURS, PARTS, _copied, _precision_recall, given


def _ours(images):
    """The three numbers by our functions; and the precision, which goes with the recall."""
    g, f = given(), given().reader.features(images)
    precision, recall = _precision_recall(g.real, f, 5)
    return {"frechet": measures.frechet_distance(f, g.real), "recall": recall,
            "copied": _copied(images, g.seen, g.unseen)}, precision


@check
def evidence(evidence, seed):
    start = int(np.random.default_rng(seed).integers(200, 600))
    mixed = np.concatenate([digits("train", start, 20), given().seen[::5]])  # half of them copies
    for name, images in [("A", mystery("A")), ("digits, half of them copies", mixed)]:
        found = returned("evidence", run(_evidence, evidence, images))
        assert isinstance(found, dict) and set(found) == {"frechet", "recall", "copied"}, (
            f"it gives {brief(found)}; it must be a dictionary with the keys frechet, recall and "
            "copied")
        assert np.ndim(found["recall"]) == 0, (
            "recall is not one number: precision_recall gives a pair, take its second")
        values = {key: float(array(key, value, ())) for key, value in found.items()}
        right, precision = _ours(images)
        assert np.isclose(values["recall"], right["recall"], atol=0.005) or not np.isclose(
            values["recall"], precision, atol=0.005), (
            f"{name}: that is the precision. precision_recall(real, fake, k) gives the pair "
            "(precision, recall); reals come first")
        hints = {"frechet": "all images, their features, against `real`?",
                 "recall": "precision_recall(real, features, 5), the second of the pair?",
                 "copied": "copied(images, seen, unseen), of images and not of features?"}
        for key, value in values.items():
            assert np.isclose(value, right[key], rtol=0.01, atol=0.006), (
                f"{name}: {key} is {value:.4g}, the oracle's {right[key]:.4g}: {hints[key]}")
    return "Three numbers, as an independent implementation has them."


def _takes(name, axes, words):
    """Our version of a measure, which refuses images for features, and features for images."""
    def measure(*arguments):
        for a in arguments:
            if isinstance(a, np.ndarray) and a.ndim != axes:
                raise Wrong(f"evidence: `{name}` takes {words}")
        return PARTS[name](*arguments)
    return measure


def _evidence(evidence, images):
    g = given()
    features = "features, not images: reader.features(images), and `real`, which holds features"
    parts = {"reader": g.reader, "seen": g.seen, "unseen": g.unseen, "real": g.real,
             "copied": _takes("copied", 4, "images, not features: copied(images, seen, unseen)"),
             "frechet_distance": _takes("frechet_distance", 2, features),
             "precision_recall": _takes("precision_recall", 2, features)}
    return call(evidence, images, parts=PARTS | parts, forbidden=NOT_YOURS, hints=[
        ("shape|dimension|broadcast|matmul|unpack", "`real` holds features, 64 an image: "
         "reader.features(images) are those of the images. And precision_recall gives a pair, "
         "recall is its second"),
    ])


def table(evidence, suspects):
    """Prints the evidence against each, with our functions where yours go wrong.  No points."""
    notes, yours = {}, {}
    try:
        for name, images in suspects.items():
            yours[name] = returned("evidence", play(evidence, images))
    except AssertionError as error:  # Wrong is one too
        if "evidence is not written yet" in str(error):
            raise
        yours, notes = {}, {"evidence": str(error)}
    parts = {"frechet": "frechet_distance", "recall": "precision_recall, radii",
             "copied": "copied, neighbour_ratio"}
    for name, images in suspects.items():
        ours, _ = _ours(images)
        for key, value in ours.items():
            found = yours.get(name, ours)
            found = found.get(key) if isinstance(found, dict) else None
            if not (np.isscalar(found) and np.isclose(found, value, rtol=0.01, atol=0.006)):
                notes[key] = (f"(`{key}` with ours, because yours is not right yet: see the checks "
                              f"of {parts[key]} and evidence)")
        print(f"{name:7}", *(f"{key} {value:.3f}" for key, value in ours.items()))
    if "evidence" in notes:
        notes = {"evidence": f"(All with ours, because yours stops: {notes['evidence']})"}
    if notes:
        print(*notes.values(), sep="\n")


WORDS = {"memoriser", "blurry", "collapsed"}


@check
def verdict(verdict, seed):
    said = returned("verdict", ask(verdict))
    assert isinstance(said, dict) and set(said) == set("ABC"), (
        f"it gives {brief(said)}; a dictionary with the keys A, B and C")
    assert set(said.values()) == WORDS, (
        f"you say {sorted(map(str, said.values()))}; each of {sorted(WORDS)} once")
    text = ", ".join(f"{name} {said[name]}" for name in "ABC")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "947b7942044a267e", (
        "not all three are right. Hold the numbers in the table above against those of honest digits. Whose "
        "images are real ones, so that only `copied` is odd? Blur moves mean and covariance of the "
        "features; a few good images a class leave hardly any recall. Which of the two has the "
        "larger `frechet`?")
    return "All three are convicted."
