"""Lab 5: what the recorded knobs did, beside what was predicted."""

from ..measures.intervals import difference
from . import common
from .common import Wrong
from .lab5_given import KNOBS, both
from .lab5_parts import PARTS, _effect, _values
from .lab5_runs import fault, predicted


def compare(prediction, effect, root=None):
    """Prints what each recorded knob did, beside the prediction; ours where yours go wrong.

    A knob without a prediction that its check takes is not shown.
    """
    try:
        said = predicted(prediction)
    except Wrong:
        raise
    except AssertionError as error:
        raise Wrong(str(error)) from None
    notes, held, asked = {}, 0, 0
    for name, knob in KNOBS.items():
        runs, base = both(name, root)
        print(f"{name}: {knob.turned}")
        if min(len(runs), len(base)) < 2:
            print("    no runs yet" if not runs or not base else "    too few runs yet")
            continue
        if words := fault(name, said):
            print(f"    predict it first, then it is shown ({words})")
            continue
        ways = []
        for metric, expected in zip((knob.quality, "gap"), said[name]):
            word = _effect(runs, base, metric)
            if note := _note(effect, runs, base, metric, word):
                notes[note] = True
            print(f"    {metric:15} {_numbers(runs, base, metric)}")
            print(f"    {_interval(runs, base, metric):43} {word:8} you: {expected:6}",
                  "held" if expected == word else "")
            ways.append(word)
            asked, held = asked + 1, held + (expected == word)
        if set(ways) == {"higher", "lower"}:
            print("    quality and gap moved against each other, as report B reads the gap")
        elif ways[0] in ("higher", "lower") and ways[0] == ways[1]:
            print("    quality and gap moved the same way, not as report B reads the gap")
    if asked:
        print(f"{held} of {asked} predictions held.")
    elif not any(min(map(len, both(name, root))) for name in KNOBS):
        print("No runs were found: they are in the folder book/records, beside labs/.")
    print(*notes, sep="\n", end="")


def _numbers(runs, base, metric):
    """All values of both groups, sorted."""
    groups = [sorted(_values(group, metric).values()) for group in (runs, base)]
    return " against ".join(" ".join(f"{v:.3g}" for v in group) or "none" for group in groups)


def _interval(runs, base, metric):
    groups = [list(_values(group, metric).values()) for group in (runs, base)]
    if min(map(len, groups)) < 2:
        return ""
    return f"{len(groups[0])} and {len(groups[1])} seeds: {difference(*groups)}"


def _note(effect, runs, base, metric, word):
    """Whose fault it is if the student's own functions say something else: a line, or ""."""
    def says(parts):
        try:
            return common.call(effect, runs, base, metric, parts=parts, changes=True)
        except AssertionError as error:  # Wrong is one too
            if "effect is not written yet" in str(error):
                raise
            return str(error)

    if says({}) == word:
        return ""
    if says(PARTS) == word:
        return ("(By our functions, because your `call`, or what it asks, is not right yet: see the "
                "checks of Tasks 1 and 2.)")
    return "(By our effect, because yours is not right yet: see its check.)"
