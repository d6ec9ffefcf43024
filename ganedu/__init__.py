"""Learn generative adversarial networks by training them, measuring them and breaking them."""

import importlib.util
import os

if importlib.util.find_spec("tensorflow") is None:
    raise ImportError(
        'ganedu needs TensorFlow: pip install "ganedu[cpu]" (or "ganedu[gpu]" on Linux with a GPU)'
    )
# Before TensorFlow is imported: no start-up chatter in notebooks, and Keras on TensorFlow.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

__version__ = "0.1.0"
