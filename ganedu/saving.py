"""How a GAN travels: its state by name, and what Keras saves of it.

    gan.save("digits.keras")                  networks, settings, optimizers, random states
    gan = keras.saving.load_model("digits.keras")

`save_weights`, `BackupAndRestore`, `ModelCheckpoint`, `pickle` and `copy.deepcopy` go the same way.
What is loaded trains on as if it had never stopped; measures are not saved, set `gan.measures`.
"""

import warnings

import keras
import numpy as np

from . import named
from .game import augment, balance, objectives, orders, terms


class Saved:
    """What `GAN` has of it."""

    def state(self):
        """Every variable that training changes, by name, in a fixed order.

        Networks (with batch-norm statistics and dropout's random state), average, optimizers,
        step count, the random state of the latents, what terms, rules and other parts keep in
        `variables`: put back, training goes on as if it had never stopped.

        Raises:
            ValueError: if the GAN is not compiled.
        """
        self._must_be_compiled("state")
        groups = {
            "generator": self.generator.variables,
            "discriminator": self.discriminator.variables,
            "ema_generator": self.ema_generator.weights if self.ema else [],
            "generator_optimizer": self.generator_optimizer.variables,
            "discriminator_optimizer": self.discriminator_optimizer.variables,
            "gan": self._counters(),
            "parts": self._part_variables(),
        }
        # Numbers, not Keras's names: those count up with every model that a process makes.
        return {
            f"{group}/{i:03d}": v
            for group, variables in groups.items()
            for i, v in enumerate(variables)
        }

    def _counters(self):
        return [
            self.steps, self.seed_generator.state,
            self.d_updates, self.g_updates, self._d_moves, self._g_moves,
        ]  # fmt: skip

    def _part_variables(self):
        if not self.compiled:
            return []
        parts = (
            self.objective,
            self.order,
            self.class_loss,
            *self.terms,
            self.balance,
            self.augment,
        )
        return [v for part in parts for v in getattr(part, "variables", ())]

    # The networks' settings, and how they were compiled.

    def get_config(self):
        """What `from_config` makes an equal, untrained GAN of."""
        networks = {n: getattr(self, n) for n in ("generator", "discriminator")}
        settings = ("latent_distribution", "seed", "ema", "classes", "name")
        return {
            n: keras.saving.serialize_keras_object(network) for n, network in networks.items()
        } | {n: getattr(self, n) for n in settings}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The GAN that `get_config` described, with new weights."""
        load = keras.saving.deserialize_keras_object
        networks = {
            n: load(config[n], custom_objects=custom_objects)
            for n in ("generator", "discriminator")
        }
        return cls(**config | networks)

    def get_compile_config(self):
        """The arguments of `compile`, as far as they have names; {} with a warning if not."""
        if not self.compiled:
            return {}
        try:
            settings = {
                "objective": named.spec("objective", objectives.NAMED, self.objective),
                "order": named.spec("order", orders.NAMED, self.order),
                "terms": [named.spec("term", terms.NAMED, term) for term in self.terms],
                "balance": named.spec("balance", balance.NAMED, self.balance),
                "augment": augment.spec(self.augment),
            }
        except ValueError as error:
            warnings.warn(
                f"{error}: how this GAN is compiled is not saved, call gan.compile(...) after "
                "loading",
                stacklevel=2,
            )
            return {}
        if self.class_head:
            settings["class_loss"] = self.class_loss.weights
        for name in ("generator_optimizer", "discriminator_optimizer"):
            settings[name] = keras.saving.serialize_keras_object(getattr(self, name))
        for name in ("steps_per_execution", "run_eagerly", "jit_compile"):
            settings[name] = getattr(self, name)
        return settings

    def compile_from_config(self, config):
        """Compiles as `get_compile_config` says."""
        self.compile(**keras.saving.deserialize_keras_object(config))

    # What Keras leaves out of its files: the random states, and what parts keep.

    def _own(self):
        networks = (self.generator, self.discriminator)
        known = {id(w) for network in networks for w in network.weights}
        random = [v for network in networks for v in network.variables if id(v) not in known]
        groups = {"gan": self._counters(), "random": random, "parts": self._part_variables()}
        return {f"{name}_{i}": v for name, group in groups.items() for i, v in enumerate(group)}

    def save_own_variables(self, store):
        for name, variable in self._own().items():
            store[name] = np.asarray(variable)

    def load_own_variables(self, store):
        mine = self._own()
        if missing := [name for name in mine if name not in store.keys()]:
            raise ValueError(f"the file lacks {', '.join(missing)}")
        for name, variable in mine.items():
            variable.assign(store[name])

    def load_weights(self, filepath, skip_mismatch=False, **kwargs):
        """Keras's `load_weights`; a file that does not fit leaves the GAN as it was.

        Raises:
            ValueError: if it does not fit.
        """
        variables = [*self.variables, *self._own().values()]
        variables += self.state().values() if self.compiled else []  # the optimizers' too
        before = [v.numpy() for v in variables]
        try:
            super().load_weights(filepath, skip_mismatch=skip_mismatch, **kwargs)
        except ValueError as error:
            if not str(error).startswith("A total of"):
                raise
            for variable, value in zip(variables, before, strict=True):
                variable.assign(value)
            raise ValueError(
                f"{filepath} does not fit this GAN with classes={self.classes} and ema={self.ema}; "
                "load it into one of the networks, classes and ema that it was saved from"
            ) from None
