"""The benchmarks: their arithmetic, and loops in a process of their own.  Nothing is timed."""

import re
import sys
from functools import partial

import pytest

from benchmarks import measures, speed

STUB = """
import sys
print("stub 1.0", flush=True)
for line in sys.stdin:
    name, steps = line.split()
    if name == "fatal":
        sys.exit(3)
    print(len(name) + int(steps) / 100, flush=True)
"""


@pytest.fixture
def elsewhere():
    process = speed.Elsewhere([sys.executable, "-c", STUB])
    yield process
    process.close()


def test_a_process_of_its_own_greets_and_takes_turns(elsewhere):
    assert elsewhere.greeting == "stub 1.0"
    assert [elsewhere.train(*turn) for turn in (("ab", 7), ("abc", 16))] == [2.07, 3.16]


def test_a_process_that_dies_is_named(elsewhere):
    with pytest.raises(RuntimeError, match="ended with exit code 3"):
        elsewhere.train("fatal", 1)
    with pytest.raises(RuntimeError, match="ended with exit code 4"):
        speed.Elsewhere([sys.executable, "-c", "raise SystemExit(4)"])


def test_measure_gives_every_loop_its_turns(elsewhere):
    calls = []
    loops = {"here": lambda steps: calls.append(steps), "there": partial(elsewhere.train, "x")}
    seconds, others = speed.measure(loops, steps=3, rounds=2)
    assert calls == [speed.peers.WARM_UP, 3, 3]
    assert {name: len(times) for name, times in seconds.items()} == {"here": 2, "there": 2}
    assert min(min(times) for times in seconds.values()) > 0
    assert len(others) in (0, 4) and min(others, default=0) >= 0


def test_summary_by_hand():
    seconds = {
        "tutorial, float32": [0.4, 0.8, 0.4],
        "tutorial, mixed_bfloat16": [0.2, 0.4, 0.4],
        "ours": [0.1, 0.4, 0.2],
    }
    row = speed.summary(seconds)["ours"]
    assert row["ms_per_step"] == 200 and row["images_per_s"] == 5 * speed.BATCH
    assert row["fastest_ms_per_step"] == 100
    assert row["against_float32"] == 2  # of 4, 2, 2
    assert row["fastest_against_float32"] == 4
    assert row["against_mixed_bfloat16"] == 2  # of 2, 1, 2
    assert row["fastest_against_mixed_bfloat16"] == 2


def test_pytorch_is_left_out_where_it_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert speed.pytorch(None, None) is None
    assert speed.pytorch(None, tmp_path / "nowhere") is None


def test_the_measures_are_all_taken(monkeypatch, capsys):
    for name in ("SAMPLES", "REFERENCE", "TRAINING"):
        monkeypatch.setattr(measures, name, 300)
    monkeypatch.setattr(measures.data, "find", lambda name: None)  # the bundled digits
    measures.main()
    assert re.findall(r"(?m)^ +\d+\.\d +\d+\.\d  ([A-Za-z].*)$", capsys.readouterr().out) == [
        "reading the images", "success rate", "Inception score", "Frechet distance",
        "Frechet distance by class", "precision to coverage", "copies", "score: all of these",
    ]  # fmt: skip


@pytest.mark.slow
def test_a_step_of_a_road_is_timed(capsys, monkeypatch):
    from benchmarks import faces

    monkeypatch.setattr(faces, "draw", lambda: 1.0)
    faces.main(rounds=1, sizes=(32,))
    said = capsys.readouterr().out
    assert re.search(r"32 depth +\d+ ms a step,  1.00 of the deep road's; peak \d\.\d\d GiB", said), said
