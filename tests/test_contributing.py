"""The contributors' page: its code runs, from top to bottom, and its parts are those there are."""

import ast
import importlib
import inspect
import re
import textwrap
from pathlib import Path

import keras
import pytest

from ganedu.game import terms
from tools import draw_ways

PAGE = (Path(__file__).parents[1] / "book" / "contributing.md").read_text()
WAYS = draw_ways.load()


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


# ------------------------------------------------------------------ the two pictures


def found(name):
    """The thing below ganedu that a box names: module, then class, function or method."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(["ganedu", *parts[:end]]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            thing = getattr(thing, part)
        return thing
    raise AssertionError(f"nothing is called {name}")


def names_in(thing):
    """Every name and attribute in the code of a function, class or method."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(thing)))
    return {getattr(node, "id", None) or getattr(node, "attr", None) for node in ast.walk(tree)}


@pytest.mark.parametrize("way", WAYS, ids=[way["file"] for way in WAYS])
def test_a_way_is_borne_out_by_the_code(way):
    """Each box exists; along each arrow one of the two names the other; the arrows reach all."""
    boxes = [name for name, _ in way["boxes"]]
    things = {name: found(name) for name in boxes}
    assert all(callable(thing) for thing in things.values())
    for start, end, _, *how in way["arrows"]:
        if how == ["keras"]:  # Keras's fit calls the step that a model has overridden
            assert issubclass(found("gan.GAN"), keras.Model) and "super" in names_in(things[start])
            assert things[end] is not getattr(keras.Model, end.split(".")[-1])
        elif how:  # the object is held in an attribute of that name
            assert how[0] in names_in(things[start]) | names_in(things[end])
        else:
            assert (end.split(".")[-1] in names_in(things[start])
                    or start.split(".")[-1] in names_in(things[end])), (start, end)
        assert boxes.index(start) < boxes.index(end), "from top to bottom"
    ends = {end for _, end, *_ in way["arrows"]}
    assert [name for name in boxes if name not in ends] == boxes[:1], "one beginning, no island"


@pytest.mark.parametrize("way", WAYS, ids=[way["file"] for way in WAYS])
def test_a_way_is_drawn_and_told(way):
    """The picture is the one that the tool draws, and its alternative text names each box."""
    assert draw_ways.file(way).read_text("utf-8") == draw_ways.draw(way), "python -m tools.draw_ways"
    alt = re.search(rf"images/{way['file']}\.svg\n:alt: (.*)\n", PAGE)[1]
    for name, _ in way["boxes"]:
        assert name.split(".")[-1] in alt
