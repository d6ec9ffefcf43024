"""Learn generative adversarial networks by training them, measuring them and breaking them."""

import importlib
import importlib.util
import os
import sys

if importlib.util.find_spec("tensorflow") is None:
    raise ImportError(
        'ganedu needs TensorFlow: pip install "ganedu[cpu]" (or "ganedu[gpu]" on Linux with a GPU)'
    )
# Before TensorFlow is imported: no start-up chatter in notebooks, and Keras on TensorFlow.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
# By itself TensorFlow uses oneDNN's convolutions on some processors alone.  On one with AVX2 and no
# more a training step takes two thirds of its time with them, a classifier's half.
# Their last digits differ: who imports TensorFlow before ganedu decides by this variable.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


def _drop_start_up_lines(stream):
    """No setting holds for what TensorFlow writes before it reads any: a notebook shows it in red."""
    write = stream.write

    def without(text):
        lines = text.splitlines(keepends=True)
        write("".join(line for line in lines if not any(mark in line for mark in _CHATTER)))
        return len(text)

    stream.write = without


_CHATTER = ("absl::InitializeLog()", "oneDNN custom operations are on")
if "ipykernel" in sys.modules:
    _drop_start_up_lines(sys.stderr)

__version__ = "0.1.0"

# `import ganedu` is quick; a module is imported when it is first asked for, as ganedu.data.
_MODULES = (
    "checks", "cli", "clinic", "data", "distributions", "experiments", "figures", "files", "game",
    "gan", "lab_checks", "latent", "measures", "named", "networks", "pictures", "probe", "synthetic",
)  # fmt: skip
_NAMES = {"GAN": "gan", "audit": "networks.audit", "diagnose": "clinic"}


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    if name in _NAMES:
        return getattr(importlib.import_module(f".{_NAMES[name]}", __name__), name)
    raise AttributeError(f"module 'ganedu' has no attribute {name!r}")


def __dir__():
    return [*globals(), *_MODULES, *_NAMES]
