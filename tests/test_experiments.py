"""Experiments are data: a table, records that hold all that was trained, rules over them."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from ganedu import cli, data
from ganedu.experiments import jobs, measuring, recipes, records, runs, sweeps
from ganedu.networks import DiscriminatorConfig, GeneratorConfig

BOOK = Path(__file__).parents[1] / "book" / "records"
TINY = sweeps.Row(
    ("A-arch", "A-model"), "tiny",
    recipes.Recipe(
        name="tiny", scale="quick", data="digits", epochs=3, batch_size=250,
        generator=GeneratorConfig(latent_size=4, projection=(7, 7, 4), filters=(4,), kernel_sizes=3),
        discriminator=DiscriminatorConfig(filters=(4, 4), kernel_sizes=3),
    ),
    "pixels", seeds=1, precision="float32",
    rules=(sweeps.Rule("frechet_coarse", "each", ">=", 0.0),),
)  # fmt: skip


def reproduce(folder, again=False, **options):
    """What `jobs.reproduce` says and gives."""
    said = []
    gives = jobs.reproduce(
        [TINY], folder / "records", folder / "work", again=again, say=said.append, **options
    )
    return gives, "\n".join(said)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A folder with a record of TINY, made by one run on two threads."""
    folder = tmp_path_factory.mktemp("reproduce")
    (done, failed), said = reproduce(folder, jobs=1)
    assert (done, failed) == (1, []), said
    return folder


@pytest.mark.slow
def test_a_record_holds_all_that_was_trained(recorded):
    (record,) = records.load(recorded / "records", "A-arch")
    assert records.load(recorded / "records", "A-model") == [record]  # a run may serve two claims
    assert recipes.Recipe.from_dict(record["recipe"]) == TINY.recipe
    assert record["precision"] == "float32" and record["threads"] == jobs.cores()
    assert record["metrics"]["samples"] == measuring.PIXEL_SAMPLES
    assert len(record["curves"]["g_loss"]) == 3 and record["film"].exists()
    assert record["command"] == "python -m ganedu reproduce A-arch --setting tiny"
    ((row, rule, values, kept),) = sweeps.check([TINY], recorded / "records")
    assert kept and values == [record["metrics"]["frechet_coarse"]]
    assert sweeps.differs(TINY, record) == []
    assert reproduce(recorded)[0] == (0, [])  # nothing is missing


@pytest.mark.slow
def test_again_trains_what_the_record_says_and_gets_the_same(recorded):
    """Bit for bit, with the record's threads, on a call that would choose others."""
    path = records.path(recorded / "records", "A-arch", "tiny", 0)
    before = path.read_bytes()
    other = dataclasses.replace(TINY, recipe=dataclasses.replace(TINY.recipe, learning_rate=0.1))
    said = []
    options = {"again": True, "jobs": 2 * jobs.cores(), "say": said.append}
    jobs.reproduce([other], recorded / "records", recorded / "again", **options)
    assert any(jobs.EQUAL in line for line in said), said
    assert path.read_bytes() == before
    a, b = (np.load(recorded / w / "A-arch/tiny-seed0/checkpoints/last.npz") for w in ("work", "again"))
    assert a.files == b.files and all((a[name] == b[name]).all() for name in a.files)


STARTER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_experiments import reproduce
reproduce(Path(sys.argv[2]), jobs=1)
"""


@pytest.mark.slow
def test_killed_with_kill_9_and_resumed(recorded, tmp_path):
    """Whoever starts the runs is killed: the run ends too, and goes on when asked again."""
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(Path(__file__).parent), str(tmp_path)]
    )
    run = tmp_path / "work" / "A-arch" / "tiny-seed0"
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and starter.poll() is None:
        if (run / "checkpoints" / "last.npz").exists():
            break
        time.sleep(0.002)
    starter.send_signal(signal.SIGKILL)
    assert starter.wait(60) == -signal.SIGKILL
    for _ in range(100):  # the orphan notices, and lets go of its run
        try:
            with runs.Run(run).lock():
                break
        except RuntimeError:
            time.sleep(0.1)
    assert 1 <= runs.Run(run).epochs_done < 3 and not (run / "record.json").exists()
    assert not list((tmp_path / "records").glob("*/*"))
    (done, failed), said = reproduce(tmp_path)  # with other threads, were it to choose
    assert (done, failed) == (1, []), said
    assert "going on to 3" in (run / "log.txt").read_text()
    a, b = (records.load(f / "records", "A-arch")[0] for f in (recorded, tmp_path))
    assert a["metrics"] == b["metrics"] and a["curves"] == b["curves"]


@pytest.mark.slow
def test_a_dask_cluster_makes_the_same_records(recorded, tmp_path):
    """The lines of the contributors' page, on a cluster of one process of this machine."""
    joblib, distributed = pytest.importorskip("joblib"), pytest.importorskip("distributed")
    options = {"n_workers": 1, "threads_per_worker": 2, "dashboard_address": None}
    with (
        distributed.LocalCluster(local_directory=tmp_path / "dask", **options) as cluster,
        distributed.Client(cluster) as client,
        joblib.parallel_config(backend="dask"),
    ):
        (done, failed), said = reproduce(tmp_path, jobs=-1)
        (worker,) = client.run(os.getpid).values()
    assert (done, failed) == (1, []), said
    log = (tmp_path / "work" / "A-arch" / "tiny-seed0" / "log.txt").read_text()
    assert f"started by {worker}\n" in log  # the worker, not this process
    (record,) = records.load(tmp_path / "records", "A-arch")
    assert record["threads"] == 1 and record["film"].exists()
    assert record["recipe"] == records.load(recorded / "records", "A-arch")[0]["recipe"]


def test_a_run_that_fails_is_named_and_the_others_go_on(tmp_path, monkeypatch):
    def one(task):
        return (task, None, None, "ValueError: no luck") if task["seed"] == 0 else made(task)

    def made(task):
        return task, RECORD | {"claims": ["A-arch"], "setting": "tiny", "seed": task["seed"]}, b"", ""

    monkeypatch.setattr(jobs, "one", one)
    (done, failed), said = reproduce(tmp_path, seeds=3, jobs=2)
    assert done == 2 and failed == ["tiny seed 0: ValueError: no luck"] and failed[0] in said
    assert [r["seed"] for r in records.load(tmp_path / "records", "A-arch")] == [1, 2]
    with pytest.raises(ValueError, match="jobs is 0"):
        reproduce(tmp_path, jobs=0)


RECORD = {
    "claims": ["A-arch"], "setting": "x", "seed": 1, "scale": "quick", "recipe": {},
    "precision": "float32", "threads": 1, "measure": "pixels", "metrics": {}, "curves": None,
    "seconds": {}, "memory": 0.5, "versions": {}, "machine": {}, "commit": "", "command": "",
}  # fmt: skip


def leave(root, metrics, setting="x"):
    """A record for each of the metrics."""
    for seed, values in enumerate(metrics):
        records.save(root, RECORD | {"setting": setting, "seed": seed, "metrics": values})


def test_records_come_back_sorted(tmp_path):
    for setting, seed in [("y", 0), ("x", 10), ("x", 2)]:
        strip = np.zeros((3, 4, 1), "uint8")
        records.save(tmp_path, RECORD | {"setting": setting, "seed": seed}, strip)
    found = records.load(tmp_path, "A-arch")
    assert [(r["setting"], r["seed"]) for r in found] == [("x", 2), ("x", 10), ("y", 0)]
    assert [r["seed"] for r in records.load(tmp_path, "A-arch", "x")] == [2, 10]
    assert all(r["film"].exists() for r in found)


def test_records_are_complete(tmp_path):
    with pytest.raises(ValueError, match="seed"):
        records.save(tmp_path, {k: v for k, v in RECORD.items() if k != "seed"})
    with pytest.raises(FileNotFoundError, match="no records of claim 'A-arch'"):
        records.load(tmp_path, "A-arch")
    (tmp_path / "A-arch").mkdir()
    for text in ("{", "[]", '{"seed": 1}', ""):
        (tmp_path / "A-arch" / "x-seed0.json").write_text(text)
        with pytest.raises(ValueError, match="x-seed0.json is no record") as caught:
            records.load(tmp_path, "A-arch")
        assert "\n" not in str(caught.value)


def test_a_record_is_a_line_a_name_and_reads_back(tmp_path):
    metrics = {"shares": [0.5, 0.25], "real": {"a": {"b": 1}, "empty": {}}, "none": {}}
    path = records.save(tmp_path, RECORD | {"metrics": metrics})
    assert records.read(path)["metrics"] == metrics
    assert '\n  "shares": [0.5, 0.25],\n' in path.read_text()


def test_values_of_metrics():
    metrics = {"a": 0.75, "b": 0.5, "c": [3, 1, None, 2], "real": {"a": 0.9, "c": [5, 4]}, "b_floor": 0.1}
    for asked, value, real in [
        ("a", 0.75, 0.9), ("min c", 1, 4), ("max c", 3, 5), ("a - b", 0.25, None), ("b", 0.5, 0.1),
        ("c", None, None), ("missing", None, None), ("a - missing", None, None),
    ]:  # fmt: skip
        assert records.value(metrics, asked) == value and records.real_value(metrics, asked) == real


def test_values_of_nested_metrics_of_one_class_and_of_the_run():
    metrics = {"ink": 0.2, "real": {"ink": 0.13}, "training_mode": {"ink": 0.1}, "shares": [0.5, None, 0.25],
               "a": {"add-1": 0.25, "add-2": 0.5, "real": 0.75}}  # fmt: skip
    for asked, value in [
        ("training_mode.ink", 0.1), ("2 shares", 0.25), ("1 shares", None), ("3 shares", None),
        ("elsewhere.ink", None), ("2 ink", None), ("max a.add-*", 0.5), ("min a.add-* - a.real", -0.5),
        ("max a.sub-*", None), ("max b.add-*", None), ("a.add-*", None),
    ]:  # fmt: skip
        assert records.value(metrics, asked) == value
    assert records.real_value(metrics, "training_mode.ink") == 0.13
    curves = {"d_out_real": [0.5, 0.75], "d_out_fake": [0.5, 0.5], "g_loss": [1.0, 2.0]}
    run = RECORD | {"metrics": metrics, "curves": curves, "seconds": {"training": 7.0}}
    for asked, value in [
        ("gap", 0.25), ("last g_loss", 2.0), ("first g_loss", 1.0), ("last taste", None), ("seconds", 7.0), ("ink", 0.2)
    ]:  # fmt: skip
        assert records.of_run(run, asked) == value
    assert records.of_run(run | {"curves": None}, "gap") is None
    assert records.of_run(run | {"metrics": {"diverged": "x"}}, "gap") is None


def test_the_books_records_are_complete_and_of_the_table():
    rows = {(row.claims[0], row.setting): row for row in sweeps.ROWS}
    paths = list(BOOK.glob("*/*.json"))
    assert len(paths) >= 72
    for path in paths:
        record = records.read(path)
        assert record["film"].exists()
        assert path == records.path(BOOK, record["claims"][0], record["setting"], record["seed"])
        row = rows[record["claims"][0], record["setting"]]
        assert sweeps.differs(row, record) == [], f"{path.name} was made with other settings"
        assert recipes.Recipe.from_dict(record["recipe"]).scale == record["scale"]


def test_the_books_records_keep_the_rules():
    results = sweeps.check(sweeps.ROWS, BOOK)
    assert len(results) >= 10
    assert not [f"{row.setting}: {rule}: {values}" for row, rule, values, kept in results if not kept]


@pytest.mark.parametrize(
    "rule, values, kept",
    [
        (("m", "median", ">=", 6.7), [6.7, 6.8, 7, 7, 5], True),
        (("m", "median", ">=", 6.7), [6.6, 6.6, 6.69, 7, 8], False),
        (("m", "mean", "<=", 2), [1, 2, 3, 1, 3], True),
        (("m", "mean", "<=", 2), [1, 2, 3, 2, 3], False),
        (("m", "each", "<=", 2), [1, 2, 2, 2, 2], True),
        (("m", "each", "<=", 2), [1, 2, 2, 2, 2.1], False),
        (("m", "all but one", ">=", 0.04), [0.05, 0.05, 0.05, 0.05, 0.01], True),
        (("m", "all but one", ">=", 0.04), [0.05, 0.05, 0.05, 0.03, 0.01], False),
        (("m", "each", ">=", 0), [1, 1, 1, 1, None], False),  # one diverged
        (("m", "each", ">=", 0), [1, 1, 1, 1], False),  # one is not recorded
    ],
)
def test_rules(tmp_path, rule, values, kept):
    leave(tmp_path, [{} if v is None else {"m": v} for v in values])
    row = dataclasses.replace(TINY, setting="x", seeds=5, rules=(sweeps.Rule(*rule),))
    assert [found[3] for found in sweeps.check([row], tmp_path)] == [kept]


def test_a_rule_against_another_row(tmp_path):
    """Means of [1..5] and of the same + d: s = 1.58, room 2 s sqrt(2/5) = 2."""
    row = dataclasses.replace(
        TINY, setting="x", seeds=5, rules=(sweeps.Rule("m", "mean", ">=", "y"),)
    )
    leave(tmp_path, [{"m": v} for v in range(1, 6)])
    for above, kept in [(-1, True), (1.99, True), (2.01, False)]:
        leave(tmp_path, [{"m": v + above} for v in range(1, 6)], "y")
        assert sweeps.check([row], tmp_path)[0][3] == kept


def test_a_rule_over_the_runs_of_two_rows(tmp_path):
    """At most one in all: one each is one too many, and a missing run of either breaks it."""
    row = dataclasses.replace(
        TINY, setting="x", seeds=3, rules=(sweeps.Rule("m", "all but one", ">=", 1, ("y",)),)
    )
    for mine, others, kept in [
        ([1, 1, 1], [1, 0, 1], True), ([1, 0, 1], [1, 1, 1], True), ([1, 0, 1], [1, 1, 0], False),
    ]:  # fmt: skip
        leave(tmp_path, [{"m": v} for v in mine])
        leave(tmp_path, [{"m": v} for v in others], "y")
        ((_, rule, values, found),) = sweeps.check([row], tmp_path)
        assert found == kept and values == sorted(mine + others)
        assert str(rule) == "m, all but one >= 1 (with y)"
    leave(tmp_path, [{"m": 1}] * 3)
    leave(tmp_path, [{"m": 1}] * 3, "y")
    assert sweeps.check([row], tmp_path)[0][3]
    records.path(tmp_path, "A-arch", "y", 1).unlink()
    assert not sweeps.check([row], tmp_path)[0][3]


def test_the_table_is_unambiguous():
    names = [(claim, row.setting) for row in sweeps.ROWS for claim in row.claims]
    assert len(set(names)) == len(names)
    assert sweeps.find("B-cgan", "mnist", "standard")[0].measure == "gan_train"
    for asked, words in [
        (("B-nothing",), "claim is 'B-nothing'; experiments are there for A-anneal, A-arch"),
        (("A-arch", "mnist"), "setting is 'mnist'"),
        (("A-arch", None, "paper"), "no such experiment at scale 'paper'"),
        (("A-arch", None, "huge"), "scale is 'huge'"),
    ]:
        with pytest.raises(ValueError, match=words):
            sweeps.find(*asked)
    for change in ({"claims": "A-arch"}, {"measure": "taste"}, {"rules": (sweeps.Rule("m", "some", ">=", 1),)}):
        with pytest.raises(ValueError, match=next(iter(change))[:4]):
            dataclasses.replace(TINY, **change)


def test_the_command_line_lists_and_checks(capsys, monkeypatch):
    cli.main(["experiments", "--records", str(BOOK)])
    said = capsys.readouterr().out
    assert all(row.setting in said for row in sweeps.ROWS)
    cli.main(["reproduce", "--gates", "--records", str(BOOK)])
    said = capsys.readouterr().out
    assert "nothing is missing" in said and said.count("passed") == len(sweeps.check(sweeps.ROWS, BOOK))
    for arguments, words in [
        (["reproduce"], "which claim"),
        (["reproduce", "A-arch", "--seeds", "0"], "--seeds is 0"),
        (["experiments", "nothing"], "claim is 'nothing'"),
    ]:
        with pytest.raises(SystemExit, match=words):
            cli.main(arguments)


class Memoriser:
    """Gives back the first training digits of each class, a little disturbed, so none lies there twice."""

    classes = 10

    def __init__(self, different):
        train = data.load("digits")
        images = np.asarray(data.scale()(train.images))
        self.own = [images[train.labels == y][:different] for y in range(10)]

    def sample(self, labels, seed):
        rng = np.random.default_rng(seed)
        images = np.stack([rng.choice(self.own[y]) for y in labels])
        return np.clip(images + 0.01 * rng.normal(size=images.shape), -1, 1).astype("float32")


@pytest.mark.slow
def test_copies_are_searched_among_the_images_that_a_gan_saw(monkeypatch):
    monkeypatch.setattr(measuring, "CLASS_SAMPLES", 20)
    whole = recipes.get("cgan-digits", "quick")
    few = dataclasses.replace(whole, n_images=40)
    assert measuring.conditional(Memoriser(4), few)["copied"] == 1
    # Digits that were not among its 40 are no copies for it.
    assert measuring.conditional(Memoriser(1000), few)["copied"] < 0.2
    assert measuring.conditional(Memoriser(1000), whole)["copied"] > 0.9


@pytest.mark.slow
def test_asking_again_keeps_every_answer(monkeypatch):
    monkeypatch.setattr(measuring, "CLASS_SAMPLES", 20)
    gan, recipe = Memoriser(100), recipes.get("cgan-digits", "quick")
    found = measuring.again(gan, recipe)
    once = measuring.conditional(gan, recipe)
    assert {name: found[name] for name in once} == once
    assert found["again"]["frechet"][0] == once["frechet"]
    assert len(set(found["again"]["frechet"])) == measuring.TIMES
    assert {"success", "inception_score", "recall", "coverage"} <= set(found["again"])
    assert not {"frechet_floor", "reader_accuracy", "samples"} & set(found["again"])


@pytest.mark.slow
def test_an_ablation_is_measured_in_both_modes_and_at_any_size(monkeypatch):
    """Without dropout and batch norm G makes the same images in both modes; images of 32x32 are read too."""
    monkeypatch.setattr(measuring, "CLASS_SAMPLES", 20)
    monkeypatch.setattr(measuring, "GLANCE_SAMPLES", 100)
    for size, dropout in ((28, 0.0), (32, 0.0), (28, 0.5)):
        small = size // 4
        recipe = dataclasses.replace(
            TINY.recipe, prepare=(("resize", size), ("scale",)),
            generator=GeneratorConfig((size, size, 1), 4, projection=(small, small, 4), filters=(4,),
                                      normalization=None, dropout=dropout, init_stddev=0.3),
            discriminator=DiscriminatorConfig((size, size, 1), (4, 4), 3),
        )  # fmt: skip
        gan = recipe.build(0)
        found = measuring.ablation(gan, recipe)
        mode = found["training_mode"]
        assert set(mode) == {"ink", "sure", "spread", "frechet"} and found["samples"] == 200
        same = [mode[name] == pytest.approx(found[name], abs=1e-3) for name in ("ink", "spread")]
        assert all(same) if not dropout else not all(same)
        assert found["ink"] == pytest.approx((gan.sample(200, seed=measuring.SEED).mean() + 1) / 2, abs=2e-3)
        assert 0.1 < found["real"]["ink"] < 0.16 and found["real"]["sure"] > 0.9
        look = measuring.glance(gan, recipe)
        assert set(look) == {"frechet", "ink", "sure", "spread", "real", "samples"}


@pytest.mark.slow
def test_a_quick_look_runs_stand_ins_and_leaves_no_record(tmp_path, capsys, monkeypatch):
    look = dataclasses.replace(TINY, claims=("B-none",), setting="quick-x", stand_in=True, rules=())
    monkeypatch.setattr(sweeps, "ROWS", (look,))
    cli.main(["reproduce", "B-none", "--scale", "quick", "--records", str(tmp_path), "--jobs", "1"])
    said = capsys.readouterr().out
    assert "no verdict" in said and "quick-x" in said.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []
    cli.main(["reproduce", "B-none", "--records", str(tmp_path)])  # and not without being asked for
    assert "nothing is missing" in capsys.readouterr().out
