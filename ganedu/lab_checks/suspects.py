"""What the labs with suspects share: evidence of several numbers, a table of it, a sealed verdict."""

import hashlib

import numpy as np

from .common import brief, returned


def number(value):
    """One number, as it may come: Python's, NumPy's, or an array of no axes."""
    found = np.asarray(None if isinstance(value, list | tuple | dict | str) else value)
    assert found.shape == () and found.dtype.kind in "fiub", (
        f"gives {'nothing (None)' if value is None else brief(value)}; one number is wanted")
    return float(found)


def keyed(value, keys):
    """Refuses what is no dictionary with these keys."""
    names = ", ".join(keys)
    assert isinstance(value, dict), f"it gives {brief(value)}; it must be a dictionary with the keys {names}"
    odd = [f"`{key}` is missing" for key in keys if key not in value]
    odd += [f"`{key}` is not asked for" for key in value if key not in list(keys)]
    assert not odd, f"the keys are {names}: {', '.join(odd)}"


def table(evidence, cases, ours, play, cell, same=np.isclose):
    """Prints the evidence against each suspect, with ours where the student's goes wrong.  No points.

    Args:
        evidence: the student's function.
        cases: {name of a suspect: the arguments of `evidence` for it}.
        ours: what gives the right evidence for these arguments, {key: number}.
        play: calls a function of the student's, as the lab does.
        cell: value -> its text.
        same: are two numbers the same?
    """
    notes = {}
    for name, given in cases.items():
        right = ours(*given)
        try:
            yours = returned("evidence", play(evidence, *given))
        except AssertionError as error:  # Wrong is one too
            if "evidence is not written yet" in str(error):
                raise
            notes["evidence"], yours = f"(All with ours, because yours stops: {error})", right
        for key, value in right.items():
            try:
                agrees = same(number(yours[key]), value)
            except (AssertionError, KeyError, TypeError):  # no number, no such key, no dictionary
                agrees = False
            if not agrees:
                notes[key] = f"(`{key}` with ours, because yours is not right yet: see its check)"
        print(name, "  ", "   ".join(f"{key} {cell(value)}" for key, value in right.items()))
    if notes:
        print(*([notes["evidence"]] if "evidence" in notes else notes.values()), sep="\n")


def sealed(said, letters, words, digest, tip):
    """Refuses a verdict that is not the one of which `digest` is the SHA-256's beginning.

    Args:
        said: {letter of a suspect: word}.
        letters, words: what may stand there; each word once.
        digest: 16 digits.  tip: what to look at, if not all are right.
    """
    assert not (isinstance(said, dict) and said and set(said) <= words), (
        "keys and values are exchanged: from the letters, \"A\" and so on, to the words")
    keyed(said, letters)
    left = [name for name in letters if said[name] is ...]
    assert not left, f"`...` still stands at {', '.join(left)}"
    strange = [brief(word) for word in said.values() if word not in list(words)]
    assert not strange, f"{', '.join(strange)} is none of the words {sorted(words)}"
    given = list(said.values())
    twice = sorted({word for word in given if given.count(word) > 1})
    assert not twice, f"each word stands once; more than once you have {', '.join(twice)}"
    text = ", ".join(f"{name} {said[name]}" for name in letters)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == digest, f"not all are right. {tip}"
