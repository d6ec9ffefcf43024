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

import keras
import numpy as np
import tensorflow as tf

from .game import balance as rules
from .game import orders
from .game import terms as parts


class GAN(keras.Model):
    """A generator and a discriminator that learn from each other.

    Args:
        generator: Keras model, latents z of shape [N, latent_size] -> images [N, H, W, C]
            in [-1, 1].  Of a conditional GAN it takes [z, y], y the labels, int32 [N].
        discriminator: Keras model, images [N, H, W, C] -> logits [N, 1]; real is positive.
            Of a conditional GAN it takes the images x or [x, y], and may have a class head: it
            then gives [N, 1 + classes], the further columns being class logits.
        latent_distribution: where z comes from, "normal" for N(0, 1) or "uniform" for U(-1, 1)
            (claims A-config, B-noise).
        seed: seed of every latent that training draws.
        ema: decay of the moving average of G's weights that `sample` uses.  After t steps the
            decay is min(ema, (t + 1) / (t + 10)): without this warm-up the average of a short
            run would still be made of its first, untrained weights.  0 keeps no average.
        classes: number of classes of a conditional GAN, 0 for an unconditional one.

    Raises:
        ValueError: if the generator's images are not what the discriminator takes, or the
            networks' labels are not what `classes` says.
    """

    def __init__(
        self,
        generator,
        discriminator,
        latent_distribution="normal",
        seed=0,
        ema=0.99,
        classes=0,
        name="gan",
    ):
        super().__init__(name=name)
        if latent_distribution not in ("normal", "uniform"):
            raise ValueError(
                f"latent_distribution is {latent_distribution!r}; choose 'normal' or 'uniform'"
            )
        if not 0 <= ema < 1:
            raise ValueError(f"ema is {ema}; a decay is at least 0 (no average) and below 1")
        made, taken = generator.output_shape[1:], discriminator.inputs[0].shape[1:]
        if made != taken:
            raise ValueError(
                f"generator makes images of shape {made}, discriminator takes {taken}: "
                "the two must be equal"
            )
        self._check_labels_of(generator, discriminator, classes)
        self.generator = generator
        self.discriminator = discriminator
        self.classes = classes
        self.image_shape = taken
        self.latent_size = generator.inputs[0].shape[-1]
        self.latent_distribution = latent_distribution
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.ema = ema
        self.ema_generator = generator
        if ema:
            self.ema_generator = keras.models.clone_model(generator)
            self.ema_generator.set_weights(generator.get_weights())
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
        self._validation_seed = seed
        self._checked = None  # the Batches whose images were found good
        self.built = True

    def compile(
        self,
        generator_optimizer,
        discriminator_optimizer,
        objective,
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
        """Says how to train.

        Args:
            generator_optimizer, discriminator_optimizer: a Keras optimizer each.
            objective: what D and G minimise, from `ganedu.game.objectives`.
            order: who moves when: `Sequential()`, `Simultaneous()`, `Alternating()`, their
                names, or any callable (gan, x) -> `Step`, (gan, x, y) for a conditional GAN.
            class_loss: weights of the class head's losses; `terms.ClassLoss()` by default
                where D has a class head.
            terms: further terms of the two losses, see `ganedu.game.terms`.
            balance: which network may move at the next step, see `ganedu.game.balance`.
            augment: (x, seed) -> x, done to all that D sees, real and fake, when D learns and
                when G does; see `ganedu.game.augment`.
            measures: called with (x, x_fake, y), see `ganedu.measures.watch`: what `evaluate`,
                and `fit` with `validation_data`, say of the averaged generator.
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
        if class_loss is not None and not self.class_head:
            raise ValueError("class_loss was given, but the discriminator has no class head")
        self.objective = objective
        self.order = orders.get(order)
        self.class_loss = class_loss or parts.ClassLoss()
        self.terms = tuple(terms)
        self.balance = rules.get(balance)
        self.augment = augment
        self.measures = tuple(measures)

    # The parts of a training step.

    def latents(self, n, seed=None):
        """n latents z, [n, latent_size]; from the model's own random state unless seeded."""
        seed = self.seed_generator if seed is None else seed
        shape = (n, self.latent_size)
        if self.latent_distribution == "uniform":
            return keras.random.uniform(shape, -1.0, 1.0, seed=seed)
        return keras.random.normal(shape, seed=seed)

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
        grads = tape.gradient(d_loss, weights)

        def move():
            self.discriminator_optimizer.apply(grads, weights)
            self.d_updates.assign_add(1)

        self._if(self._d_moves, move)

    def update_generator(self, tape, g_loss):
        """One step of G's optimizer, if the balance rule lets G move; D stays."""
        weights = self.generator.trainable_variables
        grads = tape.gradient(g_loss, weights)

        def move():
            self.generator_optimizer.apply(grads, weights)
            self.g_updates.assign_add(1)

        self._if(self._g_moves, move)

    def _if(self, moves, move):
        if isinstance(self.balance, rules.Always):
            move()  # no branch in the graph for what is never skipped
        else:
            tf.cond(moves, lambda: (move(), True)[1], lambda: False)

    def update_average(self):
        """ema_generator moves a little towards generator: e = decay * e + (1 - decay) * w."""
        self.steps.assign_add(1)
        if self.ema:
            t = tf.cast(self.steps, "float32")
            decay = tf.minimum(self.ema, t / (t + 9.0))
            for e, w in zip(self.ema_generator.weights, self.generator.weights, strict=True):
                e.assign_add((1.0 - decay) * (w - e))

    def train_step(self, data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        step = self.order(self, x, tf.cast(y, "int32")) if self.classes else self.order(self, x)
        self.update_average()
        moves = self.balance(self.steps, step.d_loss_real, step.d_loss_fake, step.g_loss)
        for variable, value in zip((self._d_moves, self._g_moves), moves, strict=True):
            variable.assign(value)
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

    def evaluate(self, x=None, y=None, return_dict=False, **kwargs):
        """The measures of real images x and as many of the averaged generator's.

        x, y: arrays, or x a tf.data.Dataset of batches.  The latents are the same each time.
        What else Keras's `evaluate` takes changes nothing here.
        """
        if not self.measures:
            raise ValueError("validation needs measures: gan.compile(..., measures=[...])")
        if isinstance(x, tf.data.Dataset):
            parts = [keras.utils.unpack_x_y_sample_weight(batch)[:2] for batch in x]
            x, y = (None if c[0] is None else np.concatenate(c) for c in zip(*parts, strict=True))
        x, labels = np.asarray(x), y if self.classes else None
        x_fake = self.images_from(self.latents(len(x), self._validation_seed), labels)
        logs = {measure.name: measure(x, x_fake, labels) for measure in self.measures}
        return logs if return_dict else list(logs.values())

    @property
    def metrics(self):
        """The five figures of claim A-metrics, and D's mean output on real and on fake."""
        return list(self._means.values())

    # Using it.

    def call(self, x, training=False):
        """D's logits for images x, or [x, y], shape [N, 1]."""
        return self.discriminator(x, training=training)

    def fit(self, x=None, *args, initial_epoch=0, callbacks=None, **kwargs):
        """Keras's `fit`.

        x is `ganedu.data.Batches` (each epoch's order depends on its seed and the epoch alone,
        so training can be stopped and resumed exactly), a tf.data.Dataset of batches, or an
        array of images [N, H, W, C] in [-1, 1].  A conditional GAN needs batches (x, y), or an
        array of labels y.

        Raises:
            ValueError: if the images are not of the discriminator's shape, leave [-1, 1], or
                are not numbers; if labels are missing or out of range.
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
                self._check_batch(x)
            self._checked = batches
        else:
            self._check_batch(x, args[0] if args else kwargs.get("y"))
        if isinstance(x, tf.data.Dataset):
            kwargs.setdefault("shuffle", False)  # a Dataset's order is its own
        return super().fit(x, *args, initial_epoch=initial_epoch, callbacks=callbacks, **kwargs)

    def sample(self, n=None, seed=None, labels=None, ema=True, batch_size=256):
        """n generated images, a float32 array [n, H, W, C] in [-1, 1].

        The same seed gives the same latents; without one they come from the model's own random
        state.  Images come from the averaged generator unless `ema=False`, in inference mode.
        A conditional GAN makes one image for each of `labels`, whole numbers [n]; without
        labels, n images of the classes in turn.
        """
        if labels is not None and not self.classes:
            raise ValueError("labels were given, but this GAN is unconditional: leave them out")
        if labels is not None and n not in (None, len(labels)):
            raise ValueError(f"n is {n}, but {len(labels)} labels were given; leave n out")
        if labels is not None:
            n = len(labels)
        if not n or n < 1:
            raise ValueError(f"n is {n}; ask for at least 1 image")
        if labels is None and self.classes:
            labels = np.arange(n) % self.classes
        return self.images_from(self.latents(n, seed), labels, ema=ema, batch_size=batch_size)

    def images_from(self, z, labels=None, ema=True, batch_size=256):
        """Images of given latents z [n, latent_size] (and labels [n]), as in `sample`."""
        z = tf.convert_to_tensor(z)
        if tuple(z.shape[1:]) != (self.latent_size,):
            raise ValueError(f"z has shape {tuple(z.shape)}; it must be [n, {self.latent_size}]")
        if self.classes:
            y = tf.constant(self._check_labels(labels, len(z)))
        network = self.ema_generator if ema else self.generator
        images = []
        for i in range(0, z.shape[0], batch_size):
            part = slice(i, i + batch_size)
            made = network([z[part], y[part]] if self.classes else z[part], training=False)
            images.append(np.asarray(keras.ops.cast(made, "float32")))
        return np.concatenate(images)

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
            "gan": [
                self.steps, self.seed_generator.state,
                self.d_updates, self.g_updates, self._d_moves, self._g_moves,
            ],
        }
        # Numbers, not Keras's names: those count up with every model that a process makes.
        return {
            f"{part}/{i:03d}": v
            for part, variables in parts.items()
            for i, v in enumerate(variables)
        }

    @property
    def class_head(self):
        """Whether D gives class logits too."""
        return self.discriminator.output_shape[-1] > 1

    @staticmethod
    def _check_labels_of(generator, discriminator, classes):
        """What the networks take and give, against what `classes` says."""
        takes = len(generator.inputs), len(discriminator.inputs)
        gives = discriminator.output_shape[1:]
        if not classes and (takes != (1, 1) or gives != (1,)):
            raise ValueError(
                f"classes is 0, but the generator takes {takes[0]} inputs, the discriminator "
                f"{takes[1]}, and gives numbers of shape {gives}; an unconditional GAN's networks "
                "take one each and give one logit, shape (1,)"
            )
        if classes and (takes[0] != 2 or gives not in ((1,), (1 + classes,))):
            raise ValueError(
                f"classes is {classes}, but the generator takes {takes[0]} inputs and the "
                f"discriminator gives numbers of shape {gives}; a conditional generator takes "
                f"[z, y], a discriminator gives (1,) or, with a class head, ({1 + classes},)"
            )
        if classes and takes[1] == 1 and gives == (1,):
            raise ValueError(
                f"classes is {classes}, but the discriminator neither takes labels nor has a "
                "class head: nothing would make the generator heed its labels"
            )

    def _check_labels(self, y, n):
        """Labels as int32 [n]."""
        if y is None:
            raise ValueError(
                f"labels are missing: this GAN is conditional, it needs one of 0 to "
                f"{self.classes - 1} for each image"
            )
        y = np.asarray(y)
        if y.shape != (n,) or not np.issubdtype(y.dtype, np.integer):
            raise ValueError(
                f"labels have shape {y.shape} and dtype {y.dtype}; they must be {n} whole numbers"
            )
        if len(y) and not 0 <= y.min() <= y.max() < self.classes:
            raise ValueError(
                f"labels run from {y.min()} to {y.max()}; this GAN's classes are 0 to "
                f"{self.classes - 1}"
            )
        return y.astype("int32")

    def _check_batch(self, x, y=None):
        """Bad data is found before the first step, not by a GAN that never learns."""
        if isinstance(x, tf.data.Dataset):
            for batch in x.take(1):
                x, y, _ = keras.utils.unpack_x_y_sample_weight(batch)
        if not (hasattr(x, "shape") and hasattr(x, "dtype")):
            return  # a generator or PyDataset: Keras's own checks must do
        self._check_images(x)
        if self.classes:
            self._check_labels(y, len(x))

    def _check_images(self, x):
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
