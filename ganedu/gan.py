"""One GAN: two networks, an objective, an order of updates.

    gan = GAN(generator, discriminator)
    gan.compile(Adam(2e-4, 0.5), Adam(2e-4, 0.5), NonSaturating())
    gan.fit(batches, epochs=10)
    images = gan.sample(64)

A conditional GAN is the same model with networks that take labels:

    gan = GAN(generator, discriminator, classes=10)
    ...
    threes = gan.sample(labels=[3] * 64)

Read it in this order: an update order (`ganedu.game.orders.Sequential`), what it is made of
(`GAN.generate`, `GAN.judge` and the losses, `GAN.update_discriminator`, `GAN.update_generator`),
then `GAN.train_step`.
"""

import inspect

import keras
import numpy as np
import tensorflow as tf

from . import checks, distributions
from .data.feeding import Feed
from .fitting import Fitted
from .game import augment as augmentations
from .game import balance as rules
from .game import objectives, optimizers, orders
from .game import terms as further
from .saving import Saved


@keras.saving.register_keras_serializable("ganedu")
class GAN(Fitted, Saved, keras.Model):
    """A generator and a discriminator that learn from each other.

    Args:
        generator: Keras model, latents z of shape [N, latent_size] -> images [N, H, W, C]
            in [-1, 1].  Of a conditional GAN it takes [z, y], y the labels, int32 [N].  Or a
            `GeneratorConfig`, which is then built with `seed` (the discriminator's with
            seed + 1) and says latent_distribution and classes too.
        discriminator: Keras model, images [N, H, W, C] -> logits [N, 1]; real is positive.
            Of a conditional GAN it takes the images x or [x, y], and may have a class head: it
            then gives [N, 1 + classes], the further columns being class logits.
        latent_distribution: where z comes from, "normal" for N(0, 1), "uniform" for U(-1, 1) or
            "uniform01" for U(0, 1) (claims A-config, B-noise).
        seed: seed of every latent that training draws.
        ema: decay of the moving average of G's weights that `sample` uses.  After t updates the
            decay is min(ema, (t + 1) / (t + 10)): without this warm-up the average of a short
            run would still be made of its first, untrained weights.  t counts G's updates: a G
            that a balance rule holds back moves no average.  0 keeps none.
        classes: number of classes of a conditional GAN, 0 for an unconditional one.

    `gan.save("x.keras")`, `keras.saving.load_model` and `pickle` keep networks, average, optimizers
    and random states, see `ganedu.saving`.

    Raises:
        ValueError: if the generator's images are not what the discriminator takes, or the
            networks' labels are not what `classes` says.
    """

    def __init__(
        self,
        generator,
        discriminator,
        latent_distribution=None,
        seed=0,
        ema=0.99,
        classes=None,
        name="gan",
    ):
        super().__init__(name=name)
        if hasattr(generator, "latent_distribution"):  # a config says what it is for
            latent_distribution = latent_distribution or generator.latent_distribution
            classes = generator.classes if classes is None else classes
        self.latent_distribution = checks.choice(
            "latent_distribution", latent_distribution or "normal", tuple(distributions.NAMED)
        )
        self.seed = checks.seed("seed", seed)
        self.ema = checks.number("ema", ema, "[0, 1)")
        self.classes = checks.whole("classes", classes or 0)
        self.generator = checks.network("generator", _built(generator, seed))
        self.image_shape = tuple(self.generator.output_shape[1:])
        self.discriminator = checks.network(
            "discriminator", _built(discriminator, seed + 1), self.image_shape
        )
        checks.pair(self.generator, self.discriminator, self.classes)
        self.latent_size = self.generator.inputs[0].shape[-1]
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.ema_generator = self.generator
        if ema:
            self.ema_generator = keras.models.clone_model(self.generator)
            self.ema_generator.set_weights(self.generator.get_weights())
            self.ema_generator.trainable = False

        def counter(name, dtype="int64", initializer="zeros"):
            return self.add_weight(
                shape=(), dtype=dtype, initializer=initializer, trainable=False, name=name
            )

        self.steps = counter("steps")
        self.d_updates, self.g_updates = counter("d_updates"), counter("g_updates")
        # What the balance rule said after the step before.
        self._d_moves, self._g_moves = (counter(f"{n}_moves", "bool", "ones") for n in "dg")
        names = "d_loss_real d_loss_fake g_loss d_acc_real d_acc_fake d_out_real d_out_fake"
        if self.class_head:
            names += " c_acc_real c_acc_fake"
        self._means = {n: keras.metrics.Mean(name=n, dtype="float32") for n in names.split()}
        self._feed = Feed(self.image_shape, self.classes)
        self.built = True

    def compile(
        self,
        generator_optimizer=None,
        discriminator_optimizer=None,
        objective=None,
        order="sequential",
        class_loss=None,
        terms=(),
        balance="always",
        augment=None,
        measures=(),
        steps_per_execution=8,
        run_eagerly=False,
        **kwargs,
    ):
        """Says how to train.  Parts are given as objects or by name.

        Args:
            generator_optimizer, discriminator_optimizer: a Keras optimizer each.
            objective: what D and G minimise, from `ganedu.game.objectives`.
            order: who moves when, from `ganedu.game.orders`, or any callable (gan, x) -> `Step`,
                (gan, x, y) for a conditional GAN.
            class_loss: weights of the class head's losses; `terms.ClassLoss()` by default
                where D has a class head.
            terms: further terms of the two losses, see `ganedu.game.terms`.
            balance: which network may move at the next step, see `ganedu.game.balance`.
            augment: (x, seed) -> x, done to all that D sees, real and fake, when D learns and
                when G does; see `ganedu.game.augment`.
            measures: what `evaluate`, and `fit` with `validation_data`, say of the averaged
                generator: functions (x, x_fake, y) of arrays, see `ganedu.measures.watch`.
            steps_per_execution: training steps between two returns to Python.
            kwargs: `jit_compile` and `auto_scale_loss`, as in Keras.

        Raises:
            ValueError: if an argument is missing, unknown, or not what it must be.
        """
        known = [*inspect.signature(self.compile).parameters][:-1]
        checks.arguments("compile", kwargs, [*known, "jit_compile", "auto_scale_loss"])
        pair = (
            optimizers.get("generator_optimizer", generator_optimizer),
            optimizers.get("discriminator_optimizer", discriminator_optimizer),
        )
        if pair[0] is pair[1]:
            raise ValueError(
                "generator_optimizer and discriminator_optimizer are one object; "
                "make two: each keeps moments of its own network's gradients"
            )
        if class_loss is not None and not self.class_head:
            raise ValueError("class_loss was given, but the discriminator has no class head")
        objective = objectives.get(objective)
        order = orders.get(order)
        class_loss = further.ClassLoss.get(class_loss)
        terms = further.get(terms)
        balance = rules.get(balance)
        augment = augmentations.get(augment)
        measures = checks.measures(measures)
        steps_per_execution = checks.whole("steps_per_execution", steps_per_execution, 1)
        super().compile(
            optimizer=None,
            run_eagerly=run_eagerly,
            steps_per_execution=1 if run_eagerly else steps_per_execution,
            **kwargs,
        )
        self.generator_optimizer, self.discriminator_optimizer = pair
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.optimizer = optimizers.Both(*pair)
        self.objective, self.order, self.class_loss, self.terms = (
            objective,
            order,
            class_loss,
            terms,
        )
        self.balance, self.augment, self.measures = balance, augment, measures

    # The parts of a training step.

    def latents(self, n, seed=None):
        """n latents z, [n, latent_size]; from the model's own random state unless seeded."""
        if not tf.is_tensor(n):
            checks.whole("n", n, 1)
        if seed is None:
            seed = self.seed_generator
        elif not isinstance(seed, keras.random.SeedGenerator):
            seed = checks.seed("seed", seed)
        return distributions.draw(self.latent_distribution, (n, self.latent_size), seed)

    def generate(self, n, y=None):
        """G(z), or G(z, y), for n fresh latents, in training mode."""
        z = self.latents(n)
        return self.generator([z, y] if self.classes else z, training=True)

    def judge(self, x, y=None):
        """What D says of images x, in training mode: logits of shape [N].

        With a class head: [N, 1 + classes], the logit and then the class logits.
        """
        d = self.discriminator(self._seen(x, y), training=True)
        return d if self.class_head else tf.reshape(d, [-1])

    def features(self, x, y=None):
        """The input of D's last layer for images x, [N, F], in training mode.

        That layer's place is a layer named "features" or, where there is none, D's last layer.
        """
        d = self.discriminator
        if "features" in [layer.name for layer in d.layers]:
            features = d.get_layer("features").output
        else:
            features = d.layers[-1].input
        return keras.Model(d.inputs, features)(self._seen(x, y), training=True)

    def _seen(self, x, y):
        """What D is given: the images, augmented if so asked, and the labels if it takes them."""
        if self.augment is not None:
            x = self.augment(x, self.seed_generator)
        return [x, y] if len(self.discriminator.inputs) == 2 else x

    def logits(self, d):
        """The two parts of a judgement: logits [N], and class logits [N, classes] or None."""
        return (d[:, 0], d[:, 1:]) if self.class_head else (d, None)

    def judge_real(self, x, y=None):
        """D's judgement of real images, and its mean loss on them."""
        d = self.judge(x, y)
        d_real, classes = self.logits(d)
        loss = self.objective.d_real(d_real)
        if self.class_head:
            loss += self.class_loss.real * self.class_loss(classes, y)
        return d, loss

    def judge_fake(self, x_fake, y=None):
        """D's judgement of generated images, and its mean loss on them."""
        d = self.judge(x_fake, y)
        d_fake, classes = self.logits(d)
        loss = self.objective.d_fake(d_fake)
        if self.class_head and self.class_loss.fake:
            loss += self.class_loss.fake * self.class_loss(classes, y)
        return d, loss

    def g_loss(self, d, y=None):
        """G's mean loss, given D's judgement of its images."""
        d_fake, classes = self.logits(d)
        loss = self.objective.g_fake(d_fake)
        if self.class_head:
            loss += self.class_loss.generated * self.class_loss(classes, y)
        return loss

    def d_terms(self, x, x_fake, y=None):
        """What the further terms add to D's loss."""
        return sum(term.d(self, x, x_fake, y) for term in self.terms)

    def g_terms(self, x, x_fake, y=None):
        """What the further terms add to G's loss."""
        return sum(term.g(self, x, x_fake, y) for term in self.terms)

    def update_discriminator(self, tape, d_loss):
        """One step of D's optimizer, if the balance rule lets D move; G stays."""
        weights = self.discriminator.trainable_variables

        def move():  # the gradient is in here: a network that waits costs none
            self.discriminator_optimizer.apply(tape.gradient(d_loss, weights), weights)
            self.d_updates.assign_add(1)

        self._if(self._d_moves, move)

    def update_generator(self, tape, g_loss):
        """One step of G's optimizer and of its average, if the rule lets G move; D stays."""
        weights = self.generator.trainable_variables

        def move():
            self.generator_optimizer.apply(tape.gradient(g_loss, weights), weights)
            self.g_updates.assign_add(1)
            self.update_average()

        self._if(self._g_moves, move)

    def _if(self, moves, move):
        if isinstance(self.balance, rules.Always):
            move()  # no branch in the graph for what is never skipped
        else:
            tf.cond(moves, lambda: (move(), True)[1], lambda: False)

    def update_average(self):
        """ema_generator moves a little towards generator: e = decay * e + (1 - decay) * w."""
        if self.ema:
            t = tf.cast(self.g_updates, "float32")
            decay = tf.minimum(self.ema, t / (t + 9.0))
            for e, w in zip(self.ema_generator.weights, self.generator.weights, strict=True):
                e.assign_add((1.0 - decay) * (w - e))

    def train_step(self, data):
        """One step: the order moves both networks, the rule says which may move at the next."""
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        step = self.order(self, x, tf.cast(y, "int32")) if self.classes else self.order(self, x)
        self.steps.assign_add(1)
        losses = step.d_loss_real, step.d_loss_fake, step.g_loss
        d_moves, g_moves = self.balance(self.steps, *losses)
        self._d_moves.assign(d_moves)
        self._g_moves.assign(g_moves)
        return self._figures(step, y)

    def _figures(self, step, y):
        """What the logs say: means over the epoch so far, and counts of updates."""
        (d_real, c_real), (d_fake, c_fake) = self.logits(step.d_real), self.logits(step.d_fake)
        seen = {
            "d_loss_real": step.d_loss_real,
            "d_loss_fake": step.d_loss_fake,
            "g_loss": step.g_loss,
            "d_acc_real": tf.cast(d_real > 0, "float32"),
            "d_acc_fake": tf.cast(d_fake < 0, "float32"),
            "d_out_real": tf.sigmoid(tf.cast(d_real, "float32")),
            "d_out_fake": tf.sigmoid(tf.cast(d_fake, "float32")),
        }
        if self.class_head:
            seen["c_acc_real"] = keras.metrics.sparse_categorical_accuracy(y, c_real)
            seen["c_acc_fake"] = keras.metrics.sparse_categorical_accuracy(y, c_fake)
        for name, value in seen.items():
            self._means[name].update_state(value)
        counts = {n: tf.identity(getattr(self, n)) for n in ("d_updates", "g_updates")}
        return {name: mean.result() for name, mean in self._means.items()} | counts

    @property
    def metrics(self):
        """The five figures of claim A-metrics, and D's mean output on real and on fake."""
        return list(self._means.values())

    # Using it.

    def call(self, x, training=False):
        """D's logits for images x, or [x, y], shape [N, 1]."""
        return self.discriminator(x, training=training)

    def sample(self, n=None, seed=None, labels=None, ema=True, batch_size=256):
        """n generated images, a float32 array [n, H, W, C] in [-1, 1].

        The same seed gives the same latents; without one they come from the model's own random
        state.  Images come from the averaged generator unless `ema=False`, in inference mode.
        A conditional GAN makes one image for each of `labels`, whole numbers [n]; without
        labels, n images of the classes in turn.
        """
        n, labels = checks.asked(n, labels, self.classes)
        return self.images_from(self.latents(n, seed), labels, ema=ema, batch_size=batch_size)

    def images_from(self, z, labels=None, ema=True, batch_size=256):
        """Images of given latents z [n, latent_size] (and labels [n]), as in `sample`."""
        z = np.asarray(z)
        if z.shape[1:] != (self.latent_size,) or not len(z) or z.dtype.kind not in "fiu":
            raise ValueError(
                f"z has shape {z.shape} and dtype {z.dtype}; give numbers [n, {self.latent_size}]"
            )
        batch_size = checks.whole("batch_size", batch_size, 1)
        inputs = [z]
        if self.classes:
            inputs.append(checks.labels("labels", labels, len(z), self.classes).astype("int32"))
        network = self.ema_generator if ema else self.generator
        images = []
        for i in range(0, len(z), batch_size):
            part = [tf.constant(array[i : i + batch_size]) for array in inputs]
            made = network(part if self.classes else part[0], training=False)
            images.append(np.asarray(keras.ops.cast(made, "float32")))
        return np.concatenate(images)

    @property
    def class_head(self):
        """Whether D gives class logits too."""
        return self.discriminator.output_shape[-1] > 1


def _built(network, seed):
    """What a config builds; anything else as it is."""
    is_config = hasattr(network, "image_shape") and hasattr(network, "shapes")
    return network.build(seed) if is_config and not isinstance(network, type) else network
