"""What is promised about time, measured: `benchmarks.speed` and `benchmarks.notebooks`."""

import ganedu  # noqa: F401  before TensorFlow: it quiets its start-up lines
