"""Lab 11, three patients: the checks of Tasks 4 and 5; a cure is tried, and what it did is said."""

from .common import ask, brief, check, returned
from .lab11_patients_given import CAUSES, SEALED, cause_of, checked, seen


@check
def verdict(verdict, seed):
    said = returned("verdict", ask(verdict))
    assert isinstance(said, dict), f"verdict gives {brief(said)}; it is to be a dictionary, an entry for each of P, Q, R"
    for letter in SEALED:
        assert letter in said, f"no verdict on {letter}; the patients are {', '.join(SEALED)}"
        assert said[letter] in CAUSES, (
            f"of {letter} you say {brief(said[letter])}; it must be one of {', '.join(map(repr, CAUSES))}")
    odd = [letter for letter in said if letter not in SEALED]
    assert not odd, f"there is no patient {odd[0]!r}; they are {', '.join(SEALED)}"
    for letter in SEALED:
        assert said[letter] == cause_of(letter), f"{letter}: {_against(said[letter], letter)}"
    return "Three alike at a glance, three causes."


def _against(claim, letter):
    """What the evidence of the run of seed 0 says against a wrong claim, in words; it tells no right one."""
    found = seen(cause_of(letter), 0)
    e = found.evidence
    told = {
        "D stands still": f"a D that stands still is fooled: it would call generated images real. Here d_fake is {e['d_fake']:.2f}",
        "D is too strong": f"a D that is too strong gives generated images next to 0. Here d_fake is {e['d_fake']:.2f}",
        "z says too little": "if it were z alone, D would have its usual part: now right, now wrong. Here d_fake is "
                             f"{e['d_fake']:.2f}, d_real {e['d_real']:.2f}",
        "classes are missing": f"images of the other classes would still differ from each other. Here `spread` is {e['spread']:.2f}",
        "images are copied": "copies of many real images would differ as those do. Here `spread` is "
                             f"{e['spread']:.2f}",
    }  # fmt: skip
    return told[claim]


# ------------------------------------------------------------------ cures


def _cured(letter, cure, seed):
    cure = checked(letter, returned(f"cure_{letter.lower()}", ask(cure)))
    cause = cause_of(letter)
    after = seen(cause, seed, cure)
    ((key, value),) = cure.items()
    if after.names == ("healthy",):  # the patient itself is not trained again
        return "One setting, and the clinic finds nothing any more."
    gone = [n for n in seen(cause, seed).names if n not in after.names]
    what = f"with {key} = {value!r}, seed {seed}, the clinic still says: {after.words}" if not gone else (
        f"with {key} = {value!r}, seed {seed}, {', '.join(gone)!r} is gone, and now it is: {after.words}")
    raise AssertionError(f"{what}. {_why(cause, key, after)}")


def _why(cause, key, after):
    """What that change could not do."""
    e = after.evidence
    d = f"(d_fake {e['d_fake']:.2f})"
    if e["d_fake"] < 0.05 and e["d_real"] > 0.95:
        return f"D is sure of everything {d}, and G learns nothing from it"
    if e["d_fake"] > 0.7:
        return f"D is fooled {d}: what would let it learn?"
    if cause == "z says too little":
        return f"D has its part in the game {d}, so it is not the balance: what do all images come from?"
    if cause == "D is too strong" and key in ("d_learning_rate", "dropout", "smoothing"):
        return f"D is weaker now {d}, and G does not move yet: is it D that is too quick, or G too slow?"
    return f"D has its part in the game now {d}: is a rate too small, or too large, to learn in 96 steps?"


@check
def cure_p(cure_p, seed):
    return _cured("P", cure_p, seed)


@check
def cure_q(cure_q, seed):
    return _cured("Q", cure_q, seed)


@check
def cure_r(cure_r, seed):
    return _cured("R", cure_r, seed)
