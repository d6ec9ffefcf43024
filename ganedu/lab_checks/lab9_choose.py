"""Lab 9, which latents: the checks of Task 2, and of what a sum should have."""

import numpy as np

from .common import ask, brief, check, returned, run
from .lab7_parts import judge, mask
from .lab9_given import GROUPS, NAMES, SHEET, sheet_read
from .lab9_mistakes import FITTING, TARGETS
from .lab9_parts import _expected, _fits, alone

UNSURE = 0.3  # a face is refused where the probability of what is wanted is lower


def words(wanted):
    """{"smile": True, "beard": False} in words: smile, no beard."""
    return ", ".join(f"{'' if has else 'no '}{name.replace('_', ' ')}" for name, has in wanted.items())


# ------------------------------------------------------------------ by eye


@check
def chosen(chosen, seed):
    said = returned("chosen", ask(chosen))
    assert isinstance(said, dict) and set(said) == set(GROUPS), (
        f"chosen gives {brief(said)}; it must be a dictionary with the keys a, b, c")
    p, seen, against = sheet_read(), {}, []
    for name, wanted in GROUPS.items():
        rows = said[name]
        rows = rows.tolist() if isinstance(rows, np.ndarray) else rows
        assert isinstance(rows, list | tuple) and all(
            isinstance(i, int | np.integer) and not isinstance(i, bool) for i in rows), (
            f"of {name} you give {brief(rows)}; it must be a list of three numbers of faces")
        assert len(rows) == 3, f"of {name} you give {len(rows)} numbers; three"
        for i in rows:
            assert 0 <= i < SHEET, f"there is no face {i}: the sheet has 0 to {SHEET - 1}"
            assert i not in seen, f"face {i} is in {seen[i]} and in {name}; nine faces that differ" if seen[i] != name \
                else f"face {i} is in {name} twice; nine faces that differ"
            seen[i] = name
            for attribute, has in wanted.items():
                sure = float(p[i, NAMES.index(attribute)])
                if (sure if has else 1 - sure) < UNSURE:
                    against.append(f"{i} of {name} ({'no ' if has else ''}{attribute}: {max(sure, 1 - sure):.2f})")
    assert not against, (
        f"the reader would not have chosen {', '.join(against[:4])}{' and more' if len(against) > 4 else ''}. Behind "
        "each stands what it reads there, and how sure it is: look again, or take others")
    unsure = [i for i, name in seen.items() if not _fits(p[i : i + 1], GROUPS[name], NAMES)[0]]
    return "The reader agrees" + (f", though {', '.join(map(str, unsure))} only nearly." if unsure else ".")


# ------------------------------------------------------------------ by the reader


def _fit_cases(rng):
    cases = []
    for names, wanted, n in (
        (("smile", "hat"), {"smile": True}, 6), (("smile", "hat", "beard"), {"hat": True, "smile": False}, 12),
        (NAMES, {"beard": False, "smile": False}, 20), (NAMES, {"long_hair": True, "hat": True, "blush": False}, 40),
        (("hat", "beard", "smile"), {"smile": False}, 8), (NAMES, {"earrings": True, "open_mouth": True}, 25),
    ):
        p = rng.uniform(0.02, 0.98, (n, len(names))).round(2)
        p[: n // 3] = np.where(rng.random((n // 3, len(names))) < 0.5, 0.9, 0.1)
        p[-1, names.index(next(iter(wanted)))] = 0.5
        cases.append((p, wanted, names))
    return cases


@check
def fits(fits, seed):
    cases, found = _fit_cases(np.random.default_rng(seed)), []
    for p, wanted, names in cases:
        value = returned("fits", run(alone, fits, p, wanted, names))
        shape = np.shape(value) if isinstance(value, np.ndarray) else None
        assert shape != (len(p), len(wanted)) and shape != p.shape, (
            "fits gives a truth for each attribute of each face; one for each *face*: are all of them as wanted? "
            ".all(axis=1)")
        found.append(mask("fits", value, len(p), "face"))

    def tell(case, yours, ours):
        p, wanted, names = case
        i = int(np.flatnonzero(yours != ours)[0])
        read = ", ".join(f"{name} {p[i, list(names).index(name)]:.2f}" for name in wanted)
        return (f"wanted: {words(wanted)}. A face with {read} {'fits' if ours[i] else 'does not fit'}, and you say "
                f"{bool(yours[i])}")

    judge(cases, found, [_fits(*case) for case in cases], FITTING, tell)
    return "All that is wanted, and of the rest whatever comes."


# ------------------------------------------------------------------ what a sum should have


def _sums(rng):
    smile, plain, beard = GROUPS.values()
    cases = [
        (smile, plain, beard), (plain, smile, {"smile": True, "beard": True}),
        ({"hat": True}, {"hat": False}, {"smile": True}),
        ({"glasses": True, "smile": True}, {"glasses": False, "smile": True}, {"glasses": False, "smile": False}),
        ({"hat": True, "smile": False, "beard": True}, {"hat": False, "beard": False},
         {"smile": True, "beard": False, "hat": False}),
        ({"blush": False, "hat": True}, {"hat": False, "beard": True}, {"beard": False, "earrings": True}),
    ]
    for _ in range(4):
        a, b, c = ({str(name): bool(rng.random() < 0.5) for name in rng.permutation(NAMES)[:6]} for _ in range(3))
        both = next(iter(set(a) & set(b)))
        b[both] = not a[both]
        cases.append((a, b, c))
    return cases


@check
def expected(expected, seed):
    cases, found = _sums(np.random.default_rng(seed)), []
    for case in cases:
        before = [dict(part) for part in case]
        value = returned("expected", run(_kept, expected, *before))
        assert value["same"], "expected changes a dictionary that it is given: work on a copy, dict(c)"
        value = value["value"]
        assert isinstance(value, dict), f"expected gives {brief(value)}; it must be a dictionary, as a, b and c are"
        for name, has in value.items():
            assert isinstance(has, bool | np.bool_), f"expected says of {name!r} {brief(has)}; True or False"
        found.append({str(name): bool(has) for name, has in value.items()})

    def tell(case, yours, ours):
        a, b, c = map(words, case)
        return f"a: {a}; b: {b}; c: {c}. You expect: {words(yours) or 'nothing'}; it should be: {words(ours)}"

    judge(cases, found, [_expected(*case) for case in cases], TARGETS, tell, lambda x, y: x == y)
    return "As c, but as a where a and b differ."


def _kept(expected, a, b, c):
    """What expected gives, and whether its dictionaries are as they were."""
    given = [dict(part) for part in (a, b, c)]
    value = returned("expected", alone(expected, *given))
    return {"value": value, "same": given == [a, b, c]}
