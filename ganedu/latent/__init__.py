"""What a place in the space of latents means: arithmetic, walks, and how often they succeed.

    z = latent.find(gan, reader, {"smile": True, "beard": False}, k=3)
    smile = latent.mean_of(z) - latent.mean_of(latent.find(gan, reader, {"smile": False}, k=3))
    gan.images_from(latent.around(latent.mean_of(z) + smile))

Radford et al. (2016, section 6.3.2) and report A (5.1.3; claim A-arith) add and subtract means of
three latents, chosen by eye, and judge one picture by eye.  `find` chooses with a reader of
attributes, `count` does the sum hundreds of times and counts.  Latents are NumPy arrays [N, L]; a
GAN is anything with `latents(n, seed)` and `images_from(z)`.  What z is drawn from is the affair
of `ganedu.distributions`.
"""

from .counting import Counted, count, expected, shares_along
from .finding import direction, find, read
from .vectors import arithmetic, around, lerp, mean_of, slerp, to_length

__all__ = [
    "Counted", "arithmetic", "around", "count", "direction", "expected", "find", "lerp", "mean_of",
    "read", "shares_along", "slerp", "to_length",
]  # fmt: skip
