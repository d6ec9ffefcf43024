import pytest
import tensorflow as tf

from ganedu.experiments import precision


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    monkeypatch.delenv("GANEDU_PRECISION", raising=False)


@pytest.mark.parametrize(
    "speedup, chosen",
    [(0.0, "float32"), (1.49, "float32"), (1.5, "mixed_bfloat16"), (4.0, "mixed_bfloat16")],
)
def test_auto_follows_the_probe(monkeypatch, speedup, chosen):
    monkeypatch.setattr(precision, "bfloat16_speedup", lambda: speedup)
    assert precision.choose() == precision.choose("auto") == chosen


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_named_policy_is_kept_and_nothing_is_measured(monkeypatch, policy):
    monkeypatch.setattr(precision, "bfloat16_speedup", lambda: pytest.fail("measured"))
    assert precision.choose(policy) == policy


def test_the_variable_overrides(monkeypatch):
    monkeypatch.setenv("GANEDU_PRECISION", "mixed_bfloat16")
    assert precision.choose("float32") == "mixed_bfloat16"
    monkeypatch.setenv("GANEDU_PRECISION", "auto")
    monkeypatch.setattr(precision, "bfloat16_speedup", lambda: 1.0)
    assert precision.choose("mixed_bfloat16") == "float32"
    monkeypatch.setenv("GANEDU_PRECISION", "")
    assert precision.choose("mixed_bfloat16") == "mixed_bfloat16"


def test_bad_values_are_named_on_one_line(monkeypatch):
    with pytest.raises(
        ValueError, match="policy is 'bf16'; choose one of auto, float32"
    ) as error:
        precision.choose("bf16")
    assert "\n" not in str(error.value)
    monkeypatch.setenv("GANEDU_PRECISION", "fast")
    with pytest.raises(ValueError, match="GANEDU_PRECISION is 'fast'"):
        precision.choose("float32")


def test_the_probe_measures_once_and_survives_a_refusal(monkeypatch):
    precision.bfloat16_speedup.cache_clear()
    speedup = precision.bfloat16_speedup()
    assert speedup >= 0
    assert precision.bfloat16_speedup() == speedup  # two measurements would differ

    def refuse(x, *_):
        if x.dtype == tf.bfloat16:
            raise tf.errors.AbortedError(None, None, "could not create a primitive")
        return x

    precision.bfloat16_speedup.cache_clear()
    monkeypatch.setattr(tf.nn, "conv2d", refuse)
    assert precision.bfloat16_speedup() == 0
    precision.bfloat16_speedup.cache_clear()
