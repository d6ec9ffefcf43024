"""One GAN: two networks, an objective, an order of updates.

    gan = GAN(generator, discriminator)
    gan.compile(Adam(2e-4, 0.5), Adam(2e-4, 0.5), NonSaturating())
    gan.fit(batches, epochs=10)
    images = gan.sample(64)

Read it in this order: an update order (`Sequential`), the two updates it is made of
(`GAN.update_discriminator`, `GAN.update_generator`), then `GAN.train_step`.
"""

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf


class Step(NamedTuple):
    """What one training step saw: logits of shape [N] and mean losses."""

    d_real: tf.Tensor
    d_fake: tf.Tensor
    d_loss_real: tf.Tensor
    d_loss_fake: tf.Tensor
    g_loss: tf.Tensor


class Sequential:
    """D moves once, on both its losses; then G moves through the new D, on the same fakes.

    The fakes are made once and shared, real and fake go through D in separate passes (joined
    in one batch, batch norm would mix their statistics).  Our default: the cheapest order that
    trains well.  Report D's loop (3.4), as far as it says: not whether G sees the same fakes.
    """

    def __call__(self, gan, x):
        with tf.GradientTape() as g_tape:
            x_fake = gan.generate(tf.shape(x)[0])
            with g_tape.stop_recording():
                with tf.GradientTape() as d_tape:
                    d_real, d_loss_real = gan.judge_real(x)
                    d_fake, d_loss_fake = gan.judge_fake(x_fake)
                    d_loss = d_loss_real + d_loss_fake
                gan.update_discriminator(d_tape, d_loss)
            g_loss = gan.objective.g_fake(gan.judge(x_fake))
        gan.update_generator(g_tape, g_loss)
        return Step(d_real, d_fake, d_loss_real, d_loss_fake, g_loss)


class Simultaneous:
    """D and G move at once, both by what they saw before either moved.

    One batch of fakes, one pass, both gradients: report A's *fast* step (claim A-step) and the
    step of TensorFlow's DCGAN tutorial.
    """

    def __call__(self, gan, x):
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            x_fake = gan.generate(tf.shape(x)[0])
            d_real, d_loss_real = gan.judge_real(x)
            d_fake, d_loss_fake = gan.judge_fake(x_fake)
            d_loss = d_loss_real + d_loss_fake
            g_loss = gan.objective.g_fake(d_fake)
        # The tapes remember the weights that the pass read, so G's gradient is that of the old
        # D although D moves first here.
        gan.update_discriminator(d_tape, d_loss)
        gan.update_generator(g_tape, g_loss)
        return Step(d_real, d_fake, d_loss_real, d_loss_fake, g_loss)


class Alternating:
    """Three updates: D on real images, D on fakes, then G on a fresh batch of fakes.

    Report A's *slow* step (claim A-step): every update sees the networks as the one before
    left them, and G never learns on images that D was just trained on.
    """

    def __call__(self, gan, x):
        n = tf.shape(x)[0]
        with tf.GradientTape() as tape:
            d_real, d_loss_real = gan.judge_real(x)
        gan.update_discriminator(tape, d_loss_real)

        x_fake = gan.generate(n)
        with tf.GradientTape() as tape:
            d_fake, d_loss_fake = gan.judge_fake(x_fake)
        gan.update_discriminator(tape, d_loss_fake)

        with tf.GradientTape() as tape:
            g_loss = gan.objective.g_fake(gan.judge(gan.generate(n)))
        gan.update_generator(tape, g_loss)
        return Step(d_real, d_fake, d_loss_real, d_loss_fake, g_loss)


ORDERS = {"sequential": Sequential, "simultaneous": Simultaneous, "alternating": Alternating}


def get_order(name):
    """The update order of that name (see `ORDERS`); an order is given back as it is."""
    if not isinstance(name, str):
        return name
    if name not in ORDERS:
        raise ValueError(f"order is {name!r}; choose one of {', '.join(ORDERS)}")
    return ORDERS[name]()


class GAN(keras.Model):
    """A generator and a discriminator that learn from each other.

    Args:
        generator: Keras model, latents z of shape [N, latent_size] -> images [N, H, W, C]
            in [-1, 1].
        discriminator: Keras model, images [N, H, W, C] -> logits [N, 1]; real is positive.
        latent_distribution: where z comes from, "normal" for N(0, 1) or "uniform" for U(-1, 1)
            (claims A-config, B-noise).
        seed: seed of every latent that training draws.
        ema: decay of the moving average of G's weights that `sample` uses.  After t steps the
            decay is min(ema, (t + 1) / (t + 10)): without this warm-up the average of a short
            run would still be made of its first, untrained weights.  0 keeps no average.

    Raises:
        ValueError: if the generator's images are not what the discriminator takes.
    """

    def __init__(
        self, generator, discriminator, latent_distribution="normal", seed=0, ema=0.99, name="gan"
    ):
        super().__init__(name=name)
        if latent_distribution not in ("normal", "uniform"):
            raise ValueError(
                f"latent_distribution is {latent_distribution!r}; choose 'normal' or 'uniform'"
            )
        if not 0 <= ema < 1:
            raise ValueError(f"ema is {ema}; a decay is at least 0 (no average) and below 1")
        made, taken = generator.output_shape[1:], discriminator.input_shape[1:]
        if made != taken:
            raise ValueError(
                f"generator makes images of shape {made}, discriminator takes {taken}: "
                "the two must be equal"
            )
        if discriminator.output_shape[1:] != (1,):
            raise ValueError(
                f"discriminator gives {discriminator.output_shape[1:]} numbers an image; "
                "it must give one logit, shape (1,)"
            )
        self.generator = generator
        self.discriminator = discriminator
        self.image_shape = taken
        self.latent_size = generator.input_shape[-1]
        self.latent_distribution = latent_distribution
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.ema = ema
        self.ema_generator = generator
        if ema:
            self.ema_generator = keras.models.clone_model(generator)
            self.ema_generator.set_weights(generator.get_weights())
            self.ema_generator.trainable = False
        self.steps = self.add_weight(
            shape=(), dtype="int64", initializer="zeros", trainable=False, name="steps"
        )
        names = "d_loss_real d_loss_fake g_loss d_acc_real d_acc_fake d_out_real d_out_fake"
        self._means = {n: keras.metrics.Mean(name=n, dtype="float32") for n in names.split()}
        self._checked = None  # the Batches whose images were found good
        self.built = True

    def compile(
        self,
        generator_optimizer,
        discriminator_optimizer,
        objective,
        order="sequential",
        steps_per_execution=8,
        run_eagerly=False,
        **kwargs,
    ):
        """Says how to train.

        Args:
            generator_optimizer, discriminator_optimizer: a Keras optimizer each.
            objective: what D and G minimise, from `ganedu.objectives`.
            order: who moves when: `Sequential()`, `Simultaneous()`, `Alternating()`, their
                names, or any callable (gan, x) -> `Step`.
            steps_per_execution: training steps between two returns to Python.
        """
        if generator_optimizer is discriminator_optimizer:
            raise ValueError(
                "generator_optimizer and discriminator_optimizer are one object; "
                "make two: each keeps moments of its own network's gradients"
            )
        super().compile(
            optimizer=None,
            run_eagerly=run_eagerly,
            steps_per_execution=1 if run_eagerly else steps_per_execution,
            **kwargs,
        )
        self.generator_optimizer = generator_optimizer
        self.discriminator_optimizer = discriminator_optimizer
        generator_optimizer.build(self.generator.trainable_variables)
        discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.objective = objective
        self.order = get_order(order)

    # The parts of a training step.

    def latents(self, n, seed=None):
        """n latents z, [n, latent_size]; from the model's own random state unless seeded."""
        seed = self.seed_generator if seed is None else seed
        shape = (n, self.latent_size)
        if self.latent_distribution == "uniform":
            return keras.random.uniform(shape, -1.0, 1.0, seed=seed)
        return keras.random.normal(shape, seed=seed)

    def generate(self, n):
        """G(z) for n fresh latents, in training mode."""
        return self.generator(self.latents(n), training=True)

    def judge(self, x):
        """D's logits for images x, shape [N], in training mode."""
        return tf.reshape(self.discriminator(x, training=True), [-1])

    def judge_real(self, x):
        """D's logits for real images, and its mean loss on them."""
        d_real = self.judge(x)
        return d_real, self.objective.d_real(d_real)

    def judge_fake(self, x_fake):
        """D's logits for generated images, and its mean loss on them."""
        d_fake = self.judge(x_fake)
        return d_fake, self.objective.d_fake(d_fake)

    def update_discriminator(self, tape, d_loss):
        """One step of D's optimizer; G stays."""
        weights = self.discriminator.trainable_variables
        self.discriminator_optimizer.apply(tape.gradient(d_loss, weights), weights)

    def update_generator(self, tape, g_loss):
        """One step of G's optimizer; D stays."""
        weights = self.generator.trainable_variables
        self.generator_optimizer.apply(tape.gradient(g_loss, weights), weights)

    def update_average(self):
        """ema_generator moves a little towards generator: e = decay * e + (1 - decay) * w."""
        self.steps.assign_add(1)
        if self.ema:
            t = tf.cast(self.steps, "float32")
            decay = tf.minimum(self.ema, t / (t + 9.0))
            for e, w in zip(self.ema_generator.weights, self.generator.weights, strict=True):
                e.assign_add((1.0 - decay) * (w - e))

    def train_step(self, data):
        x, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        step = self.order(self, x)
        self.update_average()
        seen = {
            "d_loss_real": step.d_loss_real,
            "d_loss_fake": step.d_loss_fake,
            "g_loss": step.g_loss,
            "d_acc_real": tf.cast(step.d_real > 0, "float32"),
            "d_acc_fake": tf.cast(step.d_fake < 0, "float32"),
            "d_out_real": tf.sigmoid(tf.cast(step.d_real, "float32")),
            "d_out_fake": tf.sigmoid(tf.cast(step.d_fake, "float32")),
        }
        for name, value in seen.items():
            self._means[name].update_state(value)
        return {name: mean.result() for name, mean in self._means.items()}

    @property
    def metrics(self):
        """The five figures of claim A-metrics, and D's mean output on real and on fake."""
        return list(self._means.values())

    # Using it.

    def call(self, x, training=False):
        """D's logits for images x, shape [N, 1]."""
        return self.discriminator(x, training=training)

    def fit(self, x=None, *args, initial_epoch=0, callbacks=None, **kwargs):
        """Keras's `fit`.

        x is `ganedu.data.Batches` (each epoch's order depends on its seed and the epoch alone,
        so training can be stopped and resumed exactly), a tf.data.Dataset of batches, or an
        array of images [N, H, W, C] in [-1, 1].

        Raises:
            ValueError: if the images are not of the discriminator's shape, leave [-1, 1], or
                are not numbers.
        """
        if not self.compiled:
            raise ValueError("fit needs a compiled GAN: call gan.compile(...) first")
        if hasattr(x, "from_epoch"):
            batches, epoch = x, tf.Variable(initial_epoch, dtype="int64", trainable=False)
            x = tf.data.Dataset.from_tensors(0)
            x = x.flat_map(lambda _: batches.from_epoch(epoch).take(len(batches)))
            x = x.apply(tf.data.experimental.assert_cardinality(len(batches)))
            follow = keras.callbacks.LambdaCallback(on_epoch_begin=lambda e, _: epoch.assign(e))
            callbacks = [follow, *(callbacks or [])]
            if batches is not self._checked:
                self._check_images(x)
            self._checked = batches
        else:
            self._check_images(x)
        if isinstance(x, tf.data.Dataset):
            kwargs.setdefault("shuffle", False)  # a Dataset's order is its own
        return super().fit(x, *args, initial_epoch=initial_epoch, callbacks=callbacks, **kwargs)

    def sample(self, n, seed=None, labels=None, ema=True, batch_size=256):
        """n generated images, a float32 array [n, H, W, C] in [-1, 1].

        The same seed gives the same latents; without one they come from the model's own random
        state.  Images come from the averaged generator unless `ema=False`, in inference mode.
        `labels` is for conditional GANs.
        """
        if n < 1:
            raise ValueError(f"n is {n}; ask for at least 1 image")
        if labels is not None:
            raise ValueError("labels were given, but this GAN is unconditional: leave them out")
        return self.images_from(self.latents(n, seed), ema=ema, batch_size=batch_size)

    def images_from(self, z, ema=True, batch_size=256):
        """Images of given latents z [n, latent_size], as in `sample`."""
        if tuple(z.shape[1:]) != (self.latent_size,):
            raise ValueError(f"z has shape {tuple(z.shape)}; it must be [n, {self.latent_size}]")
        network = self.ema_generator if ema else self.generator
        parts = [
            network(z[i : i + batch_size], training=False)
            for i in range(0, z.shape[0], batch_size)
        ]
        return np.concatenate([np.asarray(keras.ops.cast(p, "float32")) for p in parts])

    def state(self):
        """Every variable that training changes, by name, in a fixed order.

        Networks (with batch-norm statistics and dropout's random state), average, optimizers,
        step count, the random state of the latents: put back, training goes on as if it had
        never stopped.
        """
        parts = {
            "generator": self.generator.variables,
            "discriminator": self.discriminator.variables,
            "ema_generator": self.ema_generator.weights if self.ema else [],
            "generator_optimizer": self.generator_optimizer.variables,
            "discriminator_optimizer": self.discriminator_optimizer.variables,
            "gan": [self.steps, self.seed_generator.state],
        }
        # Numbers, not Keras's names: those count up with every model that a process makes.
        return {
            f"{part}/{i:03d}": v
            for part, variables in parts.items()
            for i, v in enumerate(variables)
        }

    def _check_images(self, x):
        """Bad images are found before the first step, not by a GAN that never learns."""
        if isinstance(x, tf.data.Dataset):
            for batch in x.take(1):
                x = batch[0] if isinstance(batch, tuple) else batch
        if not (hasattr(x, "shape") and hasattr(x, "dtype")):
            return  # a generator or PyDataset: Keras's own checks must do
        if len(x.shape) != 4 or tuple(x.shape[1:]) != tuple(self.image_shape):
            raise ValueError(
                f"x has shape {tuple(x.shape)}; the discriminator takes images [N, "
                f"{', '.join(map(str, self.image_shape))}]"
            )
        x = np.asarray(x)
        if not np.issubdtype(x.dtype, np.floating):
            raise ValueError(
                f"x has dtype {x.dtype}; images must be floats in [-1, 1] (ganedu.data.scale)"
            )
        if not np.isfinite(x).all():
            raise ValueError("x holds NaN or infinite pixels; images must be numbers in [-1, 1]")
        low, high = float(x.min()), float(x.max())
        if low < -1.001 or high > 1.001:
            raise ValueError(
                f"x has pixels from {low:g} to {high:g}; G's tanh makes images in [-1, 1], so "
                "real ones must be scaled to [-1, 1] too (ganedu.data.scale)"
            )
        if low >= 0:
            raise ValueError(
                f"x has pixels from {low:g} to {high:g}: that looks like [0, 1]; G's tanh makes "
                "images in [-1, 1], so real ones must be scaled to [-1, 1] too"
            )
