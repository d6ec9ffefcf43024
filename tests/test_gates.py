"""The gates judge what they say they judge."""

import dataclasses

import keras
import numpy as np
import pytest

from benchmarks import gates
from ganedu.experiments import records, trainer
from ganedu.networks import DiscriminatorConfig, GeneratorConfig


def test_the_plain_twin_is_the_same_network_on_keras_layers():
    for config, shape in [
        (GeneratorConfig(latent_size=4, projection=(7, 7, 8), filters=(4,), dropout=0.2), (6, 4)),
        (DiscriminatorConfig(filters=(4, 8), head_dropout=0.2), (6, 28, 28, 1)),
    ]:
        ours = config.build(seed=1)
        plain = gates.plain(ours)
        assert all(type(layer).__module__.startswith("keras") for layer in plain.layers)
        assert [type(a).__name__ for a in ours.layers] == [type(b).__name__ for b in plain.layers]
        x = np.random.default_rng(0).normal(size=shape).astype("float32")
        np.testing.assert_allclose(ours(x), plain(x), rtol=1e-4, atol=1e-5)
        norms = [b for b in plain.layers if isinstance(b, keras.layers.BatchNormalization)]
        assert norms and all(n.momentum == 0.9 for n in norms)


def test_the_plain_gate_trains_keras_layers(tmp_path):
    """Also when the run goes on from a checkpoint."""
    tiny = gates.PlainRecipe(
        name="tiny",
        scale="quick",
        data="digits",
        generator=GeneratorConfig(latent_size=4, projection=(7, 7, 4), filters=(4,)),
        discriminator=DiscriminatorConfig(filters=(4, 4)),
        epochs=1,
        batch_size=1000,
    )
    for epochs in (1, 2):
        recipe = dataclasses.replace(tiny, epochs=epochs)
        gan = trainer.train(tmp_path / "run", recipe, policy="float32", verbose=False)
        layers = [*gan.generator.layers, *gan.discriminator.layers]
        assert all(type(layer).__module__.startswith("keras") for layer in layers)


def seeds(scores, shares):
    """Metrics of runs with these Inception scores and these shares of the rarest class."""
    return [
        {"inception_score": s, "class_shares": [share] + [(1 - share) / 9] * 9}
        for s, share in zip(scores, shares, strict=True)
    ]


@pytest.mark.parametrize(
    "scores, shares, passed",
    [
        ([6.7, 6.8, 7, 7, 5], [0.05] * 5, True),
        ([6.6, 6.6, 6.69, 7, 8], [0.05] * 5, False),
        ([7] * 5, [0.05, 0.05, 0.05, 0.05, 0.01], True),
        ([7] * 5, [0.05, 0.05, 0.05, 0.03, 0.01], False),
    ],
)
def test_verdict(scores, shares, passed, capsys):
    assert gates.report("digits", seeds(scores, shares)) == passed
    said = capsys.readouterr().out
    assert ("passed" in said) == passed and all(str(s) in said for s in scores)


RECORD = {
    "claim": "A-arch", "scale": "quick", "setting": "x", "seed": 1, "metrics": {}, "seconds": {},
    "versions": {}, "machine": {}, "commit": "", "command": "",
}  # fmt: skip


def test_records_come_back_sorted(tmp_path):
    for setting, seed in [("y", 0), ("x", 10), ("x", 2)]:
        strip = np.zeros((3, 4, 1), "uint8")
        records.save(tmp_path, RECORD | {"setting": setting, "seed": seed}, strip)
    found = records.load(tmp_path, "A-arch")
    assert [(r["setting"], r["seed"]) for r in found] == [("x", 2), ("x", 10), ("y", 0)]
    assert [r["seed"] for r in records.load(tmp_path, "A-arch", "x")] == [2, 10]
    assert len(list((tmp_path / "A-arch").glob("*.png"))) == 3


def test_records_are_complete(tmp_path):
    with pytest.raises(ValueError, match="seed"):
        records.save(tmp_path, {k: v for k, v in RECORD.items() if k != "seed"})
    with pytest.raises(FileNotFoundError, match="no records of claim 'A-arch'"):
        records.load(tmp_path, "A-arch")


def test_the_books_records_are_complete():
    for path in gates.RECORDS.glob("*/*.json"):
        claim, setting = path.parent.name, path.stem.rsplit("-seed", 1)[0]
        for record in records.load(gates.RECORDS, claim, setting):
            assert set(record) == set(records.FIELDS)
            assert record["claim"] == claim and record["setting"] == setting
        assert path.with_suffix(".png").exists()
