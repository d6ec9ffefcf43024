"""The two optimizers of a game: by name or object, and both as one for Keras's callbacks."""

import keras

from .. import checks


def get(name, optimizer):
    """A Keras optimizer: the object, a new one of that name, or of that class.

    Raises:
        ValueError: for anything else, or a learning rate that is negative or no number.
    """
    if isinstance(optimizer, type) and issubclass(optimizer, keras.optimizers.Optimizer):
        optimizer = optimizer()
    try:
        optimizer = keras.optimizers.get(optimizer)
    except (ValueError, TypeError):
        optimizer = checks.short(optimizer)
    if not isinstance(optimizer, keras.optimizers.Optimizer):
        raise ValueError(
            f"{name} is {optimizer}; give a Keras optimizer, say keras.optimizers.Adam(2e-4, 0.5), "
            "or the name of one"
        )
    checks.number(f"the learning rate of {name}", float(optimizer.learning_rate), "[0, inf)")
    return optimizer


class Both:
    """Both optimizers as the one that Keras's callbacks look for in `model.optimizer`.

    learning_rate is that of G's optimizer; set, it multiplies D's by the same factor, so the
    ratio of the two stays.  (LearningRateScheduler and ReduceLROnPlateau read it and set it.)
    """

    built = True

    def __init__(self, generator, discriminator):
        self._generator, self._discriminator = generator, discriminator
        self._ratio = 1.0

    @property
    def variables(self):
        return [*self._generator.variables, *self._discriminator.variables]

    @property
    def iterations(self):
        return self._generator.iterations

    @property
    def learning_rate(self):
        return self._generator.learning_rate

    @learning_rate.setter
    def learning_rate(self, rate):
        checks.number("learning_rate", rate, "[0, inf)")
        old = float(self._generator.learning_rate)
        if old > 0:  # at 0 the ratio of before holds
            self._ratio = float(self._discriminator.learning_rate) / old
        self._generator.learning_rate = rate
        self._discriminator.learning_rate = rate * self._ratio
