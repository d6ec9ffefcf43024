"""TensorFlow's loops of `benchmarks.speed`: the same networks, batch and images for each.

Each function builds its networks and returns train(steps), which trains that many steps and
returns when they are done.  `x` is always uint8 [N, H, W, C], with N at least steps * BATCH.
PyTorch's loop is in `benchmarks.torch_peer`.
"""

from types import SimpleNamespace

import keras
import tensorflow as tf

import ganedu.networks.fast
from ganedu.data import Batches
from ganedu.game.objectives import NonSaturating
from ganedu.gan import GAN

from . import BATCH, LATENTS

WARM_UP = 8  # steps of the first turn, which compiles

# What the two kits do not share; everything else of a network is plain Keras.
KERAS = SimpleNamespace(
    Conv2D=keras.layers.Conv2D,
    Conv2DTranspose=keras.layers.Conv2DTranspose,
    BatchNormalization=keras.layers.BatchNormalization,
    Dropout=keras.layers.Dropout,
)
OURS = SimpleNamespace(
    Conv2D=ganedu.networks.fast.Conv2D,
    Conv2DTranspose=ganedu.networks.fast.Conv2DTranspose,
    BatchNormalization=ganedu.networks.fast.BatchNormalization,
    Dropout=ganedu.networks.fast.Dropout,
)


def tutorial_networks(kit, policy):
    """G and D of TensorFlow's DCGAN tutorial, 28x28x1."""
    keras.config.set_dtype_policy(policy)
    layers = keras.layers
    options = {"padding": "same", "use_bias": False}
    generator = keras.Sequential(
        [
            keras.Input((LATENTS,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            kit.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Reshape((7, 7, 256)),
            kit.Conv2DTranspose(128, 5, strides=1, **options),
            kit.BatchNormalization(),
            layers.LeakyReLU(),
            kit.Conv2DTranspose(64, 5, strides=2, **options),
            kit.BatchNormalization(),
            layers.LeakyReLU(),
            kit.Conv2DTranspose(1, 5, strides=2, **options, activation="tanh"),
        ]
    )
    discriminator = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            kit.Conv2D(64, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            kit.Dropout(0.3),
            kit.Conv2D(128, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            kit.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1, dtype="float32"),
        ]
    )
    keras.config.set_dtype_policy("float32")
    return generator, discriminator


def large_networks(kit, policy):
    """G and D of claim D-ref, 64x64x3; D's batch norm from the second layer on."""
    keras.config.set_dtype_policy(policy)
    layers = keras.layers
    generator = keras.Sequential([keras.Input((LATENTS,))])
    generator.add(layers.Dense(4 * 4 * 512, use_bias=False))
    generator.add(layers.Reshape((4, 4, 512)))
    for filters in (256, 128, 64):
        generator.add(kit.BatchNormalization())
        generator.add(layers.ReLU())
        generator.add(kit.Conv2DTranspose(filters, 4, 2, padding="same", use_bias=False))
    generator.add(kit.BatchNormalization())
    generator.add(layers.ReLU())
    generator.add(kit.Conv2DTranspose(3, 4, 2, padding="same", activation="tanh"))

    discriminator = keras.Sequential([keras.Input((64, 64, 3))])
    discriminator.add(kit.Conv2D(64, 4, 2, padding="same"))
    discriminator.add(layers.LeakyReLU(0.2))
    for filters in (128, 256, 512):
        discriminator.add(kit.Conv2D(filters, 4, 2, padding="same", use_bias=False))
        discriminator.add(kit.BatchNormalization())
        discriminator.add(layers.LeakyReLU(0.2))
    discriminator.add(layers.Flatten())
    discriminator.add(layers.Dense(1, dtype="float32"))
    keras.config.set_dtype_policy("float32")
    return generator, discriminator


def adam():
    return keras.optimizers.Adam(1e-4)


def scaled(x):
    return (x.astype("float32") - 127.5) / 127.5


def ours(networks, x, policy, order):
    """ganedu: public `GAN(...).compile(...).fit(...)`, everything at its default."""
    gan = GAN(*networks(OURS, policy))
    gan.compile(adam(), adam(), NonSaturating(), order=order)

    few, many = (Batches(images, batch_size=BATCH) for images in (x[: WARM_UP * BATCH], x))

    def train(steps):
        gan.fit(few if steps == WARM_UP else many, epochs=1, verbose=0)

    return train


def tutorial(networks, x, policy):
    """The loop of TensorFlow's DCGAN tutorial: a joint step, called from Python."""
    generator, discriminator = networks(KERAS, policy)
    generator_optimizer, discriminator_optimizer = adam(), adam()
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    dataset = tf.data.Dataset.from_tensor_slices(scaled(x)).shuffle(len(x)).batch(BATCH)

    @tf.function
    def train_step(images):
        noise = tf.random.normal([BATCH, LATENTS])
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            generated = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(generated, training=True)
            gen_loss = cross_entropy(tf.ones_like(fake_output), fake_output)
            disc_loss = cross_entropy(tf.ones_like(real_output), real_output)
            disc_loss += cross_entropy(tf.zeros_like(fake_output), fake_output)
        gen_grads = gen_tape.gradient(gen_loss, generator.trainable_variables)
        disc_grads = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
        generator_optimizer.apply_gradients(
            zip(gen_grads, generator.trainable_variables, strict=True)
        )
        discriminator_optimizer.apply_gradients(
            zip(disc_grads, discriminator.trainable_variables, strict=True)
        )

    def train(steps):
        for images in dataset.take(steps):
            train_step(images)

    return train


class KerasIoGAN(keras.Model):
    """The `train_step` of keras.io's DCGAN example: D on fake and real joined in one batch,
    with noisy labels (fake = 1 there), then G on fresh noise."""

    def __init__(self, generator, discriminator):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.d_loss_metric = keras.metrics.Mean(name="d_loss")
        self.g_loss_metric = keras.metrics.Mean(name="g_loss")

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn

    @property
    def metrics(self):
        return [self.d_loss_metric, self.g_loss_metric]

    def train_step(self, real_images):
        n = tf.shape(real_images)[0]
        generated = self.generator(tf.random.normal((n, LATENTS)))
        combined = tf.concat([tf.cast(generated, "float32"), real_images], axis=0)
        labels = tf.concat([tf.ones((n, 1)), tf.zeros((n, 1))], axis=0)
        labels += 0.05 * tf.random.uniform(tf.shape(labels))
        with tf.GradientTape() as tape:
            d_loss = self.loss_fn(labels, self.discriminator(combined, training=True))
        grads = tape.gradient(d_loss, self.discriminator.trainable_weights)
        self.d_optimizer.apply_gradients(
            zip(grads, self.discriminator.trainable_weights, strict=True)
        )
        misleading = tf.zeros((n, 1))
        with tf.GradientTape() as tape:
            fake = self.generator(tf.random.normal((n, LATENTS)), training=True)
            g_loss = self.loss_fn(misleading, self.discriminator(fake, training=True))
        grads = tape.gradient(g_loss, self.generator.trainable_weights)
        self.g_optimizer.apply_gradients(
            zip(grads, self.generator.trainable_weights, strict=True)
        )
        self.d_loss_metric.update_state(d_loss)
        self.g_loss_metric.update_state(g_loss)
        return {"d_loss": self.d_loss_metric.result(), "g_loss": self.g_loss_metric.result()}


def keras_io(networks, x, policy):
    """A keras.io-style GAN trained with `fit`."""
    gan = KerasIoGAN(*networks(KERAS, policy))
    gan.compile(adam(), adam(), keras.losses.BinaryCrossentropy(from_logits=True))
    dataset = tf.data.Dataset.from_tensor_slices(scaled(x)).shuffle(len(x))
    dataset = dataset.batch(BATCH, drop_remainder=True).prefetch(1)

    def train(steps):
        gan.fit(dataset.take(steps), epochs=1, verbose=0)

    return train
