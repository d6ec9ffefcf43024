"""The contributors' page: its code runs, from top to bottom, and its parts are those there are."""

import re
from pathlib import Path

import pytest

from ganedu.game import terms

PAGE = (Path(__file__).parents[1] / "book" / "contributing.md").read_text()


def test_the_example_works(monkeypatch):
    monkeypatch.setattr(terms, "NAMED", dict(terms.NAMED))  # the page adds a name
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    assert len(blocks) >= 4
    names = {}
    for block in blocks:
        exec(compile(block, "contributing.md", "exec"), names)
    assert "r1" in terms.NAMED and names["gan"].terms[0].gamma == 0.1
    with pytest.raises(ValueError, match="gamma is 0"):
        names["R1"](0)
