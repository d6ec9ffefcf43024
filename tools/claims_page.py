"""Write book/reports.md, the page *What the reports say*, from book/claims.yml.

    python -m tools.claims_page
"""

from pathlib import Path

import yaml

BOOK = Path(__file__).resolve().parents[1] / "book"
STATES = {"taught": "success", "recorded": "info", "open": "secondary"}

HEAD = """\
<!-- Made from claims.yml by `python -m tools.claims_page`: change that file, not this one. -->
(reports)=
# What the reports say

This book teaches GANs along five reports that students wrote about their own. The reports claim
much: settings that work, figures, reasons. Some of it is right, some cannot be, and most has never
been checked. Each claim has a name here and keeps it, so that chapters, records and tests can point
to it.

{bdg-success}`taught` explained and built in a chapter, and checked by its cells.
{bdg-info}`recorded` measured by us; the page shows the runs.
{bdg-secondary}`open` not yet, or only in part.
"""


def load():
    """The content of claims.yml."""
    return yaml.safe_load((BOOK / "claims.yml").read_text("utf-8"))


def label(claim_id):
    """The anchor of a claim: {ref}`A-arch <claim-a-arch>` links to it."""
    return f"claim-{claim_id.lower()}"


def badge(state):
    return f"{{bdg-{STATES[state]}}}`{state}`"


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
    lines = [f"({label(claim['id'])})=", f"**{claim['id']}: {claim['title']}** {badge(claim['state'])}",
             f"*Report {claim['source']}.* {claim['claim']}"]
    if claim.get("note"):
        lines.append(f"*Our note.* {claim['note']}")
    if claim.get("where"):
        lines.append(f"See {', '.join(dict.fromkeys(map(link, claim['where'])))}.")
    return lines[0] + "\n" + "\n\n".join(lines[1:])


def page(content):
    """The text of reports.md."""
    claims = [claim for group in content["groups"] for claim in group["claims"]]
    counts = ", ".join(
        f"{sum(claim['state'] == state for claim in claims)} {state}" for state in STATES
    )
    reports = [f"* **{letter}**: {report['name']} {{cite}}`{report['cite']}`"
               for letter, report in content["reports"].items()]
    parts = [HEAD.rstrip(), "\n".join(reports), f"There are {len(claims)} claims: {counts}."]
    for group in content["groups"]:
        rows = [f"| {{ref}}`{c['id']} <{label(c['id'])}>` | {c['title']} | {c['source']} | {badge(c['state'])} |"
                for c in group["claims"]]
        table = "\n".join(["| claim | about | report | state |", "|---|---|---|---|", *rows])
        parts += [f"## {group['title']}", table, *map(entry, group["claims"])]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    (BOOK / "reports.md").write_text(page(load()), "utf-8")
