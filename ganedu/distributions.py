"""Where the latents z come from: the distributions that a generator can be fed with."""

import keras

# The range of a uniform one; None is N(0, 1).
NAMED = {"normal": None, "uniform": (-1.0, 1.0), "uniform01": (0.0, 1.0)}


def draw(distribution, shape, seed):
    """Latents of a shape, as Keras draws them.

    Args:
        distribution: a name in `NAMED`.
        shape: [N, latent_size].
        seed: a whole number, or a `keras.random.SeedGenerator`.
    """
    between = NAMED[distribution]
    if between is None:
        return keras.random.normal(shape, seed=seed)
    return keras.random.uniform(shape, *between, seed=seed)
