"""The command line does what its help says, from an empty folder to a film."""

import json

import numpy as np
import pytest
from PIL import Image

from ganedu import cli
from ganedu.experiments import recipes
from ganedu.networks import DiscriminatorConfig, GeneratorConfig

TINY = recipes.Recipe(
    name="tiny",
    scale="quick",
    data="digits",
    generator=GeneratorConfig(latent_size=4, projection=(7, 7, 4), filters=(4,), kernel_sizes=3),
    discriminator=DiscriminatorConfig(filters=(4, 4), kernel_sizes=3),
    epochs=1,
    batch_size=500,
)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANEDU_PRECISION", "float32")
    monkeypatch.setattr(recipes, "RECIPES", (TINY, *recipes.RECIPES))
    return tmp_path


def test_train_sample_audit(here, capsys):
    cli.main(["train", "tiny"])
    run = here / "runs" / "tiny"
    with Image.open(run / "film.gif") as film:
        assert film.n_frames == 2
    said = capsys.readouterr().out
    assert "epoch 1/1" in said and "images/s" in said and "film.gif" in said

    cli.main(["train", "tiny", "--epochs", "2"])
    assert "1 epochs are done, going on to 2" in capsys.readouterr().out
    lines = (run / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2]
    cli.main(["train", "tiny", "--epochs", "2"])
    assert "already" in capsys.readouterr().out

    cli.main(["sample", "runs/tiny", "-n", "6", "--seed", "3", "--out", "a.png"])
    with Image.open("a.png") as sheet:
        assert sheet.size == (6 * 28 + 5 * 2, 28)
    cli.main(["audit", "runs/tiny"])
    assert "DCGAN rules hold" in capsys.readouterr().out
    cli.main(["diagnose", "runs/tiny"])  # of two epochs of a tiny GAN, all images are alike
    said = capsys.readouterr().out
    assert "mode collapse" in said and "seen: two images differ" in said and "try next:" in said


def test_audit_of_names_and_files(here, capsys):
    cli.main(["audit", "B-ref"])
    assert "NO  generator: ReLU in hidden layers" in capsys.readouterr().out
    TINY.generator.save(here / "g.json")
    cli.main(["audit", "g.json"])
    assert "rules hold" in capsys.readouterr().out


def test_lists(here, capsys):
    cli.main(["train", "--list"])
    said = capsys.readouterr().out
    assert "A-faces" in said and "celeb_a" in said
    cli.main(["data"])
    said = capsys.readouterr().out
    assert "digits" in said and "oxford_iiit_pet" in said
    cli.main(["data", "digits", "--sheet", "sheet.png"])
    assert np.asarray(Image.open("sheet.png")).max() == 255


@pytest.mark.parametrize("command", [[], *([name] for name in cli.COMMANDS)])
def test_help(command, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main([*command, "--help"])
    assert caught.value.code == 0
    assert len(capsys.readouterr().out) > 200
