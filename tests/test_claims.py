"""The claims: complete, honest about their state, and the page equal to the list."""

import json
import re

import pytest

pytest.importorskip("yaml")

from ganedu.experiments import effects, records  # noqa: E402
from tools import claims_page  # noqa: E402

CONTENT = claims_page.load()
CLAIMS = {claim["id"]: claim for group in CONTENT["groups"] for claim in group["claims"]}
IDS = """
    A-arch B-rules A-config A-model A-step A-metrics A-callback A-mirror A-faces A-bedrooms A-mnist
    B-ref D-ref C-ref
    A-dstrong A-collapse A-latent A-crop A-anneal B-layers B-lr B-batch B-keep B-noise B-vbn
    B-deepD B-balance B-smooth B-ideas
    B-cgan B-is B-gap C-js C-wgan
    A-probe A-pool D-size D-probe1 D-probe2 D-same D-base A-arith
    A-hi-width A-hi-depth A-hi-stride A-hi-selu
    A-label B-base B-ratio B-without8 B-confidence B-turn B-once
""".split()


def text_of(place):
    """The Markdown of the page that `file` or `file#label` points to, and the label."""
    page, _, anchor = place.partition("#")
    path = claims_page.BOOK / (page if page.endswith(".md") else f"{page}.ipynb")
    assert path.is_file(), f"{place}: there is no {path.name}"
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    return text, anchor


def checked_there(place):
    """Is there a cell with an assert in the section `file#label`, up to the next of its level?"""
    page, _, anchor = place.partition("#")
    cells = json.loads((claims_page.BOOK / f"{page}.ipynb").read_text("utf-8"))["cells"]
    inside = 0  # the level of its heading
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            if inside and re.search(r"^ *assert ", source, re.M):
                return True
        elif headings := re.findall(r"^(##+) ", source, re.M):
            if f"({anchor})=" in source:
                inside = len(headings[0])
            elif len(headings[0]) <= inside:
                inside = 0
    return False


def test_every_claim_is_there_once():
    listed = [claim["id"] for group in CONTENT["groups"] for claim in group["claims"]]
    assert sorted(listed) == sorted(IDS)


def test_the_page_is_up_to_date():
    there = (claims_page.BOOK / "reports.md").read_text("utf-8")
    assert there == claims_page.page(CONTENT), "run: python -m tools.claims_page"
    for claim in CLAIMS:
        assert there.count(f"({claims_page.label(claim)})=\n") == 1


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_claim_is_complete_and_its_state_has_grounds(claim):
    assert set(claim) <= {"id", "title", "source", "claim", "taught", "where", "note"}
    assert claim.get("taught", True) is True  # false is said by leaving it out
    assert claim["source"].split()[0].strip(",") in CONTENT["reports"]
    assert claim["claim"].rstrip().endswith(".")
    for place in claim.get("where", []):
        text, anchor = text_of(place)
        assert not anchor or f"({anchor})=" in text or f":label: {anchor}\n" in text, place
    if claim.get("taught"):
        assert claim.get("where"), "a taught claim names the chapter that teaches it"
        assert all(checked_there(place) for place in claim["where"]), "and its cells check it"
    if set(claims_page.states(claim)) & set(claims_page.VERDICTS):
        assert claims_page.recorded(claim) and claims_page.tested(claim)
        assert claim.get("note"), "a verdict without a word"


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_only_runs_that_diverged_are_called_so(claim):
    """A run whose metrics have none of the names in SHOWN would be shown as one that diverged."""
    for setting, runs in claims_page.recorded(claim).items():
        shown = any(records.value(run["metrics"], name) is not None for run in runs for name in claims_page.SHOWN)
        assert shown or all("diverged" in run["metrics"] for run in runs), setting


def test_numbers_of_a_claim_are_those_of_its_records(tmp_path, monkeypatch):
    """Recorded is what has records, also of runs that serve two claims; nothing else says so."""
    monkeypatch.setattr(claims_page, "RECORDS", tmp_path)
    assert claims_page.states({"id": "A-step"}) == ["open"] and claims_page.numbers({"id": "A-step"}) is None
    for seed, success in enumerate([0.9, 0.5, None]):
        metrics = {"diverged": "soon"} if success is None else {"success": success}
        record = dict.fromkeys(records.FIELDS) | {
            "claims": ["B-lr", "A-step"], "setting": "fast", "seed": seed, "scale": "quick",
            "measure": "conditional", "metrics": metrics | {"reader_accuracy": 0.99},
        }  # fmt: skip
        records.save(tmp_path, record)
    claim = {"id": "A-step", "taught": True}
    assert claims_page.states(claim) == ["taught", "recorded"] and claims_page.tested(claim) is None
    assert "| fast, quick, 3 runs | success | 0.5, 0.9, 1 diverged | 0.99 |" in claims_page.numbers(claim)
    for path in tmp_path.glob("*/*.json"):
        records.save(tmp_path, json.loads(path.read_text()) | {"metrics": {"diverged": "soon"}})
    assert claims_page.numbers(claim) == (  # and no column for real images where none has a figure
        "| experiment | measure | every run, sorted |\n|---|---|---|\n| fast, quick, 3 runs |  | all diverged |")


def test_a_verdict_is_made_of_the_records(tmp_path, monkeypatch):
    monkeypatch.setattr(claims_page, "RECORDS", tmp_path)
    expected = effects.Expected("B-lr", "cgan-lr-low", "cgan", "success", "lower", "still unclear")
    monkeypatch.setattr(effects, "EXPECTED", (expected,))
    for setting, values in (("cgan", [0.7, 0.8, None]), ("cgan-lr-low", [0.3, 0.2, None])):
        for seed, value in enumerate(values):
            record = dict.fromkeys(records.FIELDS) | {
                "claims": ["B-lr"], "setting": setting, "seed": seed, "scale": "standard",
                "metrics": {"diverged": "soon"} if value is None else {"success": value},
            }  # fmt: skip
            records.save(tmp_path, record)
    claim = {"id": "B-lr", "title": "t", "source": "B 1", "claim": "c."}
    assert claims_page.states(claim) == ["recorded", "reproduced"]
    row = "| still unclear | success: cgan-lr-low 0.2, 0.3; cgan 0.7, 0.8; 2 diverged | -0.5 (-0.804 to -0.196)"
    assert f"{row} | 0.071 | lower, as expected |" in claims_page.entry(claim)
    monkeypatch.setattr(effects, "EXPECTED", (expected._replace(way="none"),))
    assert claims_page.states(claim)[-1] == "not reproduced"
    pairs = expected._replace(against=None, metric="success - other", way="none")
    monkeypatch.setattr(effects, "EXPECTED", (pairs,))
    for path in tmp_path.glob("*/*low*.json"):
        record = json.loads(path.read_text())
        records.save(tmp_path, record | {"metrics": {"success": 0.1 * record["seed"], "other": 0.1}})
    assert "| success - other: cgan-lr-low -0.1, 0, 0.1 | +0 (" in claims_page.entry(claim)


def test_every_report_is_in_the_bibliography():
    bibliography = (claims_page.BOOK / "references.bib").read_text("utf-8")
    for report in CONTENT["reports"].values():
        assert f"{{{report['cite']},\n" in bibliography


def bibliography():
    """(surnames without accents, year) of each entry of references.bib."""
    text = (claims_page.BOOK / "references.bib").read_text("utf-8")
    plain = re.sub(r"\\['\"~^`]|[{}]", "", text)
    for entry in plain.split("\n@"):
        authors = re.search(r"author\s*=\s*(.*?),\n", entry, re.DOTALL)
        year = re.search(r"year\s*=\s*(\d{4})", entry)
        if authors and year:
            people = re.split(r"\s+and\s+", authors[1])
            yield [person.split(",")[0] for person in people], year[1]


def test_every_source_that_is_named_is_in_the_bibliography():
    """`Name et al. 2016` has at least three authors there, `Name and Name 2017` those two."""
    known = list(bibliography())
    assert (["Lim", "Ye"], "2017") in known
    paths = [*(claims_page.BOOK.parent / "ganedu").rglob("*.py"), *claims_page.BOOK.glob("*.md")]
    named = r"([A-Z][\w-]+)\s+(?:et\s+al\.|and\s+([A-Z][\w-]+)),?\s+\(?((?:19|20)\d\d)\b"
    found, missing = 0, []
    for path in paths:
        for first, second, year in re.findall(named, path.read_text("utf-8")):
            found += 1
            if not any(people[0] == first and published == year
                       and (people[1:] == [second] if second else len(people) > 2)
                       for people, published in known):
                missing.append(f"{path.name}: {first} {second or 'et al.'} {year}")
    assert found > 20 and not missing


def test_links_to_claims_lead_somewhere():
    known = {claims_page.label(claim) for claim in CLAIMS}
    for path in [*claims_page.BOOK.glob("*.ipynb"), *claims_page.BOOK.glob("*.md")]:
        for label in re.findall(r"<(claim-[\w-]+)>`", path.read_text("utf-8")):
            assert label in known, f"{path.name}: {label}"
