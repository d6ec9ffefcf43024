"""What is promised about time, measured: `benchmarks.speed`, `measures`, `jobs`, `probes`, `faces`."""

import ganedu  # noqa: F401  before TensorFlow: it quiets its start-up lines

BATCH = 128
LATENTS = 100
