"""The one table of experiments: `ROWS`.

A row says which claims it speaks to, what is trained, with how many seeds, what is measured
and, if the library must always pass it, by which rules.  A new experiment is a new row:

    Row(("B-smooth",), "smooth-0.9",
        replace(_quick("cgan-digits"), objective=("non_saturating", 0.9)), "conditional")

`python -m ganedu experiments` lists the table, `python -m ganedu reproduce CLAIM` runs what no
record holds yet, `make gates` checks the rules.  None of it needs further code.
"""

import dataclasses
import math
import statistics
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from .. import checks
from ..networks import DiscriminatorConfig, GeneratorConfig
from . import (
    ablations,
    measuring,
    patients,
    portraits,
    probes,
    probing,
    records,
    scalings,
    synthetics,
    teaching,
)
from .recipes import SCALES, Recipe, get

# What a row may measure: functions (gan, recipe) -> the record's metrics.  One may take besides `kept`,
# a file of its own in which a long one keeps what it has found so far, `history`, the run's logs, and
# `diverged`, in words what stopped being a number, or "": only with that it is asked of a run that
# diverged, and then gan is None.
MEASURES = measuring.NAMED | teaching.NAMED | probing.NAMED | portraits.NAMED | patients.NAMED
OVERS = ("each", "all but one", "median", "mean")


class Rule(NamedTuple):
    """What the runs of a row must show.

    metric: as `records.value` takes it.
    over: of "each" run, of "all but one", or of the "median" or "mean" of all runs.
    sign: ">=" or "<=".
    limit: a number; or the setting of another row of the same claim, with "mean" and ">=": the
        mean must not be lower than that row's by more than chance, 2 s sqrt(2/n), s being the
        larger deviation of the two and n the smaller number of runs.
    beside: settings of other rows of the same claim, of as many seeds, whose runs count like its own.
    """

    metric: str
    over: str
    sign: str
    limit: float | str
    beside: tuple = ()

    def __str__(self):
        also = f" (with {', '.join(self.beside)})" if self.beside else ""
        return f"{self.metric}, {self.over} {self.sign} {self.limit}{also}"


@dataclasses.dataclass(frozen=True)
class Row:
    """An experiment.

    Args:
        claims: ids of the claims it speaks to, or "clinic"; records lie in the folder of the first.
        setting: its name, the only one of that name in its claim.
        recipe: what is trained.
        measure: a name in `MEASURES`.
        seeds: how many runs, with the seeds 0, 1, ...
        rules: if it is a gate, what the runs must show.
        minutes: one run takes on two idle cores, measuring included.
        precision: "float32" or "mixed_bfloat16"; None takes what is faster on the machine.
        stand_in: a quick look on smaller networks than the claim's: no verdict, not in the book.
    """

    claims: tuple
    setting: str
    recipe: Recipe
    measure: str
    seeds: int = 5
    rules: tuple = ()
    minutes: float = 1.0
    precision: str | None = None
    stand_in: bool = False

    def __post_init__(self):
        if isinstance(self.claims, str) or not self.claims:
            raise ValueError(f"claims is {self.claims!r}; give a tuple of ids, say ('B-cgan',)")
        checks.choice("measure", self.measure, tuple(MEASURES))
        for rule in self.rules:
            checks.choice("rule.over", rule.over, OVERS)
            checks.choice("rule.sign", rule.sign, (">=", "<="))


def _row(claim, setting, name, scale, measure, *rules, seeds=5, minutes=1.0, precision=None, **changes):
    """A row on one of the named recipes.

    These rows measure the last epoch, so they hold nothing out and train on all images.
    """
    recipe = replace(get(name, scale), **({"held_out": 0} | changes))
    claims = (claim,) if isinstance(claim, str) else claim
    return Row(claims, setting, recipe, measure, seeds, rules, minutes, precision)


_GOOD = Rule("inception_score", "median", ">=", 7.2)
_ALL_CLASSES = Rule("min class_shares", "all but one", ">=", 0.04)

# The pair that chapter 2 mends by hand, and what breaks one more of its rules: {setting: changes}.
# Adam is the recipe's and breaks a rule in all of them but one.
_G, _D = GeneratorConfig(latent_size=32), DiscriminatorConfig()
_RULES = {
    "rule-none": {},
    "rule-adam-kept": {"learning_rate": 2e-4, "beta_1": 0.5},
    "rule-adam-beta": {"beta_1": 0.9},
    "rule-g-norm": {"generator": replace(_G, normalization=None)},
    "rule-g-leaky": {"generator": replace(_G, activation="leaky_relu")},
    "rule-d-norm": {"discriminator": replace(_D, normalization=None)},
    "rule-d-norm-first": {"discriminator": replace(_D, normalize_first=True)},
    "rule-d-relu": {"discriminator": replace(_D, activation="relu")},
    "rule-init": {
        "generator": replace(_G, init_stddev=0.2), "discriminator": replace(_D, init_stddev=0.2),
    },
}  # fmt: skip

ROWS = (
    # Our layers, in bfloat16 where it pays, against Keras's own in float32.
    _row("A-arch", "digits", "digits", "standard", "unconditional", _GOOD, _ALL_CLASSES,
         Rule("inception_score", "mean", ">=", "digits-plain"), minutes=2.2),
    _row("A-arch", "digits-plain", "digits", "standard", "unconditional", _GOOD, _ALL_CLASSES,
         minutes=2.0, precision="float32", layers="keras"),
    # No limit: the book shows what each broken rule costs.  float32, to be the same anywhere.
    *(_row("A-arch", setting, "digits", "quick", "unconditional", seeds=3, minutes=0.7,
           precision="float32", **({"generator": _G, "discriminator": _D} | changes))
      for setting, changes in _RULES.items()),
    _row("B-cgan", "digits-quick", "cgan-digits", "quick", "conditional",
         Rule("success", "each", ">=", 0.95), Rule("min success_per_class", "each", ">=", 0.90),
         minutes=0.5),
    # Too easy to read is off the mark too.
    _row("B-cgan", "fashion-quick", "cgan-fashion", "quick", "conditional",
         Rule("success - reader_accuracy", "each", ">=", -0.05),
         Rule("success - reader_accuracy", "each", "<=", 0.05), minutes=0.5),
    # The ways to tell the label: no limit, the book shows what comes out.
    *(_row("B-cgan", f"digits-{way}", f"cgan-{way}", "quick", "conditional", seeds=3, minutes=0.5)
      for way in ("input", "every_layer", "projection", "head")),
    _row("B-cgan", "mnist", "cgan-mnist", "standard", "gan_train",
         Rule("gan_train", "median", ">=", 0.955), minutes=6.0),
    # Five GANs, each asked five times: which differences of two seeds are no chance?
    _row(("B-is", "D-size"), "digits-again", "cgan-digits", "quick", "again", minutes=0.8),
    # The same training on fewer of the 10,000 digits, for as many steps.
    _row("D-size", "digits-40", "cgan-digits", "quick", "conditional", n_images=40, minutes=0.5),
    _row("D-size", "digits-400", "cgan-digits", "quick", "conditional", n_images=400, seeds=3,
         minutes=0.5),
    *(Row(**row) for row in ablations.rows()),
    *(Row(**row) for row in (*synthetics.rows(), *probes.rows(), *scalings.rows())),
    *(Row(**row | {"rules": tuple(Rule(*rule) for rule in row["rules"])}) for row in patients.rows()),
)  # fmt: skip


def find(claim=None, setting=None, scale=None, rows=None):
    """The rows of the table that are asked for, in its order.

    Raises:
        ValueError: if there is none; names what there is.
    """
    rows = ROWS if rows is None else rows
    if scale is not None:
        checks.choice("scale", scale, SCALES)
    for name, asked, known in (
        ("claim", claim, {c for row in rows for c in row.claims}),
        ("setting", setting, {r.setting for r in rows if claim is None or claim in r.claims}),
    ):
        if asked is not None and asked not in known:
            raise ValueError(
                f"{name} is {asked!r}; experiments are there for {', '.join(sorted(known))}"
            )
    found = [
        row for row in rows
        if claim in (None, *row.claims) and setting in (None, row.setting)
        and scale in (None, row.recipe.scale)
    ]  # fmt: skip
    if not found:
        has = sorted({r.recipe.scale for r in rows if claim in (None, *r.claims)})
        raise ValueError(f"no such experiment at scale {scale!r}; there are some at {', '.join(has)}")
    return found


def recorded(row, root):
    """The row's records by seed: {seed: record}."""
    found = records.by_setting(root, row.claims[0]).get(row.setting, [])
    return {record["seed"]: record for record in found}


def differs(row, record):
    """Names of the settings in which a record's run was not what the row says now."""
    kept, now = Recipe.from_dict(record["recipe"]), row.recipe
    names = [f.name for f in dataclasses.fields(Recipe) if f.name not in ("name", "note", "claim")]
    changed = [name for name in names if getattr(kept, name) != getattr(now, name)]
    if row.precision not in (None, record["precision"]):
        changed.append("precision")
    if row.measure != record["measure"]:
        changed.append("measure")
    return changed


def check(rows, root):
    """Whether the recorded runs keep the rules: (row, rule, values sorted, kept) for each rule.

    A rule of a row whose runs are not all recorded, or one of whose runs diverged, is broken.
    """
    results = []
    for row in rows:
        for rule in row.rules:
            found = [recorded(replace(row, setting=s), root) for s in (row.setting, *rule.beside)]
            complete = all(set(range(row.seeds)) <= set(runs) for runs in found)
            values = [records.value(run["metrics"], rule.metric) for runs in found for run in runs.values()]
            good = sorted(v for v in values if v is not None)
            other = None
            if isinstance(rule.limit, str):
                runs = records.load(root, row.claims[0], rule.limit)
                other = [records.value(run["metrics"], rule.metric) for run in runs]
                if None in other:
                    good = []
            kept = complete and len(good) == len(values) and _kept(rule, good, other)
            results.append((row, rule, good, kept))
    return results


def _kept(rule, values, other):
    def holds(value, limit):
        return value >= limit if rule.sign == ">=" else value <= limit

    if other is not None:
        spread = max(np.std(values, ddof=1), np.std(other, ddof=1))
        room = 2 * spread * math.sqrt(2 / min(len(values), len(other)))
        return holds(statistics.mean(values), statistics.mean(other) - room)
    if rule.over in ("median", "mean"):
        return holds(getattr(statistics, rule.over)(values), rule.limit)
    return sum(not holds(v, rule.limit) for v in values) <= (rule.over == "all but one")
