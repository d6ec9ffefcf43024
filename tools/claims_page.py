"""Write book/reports.md, *What the reports say*, from book/claims.yml and book/records/.

    python -m tools.claims_page
"""

from collections import Counter
from pathlib import Path

import yaml

from ganedu.experiments import effects, records

BOOK = Path(__file__).resolve().parents[1] / "book"
RECORDS = BOOK / "records"
VERDICTS = {"reproduced": "success", "not reproduced": "danger", "different": "warning"}
BADGES = {"taught": "primary", "recorded": "info", "open": "secondary"} | VERDICTS
# What the page calls a metric.
METRICS = {
    "gan_train": "GAN-train", "success": "success", "min success_per_class": "weakest class",
    "inception_score": "Inception score", "min class_shares": "rarest class",
    "frechet_coarse": "Frechet distance of pixels", "gap": "D(x) - D(G(z))",
    "sure": "share that is read surely", "last g_loss": "G's loss at the end",
    "frechet": "Frechet distance", "8 success_per_class": "success of 8",
    "9 success_per_class": "success of 9", "spread": "distance within a class",
    "accuracy.real": "taught by real images", "accuracy.made": "by synthetic ones alone",
    "accuracy.all": "read from D's features", "accuracy.untrained": "from those of D untrained",
    "mnist.accuracy.all": "digits read from D's features",
    "fashion_mnist.accuracy.all": "clothes read from D's features",
    "off": "attribute that is off most", "evidence.spread": "variety, 1 as real faces",
    "first val_frechet_faces": "distance after an epoch",
    "sums.smile.success.mean": "sums with smile and beard",
    **{f"sums.smile.success.mean - sums.smile.success.{other}": f"sums with smile and beard, less {words}"
       for other, words in (("chance", "chance"), ("any", "any direction"), ("one", "single latents"))},
}  # fmt: skip
# What of a record's metrics the page shows: the first two that it has.
SHOWN = ("gan_train", "success", "min success_per_class", "inception_score", "min class_shares",
         "frechet_coarse", "accuracy.real", "accuracy.made", "accuracy.all", "accuracy.untrained",
         "mnist.accuracy.all", "fashion_mnist.accuracy.all", "sums.smile.success.mean", "frechet", "off")  # fmt: skip

HEAD = """\
<!-- Made from claims.yml and records/ by `python -m tools.claims_page`: change those, not this. -->
(reports)=
# What the reports say

This book teaches GANs along five reports that students wrote about their own. The reports claim
much: settings that work, figures, reasons. Some of it is right, some cannot be, and most has never
been checked. Each claim has a name here and keeps it, so that chapters, records and tests can point
to it.

{bdg-primary}`taught` explained and built in a chapter, and checked by its cells.
{bdg-info}`recorded` measured by us: every run is below, sorted, beside what real images get.
{bdg-success}`reproduced`, {bdg-danger}`not reproduced`, {bdg-warning}`different`: what our runs say to what
the report leads to expect: all of it was found, nothing, or a part. Of an effect, the table gives the
difference of the means with its 95% interval; it is called none unless the interval leaves out 0 and the
difference is larger than the spread of seeds. Of twenty effects that are not there, such an interval finds one.
{bdg-secondary}`open` none of these yet.

The runs of a claim can be repeated: {ref}`repeat-an-experiment`.
"""


def load():
    """The content of claims.yml."""
    return yaml.safe_load((BOOK / "claims.yml").read_text("utf-8"))


def label(claim_id):
    """The anchor of a claim: {ref}`A-arch <claim-a-arch>` links to it."""
    return f"claim-{claim_id.lower()}"


def recorded(claim):
    """Its records, by setting: {setting: records sorted by seed}."""
    return records.by_setting(RECORDS, claim["id"])


def states(claim):
    """What the badges of a claim say."""
    found = ["taught"] * bool(claim.get("taught")) + ["recorded"] * bool(recorded(claim))
    verdict = effects.verdict(claim["id"], RECORDS)
    return [*found, *([verdict] if verdict else [])] or ["open"]


def badges(claim):
    return " ".join(f"{{bdg-{BADGES[state]}}}`{state}`" for state in states(claim))


def tested(claim):
    """A table of what the report leads to expect of our runs, and what they show; or None."""
    rows = []
    for found in effects.found(claim["id"], RECORDS):
        e, d = found.expected, found.difference
        metric = METRICS.get(e.metric, e.metric.replace("_", " "))
        values = [", ".join(f"{v:.3g}" for v in group) for group in (found.values, found.against)]
        against = f"; {e.against} {values[1]}" if e.against else ""
        lost = f"; {found.diverged} diverged" if found.diverged else ""
        difference, spread = ("", "") if d is None else (str(d), f"{d.spread:.2g}")
        rows.append(
            f"| {e.says} | {metric}: {e.setting} {values[0]}{against}{lost} "
            f"| {difference} | {spread} | {found.way}{', as expected' if found.met else ''} |"
        )
    if rows:
        head = ["| expected | every run, sorted | difference (95%) | spread of seeds | effect |",
                "|---|---|---|---|---|"]  # fmt: skip
        return "\n".join(head + rows)


def numbers(claim):
    """A table of all recorded runs of a claim, each row's values sorted; or None."""
    rows = []
    for setting, runs in recorded(claim).items():
        count = f"{len(runs)} run{'s' * (len(runs) > 1)}"
        seeds = f"{setting}, {runs[0]['scale']}, {count}"
        found = {metric: [records.value(run["metrics"], metric) for run in runs] for metric in SHOWN}
        found = {metric: values for metric, values in found.items() if set(values) != {None}}
        for metric, values in list(found.items())[:2]:
            lost = values.count(None)
            values = ", ".join(f"{v:.4g}" for v in sorted(v for v in values if v is not None))
            reals = (records.real_value(run["metrics"], metric) for run in runs)
            real = next((value for value in reals if value is not None), None)
            lost = f", {lost} diverged" if lost else ""
            rows.append((seeds, METRICS[metric], values + lost, "" if real is None else f"{real:.4g}"))
            seeds = ""
        if all("diverged" in run["metrics"] for run in runs):
            rows.append((seeds, "", "all diverged", ""))
    if rows:
        head = ("experiment", "measure", "every run, sorted", "real images")
        filled = len(head) if any(row[-1] for row in rows) else len(head) - 1
        lines = [f"| {' | '.join(cells[:filled])} |" for cells in (head, *rows)]
        return "\n".join([lines[0], "|" + filled * "---|", *lines[1:]])


def link(place):
    """A link to `file` or `file#label`; the page's build puts a section's title in `[]`."""
    page, _, anchor = place.partition("#")
    if not page[:2].isdigit():
        return f"[{page}]({page})" if not anchor else f"[](#{anchor})"
    chapter = f"chapter {int(page[:2])}"
    if not anchor:
        return f"[{chapter}]({page}.ipynb)"
    return f"[{'an exercise' if anchor.startswith('ex-') else ''}](#{anchor}) in {chapter}"


def entry(claim):
    lines = [f"({label(claim['id'])})=", f"**{claim['id']}: {claim['title']}** {badges(claim)}",
             f"*Report {claim['source']}.* {claim['claim']}"]
    if claim.get("note"):
        lines.append(f"*Our note.* {claim['note']}")
    if table := tested(claim):
        lines.append(table)
    if table := numbers(claim):
        lines += [table, f"Repeat them: `python -m ganedu reproduce {claim['id']} --again`"]
    if claim.get("where"):
        lines.append(f"See {', '.join(dict.fromkeys(map(link, claim['where'])))}.")
    return lines[0] + "\n" + "\n\n".join(lines[1:])


def page(content):
    """The text of reports.md."""
    claims = [claim for group in content["groups"] for claim in group["claims"]]
    count = Counter(state for claim in claims for state in states(claim))
    counts = ", ".join(f"{count[state]} {state}" for state in BADGES if count[state])
    reports = [f"* **{letter}**: {report['name']} {{cite}}`{report['cite']}`"
               for letter, report in content["reports"].items()]
    parts = [HEAD.rstrip(), "\n".join(reports), f"There are {len(claims)} claims: {counts}."]
    for group in content["groups"]:
        rows = [f"| {{ref}}`{c['id']} <{label(c['id'])}>` | {c['title']} | {c['source']} | {badges(c)} |"
                for c in group["claims"]]
        table = "\n".join(["| claim | about | report | state |", "|---|---|---|---|", *rows])
        parts += [f"## {group['title']}", table, *map(entry, group["claims"])]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    (BOOK / "reports.md").write_text(page(load()), "utf-8")
