"""Lab 5, one knob: the check of Task 5."""

from dataclasses import replace

import numpy as np

from ..experiments import recipes
from . import common
from .common import brief, check, returned, run
from .lab5_parts import NOT_YOURS


def _turned(turned, d_rate, factor):
    """What turned makes of a recipe, what it left that recipe as, and the rates of both: plain values."""
    recipe = replace(recipes.get("cgan-digits", "quick"), d_learning_rate=d_rate)
    made = common.call(turned, recipe, factor, forbidden=NOT_YOURS, hints=[
        ("FrozenInstanceError|cannot assign to field", "a recipe cannot be changed. "
         "replace(recipe, name=value) makes another one"),
        ("unsupported operand type.*NoneType", "d_learning_rate is None where D has G's rate: then "
         "there is nothing to multiply"),
        ("has no attribute 'replace'", "replace is a function: replace(recipe, name=value)"),
        ("unexpected keyword", "the names are those of the recipe: recipe.to_dict() lists them"),
    ])
    whole = isinstance(made, recipes.Recipe)
    return {"made": made.to_dict() if whole else made, "whole": whole, "was": recipe.to_dict(),
            "old": recipe.rates, "new": made.rates if whole else None}


@check
def turned(turned, seed):
    rng = np.random.default_rng(seed)
    cases = ((None, 0.1), (None, float(rng.uniform(2, 9))), (4e-3, 0.25))
    answers = [run(_turned, turned, d_rate, factor) for d_rate, factor in cases]
    for found in answers:
        made, was = returned("turned", found["made"]), found["was"]
        assert found["whole"], f"turned gives {brief(made)}; it must be a recipe: replace(recipe, ...)"
        odd = [name for name in was if name not in ("learning_rate", "d_learning_rate")
               and made[name] != was[name]]
        assert not odd, f"turned changes {', '.join(odd)} too: then nobody knows which knob did it"
        assert found["new"] != found["old"], "turned gives a recipe with the rates that it had"
    assert answers[0]["new"] != answers[1]["new"], "with another factor the rates are the same: is `factor` used?"
    for (d_rate, factor), found in zip(cases, answers):
        _same_rates(found["new"], found["old"], d_rate, factor)
    return "One knob, for both networks, and nothing else."


def _same_rates(given, old, d_rate, factor):
    """Stops with the mistake that explains these rates of G and D."""
    wanted = np.multiply(old, factor)
    right = np.isclose(given, wanted, rtol=1e-6, atol=0)
    if right.all():
        return
    assert not np.allclose(given, np.divide(old, factor), atol=0), (
        "you divide by the factor; the rates are to be multiplied by it")
    assert not np.allclose(given, (factor, factor)), (
        "your rate is the factor itself; it is to be the old rate times factor")
    assert not (d_rate and right[0] and given[1] == d_rate), (
        f"here D has a rate of its own, d_learning_rate {d_rate}: it is to be multiplied "
        "as well, or the knob is turned for G alone")
    assert given[0] != old[0], "G's rate, learning_rate, is what it was"
    near = np.allclose(given, wanted, rtol=0.03, atol=0)
    for name, one, rate, new, good in zip("GD", old, given, wanted, right):
        other = "DG"["GD".index(name)]
        assert good, (
            f"{name}'s rate was {one:.8g}; times {factor:.8g} it is {new:.8g}, yours is {rate:.8g}"
            + (f" ({other}'s is right)" if right.any() else "")
            + (": is it rounded?" if near else ""))
