"""Which arithmetic trains faster here: float32 or bfloat16?

Networks in ``mixed_bfloat16`` keep float32 weights and multiply in bfloat16.  That is three
to four times faster on CPUs with matrix units for it (AMX) and on recent GPUs, twice as fast
on some CPUs with bfloat16 instructions (AVX-512) and slower than float32 on others.  A CPU's
flags do not tell reliably, so we try it.
"""

import functools
import os
import time

import tensorflow as tf

POLICIES = ("auto", "float32", "mixed_bfloat16")
VARIABLE = "GANEDU_PRECISION"


def choose(policy: str = "auto") -> str:
    """The Keras dtype policy to build networks with: ``"float32"`` or ``"mixed_bfloat16"``.

    Args:
        policy: one of the two, or ``"auto"`` to ask ``bfloat16_speedup`` and take
            bfloat16 from 1.5 times on; less would be lost again in the parts of a step
            that bfloat16 does not speed up.

    The environment variable GANEDU_PRECISION, if set to one of the three, overrides
    ``policy``.  Keep the answer with the run: asked again, on another machine or a busy one,
    "auto" may answer differently.

    Raises:
        ValueError: the argument or the variable is not one of the three.
    """
    source = "policy"
    if os.environ.get(VARIABLE):
        source, policy = VARIABLE, os.environ[VARIABLE]
    if policy not in POLICIES:
        raise ValueError(f"{source} is {policy!r}; choose one of {', '.join(POLICIES)}")
    if policy != "auto":
        return policy
    return "mixed_bfloat16" if bfloat16_speedup() >= 1.5 else "float32"


@functools.cache
def bfloat16_speedup() -> float:
    """How many times faster one convolution is in bfloat16 than in float32, measured.

    Takes about 0.15 seconds on two cores, once a process: each of the two runs in
    turn, the first turn is not counted, the fastest of four others is (the least disturbed).
    0 where this machine cannot convolve in bfloat16 at all.

    A forward pass tells enough: the gradients by the inputs, and by the filters as
    `ganedu.networks.fast` computes them, gain as much.  Where this said 1.9 to 2.1 (AVX-512
    without AMX), a whole step of the DCGAN tutorial's networks was 1.7 times as fast.
    """
    x = tf.random.stateless_normal((32, 14, 14, 64), seed=(0, 1))
    w = tf.random.stateless_normal((5, 5, 64, 128), seed=(0, 2))
    seconds = {tf.float32: [], tf.bfloat16: []}
    for _ in range(5):
        for dtype, times in seconds.items():
            a, b = tf.cast(x, dtype), tf.cast(w, dtype)
            start = time.perf_counter()
            try:
                tf.nn.conv2d(a, b, 1, "SAME").numpy()  # numpy() waits for the result
            except tf.errors.OpError:
                return 0.0
            times.append(time.perf_counter() - start)
    return min(seconds[tf.float32][1:]) / min(seconds[tf.bfloat16][1:])
