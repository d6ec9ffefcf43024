"""The checks of the labs: typical slips are refused, each in one line that names the mistake.

A row is (function, part of the solution, what a student writes instead, words of the message);
an empty part stands for the whole body.
"""

import re

import pytest
from lab_helpers import cells_of, checks_of, names_of, notebook, slip, verdict

SLIPS = {
    1: [
        ("softplus", "", "return np.log(1 + np.exp(t))", "too large"),
        ("softplus", "return ", "", "`return`"),
        ("softplus", "", "return -np.log(sigmoid(-t))", "log(0)"),
        ("softplus", "", "import math\nreturn math.log(1 + math.exp(t))", "take arrays"),
        ("softplus", "", "return t if t > 30 else np.log1p(np.exp(t))", "np.where"),
        ("softplus", "", "return np.maximum(t, 0)", "gives"),
        ("softplus", "", "return -np.logaddexp(0, t)", "sign"),
        ("softplus", "", "return np.logaddexp(0, t)[None]", "shape (1, 3)"),
        ("softplus", "", "return list(np.logaddexp(0, t))", "list"),
        ("softplus", "", "return np.logaddexp", "brackets"),
        ("softplus", "", "exit()", "ends Python"),
        ("softplus", "", "return np.logadexp(0, t)", "logadexp"),
        ("softplus", "", "return np.log(t)", "logarithm of 1 + e^t"),
        ("softplus", "", "return np.where(t > 30, t, np.log1p(np.exp(t)))", "both of its branches"),
        ("softplus", "", "raise NotImplementedError('do it')\nreturn t", "still there?"),
        ("softplus", "", "t *= 2\nreturn np.logaddexp(0, t / 2)", "copy"),
        ("d_losses", "return ", "", "`return`"),
        ("d_losses", "(-d_real).mean(), softplus(d_fake).mean()",
         "(-d_real).mean() + softplus(d_fake).mean()", "pair"),
        ("d_losses", ".mean()", "", "mean"),
        ("d_losses", ".mean()", ".sum()", "sum"),
        ("d_losses", "softplus(-d_real)", "softplus(d_real)", "sign"),
        ("d_losses", "softplus(d_fake)", "softplus(-d_fake)", "sign"),
        ("d_losses", "", "return softplus(d_fake).mean(), softplus(-d_real).mean()", ""),
        ("d_losses", ".mean()", ".mean() / 2", "log 2"),
        ("d_losses", "", "return (-np.log(sigmoid(d_real)).mean(),\n"
         "        -np.log(1 - sigmoid(d_fake)).mean())", "softplus"),
        ("d_losses", "softplus(d_fake).mean()", "softplus(d_fake.mean())", "softplus of the mean"),
        ("d_losses", "", "return -np.log(d_real).mean(), -np.log(1 - d_fake).mean()",
         "not a probability"),
        ("g_loss", "return ", "", "`return`"),
        ("g_loss", "softplus(-d_fake).mean()", "softplus(-d_fake.mean())", "softplus of the mean"),
        ("g_loss", "", "return -np.log(d_fake).mean()", "not a probability"),
        ("g_loss", ".mean()", ".sum()", "sum"),
        ("g_loss", ".mean()", "", "mean"),
        ("g_loss", "", "return -softplus(d_fake).mean()", "saturating"),
        ("g_loss", "softplus(-d_fake)", "softplus(d_fake)", "sign"),
        ("g_loss", "", "return -np.log(sigmoid(d_fake)).mean()", "softplus"),
        ("optimal_discriminator", "return ", "", "`return`"),
        ("optimal_discriminator", "", "return p_g / np.maximum(p_data + p_g, 1e-9)", "fake"),
        ("optimal_discriminator", "", "return p_data / (p_data + p_g)", "0 / 0"),
        ("optimal_discriminator", "", "if p_data + p_g == 0:\n    return 0.5\n"
         "return p_data / (p_data + p_g)", "np.where"),
        ("optimal_discriminator", "0.5)", "0)", "1/2"),
        ("optimal_discriminator", "", "return p_data / (p_data + p_g + 1e-9)", "1/2"),
        ("optimal_discriminator", "", "return p_data / p_g", "a share"),
        ("optimal_discriminator", "", "return 1 / (1 + p_g / p_data)", "a share"),
        ("optimal_discriminator", "", "return sigmoid(np.log(p_data) - np.log(p_g))",
         "no logarithm"),
        ("optimal_discriminator", "np.where(total > 0, p_data", "np.where(total > 0.05, p_data",
         "exactly zero"),
        ("optimal_discriminator", "np.where(total > 0, p_data", "np.where(total > 1e-4, p_data",
         "exactly zero"),
        ("d_pulls", "return ", "", "`return`"),
        ("d_pulls", "/ d_real.size", "", "3 here"),
        ("d_pulls", "/ d_fake.size", "/ d_real.size", "5 here"),
        ("d_pulls", "/ d_fake.size", "/ (d_real.size + d_fake.size)", "5 here"),
        ("d_pulls", "-sigmoid(-d_real)", "-sigmoid(d_real) * sigmoid(-d_real)",
         "-0.167, you give -0.0833"),
        ("d_pulls", "-sigmoid(-d_real)", "-2 * sigmoid(-d_real)", "softplus is sigmoid"),
        ("d_pulls", "-sigmoid(-d_real)", "-np.exp(-d_real)", "softplus is sigmoid"),
        ("d_pulls", "return on_real,", "return on_real +", "Return the two arrays apart"),
        ("d_pulls", "-sigmoid(-d_real)", "sigmoid(-d_real)", "negative"),
        ("d_pulls", ", sigmoid(d_fake)", ", -sigmoid(d_fake)", "positive"),
        ("d_pulls", "", "return sigmoid(d_fake) / d_fake.size, -sigmoid(-d_real) / d_real.size",
         "reals first"),
        ("d_pulls", "-sigmoid(-d_real)", "-sigmoid(d_real)", "no longer pulls"),
        ("d_pulls", "return on_real,", "return on_real.sum(),", "each logit"),
        ("d_pulls", "", "return [-sigmoid(-d) / d_real.size for d in d_real], d_fake", "list"),
        ("g_pull", "return ", "", "`return`"),
        ("g_pull", "if saturating", "if not saturating", "swapped"),
        ("g_pull", " / d_fake.size", "", "mean"),
        ("g_pull", "else -sigmoid(-d_fake)", "else -sigmoid(-d_fake) * sigmoid(d_fake)",
         "softplus is sigmoid"),
        ("g_pull", "return pull / d_fake.size", "return (pull / d_fake.size).sum()", "each logit"),
        ("g_pull", "return pull / d_fake.size", "return [p / d_fake.size for p in pull]", "list"),
        ("g_pull", "-sigmoid(d_fake) if saturating", "-sigmoid(-d_fake) if saturating", "flat"),
        ("g_pull", "else -sigmoid", "else sigmoid", "negative"),
        ("d_gradients", "return ", "", "`return`"),
        ("d_gradients", "[r + f for r, f in zip(from_real, from_fake)]", "from_real + from_fake",
         "joins"),
        ("d_gradients", "from_fake, _ = backward", "_, from_fake = backward", "array by array"),
        ("d_gradients", "r + f for", "r for", "fakes is missing"),
        ("d_gradients", "r + f for", "f for", "reals is missing"),
        ("d_gradients", "r + f for", "r - f for", "subtracted"),
        ("d_gradients", "r + f for", "-r - f for", "sign"),
        ("d_gradients", "r + f for", "(r + f) / 2 for", "mean of the two"),
        ("d_gradients", "on_real, on_fake = d_pulls", "on_fake, on_real = d_pulls", "reals"),
        ("d_gradients", "on_real, on_fake = d_pulls", "on_real = on_fake = d_pulls", "pair"),
        ("d_gradients", "from_real, _ = backward", "from_real = backward", "returns a pair"),
        ("d_gradients", "d_pulls(forward(disc, x), forward(disc, x_fake))", "d_pulls(x, x_fake)",
         "takes logits"),
        ("d_gradients", "forward(disc, x)", "forward(x, disc)", "network first"),
        ("d_gradients", "backward(disc, x,", "backward(x, disc,", "network first"),
        ("g_gradients", "return ", "", "`return`"),
        ("g_gradients", "x_fake = forward(gen, z)", "forward = forward(gen, z)",
         "named like the function"),
        ("g_gradients", "gradients, _ = backward(gen, z", "_, gradients = backward(gen, z",
         "list"),
        ("g_gradients", "backward(gen, z, on_fakes)", "backward(gen, z, on_logits)", "straight"),
        ("g_gradients", "backward(gen, z, on_fakes)", "backward(disc, x_fake, on_logits)", "D's"),
        ("g_gradients", "_, on_fakes = backward", "on_fakes, _ = backward", "one array"),
        ("g_gradients", "g_pull(forward(disc, x_fake))",
         "g_pull(forward(disc, x_fake), saturating=True)", "saturating"),
        ("g_gradients", "g_pull(forward(disc, x_fake))", "-g_pull(forward(disc, x_fake))", "sign"),
        ("g_gradients", "g_pull(forward(disc, x_fake))", "g_pull(x_fake)", "takes logits"),
        ("g_gradients", "x_fake = forward(gen, z)", "x_fake = forward(z, gen)", "network first"),
        ("train_step", "d_optimizer.step(disc", "d_optimizer.step(gen", "steps gen"),
        ("train_step", "g_gradients(gen, disc, z))", "d_gradients(disc, x, forward(gen, z)))",
         "do not fit"),
        ("train_step", "", "g_optimizer.step(gen, g_gradients(gen, disc, z))\n"
         "d_optimizer.step(disc, d_gradients(disc, x, forward(gen, z)))", "D moves first"),
        ("train_step", "", "g = g_gradients(gen, disc, z)\n"
         "d_optimizer.step(disc, d_gradients(disc, x, forward(gen, z)))\n"
         "g_optimizer.step(gen, g)", "just moved"),
        ("train_step", "", "d_optimizer.step(disc, d_gradients(disc, x, forward(gen, z)))",
         "stepped 1 time, g_optimizer 0 times"),
        ("train_step", "d_optimizer.step(disc", "disc = d_optimizer.step(disc", "do not assign"),
        ("train_step", "", "d_optimizer.step(d_gradients(disc, x, forward(gen, z)), disc)",
         "network first"),
        ("train_step", "forward(gen, z)))", "forward(gen, z + 1)))", "fakes that gen makes"),
        ("train_step", "", "return None", "no optimizer"),
    ],
    2: [
        ("convolution_size", "return ", "", "`return`"),
        ("convolution_size", "math.ceil(n / s)", "n // s", "rounded up"),
        ("convolution_size", "math.ceil(n / s)", "n / s", "whole number"),
        ("convolution_size", "math.ceil(n / s)", "(n + 2 * (k // 2) - k) // s + 1", "rounded up"),
        ("convolution_size", "math.ceil(n / s)", "n // s + n % s", "rounded up"),
        ("convolution_size", " + 1", "", "first place"),
        ("transposed_size", "+ k", "+ k - s", "last copy"),
        ("transposed_size", "s * (n - 1) + k", "s * n + k", "last copy"),
        ("transposed_size", "return s * n if", "return n if", "s outputs"),
        ("transposed_convolution", "return y", "y", "`return`"),
        ("transposed_convolution", "y = np.zeros(s * (n - 1) + k)",
         "y = np.zeros(s * (n - 1) + k, int)", "np.zeros(n) makes"),
        ("transposed_convolution", "y = np.zeros(s * (n - 1) + k)", "y = np.zeros(s * n)",
         "long enough"),
        ("transposed_convolution", "+= x[i]", "= x[i]", "+="),
        ("transposed_convolution", "x[i] * kernel", "x[i] * kernel[::-1]", "flipped"),
        ("transposed_convolution", "y[s * i : s * i + k]", "y[i : i + k]", "start at place s i"),
        ("transposed_convolution", "y[front : front + s * n]", "y[front : -(k - s - front)]",
         "is empty"),
        ("transposed_convolution", "(k - s) // 2", "(k - s + 1) // 2", "front"),
        ("transposed_convolution", "(k - s) // 2", "(k - s) / 2", "//"),
        ("transposed_convolution", "y[front : front + s * n]", "y[front:]", "shape"),
        ("transposed_convolution", "    return y", "    return list(y)", "list"),
        ("transposed_convolution", "", "layer = L.Conv1DTranspose(1, len(kernel), strides=s)\n"
         "return layer(x)", "write it yourself"),
        ("make_generator", "return keras", "keras", "`return`"),
        ("make_generator", "L.Reshape((7, 7, 96))", "L.Reshape((7, 7, 95))", "Reshape only"),
        ("make_generator", "kernel_initializer=normal()", "kernel_initializer=normal", "brackets"),
        ("make_generator", "L.ReLU()", "L.LeakyReLU(0.2)", "paper"),
        ("make_generator", "use_bias=False, ", "", "no bias"),
        ("make_generator", "activation=\"tanh\"", "activation=\"sigmoid\"", "tanh"),
        ("make_generator", "48, 5", "64, 5", "at most 48"),
        ("make_generator", "96", "400", "500,000"),
        ("make_generator", "momentum=0.9, ", "", "momentum=0.9"),
        ("make_generator", "gamma_initializer=normal(1.0)", "", "normal(1.0)"),
        ("make_generator", "            L.ReLU(),\n            L.Conv2DTranspose(\n                1",
         "            L.ReLU(),\n            L.Dropout(0.2),\n            L.Conv2DTranspose(\n"
         "                1", "dropout"),
        ("make_generator", "L.BatchNormalization(momentum=0.9, gamma_initializer=normal(1.0)),\n"
         "            L.ReLU()", "L.ReLU(),\n            L.BatchNormalization(momentum=0.9, "
         "gamma_initializer=normal(1.0))", "before the activation"),
        ("make_generator", "keras.Input((16,))", "keras.Input((100,))", "(16,)"),
        ("make_generator", "            keras.Input((16,)),\n", "", "start it with keras.Input((16,))"),
        ("make_generator", "use_bias=False, kernel", "activation='relu', use_bias=False, kernel",
         "relu stands before a batch norm"),
        ("make_generator", "L.ReLU()", "L.ReLU", "brackets"),
        ("make_generator", "96", "64", "at least twice"),
        ("make_generator", "48, 5, strides=2", "48, 5", "halve a side"),
        ("make_generator", "48, 5, strides=2, padding=\"same\",\n                use_bias=False, "
         "kernel_initializer=normal()", "48, 5, strides=2, padding=\"same\", use_bias=False",
         "Where: Conv2DTranspose 1 of 2"),
        ("make_discriminator", "L.LeakyReLU(0.2)", "L.ReLU()", "LeakyReLU"),
        ("make_discriminator", "L.Dense(1, kernel_initializer=normal())",
         "L.Dense(1, activation='sigmoid', kernel_initializer=normal())", "sigmoid"),
        ("make_discriminator", "            L.Flatten(),\n", "", "it must give (1,)"),
        ("make_discriminator", "24, 5", "40, 5", "at most 32"),
        ("make_discriminator", "            keras.Input((28, 28, 1)),\n", "",
         "start it with keras.Input((28, 28, 1))"),
        ("make_discriminator", "padding=\"same\", ", "", "padding='same'"),
        ("sequential_step", "return Step(", "Step(", "return the Step"),
        ("sequential_step", "d_loss_real + d_loss_fake", "d_loss_real", "sum of both"),
        ("sequential_step", "g_fake(gan.judge(x_fake))", "g_fake(d_fake)", "just moved"),
        ("sequential_step", "g_fake(gan.judge(x_fake))", "g_fake(gan.judge(gan.generate(n)))",
         "one batch"),
        ("sequential_step", "gan.judge_real(x)", "gan.judge_real(x_fake)", "real"),
        ("sequential_step", "d_real, d_loss_real = gan.judge_real(x)",
         "d_loss_real = gan.judge_real(x)", ""),
        ("sequential_step", "        gan.update_discriminator(d_tape, d_loss)\n", "", "D moves once"),
        ("sequential_step", "    gan.update_generator(g_tape, g_loss)\n", "", "G moves once"),
        ("sequential_step", "gan.update_generator(g_tape", "gan.update_generator(d_tape", "tape"),
        ("sequential_step", "", "from ganedu.game import orders\n"
         "return orders.Sequential()(gan, x)", "write it yourself"),
        ("sequential_step", "", "from ganedu.game.orders import NAMED\n"
         "return NAMED['sequential']()(gan, x)", "write it yourself"),
        ("sequential_step", "", "return gan.order(gan, x)", "write it yourself"),
        ("sequential_step", "gan.generate(n)", "gan.generate(x)", "takes a number, n"),
        ("sequential_step", "(d_tape, d_loss)", "(d_loss, d_tape)", "the tape first"),
        ("sequential_step", "    with tf.GradientTape() as g_tape:\n        x_fake = gan.generate(n)\n",
         "    x_fake = gan.generate(n)\n    with tf.GradientTape() as g_tape:\n", "inside"),
        ("diagnose", "        return \"D does", "        \"D does", ""),
        ("diagnose", "return \"in play\"", "\"in play\"", "`return`"),
        ("diagnose", "return \"in play\"", "return \"all well\"", "one of"),
        ("diagnose", "> 0.95 and fake", "> 0.95 or fake", "it is"),
        ("diagnose", ">= real", "> real", "0.5"),
        ("diagnose", "// 4", "// 2", "last quarter"),
        ("diagnose", "// 4", "/ 4", "//"),
        ("diagnose", "-(len(d_out_real) // 4)", "-math.ceil(len(d_out_real) / 4)", "10 // 4"),
    ],
    3: [
        ("one_hot", "return ", "", "`return`"),
        ("one_hot", "", "return np.eye(classes)[y]", "tensor"),
        ("one_hot", ", dtype=tf.float32", ", dtype=tf.int32", "float32"),
        ("one_hot", "tf.one_hot(y, classes", "tf.one_hot(y - 1, classes", "counted from 0"),
        ("join", "return ", "", "`return`"),
        ("join", "[h, vectors]", "[vectors, h]", "h comes first"),
        ("join", "axis=-1", "axis=1", ""),
        ("join", "[:, None, None, :]", "[:, None, :]", "vs. [2,3,4,1]"),
        ("join", "    if len(h.shape) == 4:\n"
         "        vectors = vectors[:, None, None, :] * tf.ones_like(h[..., :1])\n", "", "planes"),
        ("join", "tf.ones_like(h[..., :1])", "h[..., :1]", "0 and 1"),
        ("join", "tf.ones_like(h[..., :1])", "np.ones((*h.shape[:-1], 1), 'float32')", "network"),
        ("make_generator", "return keras.Model", "keras.Model", "`return`"),
        ("make_generator", "Join()([z, y])", "join(z, y, 10)", "layer"),
        ("make_generator", "Join()([z, y])", "L.Concatenate()([z, y])", "Join()"),
        ("make_generator", "Join()([z, y])", "Join()(z, y)", "one list"),
        ("make_generator", "Join()([z, y])",
         "L.Concatenate()([z, L.Embedding(10, 10)(y)])", "Join()"),
        ("make_generator", "Join()([z, y])", "z", "Join()"),
        ("make_generator", "y = keras.Input((16,)), keras.Input((), dtype=\"int32\")",
         "y = keras.Input((16,)), keras.Input(())", "int32"),
        ("make_generator", "h = L.Reshape((7, 7, 96))(h)", "h = L.Reshape((7, 7, 96))", "call it"),
        ("make_generator", "L.Reshape((7, 7, 96))", "L.Reshape((7, 7, 48))", "Reshape only"),
        ("make_generator", "h = L.ReLU()(batch_norm()(h))\n    x =", "h = batch_norm()(h)\n    x =",
         "ReLU"),
        ("make_generator", "L.ReLU()(", "L.LeakyReLU(0.2)(", "paper"),
        ("make_generator", "L.ReLU()(batch_norm()(h))", "batch_norm()(L.ReLU()(h))", "norm"),
        ("make_generator", "48, 4", "64, 4", "48"),
        ("make_generator", "activation=\"tanh\", kernel_initializer=normal()",
         "activation=\"tanh\"", "normal"),
        ("make_generator", "kernel_initializer=normal())(h)\n    h = L.Resh",
         "kernel_initializer=normal)(h)\n    h = L.Resh", "brackets"),
        ("make_generator", "batch_norm()(h))\n    x", "L.BatchNormalization()(h))\n    x", "normal"),
        ("make_generator", "batch_norm()(h)", "batch_norm(h)", ""),
        ("make_generator", "keras.Model([z, y], x)", "keras.Model([y, z], x)", "z first"),
        ("make_generator", "keras.Input((), dtype=\"int32\")", "keras.Input((1,), dtype=\"int32\")",
         "y of shape [N, 1]"),
        ("make_generator", "Join()([z, y])", "Join([z, y])", "Join()([h, y])"),
        ("make_generator", "Join()([z, y])", "join(z, y)", "use the layer"),
        ("make_generator", "L.ReLU()(batch_norm()(h))\n    x =",
         "keras.activations.relu(batch_norm()(h))\n    x =", "L.ReLU()(h)"),
        ("make_generator", "L.ReLU()(batch_norm()(h))\n    x =",
         "keras.ops.relu(batch_norm()(h))\n    x =", "L.ReLU()(h)"),
        ("projection", "return ", "", "`return`"),
        ("projection", " + b", "", "b is missing"),
        ("projection", "(v + tf.gather(e, y))", "v", "e_y . h is missing"),
        ("projection", "(v + tf.gather(e, y))", "tf.gather(e, y)", "v . h is missing"),
        ("projection", "* h, axis=1) + b", "* h + b, axis=1)", "every feature"),
        ("projection", ", axis=1", "", "axis=1"),
        ("projection", ", axis=1", ", axis=0", "axis=1"),
        ("projection", "tf.gather(e, y)", "e[y]", "tf.gather"),
        ("projection", "", "return h @ v + b", "matvec"),
        ("projection", "(v + tf.gather(e, y))", "(v - tf.gather(e, y))", "sum"),
        ("projection", "", "return np.array([1.0])", "tensor"),
        ("projection", "", "return tf.stack([tf.tensordot(v + e[y[i]], h[i], 1) + b "
         "for i in range(len(h))])", "loop"),
        ("projection", "", "return tf.linalg.matvec(h, v) + b + h @ tf.transpose(e)", ""),
        ("projection", "tf.gather(e, y)", "e.numpy()[y.numpy()]", "inside a network"),
        ("projection", "reduce_sum", "reduce_mean", "mean over the features"),
        ("projection", "", "return (tf.linalg.matvec(h, v) + b\n"
         "        + tf.reduce_sum(tf.gather(e, y) * h))", "over the whole batch"),
        ("projection", "", "return tf.sigmoid(tf.reduce_sum((v + tf.gather(e, y)) * h, axis=1) + b)",
         "without a sigmoid"),
        ("projection", "", "return tf.reshape(\n    tf.reduce_sum((v + tf.gather(e, y)) * h, axis=1)"
         " + b, [h.shape[0]])", "N is not known"),
        ("make_discriminator", "return keras.Model", "keras.Model", "`return`"),
        ("make_discriminator", "Projection()([h, y])", "Projection()(h, y)", "one list"),
        ("make_discriminator", "Projection()([h, y])", "Projection()([y, h])", "h comes first"),
        ("make_discriminator", "Projection()([h, y])", "Projection([h, y])", "Projection()([h, y])"),
        ("make_discriminator", "Projection()([h, y])", "projection(h, y)", "use the layer"),
        ("make_discriminator", "keras.Input((), dtype=\"int32\")", "keras.Input(())", "int32"),
        ("make_discriminator", "L.LeakyReLU(0.2)(h)", "keras.activations.leaky_relu(h)",
         "L.LeakyReLU(0.2)(h)"),
        ("make_discriminator", "[d, c]", "[c, d]", "logit first"),
        ("make_discriminator", "kernel_initializer=normal())(h)\n    return",
         ")(h)\n    return", "normal"),
        ("make_discriminator", "use_bias=False, ", "", "no bias"),
        ("make_discriminator", "h = L.Flatten()(h)", "h = L.Flatten()(L.Dropout(0.3)(h))",
         "dropout"),
        ("make_discriminator", "batch_norm()(h)", "h", "batchnormalization"),
        ("make_discriminator", "L.LeakyReLU(0.2)(batch_norm()(h))",
         "batch_norm()(L.LeakyReLU(0.2)(h))", "before the activation"),
        ("make_discriminator", "L.LeakyReLU(0.2)(h)", "L.LeakyReLU(0.3)(h)", "0.2"),
        ("make_discriminator", "64, 4", "48, 4", "64"),
        ("make_discriminator", "L.Dense(10, ", "L.Dense(10, activation='softmax', ", "softmax"),
        ("make_discriminator", "kernel_initializer=normal())(h)\n    return",
         "kernel_initializer=normal())(Join()([h, y]))\n    return", "Join()"),
        ("balanced_labels", "return ", "", "`return`"),
        ("balanced_labels", "", "return rng.integers(0, 10, n).astype('int32')", "balanced"),
        ("balanced_labels", "rng.permutation(np", "np.random.permutation(np", "rng"),
        ("balanced_labels", "", "return (np.arange(n) % 10).astype('int32')", "rng"),
        ("balanced_labels", "np.resize(rng.permutation(10), n)", "np.arange(n) % 10", "four"),
        ("balanced_labels", "rng.permutation(np.resize(rng.permutation(10), n))",
         "np.resize(rng.permutation(10), n)", "same order"),
        ("balanced_labels", "", "blocks = [rng.permutation(10) for _ in range(n // 10 + 1)]\n"
         "return np.concatenate(blocks)[:n].astype('int32')", "each ten labels"),
        ("balanced_labels", "", "y = np.arange(n) % 10\nreturn rng.shuffle(y)", "rng.shuffle"),
        ("balanced_labels", "", "...", "`...`"),
        ("balanced_labels", "", "return ...", "`...`"),
        ("balanced_labels", ".astype(\"int32\")", "", "int32"),
        ("row_per_class", "return np", "np", "`return`"),
        ("row_per_class", "np.repeat(np.arange(10, dtype=\"int32\"), len(z))",
         "np.tile(np.arange(10, dtype=\"int32\"), len(z))", "np.repeat"),
        ("row_per_class", "np.tile(z, (10, 1))", "np.repeat(z, 10, axis=0)", "np.tile"),
        ("row_per_class", "np.tile(z, (10, 1))", "np.tile(z, 10)", "shape"),
        ("row_per_class", ", dtype=\"int32\"", "", "int32"),
        ("row_per_class", "return np.tile(z, (10, 1)), ys", "return np.tile(z, (10, 1))", "pair"),
        ("confusion_matrix", "return counts", "counts", "`return`"),
        ("confusion_matrix", "np.add.at(counts, (np.asarray(asked), np.asarray(read)), 1)",
         "counts[asked, read] += 1", "np.add.at"),
        ("confusion_matrix", "(np.asarray(asked), np.asarray(read))",
         "(np.asarray(read), np.asarray(asked))", "swapped"),
        ("confusion_matrix", "(10, 10), int", "(10, 10)", "whole numbers"),
        ("confusion_matrix", "", "return np.bincount(10 * asked + read)", "(10, 10)"),
        ("confusion_matrix", "(10, 10), int", "(max(read) + 1, max(read) + 1), int", "(10, 10)"),
        ("confusion_matrix", "(10, 10), int", "(max(max(asked), max(read)) + 1,) * 2, int",
         "the last class"),
        ("success_per_class", "axis=1", "axis=0", "columns"),
        ("success_per_class", ".sum(axis=1)", ".sum()", "all images"),
        ("success_per_class", "np.diag(confusion)", "confusion", "(10,)"),
        ("success_per_class", "np.diag(confusion)", "100 * np.diag(confusion)", "per cent"),
        ("success_per_class", " / confusion.sum(axis=1)", "", "counts"),
        ("success_per_class", "", "return [row[i] / row.sum() for i, row in enumerate(confusion)]",
         "one array"),
        ("most_confused", "return int(i), int(j)", "return share.argmax()", "unravel_index"),
        ("most_confused", "return int(i), int(j)", "return int(j), int(i)", "way round"),
        ("most_confused", "    np.fill_diagonal(share, -1)\n", "", "no mistake"),
        ("most_confused", "confusion / confusion.sum(axis=1, keepdims=True)",
         "confusion.astype(float)", "shares"),
        ("most_confused", "share = confusion / confusion.sum(axis=1, keepdims=True)",
         "share = confusion", "copy"),
        ("most_confused", ", keepdims=True", "", "keepdims"),
        ("most_confused", "axis=1, keepdims", "axis=0, keepdims", "columns"),
        ("most_confused", "    share =", "    confusion = confusion * (1 - np.eye(10))\n    share =",
         "full row sums first"),
        ("most_confused", "return int", "int", "`return`"),
    ],
    4: [
        ("frechet_distance", "return float", "float", "`return`"),
        ("frechet_distance", "return float(", "return np.sqrt(", "d^2"),
        ("frechet_distance", "gap @ gap + ", "", "means are missing"),
        ("frechet_distance", "gap @ gap + ", "np.linalg.norm(gap) + ", "squared"),
        ("frechet_distance", "gap @ gap + ", "-gap @ gap + ", "added"),
        ("frechet_distance", "- 2 * cross", "", "cross term is missing"),
        ("frechet_distance", "- 2 * cross", "- cross", "factor 2"),
        ("frechet_distance", "- 2 * cross", "+ 2 * cross", "subtracted"),
        ("frechet_distance", "np.trace(c1) + np.trace(c2)", "np.trace(c1) - np.trace(c2)", "C1 + C2"),
        ("frechet_distance", "rowvar=False", "rowvar=False, bias=True", "N - 1"),
        ("frechet_distance", "root @ c2 @ root", "c1 @ c2", "R C2 R"),
        ("frechet_distance", "np.sqrt(values.clip(0))", "values", "roots"),
        ("frechet_distance", "(vectors * np.sqrt(values.clip(0))) @ vectors.T",
         "(vectors.T * np.sqrt(values.clip(0))) @ vectors", "columns"),
        ("frechet_distance", "values, vectors =", "vectors, values =", "in this order"),
        ("frechet_distance", "np.atleast_2d(np.cov(a, rowvar=False))", "np.cov(a, rowvar=False)",
         "atleast_2d"),
        ("frechet_distance", "rowvar=False", "rowvar=True", "np.cov wants rowvar=False"),
        ("frechet_distance", "a.mean(axis=0) - b.mean(axis=0)", "a.mean() - b.mean()", "axis=0"),
        ("frechet_distance", "a.mean(axis=0) - b.mean(axis=0)",
         "np.array([a.mean() - b.mean()])", "each feature"),
        ("frechet_distance", "gap @ gap", "gap * gap", "m @ m"),
        ("frechet_distance", "gap @ gap", "gap.sum() ** 2", "square of the sum"),
        ("frechet_distance", "root @ c2 @ root", "root * c2 * root", "`@`"),
        ("frechet_distance", ") @ vectors.T", ") * vectors.T", "`@`"),
        ("frechet_distance", ".clip(0)).sum()", ".clip(0).sum())", "root of their sum"),
        ("frechet_distance", "gap @ gap", "1 + gap @ gap", "it should be"),
        ("frechet_distance", "return float(", "return np.array([1, 1]) * (", "one number"),
        ("frechet_distance", "", "from ganedu import measures\n"
         "return measures.frechet_distance(a, b)", "write it yourself"),
        ("frechet_distance", "", "from prdc import compute_prdc\nreturn 1.0", "write it yourself"),
        ("frechet_distance", "", "return checks.PARTS['frechet_distance'](a, b)",
         "write it yourself"),
        ("floor", "return frechet", "frechet", "`return`"),
        ("floor", "rows = rng.permutation(len(features))", "rows = np.arange(len(features))",
         "same rows"),
        ("floor", "rows = rng.permutation(len(features))",
         "rows = np.random.permutation(len(features))", "np.random"),
        ("floor", "rows[n : 2 * n]", "rows[:n]", "both sets"),
        ("floor", "features[rows[n : 2 * n]]", "features[rng.permutation(len(features))[:n]]",
         "both sets"),
        ("floor", "rng.permutation(len(features))", "rng.permutation(2 * n)", "all"),
        ("floor", "rows = rng.permutation(len(features))",
         "rng.shuffle(features); rows = np.arange(len(features))", "copy"),
        ("floor", "raise ValueError(f\"{len(features)} rows make no two sets of {n}\")",
         "return 0.0", "raise ValueError"),
        ("floor", "rows[n : 2 * n]", "rows[n:]", "has shape"),
        ("floor", "< 2 * n", "<= 2 * n", "exactly 2n"),
        ("radii", "return ", "", "`return`"),
        ("radii", "[:, k]", "[:, k - 1]", "own neighbour"),
        ("radii", "[:, k]", "[:, k + 1]", ""),
        ("radii", "[:, k]", "[k]", ""),
        ("radii", "apart[:, k]", "apart[:, k] ** 2", "root"),
        ("radii", "np.sort(distances(points, points), axis=1)", "distances(points, points)", "sort"),
        ("radii", "np.sort", "np.argsort", "places"),
        ("radii", "", "apart = distances(points, points)\napart[apart == 0] = np.inf\n"
         "return np.sort(apart, axis=1)[:, k - 1]", "two equal points"),
        ("radii", "", "apart = distances(points, points)\napart[apart < 1e-6] = np.inf\n"
         "return np.sort(apart, axis=1)[:, k - 1]", "two equal points"),
        ("radii", "", "apart = distances(points, points)\n"
         "return np.sort(apart[apart > 0].reshape(len(apart), -1), axis=1)[:, k - 1]", "zeros"),
        ("precision_recall", "return float(precision), float(recall)", "return recall, precision",
         "swapped"),
        ("precision_recall", "apart < ", "apart <= ", "<="),
        ("precision_recall", "any(axis=0)", "any(axis=1)", "axis"),
        ("precision_recall", "any(axis=0)", "all(axis=0)", "any"),
        ("precision_recall", "any(axis=1)", "all(axis=1)", "any"),
        ("precision_recall", ".any(axis=0)", "", "some"),
        ("precision_recall", "radii(real, k)[:, None]", "radii(fake, k)[None]", "centre"),
        ("precision_recall", "radii(real, k)[:, None]", "radii(real, k)[None]", "shapes"),
        ("precision_recall", "apart = ", "k = 5\n    apart = ", "k is not used"),
        ("precision_recall", "radii(real, k)", "radii(real, 5)", "k is not used"),
        ("precision_recall", "apart = ", "k += 1\n    apart = ", "neighbour k + 1"),
        ("precision_recall", "np.mean", "np.sum", "how many"),
        ("precision_recall", "float(precision), float(recall)", "100 * precision, 100 * recall",
         "per cent"),
        ("precision_recall", "float(precision)", "float(0.97 * precision)", "one by one"),
        ("precision_recall", "return float", "float", "`return`"),
        ("neighbour_ratio", "return ", "", "`return`"),
        ("neighbour_ratio", "d1 / np.maximum(d2, 1e-12)", "d2 / np.maximum(d1, 1e-12)", "upside"),
        ("neighbour_ratio", "d1 / np.maximum(d2, 1e-12)", "d1", "divide by d2"),
        ("neighbour_ratio", "d1 / np.maximum(d2, 1e-12)", "d1 / d2", "d1 = d2 = 0"),
        ("neighbour_ratio", "distances(x, t)", "distances(t, x)", "images come first"),
        ("neighbour_ratio", "[:, :2]", "[:, 1:3]", "Task 3"),
        ("neighbour_ratio", "(a.reshape(len(a), -1) for a in (images, training))",
         "(images, training)", "rows"),
        ("copied", "return ", "", "`return`"),
        ("copied", "<= limit", "< limit", "<="),
        ("copied", "neighbour_ratio(unseen, training)", "neighbour_ratio(images, training)", "1%"),
        ("copied", "0.01", "0.99", "99%"),
        ("copied", "<= limit", "> limit", "all but"),
        ("copied", "np.quantile", "np.percentile", "1, not 0.01"),
        ("copied", "0.01", "0.001", "the 0.001 quantile"),
        ("copied", "0.01", "0.02", "the 0.02 quantile"),
        ("copied", "0.01", "0.015", "you find"),
        ("copied", "np.quantile(neighbour_ratio(unseen, training), 0.01)",
         "neighbour_ratio(unseen, training).min()", "smallest"),
        ("copied", "np.quantile(neighbour_ratio(unseen, training), 0.01)", "0.5", "the same"),
        ("copied", "neighbour_ratio(unseen, training)", "neighbour_ratio(training, unseen)",
         "for the limit the arguments are swapped"),
        ("copied", "neighbour_ratio(images, training)", "neighbour_ratio(images, seen)",
         "the argument `training`"),
        ("copied", "neighbour_ratio(images, training) <=", "neighbour_ratio(training, images) <=",
         "swapped"),
        ("evidence", "return ", "", "`return`"),
        ("evidence", "5)[1]", "5)", "pair"),
        ("evidence", "5)[1]", "5)[0]", "precision"),
        ("evidence", "(real, features, 5)", "(features, real, 5)", "precision"),
        ("evidence", "precision_recall(real, features, 5)", "precision_recall(real, images, 5)",
         "features"),
        ("evidence", "frechet_distance(features, real)", "frechet_distance(images, real)",
         "features"),
        ("evidence", "\"copied\": copied(images, seen, unseen)",
         "\"copied\": copied(images, unseen, seen)", "copied(images, seen, unseen)"),
        ("evidence", "\"copied\"", "\"copies\"", "keys"),
        ("evidence", "copied(images, seen", "copied(features, seen", "images, not features"),
        ("evidence", "reader.features(images)", "reader.features(images[:100])", "all images"),
        ("verdict", "return ", "", "`return`"),
        ("verdict", "\"memoriser\"", "\"blurry\"", "once"),
        ("verdict", "\"A\": \"collapsed\", \"B\": \"memoriser\"",
         "\"A\": \"memoriser\", \"B\": \"collapsed\"", "not all three"),
    ],
    5: [
        ("spread", "return ", "", "`return`"),
        ("spread", "a, b = np.array(a), np.array(b)", "", "np.array(a) first"),
        ("spread", "return np.sqrt(squares / (len(a) + len(b) - 2))",
         "return squares / (len(a) + len(b) - 2)", "the root is missing"),
        ("spread", " - 2)", ")", "n_a + n_b - 2"),
        ("spread", " - 2)", " - 1)", "it is - 2"),
        ("spread", "(len(a) + len(b) - 2)", "len(a) + len(b) - 2", "brackets"),
        ("spread", " / (len(a) + len(b) - 2)", "", "divide by n_a + n_b - 2 first"),
        ("spread", "squares / (", "0.9 * squares / (", "it should be"),
        ("spread", "(b - b.mean())", "(b - a.mean())", "*own* group"),
        ("spread", "", "return np.std([*a, *b], ddof=1)", "its *own* group"),
        ("spread", "", "return (np.std(a, ddof=1) + np.std(b, ddof=1)) / 2", "Pool the squares"),
        ("spread", "", "return (np.std(a) + np.std(b)) / 2", "then divide once"),
        ("spread", "", "return np.sqrt((np.var(a, ddof=1) + np.var(b, ddof=1)) / 2)", "count alike"),
        ("spread", "", "return np.sqrt(np.var(a, ddof=1) + np.var(b, ddof=1))", "a *difference*"),
        ("spread", "", "return np.std(a, ddof=1)", "both groups count"),
        ("spread", "", "n, m = len(a), len(b)\nreturn np.sqrt((np.var(a, ddof=1) * n + "
         "np.var(b, ddof=1) * m) / (n + m - 2))", "ddof=1) * (N - 1)"),
        ("spread", "return np.sqrt(squares", "return float(a), np.sqrt(squares", "fails at"),
        ("spread", "", "from ganedu.measures import intervals\n"
         "return intervals.difference(a, b).spread", "write it yourself"),
        ("interval_of_difference", "return ", "", "`return`"),
        ("interval_of_difference", "return difference - half, difference + half",
         "return difference, half", "half width"),
        ("interval_of_difference", "return difference - half, difference + half",
         "return difference + half, difference - half", "low comes first"),
        ("interval_of_difference", "return difference - half, difference + half",
         "return [difference - half]", "the pair"),
        ("interval_of_difference", "np.mean(a) - np.mean(b)", "np.mean(b) - np.mean(a)", "b - a"),
        ("interval_of_difference", "student(n + m - 2) * ", "", "quantile of t is missing"),
        ("interval_of_difference", "student(n + m - 2)", "1.96", "very many seeds"),
        ("interval_of_difference", "student(n + m - 2)", "student(n + m - 1)", "not n_a + n_b - 1"),
        ("interval_of_difference", "student(n + m - 2)", "student(n - 1)", "not n_a - 1"),
        ("interval_of_difference", "spread(a, b)", "spread(a, b) ** 2", "s^2, not s"),
        ("interval_of_difference", "* spread(a, b) ", "", "s is missing"),
        ("interval_of_difference", " * np.sqrt(1 / n + 1 / m)", "", "is missing"),
        ("interval_of_difference", "np.sqrt(1 / n + 1 / m)", "(1 / n + 1 / m)", "root of"),
        ("interval_of_difference", "np.sqrt(1 / n + 1 / m)", "np.sqrt(1 / (n + m))",
         "is not 1 / (n_a + n_b)"),
        ("interval_of_difference", "np.sqrt(1 / n + 1 / m)", "np.sqrt(2 / n)", "differ in size"),
        ("interval_of_difference", "student(n + m - 2)", "student(n + m - 2) / 2", "do not halve"),
        ("interval_of_difference", "student(n + m - 2)", "student[n + m - 2]", "fails at"),
        ("interval_of_difference", "np.mean(a) - np.mean(b)", "np.mean(a - b)", "lists"),
        ("call", "return \"none\"", "\"none\"", "no \"none\""),
        ("call", "low <= 0 <= high or ", "", "spread alone"),
        ("call", " or abs(difference) <= spread(a, b)", "", "interval alone"),
        ("call", " or abs", " and abs", "both must hold"),
        ("call", "abs(difference)", "difference", "*size*"),
        ("call", "difference > 0", "difference < 0", "round"),
        ("call", "low <= 0 <= high", "low <= 0", "below 0"),
        ("call", "return \"higher\" if difference > 0 else \"lower\"", "return difference > 0",
         "one of"),
        ("call", "return \"higher\" if difference > 0 else \"lower\"",
         "\"higher\" if difference > 0 else \"lower\"", "`return`"),
        ("call", "low, high = interval_of_difference(a, b)",
         "low = interval_of_difference(a, b)\n    high = low", "fails at"),
        ("share_called", "return ", "", "`return`"),
        ("share_called", " != \"none\"", " == \"none\"", "nothing is called"),
        ("share_called", "called += call(a, b) != \"none\"",
         "if call(a, b):\n            called += 1", "always true"),
        ("share_called", "!= \"none\"", "== \"higher\"", "\"lower\" is called too"),
        ("share_called", "!= \"none\"", "== True", "always 0"),
        ("share_called", " / draws", "", "divided by the draws"),
        ("share_called", "called / draws", "100 * called / draws", "per cent"),
        ("share_called", "rng.normal(0, 1, n)", "rng.normal(0, 1, n + 1)", "holds 4 or 5 numbers"),
        ("share_called", "range(draws)", "range(draws - 1)", "one a draw"),
        ("share_called", "rng.normal(size, 1, n), rng.normal(0, 1, n)",
         "rng.normal(0, 1, n), rng.normal(size, 1, n)", "belongs to a"),
        ("share_called", "rng.normal(size, 1, n), rng.normal(0, 1, n)",
         "rng.normal(0, 1, n), rng.normal(0, 1, n)", "it is to be size"),
        ("share_called", "rng.normal(size, 1, n)", "rng.normal(1, size, n)", "to be size"),
        ("share_called", "rng.normal(size, 1, n)", "rng.normal(size, 2, n)", "not 1"),
        ("share_called", "a, b = rng.normal(size, 1, n), rng.normal(0, 1, n)",
         "b = rng.normal(0, 1, n)\n        a = b + size", "same numbers, moved"),
        ("share_called", "for _ in range(draws):\n        a, b = rng.normal(size, 1, n), "
         "rng.normal(0, 1, n)", "a, b = rng.normal(size, 1, n), rng.normal(0, 1, n)\n    "
         "for _ in range(draws):", "again and again"),
        ("share_called", "rng.normal(size, 1, n)", "np.random.normal(size, 1, n)",
         "not with np.random"),
        ("share_called", "called = 0", "called, rng = 0, np.random.default_rng(0)",
         "that you are given"),
        ("share_called", "called += call(a, b) != \"none\"",
         "called += abs(a.mean() - b.mean()) > 1", "never asks"),
        ("at_least_one", "return ", "", "`return`"),
        ("at_least_one", "1 - (1 - share) ** knobs", "share * knobs", "on average"),
        ("at_least_one", "1 - (1 - share) ** knobs", "min(1, share * knobs)", "cut at 1"),
        ("at_least_one", "1 - (1 - share) ** knobs", "(1 - share) ** knobs", "*none*"),
        ("at_least_one", "1 - (1 - share) ** knobs", "1 - share ** knobs", "*not all*"),
        ("at_least_one", "1 - (1 - share) ** knobs", "share ** knobs", "*all*"),
        ("at_least_one", "1 - (1 - share) ** knobs", "knobs * share * (1 - share) ** (knobs - 1)",
         "exactly one"),
        ("at_least_one", "1 - (1 - share) ** knobs", "100 - 100 * (1 - share) ** knobs", "per cent"),
        ("at_least_one", "share) ** knobs", "share) ** (knobs - 1)", "is forgotten"),
        ("prediction", "return {", "{", "`return`"),
        ("prediction", "\"vbn\":", "\"VBN\":", "no prediction for ['vbn']"),
        ("prediction", "\"lower\", \"higher\", \"G runs", "\"worse\", \"higher\", \"G runs", "one of"),
        ("prediction", "\"so small a D learns without it\"", "\"dunno\"", "*why*"),
        ("prediction", "\"none\", \"none\", \"so small a D learns without it\"",
         "\"none\", \"none\"", "why)"),
        ("prediction", "", "return [\"lower\"] * 6", "a dictionary"),
        ("prediction", "\"lower\", \"higher\", \"G runs", "None, \"higher\", \"G runs", "it is None"),
        ("effect", "return ", "", "`return`"),
        ("effect", "a, b = ([v for v in group if v is not None] for group in (a, b))", "",
         "diverged has no number"),
        ("effect", "if v is not None", "if v", "0 is a number"),
        ("effect", "[v for v in group if v is not None]", "[v or 0.0 for v in group]",
         "in its place"),
        ("effect", "call(a, b) if", "call(b, a) if", "swapped"),
        ("effect", " if min(len(a), len(b)) >= 2 else \"diverged\"", "", "'diverged'"),
        ("effect", "else \"diverged\"", "else \"none\"", "'diverged'"),
        ("effect", ">= 2", ">= 4", "two are enough"),
        ("effect", "records.of_run(run, metric) for run in runs", "run[metric] for run in runs",
         "records.of_run"),
        ("effect", "records.of_run(run, metric) for run in runs",
         "run[\"metrics\"][metric] for run in runs", "records.of_run"),
        ("effect", "records.of_run(run, metric) for run in runs",
         "run.metrics[metric] for run in runs", "a run is a dictionary"),
        ("effect", "metric) for run in base", "\"gap\") for run in base", "have"),
        ("effect", "records.of_run(run, metric)", "records.of_run(run, \"gap\")",
         "the argument `metric`"),
        ("effect", "for run in runs", "for run in runs[:3]", "take all"),
        ("turned", "return ", "", "`return`"),
        ("turned", "return replace(recipe, **rates)", "return rates", "it must be a recipe"),
        ("turned", "return replace(recipe, **rates)", "return replace(recipe)", "that it had"),
        ("turned", "", "recipe.learning_rate *= factor\nreturn recipe", "cannot be changed"),
        ("turned", "", "return replace(recipe, learning_rate=recipe.learning_rate * factor)",
         "for G alone"),
        ("turned", "", "return replace(recipe, learning_rate=recipe.learning_rate * factor,\n"
         "               d_learning_rate=recipe.d_learning_rate * factor)", "G's rate"),
        ("turned", "", "return replace(recipe, learning_rate=recipe.learning_rate / factor)",
         "divide"),
        ("turned", "", "return replace(recipe, learning_rate=factor)", "the factor itself"),
        ("turned", "", "return replace(recipe, learning_rate=1e-4)", "is `factor` used?"),
        ("turned", "", "return replace(recipe, rate=recipe.learning_rate * factor)",
         "recipe.to_dict()"),
        ("turned", "**rates)", "**rates, epochs=1)", "epochs too"),
        ("same_seed", "return ", "", "`return`"),
        ("same_seed", "", "a, b = ([records.of_run(r, metric) for r in g] for g in (runs, base))\n"
         "return np.corrcoef(a, b)[0, 1]", "order of the lists"),
        ("same_seed", "", "a, b = (sorted(records.of_run(r, metric) for r in g) for g in "
         "(runs, base))\nreturn np.corrcoef(a, b)[0, 1]", "you sort"),
        ("same_seed", "a.keys() & b.keys()", "a.keys()", "both have"),
        ("same_seed", "    pairs = [pair for pair in pairs if None not in pair]\n", "", "no pair"),
        ("same_seed", "float(np.corrcoef(np.transpose(pairs))[0, 1])",
         "np.corrcoef(np.transpose(pairs))", "[0, 1]"),
        ("same_seed", "[0, 1])", "[0, 1]) ** 2", "square"),
        ("same_seed", "np.corrcoef", "10 * np.cov", "np.cov is no"),
        ("break_even", "return ", "", "`return`"),
        ("break_even", ") ** 2", ")", "square is missing"),
        ("break_even", "1 - (student", "(student", "solve for r"),
        ("break_even", "student(2 * n - 2) / student(n - 1)", "student(n - 1) / student(2 * n - 2)",
         "other way round"),
        ("break_even", "student(n - 1)", "student(n)", "n - 1"),
        ("break_even", "student(2 * n - 2) / student(n - 1)", "student(2 * n) / student(n)",
         "n - 1"),
        ("break_even", "student(n - 1)", "student(n - 2)", "degrees of freedom"),
        ("pairing", "return ", "", "`return`"),
        ("pairing", "\"cannot tell\"", "\"yes\"", "claims to know"),
        ("pairing", "\"cannot tell\"", "\"no\"", "claims to know"),
        ("pairing", "\"cannot tell\"", "None", "`return`"),
        ("pairing", "\"cannot tell\"", "\"perhaps\"", "one of"),
        ("spread", "", "return np.std([*a, *b], ddof=2)", "its *own* group"),
        ("spread", "(len(a) + len(b) - 2)", "(2 * len(a) - 2)", "both lengths"),
        ("spread", "squares = ((a - a.mean()) ** 2).sum() + ((b - b.mean()) ** 2).sum()",
         "squares = abs(a - a.mean()).sum() + abs(b - b.mean()).sum()", "to be squared"),
        ("spread", "", "m, k = np.mean(a), np.mean(b)\nsquares = sum((x - m)**2 + (y - k)**2 for x, y in "
         "zip(a, b))\nreturn np.sqrt(squares / (len(a) + len(b) - 2))", "as zip does"),
        ("spread", "return np.sqrt(squares / (len(a) + len(b) - 2))",
         "return round(np.sqrt(squares / (len(a) + len(b) - 2)), 3)", "Is it rounded"),
        ("spread", "a, b = np.array(a), np.array(b)", "a.sort()\n    a, b = np.array(a), np.array(b)",
         "changes the list"),
        ("spread", "return np.sqrt(squares / (len(a) + len(b) - 2))",
         "return [np.sqrt(squares / (len(a) + len(b) - 2))]", "it must be one number"),
        ("interval_of_difference", "student(n + m - 2)", "2.776", "2.776 in yours"),
        ("interval_of_difference", "student(n + m - 2)", "2.132", "2.132 in yours"),
        ("interval_of_difference", "np.mean(a) - np.mean(b)", "abs(np.mean(a) - np.mean(b))", "has a sign"),
        ("interval_of_difference", "np.mean(a) - np.mean(b)", "np.median(a) - np.median(b)", "medians"),
        ("interval_of_difference", "spread(a, b) * np.sqrt(1 / n + 1 / m)",
         "np.sqrt(np.var(a, ddof=1) / n + np.var(b, ddof=1) / m)", "Welch"),
        ("interval_of_difference", "return difference - half, difference + half",
         "return np.array([[difference - half, difference + half]])", "`return low, high`"),
        ("interval_of_difference", "return difference - half, difference + half", "return half",
         "`return low, high`"),
        *(("call", "low, high = interval_of_difference(a, b)\n    difference = np.mean(a) - np.mean(b)",
           f"difference = np.mean(a) - np.mean(b)\n    half = {half}\n    "
           "low, high = difference - half, difference + half", "not that of Task 1")
          for half in ("1.96 * spread(a, b) * np.sqrt(1 / len(a) + 1 / len(b))",
                       "2.776 * spread(a, b) * np.sqrt(1 / len(a) + 1 / len(b))",
                       "2 * spread(a, b) * np.sqrt(2 / len(a))",
                       "student(len(a) + len(b) - 2) * np.sqrt("
                       "np.var(a, ddof=1) / len(a) + np.var(b, ddof=1) / len(b))")),
        *(("call", "spread(a, b)", size, "*both* groups") for size in (
            "np.std(a, ddof=1)", "np.std(b, ddof=1)", "np.std(a)", "np.std(b)",
            "np.std(np.concatenate([a, b]))", "max(np.std(a, ddof=1), np.std(b, ddof=1))",
            "(max(b) - min(b)) / 2")),
        ("call", "<= spread(a, b)", "<= 0.9 * spread(a, b)", "no larger than the spread; yet"),
        ("call", "<= spread(a, b)", "<= 1.1 * spread(a, b)", "as it is"),
        ("call", "if difference > 0", "if a[0] > b[0]", "the *means*"),
        ("call", "if difference > 0", "if np.median(a) > np.median(b)", "the *means*"),
        ("call", "low <= 0 <= high or abs(difference) <= spread(a, b)",
         "max(low, -high) <= spread(a, b)", "an end of the interval"),
        ("call", "low <= 0 <= high", "0 in range(low, high)", "whole numbers"),
        ("share_called", "called = 0", "called, b = 0, rng.normal(0, 1, n)\n    normal = rng.normal\n"
         "    class rng:\n        normal = lambda m, s, n: b if m == 0 else normal(m, s, n)",
         "b is the same"),
        ("share_called", "rng.normal(size, 1, n)", "rng.uniform(size - 3**0.5, size + 3**0.5, n)",
         "no normal distribution"),
        ("share_called", "rng.normal(size, 1, n)", "rng.normal(size, n)", "third argument"),
        ("share_called", "(size, n, draws, rng)", "(size, n, draws, rng, call=lambda a, b: 'none')",
         "default argument"),
        ("at_least_one", "1 - (1 - share) ** knobs",
         "(np.random.default_rng(0).random((9000, knobs)) < share).any(1).mean()", "near, not exact"),
        ("prediction", "\"lower\", \"higher\", \"G runs", "\"...\", \"...\", \"G runs", "the dots"),
        ("prediction", "\"so small a D learns without it\"", "\"a a a a a a\"", "no reason"),
        ("prediction", "\"so small a D learns without it\"", "\"Units of D die, so D is weaker!\"",
         "a reason of its own"),
        ("prediction", "", "return dict.fromkeys(KNOBS, (\"none\", \"none\", \"I do not know\"))",
         "a reason of its own"),
        ("effect", ">= 2", ">= 3", "two in a group are enough"),
        ("effect", "if min(len(a), len(b)) >= 2", "if len(a) == len(runs) and len(b) == len(base)",
         "1 diverged: leave those out"),
        ("effect", "records.of_run(run, metric)", "records.of_run(run, \"success\")",
         "the number of `metric`"),
        ("effect", "records.of_run(run, metric) for run in runs", "records.of_run(runs, metric) for run "
         "in runs", "one run, not a list"),
        ("effect", "if v is not None", "if not np.isnan(v)", "not NaN"),
        ("effect", "[v for v in group if v is not None]", "{v for v in group if v is not None}",
         "merged"),
        ("effect", "min(len(a), len(b))", "len(a)", "of `base` 1"),
        ("turned", "return replace(recipe, **rates)", "return recipe.replace(**rates)",
         "replace is a function"),
        ("turned", "", "g = recipe.learning_rate * factor\nd = recipe.d_learning_rate or g\n"
         "return replace(recipe, learning_rate=g, d_learning_rate=d * factor)", "G's is right"),
        ("turned", "", "return replace(recipe, learning_rate=recipe.learning_rate * factor,\n"
         "               d_learning_rate=recipe.d_learning_rate or recipe.learning_rate)",
         "G's is right"),
        ("turned", "recipe.learning_rate * factor}", "round(recipe.learning_rate * factor, 6)}",
         "rounded?"),
        ("same_seed", "if None not in pair", "if pair[0] is not None", "no pair"),
        ("same_seed", "if None not in pair", "if pair[1] is not None", "no pair"),
        ("same_seed", "if None not in pair", "if pair[0] and pair[1]", "0 in each"),
        ("same_seed", "a.keys() & b.keys()", "range(len(runs)) if seed in a and seed in b", "NaN"),
        ("same_seed", "", "key = lambda r: r['seed']\nx, y = ([v for r in sorted(g, key=key) if (v := "
         "records.of_run(r, metric)) is not None] for g in (runs, base))\nn = min(len(x), len(y))\n"
         "return np.corrcoef(x[:n], y[:n])[0, 1]", "shifts all"),
        ("same_seed", "", "key = lambda r: r['seed']\npairs = [[records.of_run(r, metric) for r in p] for "
         "p in zip(sorted(runs, key=key), sorted(base, key=key))]\n"
         "pairs = [p for p in pairs if None not in p]\nreturn np.corrcoef(*zip(*pairs))[0, 1]",
         "shifts all"),
        ("same_seed", "[0, 1])", "[0, 0])", "which entry"),
        ("same_seed", "np.corrcoef(np.transpose(pairs))", "np.corrcoef(pairs)", "two rows"),
        ("same_seed", "np.corrcoef", "np.cov", "the covariance"),
        ("same_seed", "for seed in a.keys() & b.keys()]",
         "for seed in a.keys() & b.keys()]\n    pairs = [(x, y) for x in a.values() for y in b.values()]",
         "*every* run"),
        ("same_seed", "{run[\"seed\"]:", "{run.seed:", "a run is a dictionary"),
        ("break_even", "1 - (student(2 * n - 2) / student(n - 1)) ** 2",
         "(1 - (student(2 * n - 2) / student(n - 1)) ** 2) ** 0.5", "none is left"),
        ("break_even", "1 - (student(2 * n - 2) / student(n - 1)) ** 2", "{3: 0.584, 5: 0.310}[n]",
         "for some numbers only"),
    ],
    6: [
        ("moved_by_mates", "return float", "float", "`return`"),
        ("moved_by_mates", "z[None], mates", "mates, z[None]", "place 1"),
        ("moved_by_mates", "z[None], mates", "z, mates", "z[None]"),
        ("moved_by_mates", "np.concatenate([z[None], mates])", "mates",
         "z is not in your batch"),
        ("moved_by_mates", "np.concatenate([z[None], mates])", "z[None]", "your batches have"),
        ("moved_by_mates", "np.concatenate([z[None], mates])", "z", "got shape (5,)"),
        ("moved_by_mates", "np.concatenate([z[None], mates])", "[z, *mates]", "got a list"),
        ("moved_by_mates", ")[0]\n", ")\n", "whole batches"),
        ("moved_by_mates", ")[0]\n", ")[1]\n", "place 1"),
        ("moved_by_mates", "np.std(images, axis=0)", "np.std(images)", "all numbers at once"),
        ("moved_by_mates", "np.std(images, axis=0)", "np.var(images, axis=0)", "variance"),
        ("moved_by_mates", ".mean()", ".max()", "moves most"),
        ("moved_by_mates", ".mean()", ".sum()", "summed"),
        ("moved_by_mates", "float(np.std(images, axis=0).mean())", "np.std(images, axis=0)",
         "one number"),
        ("moved_by_mates", "np.std(images, axis=0)", "np.std(images, axis=0, ddof=1)", "ddof"),
        ("moved_by_mates", "np.std(images, axis=0)", "np.std(np.mean(images, axis=(1, 2, 3)))",
         "average the pixels first"),
        ("moved_by_mates", "np.std(images, axis=0)", "np.std(images, axis=(1, 2, 3))",
         "pixels of one image"),
        ("moved_by_mates", "in companies]", "in companies[:2]]", "should be"),
        ("moved_by_mates", "generate(", "by_batch_norm(", "argument `generate`"),
        ("moved_by_mates", "np.concatenate([z[None], mates])", "np.append(z, mates)",
         "got shape (35,)"),
        ("moved_by_mates", "np.concatenate([z[None], mates])",
         "np.concatenate(z[None], mates)", "*one* list"),
        ("moved_by_mates", "",
         "im = np.array([generate(np.vstack([z, m]))[0] for m in companies])\nreturn "
         "np.abs(im - im[0]).mean()", "first company"),
        ("moved_by_mates", "",
         "im = [generate(np.vstack([z, m])) for m in companies]\nreturn np.std(im[0], "
         "axis=0).mean()", "one batch"),
        ("moved_by_mates", "",
         "im = 0\nfor m in companies:\n    im = generate(np.vstack([z, m]))[0]\nreturn "
         "np.std(im)", "within one image"),
        ("moved_by_mates", "",
         "im = []\nfor m in companies:\n    im.append(generate(np.vstack([z, m]))[0])\n  "
         "  return np.std(im, axis=0).mean()", "in the loop"),
        ("moved_by_mates", ".mean())\n", ".mean()),\n", "a comma at the end"),
        ("moved_by_mates", "axis=0).mean()", "axis=-1).mean()", "the colours"),
        ("moved_by_mates", "np.std(images, axis=0).mean()",
         "np.sqrt(np.var(images, axis=0).mean())", "the root last"),
        ("moved_by_mates", "np.std(images, axis=0)",
         "np.abs(np.array(images) - np.mean(images, axis=0))", "to the mean image"),
        ("reference_statistics", "return r", "r", "`return`"),
        ("reference_statistics", "(r**2).mean(axis=(0, 1, 2))", "r.var(axis=(0, 1, 2))",
         "variance"),
        ("reference_statistics", "(r**2).mean(axis=(0, 1, 2))", "r.std(axis=(0, 1, 2))",
         "standard deviation"),
        ("reference_statistics", "(r**2).mean(axis=(0, 1, 2))", "r.mean(axis=(0, 1, 2))**2",
         "square of the mean"),
        ("reference_statistics", "(r**2).mean(axis=(0, 1, 2))",
         "np.sqrt((r**2).mean(axis=(0, 1, 2)))", "root"),
        ("reference_statistics", "(r**2).mean(axis=(0, 1, 2))",
         "(r.mean(axis=(1, 2))**2).mean(axis=0)", "examples' means"),
        ("reference_statistics", "(r**2).mean(axis=(0, 1, 2))",
         "r.mean(axis=(1, 2)).var(axis=0)", "variance of the examples' means"),
        ("reference_statistics", "axis=(0, 1, 2)", "axis=0", "a number a channel"),
        ("reference_statistics", "axis=(0, 1, 2)", "axis=(1, 2)", "a number a channel"),
        ("reference_statistics", "axis=(0, 1, 2)", "axis=(0, 1, 2), keepdims=True",
         "a number a channel"),
        ("reference_statistics", "axis=(0, 1, 2)", "", "one number"),
        ("reference_statistics", "axis=(0, 1, 2)", "axis=(0, 1, 4)", "out of bounds"),
        ("reference_statistics", ".mean(axis", ".sum(axis", "sum"),
        ("reference_statistics", "r.mean(axis=(0, 1, 2)), (r**2).mean(axis=(0, 1, 2))",
         "(r**2).mean(axis=(0, 1, 2)), r.mean(axis=(0, 1, 2))", "swapped"),
        ("reference_statistics", "return r.mean(axis=(0, 1, 2)), ", "return ", "pair"),
        ("reference_statistics", "np.asarray(r, float)", "np.asarray(r)", "float64"),
        ("reference_statistics", "np.asarray(r, float)", "np.asarray(r, float)[0][None]",
         "first example"),
        ("reference_statistics", "r = np.asarray(r, float)", "r -= 1", "copy"),
        ("reference_statistics", "(r**2)", "(r * 2)", "not 2 r"),
        ("reference_statistics", "axis=(0, 1, 2)", "axis=(1, 2, 3)", "a number a channel"),
        ("reference_statistics", "axis=(0, 1, 2)", "axis=[0, 1, 2]", "a tuple"),
        ("reference_statistics", "r.mean(axis=(0, 1, 2)), (r**2)",
         "r.sum(axis=(0, 1, 2)) / len(r), (r**2)", "m_R is divided by the number of examples"),
        ("reference_statistics", "(r**2).mean(axis=(0, 1, 2))",
         "(r**2).sum(axis=(0, 1, 2)) / len(r)", "q_R is divided by the number of examples"),
        ("reference_statistics", "(r**2).mean(axis=(0, 1, 2))",
         "np.abs(r).mean(axis=(0, 1, 2))**2", "of |r|"),
        ("live_statistics", "return m, q", "m, q", "`return`"),
        ("live_statistics", " + n * m_r", "", "part is missing"),
        ("live_statistics", "(x.mean(axis=(1, 2), keepdims=True) + n * m_r) / (n + 1)",
         "x.mean(axis=(1, 2), keepdims=True)", "reference is missing"),
        ("live_statistics", "(x.mean(axis=(1, 2), keepdims=True) + n * m_r) / (n + 1)",
         "np.broadcast_to(m_r, (len(x), 1, 1, len(m_r)))", "own share is missing"),
        ("live_statistics", "n * m_r", "m_r", "stands for n"),
        ("live_statistics", "n * q_r", "q_r", "stands for n"),
        ("live_statistics", "(x.mean(axis=(1, 2), keepdims=True) + n * m_r)",
         "(n * x.mean(axis=(1, 2), keepdims=True) + m_r)", "weights swapped"),
        ("live_statistics", "(n + 1)", "n", "divides by n"),
        ("live_statistics", " / (n + 1)", "", "divide by n + 1"),
        ("live_statistics", "x = np.asarray(x, float)", "x, n = np.asarray(x, float), len(x)",
         "len(x)"),
        ("live_statistics", "axis=(1, 2), keepdims=True", "axis=(0, 1, 2), keepdims=True",
         "channel, the mean over axes 1 and 2"),
        ("live_statistics", "x.mean(axis=(1, 2), keepdims=True)",
         "(x.mean(axis=(0, 1, 2)) + 0 * x[:, :1, :1])", "whole live batch"),
        ("live_statistics", ", keepdims=True", "", "keepdims"),
        ("live_statistics", "(x**2)", "x", "the mean of x"),
        ("live_statistics", "(x**2).mean(axis=(1, 2), keepdims=True)",
         "x.var(axis=(1, 2), keepdims=True)", "the variance"),
        ("live_statistics", "(x**2).mean(axis=(1, 2), keepdims=True)",
         "x.mean(axis=(1, 2), keepdims=True) ** 2", "square of the mean"),
        ("live_statistics", "return m, q", "return m, m**2", "square of m_i"),
        ("live_statistics", "return m, q", "return m, q - m**2", "subtracted already"),
        ("live_statistics", "return m, q", "return q, m", "swapped"),
        ("live_statistics", "return m, q", "return m", "pair"),
        ("live_statistics", "n * q_r", "n * m_r", "where q_R belongs"),
        ("live_statistics", "np.asarray(x, float)", "np.asarray(x)", "float64"),
        ("live_statistics", "return m, q", "return m[0], q[0]", "each example"),
        ("live_statistics", "n * m_r) / (n + 1)", "n * m_r / (n + 1))", "not divided by n + 1"),
        ("live_statistics", "n * q_r", "n * q_r**2", "once more"),
        ("live_statistics", "(n + 1)", "n + 1", "brackets"),
        ("live_statistics", "/ (n + 1)", "// (n + 1)", "throws the fraction"),
        ("live_statistics", "axis=(1, 2), keepdims=True", "axis=(1, 2, 3), keepdims=True",
         "mixes the channels"),
        ("live_statistics", "    m = ", "    m_r, q_r = reference_statistics(x)\n    m = ",
         "they are the arguments"),
        ("live_statistics", "(x**2)", "(x * 2)", "not 2 x"),
        ("live_statistics", "(x.mean(axis=(1, 2), keepdims=True) + n * m_r) / (n + 1)",
         "x.mean(axis=(1, 2), keepdims=True) / n + 1 + n * m_r / (n + 1)", "divides by n, and adds 1"),
        ("live_statistics", "(x.mean(axis=(1, 2), keepdims=True) + n * m_r) / (n + 1)",
         "x.mean(axis=(1, 2), keepdims=True) / (n + 1) + n * m_r / n + 1", "divides by n, and adds 1"),
        ("live_statistics", "n * m_r", "(n - 1) * m_r", "n - 1 examples"),
        ("live_statistics", "(n + 1)", "(n + len(x))", "all N live examples"),
        ("live_statistics", "x.mean(axis=(1, 2)", "x.sum(axis=(1, 2)", "m_i has a sum"),
        ("live_statistics", "(x**2).mean", "(x**2).sum", "q_i has a sum"),
        ("live_statistics", "x = np.asarray(x, float)", "x, n = np.asarray(x, float), 16",
         "as if n were 16"),
        ("live_statistics", "x = np.asarray(x, float)", "x, n = np.asarray(x, float), len(m_r)",
         "number of channels"),
        ("live_statistics", "(x**2)", "((x - m)**2)", "(x - m_i)^2"),
        ("live_statistics", "    return m, q", "    m[1:] += 1\n    return m, q",
         "m of example 1, channel 0"),
        ("virtual_batch_norm", "return y, y_r", "y, y_r", "`return`"),
        ("virtual_batch_norm", "return y, y_r", "return y", "pair"),
        ("virtual_batch_norm", "return y, y_r", "return y_r, y", "shaped as it came"),
        ("virtual_batch_norm", "return y, y_r", "return np.concatenate([y_r, y])", "pair"),
        ("virtual_batch_norm", "np.sqrt(q - m**2 + epsilon)", "(q - m**2 + epsilon)", "root"),
        ("virtual_batch_norm", "np.sqrt(q - m**2 + epsilon)", "(np.sqrt(q - m**2) + epsilon)",
         "under the root"),
        ("virtual_batch_norm", " + epsilon", "", "epsilon is missing"),
        ("virtual_batch_norm", "m**2 + epsilon", "m**2 + 1e-5", "argument"),
        ("virtual_batch_norm", "q - m**2", "q", "sqrt(q)"),
        ("virtual_batch_norm", "q - m**2", "q - m", "not q - m"),
        ("virtual_batch_norm", "gamma * (x", "(x", "gamma is missing"),
        ("virtual_batch_norm", " + beta\n    y_r", "\n    y_r", "beta is missing"),
        ("virtual_batch_norm", "gamma * (x - m) / np.sqrt(q - m**2 + epsilon) + beta",
         "beta * (x - m) / np.sqrt(q - m**2 + epsilon) + gamma", "swapped"),
        ("virtual_batch_norm", "gamma * (x - m) / np.sqrt(q - m**2 + epsilon) + beta",
         "gamma * ((x - m) / np.sqrt(q - m**2 + epsilon) + beta)", "at the end"),
        ("virtual_batch_norm", "len(r)", "len(x)", "not len(x)"),
        ("virtual_batch_norm", "m, q = live_statistics(x, m_r, q_r, len(r))",
         "m, q = m_r, q_r", "reference alone"),
        ("virtual_batch_norm", "m, q = live_statistics(x, m_r, q_r, len(r))",
         "m, q = reference_statistics(x)", "ordinary batch norm"),
        ("virtual_batch_norm", "m, q = live_statistics(x, m_r, q_r, len(r))",
         "m, q = reference_statistics(np.concatenate([r, x]))", "joined batch"),
        ("virtual_batch_norm", "m_r, q_r = reference_statistics(r)",
         "m_r, q_r = reference_statistics(x)", "of x"),
        ("virtual_batch_norm", "return y, y_r", "return y, r", "as it was"),
        ("virtual_batch_norm", "gamma * (r - m_r) / np.sqrt(q_r - m_r**2 + epsilon)",
         "gamma * (r - m[0]) / np.sqrt(q[0] - m[0]**2 + epsilon)", "a live example's"),
        ("virtual_batch_norm", "y_r = gamma",
         "m_r, q_r = live_statistics(r, m_r, q_r, len(r))\n    y_r = gamma",
         "as if it were live"),
        ("virtual_batch_norm", "live_statistics(x, m_r, q_r, len(r))",
         "live_statistics(x, m_r, q_r)", "missing 1 required"),
        ("virtual_batch_norm", "live_statistics(x, m_r, q_r, len(r))",
         "live_statistics(x, q_r, m_r, len(r))", "*same*"),
        ("virtual_batch_norm", "m_r, q_r = reference_statistics(r)",
         "m_r, q_r = r.mean(0), (r**2).mean(0)", "shape"),
        ("virtual_batch_norm", "",
         "from ganedu.networks.layers import VirtualBatchNormalization\nreturn "
         "VirtualBatchNormalization(len(r))(np.concatenate([r, x]))", "write it yourself"),
        ("virtual_batch_norm", "gamma * (x - m)", "gamma * x", "not subtracted"),
        ("virtual_batch_norm", "q - m**2", "q - m_r**2", "m_R^2"),
        ("virtual_batch_norm", "len(r)", "r.size", "*examples*"),
        ("virtual_batch_norm", "return y, y_r",
         "return y, virtual_batch_norm(r, r, gamma, beta, epsilon)[0]", "calls itself"),
        ("virtual_batch_norm", "m**2 + epsilon", "m**2 + epsilon**2", "its square"),
        ("virtual_batch_norm", "len(r))\n", "len(r))\n    m, q = m[:, 0, 0], q[:, 0, 0]\n",
         "[N, 1, 1, C]"),
        ("virtual_batch_norm", "np.sqrt(q - m**2 + epsilon)", "np.sqrt(q) - m",
         "the root is that of the whole"),
        ("virtual_batch_norm", "(x - m)", "(m - x)", "sign"),
        ("virtual_batch_norm", " + beta\n    y_r", " - beta\n    y_r", "beta is added"),
        ("virtual_batch_norm", "= reference_statistics(r)",
         "= r.mean((0, 1, 2)), r.var((0, 1, 2))", "gives both"),
        ("virtual_batch_norm", "(x - m) / np.sqrt(q - m**2 + epsilon)",
         "(x - m / np.sqrt(q - m**2 + epsilon))", "*all* of it"),
        ("virtual_batch_norm", "(x - m) /", "x - m /", "*all* of it"),
        ("virtual_batch_norm", "(x - m)", "(x + m)", "m is added"),
        ("virtual_batch_norm", "(x - m) /", "(x - m) *", "multiplied by the root"),
        ("virtual_batch_norm", "np.sqrt(q - m**2 + epsilon)", "(np.sqrt(q) - m)", "*one* root"),
        ("virtual_batch_norm", "q - m**2", "q - m * 2", "not 2 m"),
        ("virtual_batch_norm", "q_r - m_r**2", "q_r - m_r * 2", "r: the square of m"),
        ("virtual_batch_norm", "len(r))\n", "len(r) + 1)\n", "one more"),
        ("virtual_batch_norm", "len(r))\n", "len(r) - 1)\n", "one less"),
        ("virtual_batch_norm", "m, q = live",
         "q_r = (r.mean((1, 2))**2).mean(0)\n    m, q = live", "squared means"),
        ("virtual_batch_norm", "live_statistics(x, m_r", "live_statistics(x[:1], m_r",
         "the first one's"),
        ("virtual_batch_norm", "np.sqrt(q - m**2", "np.sqrt(q_r - m_r**2", "mix in q_R"),
        ("virtual_batch_norm", "len(r))\n", "len(r))\n    m[2:] = m[1]\n",
         "x first differs in example 2, from [0, 0, 0] on"),
        ("virtual_batch_norm", "",
         "n, m, q = len(r), r.mean((0, 1, 2)), (r**2).mean((0, 1, 2))\n"
         "a = (x.mean((1, 2), keepdims=True) + n * m) / (n + 1)\n"
         "b = ((x**2).mean((1, 2), keepdims=True) + n * q) / (n + 1)\n"
         "return (gamma * (x - a) / np.sqrt(b - a**2 + epsilon) + beta,\n"
         "        gamma * (r - m) / np.sqrt(q - m**2 + epsilon) + beta)", "float64"),
        ("virtual_batch_norm", "m_r, q_r, len(r))", "m_r, q_r)", "TypeError: live_statistics()"),
        ("evidence", "return {", "{", "`return`"),
        ("evidence", "y = norm(x, r)[0]", "y = norm(x, r)", "[0]"),
        ("evidence", "x[:1], 3 * x[1:]", "3 * x", "first example is changed"),
        ("evidence", "np.concatenate([x[:1], 3 * x[1:]])", "3 * x", "first example is changed"),
        ("evidence", "norm(louder, r)[0][0] - y[0]", "norm(louder, r)[0] - y", "all examples"),
        ("evidence", "np.abs(norm(louder, r)[0][0] - y[0])", "(norm(louder, r)[0][0] - y[0])",
         "abs"),
        ("evidence", "np.abs(norm(louder, r)[0][0] - y[0]).max()",
         "np.abs(norm(louder, r)[0][0] - y[0]).mean()", "largest"),
        ("evidence", "norm(3 * x, 3 * r)", "norm(3 * x, r)", "only x"),
        ("evidence", "norm(3 * x, 3 * r)", "norm(x, 3 * r)", "only r"),
        ("evidence", "norm(3 * x, 3 * r)[0] - y).max()", "norm(3 * x, 3 * r)[0] - y).mean()",
         "largest"),
        ("evidence", "norm(lone, r)[0]", "norm(lone, r)[1]", "reference's"),
        ("evidence", "np.full_like(x[:1], 1e4)", "np.full_like(x[0], 1e4)", "x[:1], not x[0]"),
        ("evidence", "np.full_like(x[:1], 1e4)", "np.full_like(x[:1], 1e3)", "1e4"),
        ("evidence", "norm(lone, r)", "norm(lone)", "arguments"),
        ("evidence", "y.std()", "y.var()", "variance"),
        ("evidence", "y.std()", "x.std()", "before it is normalised"),
        ("evidence", "y.std()", "y.mean()", "mean"),
        ("evidence", "\"loud\"", "\"lone\"", "keys"),
        ("evidence", "y.std()", "norm(x, r)[1].std()", "reference's"),
        ("evidence", "louder = np.concatenate([x[:1], 3 * x[1:]])",
         "x[1:] *= 3\n    louder = x", "copy"),
        ("evidence", "y = norm(x, r)[0]", "y = norm(x[0], r)[0]", "not x[0]"),
        ("evidence", "np.abs(norm(louder, r)[0][0] - y[0]).max()",
         "np.max(np.abs(norm(louder, r)[0][0]) - np.abs(y[0]))", "difference first"),
        ("evidence", "np.full_like(x[:1], 1e4)", "1e4 * x[:1]", "not 1e4 everywhere"),
        ("evidence", "norm(louder, r)", "norm(r, louder)", "live examples first"),
        ("evidence", "3 * x[1:]", "9 * x[1:]", "another factor"),
        ("evidence", "", "return 0, 0, 4, 1", "keys"),
        ("evidence", "\"spread\"", "\"std\"", "`spread` is missing, `std` is not asked for"),
        ("evidence", "y.std()", "y.std(), \"mean\": y.mean()", "`mean` is not asked for"),
        ("evidence", "y.std()", "\"a\"", "`spread` gives 'a'; one number is wanted"),
        ("evidence", "y.std()", "y.std(keepdims=True)", "one number is wanted"),
        ("evidence", "y.std()", "None", "one number is wanted"),
        ("evidence", "y.std()", "y.std(ddof=1)", "ddof"),
        ("evidence", "y.std()", "np.concatenate(norm(x, r)).std()", "x and r together"),
        ("evidence", "y.std()", "y.std((0, 1, 2)).mean()", "channels' spreads"),
        ("evidence", "y.std()", "norm(3 * x, 3 * r)[0].std()", "all is three times"),
        ("evidence", "\"mates\": np.abs(norm(louder, r)[0][0] - y[0]).max(),\n            \"scaled\"",
         "\"scaled\": np.abs(norm(louder, r)[0][0] - y[0]).max(),\n            \"mates\"",
         "`mates` and `scaled` are exchanged"),
        ("evidence", "    y = norm(x, r)[0]",
         "    norm = lambda a, b: virtual_batch_norm(a, b, 1, 0, 1e-5)\n    y = norm(x, r)[0]",
         "the argument `norm`"),
        ("evidence", "", "return dict(mates=0.0, scaled=0.0, loud=4.0, spread=1.007)", "never calls"),
        ("evidence", "np.full_like(x[:1], 1e4)", "np.full_like(x, 1e4)", "a whole batch"),
        ("evidence", "np.full_like(x[:1], 1e4)", "np.full_like(x[:1], -1e4)", "yours is another"),
        ("evidence", "np.full_like(x[:1], 1e4)", "np.full((1, 1, 1, x.shape[-1]), 1e4)",
         "here [H, W, C] is [4, 4, 3]"),
        ("evidence", "np.abs(norm(lone, r)[0]).max()", "norm(lone, r)[0].max()", "without np.abs"),
        ("evidence", "[0] - y).max()", "[0] - 3 * y).max()", "goes *in*"),
        ("evidence", "3 * x[1:]", "3 + x[1:]", "three *times*"),
        ("evidence", "3 * x[1:]", "2 * x[1:]", "another factor"),
        ("evidence", "norm(3 * x, 3 * r)", "norm(2 * x, 2 * r)", "`scaled`: x and r"),
        ("evidence", "np.abs(norm(3 * x, 3 * r)[0] - y).max()",
         "((norm(3 * x, 3 * r)[0] - y)**2).max()", "squared"),
        ("evidence", "np.abs(norm(3 * x, 3 * r)[0] - y).max()",
         "abs(norm(3 * x, 3 * r)[0].max() - y.max())", "difference first"),
        ("evidence", "np.abs(norm(louder, r)[0][0] - y[0]).max()",
         "((norm(louder, r)[0][0] - y[0])**2).max()", "squared"),
        ("evidence", "np.abs(norm(louder, r)[0][0] - y[0])",
         "np.abs(norm(np.concatenate([3 * x[:-1], x[-1:]]), r)[0][-1] - y[-1])", "*first* example"),
        ("evidence", "norm(louder, r)", "norm(louder, 3 * r)", "the reference stays r"),
        ("evidence", "norm(louder, r)", "norm(x[:1], r)", "left out"),
        ("verdict", "return {", "{", "`return`"),
        ("verdict", "\"means\"", "\"ghost\"", "once"),
        ("verdict", "\"A\": \"means\", \"B\": \"innocent\"",
         "\"A\": \"innocent\", \"B\": \"means\"", "not all are right"),
        ("verdict", "\"A\"", "\"a\"", "keys"),
        ("verdict", "\"means\"", "...", "still stands at A"),
        ("verdict", "\"no share\"", "\"no_share\"", "'no_share' is none"),
        ("smoothed_loss", "return p_data", "p_data", "`return`"),
        ("smoothed_loss", "return p_data * real + p_g * fake",
         "return -p_data * real - p_g * fake", "sign"),
        ("smoothed_loss", " - (1 - alpha) * np.log(1 - d)", "", "(1 - alpha) log(1 - d)"),
        ("smoothed_loss", "-beta * np.log(d) - (1 - beta)", "- (1 - beta)", "beta log d"),
        ("smoothed_loss", "-beta * np.log(d) - (1 - beta)", "-1", "beta"),
        ("smoothed_loss", "p_data * real + p_g * fake", "p_g * real + p_data * fake",
         "p_data and p_g"),
        ("smoothed_loss", "p_data * real + p_g * fake", "real + fake", "densities"),
        ("smoothed_loss", "p_data * real + p_g * fake", "(p_data * real + p_g * fake).mean()",
         "a loss for each d"),
        ("smoothed_loss", "", "return -p_data * np.log(d) - p_g * np.log(1 - d)", "no target"),
        ("smoothed_loss", "", "import math\nreturn -p_data * math.log(d)", "take arrays"),
        ("smoothed_loss", "-beta * np.log(d) - (1 - beta) * np.log(1 - d)",
         "-beta * np.log(1 - d) - (1 - beta) * np.log(d)", "1 - beta"),
        ("smoothed_loss", "", "return -(p_data * np.log(alpha * d) + p_g * np.log(1 - d))",
         "you give"),
        ("smoothed_loss", "np.log", "np.log2", "natural logarithm"),
        ("smoothed_loss", "", "return p_data * (d - alpha)**2 + p_g * (d - beta)**2",
         "least squares"),
        ("smoothed_loss", "p_data * real + p_g * fake",
         "(p_data * real + p_g * fake) / (p_data + p_g)", "neither divided"),
        ("smoothed_loss", "p_data * real + p_g * fake", "p_data * real - p_g * fake",
         "both costs are added"),
        ("smoothed_loss", "fake = -beta * np.log(d) - (1 - beta)",
         "fake = -alpha * np.log(d) - (1 - alpha)", "to the fakes too"),
        ("smoothed_loss", "real = -alpha * np.log(d) - (1 - alpha)",
         "real = -beta * np.log(d) - (1 - beta)", "to the reals too"),
        ("smoothed_loss", "fake = -beta * np.log(d) - (1 - beta)",
         "fake = -(1 - alpha) * np.log(d) - alpha", "not 1 - alpha"),
        ("smoothed_loss", " * np.log(d) - (1", " * np.log(d) + (1", "how many minus signs"),
        ("smoothed_loss", " + p_g * fake", "", "where are the fakes?"),
        ("smoothed_loss", "p_data * real + ", "", "where are the real images?"),
        ("smoothed_loss", "    real", "    alpha = 0.9\n    real", "alpha is 0.9"),
        ("smoothed_loss", "p_data * real + p_g * fake", "(p_data * real + p_g * fake) / alpha",
         "divided by alpha"),
        ("smoothed_loss", "-alpha * np.log(d) - (1 - alpha) * np.log(1 - d)",
         "-alpha * np.log(d / alpha) - (1 - alpha) * np.log((1 - d) / (1 - alpha))", "over a target"),
        ("smoothed_loss", "",
         "return -(p_data * np.log(alpha * d + (1 - alpha) * (1 - d))\n"
         "         + p_g * np.log(beta * d + (1 - beta) * (1 - d)))", "within one"),
        ("best_discriminator", "return ", "", "`return`"),
        ("best_discriminator", " + beta * p_g", "", "beta is missing"),
        ("best_discriminator", "alpha * p_data + beta * p_g", "p_data", "no target"),
        ("best_discriminator", "(p_data + p_g)", "(alpha * p_data + p_g)", "one denominator"),
        ("best_discriminator", "", "return alpha * p_data / (alpha * p_data + beta * p_g)",
         "one denominator"),
        ("best_discriminator", "alpha * p_data + beta * p_g", "beta * p_data + alpha * p_g",
         "swapped"),
        ("best_discriminator", "+ beta", "- beta", "wrong sign"),
        ("best_discriminator", "+ beta", "+ (1 - beta)", "1 - beta"),
        ("best_discriminator", " / (p_data + p_g)", "", "passes 1"),
        ("best_discriminator", " / (p_data + p_g)", " / 2", "add up to 2?"),
        ("best_discriminator", "return (alpha * p_data + beta * p_g)",
         "return 1 - (alpha * p_data + beta * p_g)", "1 - D"),
        ("best_discriminator", "",
         "return float(((alpha * p_data + beta * p_g) / (p_data + p_g)).mean())", "each place"),
        ("best_discriminator", "",
         "d = np.linspace(0.001, 0.999, 999)\nreturn "
         "np.array([d[np.argmin(smoothed_loss(d, p, q, alpha, beta))] for p, q in "
         "zip(p_data, p_g)])", "a grid"),
        ("best_discriminator", "", "return alpha * p_data / (p_data + p_g) + beta",
         "p_g = 0"),
        ("best_discriminator", "", "return alpha * p_data + beta * p_g / (p_data + p_g)",
         "brackets"),
        ("best_discriminator", "", "if p_data > 0:\n    return alpha\nreturn beta",
         "asks each entry"),
        ("best_discriminator", "", "return p_g / (p_data + p_g)", "share of the *fakes*"),
        ("best_discriminator", "/ (p_data + p_g)", "/ (alpha + beta)", "the targets' sum"),
        ("best_discriminator", "(p_data + p_g)", "(alpha * p_data + (1 - beta) * p_g)",
         "one denominator"),
        ("best_discriminator", "(p_data + p_g)", "((1 - alpha) * p_data + (1 - beta) * p_g)", "odds"),
        ("best_discriminator", "", "return alpha / 2 + 0 * p_data", "at every place"),
        ("best_discriminator", "", "return (alpha + beta) / 2 + 0 * p_data", "at every place"),
        ("best_discriminator", "(p_data + p_g)", "np.sum(p_data + p_g)", "over all places"),
        ("best_discriminator", "", "return (alpha + beta * p_g / p_data) / (1 + p_g / p_data)",
         "p_data = 0, p_g = 1: you give nan, it should be 0: is something divided by 0 there?"),
        ("best_discriminator", "(p_data + p_g)", "(p_data + p_g + 1e-5)", "0.41667627"),
        ("best_discriminator", "return (alpha * p_data + beta * p_g) / (p_data + p_g)",
         "return np.clip((alpha * p_data + beta * p_g) / (p_data + p_g), 1e-6, 1 - 1e-6)", "a clip"),
        ("pull_left", "best = beta + (alpha - beta) * share", "best = share", "slope of D*"),
        ("pull_left", "best = beta + (alpha - beta) * share",
         "best = best_discriminator(share, 1 + 0 * share, alpha, beta)", "D* in s"),
        ("pull_left", "", "return 1 + 0 * share", "beta = 0 only"),
        ("pull_left", "return ", "", "`return`"),
        ("pull_left", "(alpha - beta) * share / best", "(alpha - beta) / best",
         "the pull itself"),
        ("pull_left", "(alpha - beta) * share / best", "best / ((alpha - beta) * share)",
         "upside down"),
        ("pull_left", "return (alpha", "return -(alpha", "sign"),
        ("pull_left", "(alpha - beta) * share / best", "(alpha - beta) + 0 * share",
         "slope of D*"),
        ("pull_left", "(alpha - beta) * share / best", "best", "D* itself"),
        ("pull_left", "(alpha - beta) * share / best", "best / share", "over the plain D*"),
        ("pull_left", "best = beta + (alpha - beta) * share", "best = beta + alpha * share",
         "D* in s"),
        ("pull_left", "return (alpha - beta)", "return alpha", "stands before s"),
        ("pull_left", "return (alpha - beta) * share / best",
         "return 1 - (alpha - beta) * share / best", "left"),
        ("pull_left", "(alpha - beta) * share / best", "np.log(best) / np.log(share)",
         "slopes"),
        ("pull_left", "(alpha - beta) * share / best", "alpha - beta", "a number for each"),
        ("pull_left", "best = beta + (alpha - beta) * share", "best = alpha * share",
         "D* in s"),
        ("pull_left", "return (alpha - beta)", "return (alpha + beta)", "stands before s"),
        ("pull_left", " / best", "", "not by D*"),
        ("pull_left", "", "return share", "that is s"),
        ("pull_left", "", "h = 1e-6\na = alpha - beta\n"
         "return (np.log(beta + a * (share + h)) - np.log(beta + a * share)) / (\n"
         "    np.log(share + h) - np.log(share))", "a numerical derivative"),
        ("pull_left", "(alpha - beta) * share / best", "(alpha - beta) * share**2 / best",
         "one s too many"),
        ("pull_left", "(alpha - beta) * share / best", "1 / share - (alpha - beta) / best",
         "difference"),
        ("pull_left", "(alpha - beta) * share / best", "100 * (alpha - beta) * share / best",
         "per cent"),
        ("pull_left", "(alpha - beta)", "(beta - alpha)", "stands before s"),
        ("pull_left", "", "return 1.0", "an array like share"),
        ("pull_left", "", "return pull_left(share, alpha, beta)", "calls itself"),
    ],
    7: [
        ("confident", "return ", "", "`return`"),
        ("confident", ">=", ">", "exactly `at_least` is kept"),
        ("confident", ">=", "<", "thrown away"),
        ("confident", "p.max(axis=1) >= at_least", "(p >= at_least).all(axis=1)", "*every* class"),
        ("confident", "p.max(axis=1) >= at_least", "p >= at_least", "for each probability"),
        ("confident", "p.max(axis=1) >= at_least", "(p >= at_least).any()", "one True or False for each"),
        ("confident", "axis=1", "axis=0", "for each class; one for each image: axis=1"),
        ("confident", "p.max(axis=1)", "p.argmax(axis=1)", "argmax is the class"),
        ("confident", "p.max(axis=1)", "p[:, 0]", "class 0's"),
        ("confident", "p.max(axis=1)", "p.min(axis=1)", "the least one too"),
        ("confident", "p.max(axis=1)", "p.sum(axis=1)", "sums to 1"),
        ("confident", "p.max(axis=1)", "p.mean(axis=1)", "1 / K"),
        ("confident", "p.max(axis=1)", "p.max()", "one True or False for each"),
        ("confident", "at_least\n", "0.999\n", "0.999 always"),
        ("confident", "p.max(axis=1) >= at_least", "np.where(p.max(axis=1) >= at_least)", "tuple"),
        ("confident", "p.max(axis=1) >= at_least", "np.flatnonzero(p.max(axis=1) >= at_least)", "indices"),
        ("confident", "p.max(axis=1) >= at_least", "1 * (p.max(axis=1) >= at_least)", "0 and 1?"),
        ("confident", "p.max(axis=1) >= at_least", "p[p.max(axis=1) >= at_least]", "gives numbers"),
        ("confident", "p.max(axis=1) >= at_least", "[row.max() >= at_least for row in p]", "list"),
        ("confident", "    return", "    p = np.exp(p) / np.exp(p).sum(axis=1, keepdims=True)\n    return",
         "no softmax"),
        ("confident", "p.max(axis=1) >= at_least", "p.max(axis=1) >= np.quantile(p.max(axis=1), at_least)",
         "no quantile"),
        ("confident", "p.max(axis=1) >=", "np.sort(p, axis=1)[:, -1] - np.sort(p, axis=1)[:, -2] >=",
         "second class"),
        ("confident", "", "if p.max(axis=1) >= at_least:\n    return True", "asks the whole array"),
        ("confident", "    return", "    p[p < at_least] = 0\n    return", "copy"),
        ("confident", "", "for row in p:\n    return row.max() >= at_least", "one True or False for each"),
        ("confident", "", "from ganedu import synthetic\nreturn synthetic.confident(p, p, at_least)",
         "write it yourself"),
        ("wrong_label_share", "return ", "", "`return`"),
        ("wrong_label_share", "!=", "==", "that is *right*"),
        ("wrong_label_share", "[kept].mean()", "[kept].sum() / len(p)", "divide by all images"),
        ("wrong_label_share", "[kept].mean()", ".mean()", "filter is missing"),
        ("wrong_label_share", "[kept].mean()", "[kept].sum()", "how many"),
        ("wrong_label_share", "return ", "return 100 * ", "per cent"),
        ("wrong_label_share", "[kept].mean()", "[~kept].mean()", "thrown away"),
        ("wrong_label_share", "[kept].mean()", "[kept]", "gives shape"),
        ("wrong_label_share", "confident(p, at_least)", "p[np.arange(len(p)), asked] >= at_least",
         "class *asked for*"),
        ("wrong_label_share", "(p.argmax(axis=1) != asked)[kept].mean()",
         "kept[p.argmax(axis=1) != asked].mean()", "that is kept"),
        ("wrong_label_share", "(p.argmax(axis=1) != asked)[kept].mean()",
         "(p[kept].argmax(axis=1) != asked).mean()", "ValueError"),
        ("wrong_label_share", "(p.argmax(axis=1) != asked)[kept].mean()",
         "(p[kept].argmax(axis=1) != asked[:kept.sum()]).mean()", "asked[kept]"),
        ("wrong_label_share", "(p.argmax(axis=1) != asked)[kept].mean()", "kept.mean()",
         "the share that is kept"),
        ("wrong_label_share", "p.argmax(axis=1)", "p.max(axis=1)", "compared with a label"),
        ("wrong_label_share", "(p.argmax(axis=1) != asked)[kept].mean()",
         "(p[np.arange(len(p)), asked] < at_least)[kept].mean()", "however sure"),
        ("wrong_label_share", "p.argmax(axis=1)", "p.argmax()", "argmax over axis=1"),
        ("wrong_label_share", "(p.argmax(axis=1) != asked)[kept].mean()",
         "(p[kept].argmax() != asked[kept]).mean()", "argmax over axis=1"),
        ("mixture", "return ", "", "`return`"),
        ("mixture", "rng.permutation(here)[:wanted]", "rng.choice(here, wanted)", "without repetition"),
        ("mixture", "rng.permutation(here)[:wanted]", "rng.choice(here, wanted, replace=False)", "gets none"),
        ("mixture", "rng.permutation(here)[:wanted]",
         "rng.choice(here, round(ratio * len(here)), replace=False)", "n_y counted among `real_labels`"),
        ("mixture", "rng.permutation(here)[:wanted]",
         "rng.choice(np.where(made_labels == y), wanted, replace=False)", "np.where gives a tuple: its [0]"),
        ("mixture", "rng.permutation(here)[:wanted]",
         "__import__(\"random\").sample(here.tolist(), wanted)", "a class that made lacks gets none"),
        ("mixture", "rng.permutation(here)[:wanted]",
         "rng.choice(made_labels[made_labels == y], wanted) if len(here) else []", "these are labels"),
        ("mixture", "rng.permutation(here)[:wanted]",
         "rng.choice(len(here), wanted, replace=False) if len(here) else here", "within the class"),
        ("mixture", "rng.permutation(here)[:wanted]", "rng.permutation(len(here))[:wanted]",
         "within the class"),
        ("mixture", "round(ratio * np.sum(real_labels == y))", "ratio * np.sum(real_labels == y)",
         "round(ratio * n_y)"),
        ("mixture", "        wanted = round(ratio * np.sum(real_labels == y))\n"
         "        rows.append(rng.permutation(here)[:wanted])",
         "        wanted = np.round(ratio * np.sum(real_labels == y))\n"
         "        if len(here):\n            rows.append(rng.choice(here, wanted, replace=False))",
         "np.round leaves a float"),
        ("mixture", "rng.permutation(here)[:wanted]", "here[:wanted]", "whatever `rng`"),
        ("mixture", "rng.permutation(here)", "np.random.default_rng(0).permutation(here)", "whatever `rng`"),
        ("mixture", "rng.permutation(here)", "np.random.permutation(here)", "does not come from `rng`"),
        ("mixture", "rng.permutation(here)[:wanted]", "rng.permutation(here[:wanted])", "whatever `rng`"),
        ("mixture", "rng.permutation(here)[:wanted]",
         "here[rng.permutation(min(2 * wanted, len(here)))[:wanted]]", "never drawn"),
        ("mixture", "round(ratio", "int(ratio", "cut off"),
        ("mixture", "round(ratio * np.sum(real_labels == y))",
         "int(np.ceil(ratio * np.sum(real_labels == y)))", "rounded up"),
        ("mixture", "np.sum(real_labels == y)", "len(real_labels) / len(np.unique(real_labels))",
         "equally many"),
        ("mixture", "np.sum(real_labels == y)", "len(here)", "counts from the made ones"),
        ("mixture", "round(ratio * np.sum(real_labels == y))", "len(here)", "all made images"),
        ("mixture", "round(ratio * np.sum(real_labels == y))", "np.sum(real_labels == y)",
         "as many made as real"),
        ("mixture", "        rows.append(rng.permutation(here)[:wanted])\n    return np.concatenate(rows)",
         "        rows.append(rng.permutation(here)[:wanted])\n    return made_labels[np.concatenate(rows)]",
         "these are labels"),
        ("mixture", "    return np.concatenate(rows)", "    return rows", "it must be one array"),
        ("mixture", "    return np.concatenate(rows)",
         "    mask = np.zeros(len(made_labels), bool)\n    mask[np.concatenate(rows)] = True\n"
         "    return mask", "a mask"),
        ("mixture", "", "return rng.choice(len(made_labels), round(ratio * len(real_labels)), replace=False)",
         "each class has its own number"),
        ("mixture", "", "return rng.permutation(len(made_labels))[:round(ratio * len(real_labels))]",
         "each class has its own number"),
        ("mixture", "for y in np.unique(real_labels)", "for y in [0]", "one class alone"),
        ("mixture", "    rows = []\n",
         "    rows = []\n    both = np.intersect1d(real_labels, made_labels)\n"
         "    ratio = ratio * len(real_labels) / np.isin(real_labels, both).sum()\n", "the others get more"),
        ("mixture", "rng.permutation(here)", "rng.shuffle(here)", "rng.shuffle works in place"),
        ("mixture", "made_labels == y)\n        wanted", "real_labels == y)\n        wanted", "it should be"),
        ("mixture", "    rows = []", "    rng.shuffle(made_labels)\n    rows = []", "copy"),
        ("mixture", "np.concatenate(rows)", "np.concatenate(rows) + 0.5", "fractions"),
        ("mixture", "np.concatenate(rows)", "np.concatenate(rows) + 1", "it should be"),
        ("mixture", "    return np.concatenate(rows)", "        return np.concatenate(rows)",
         "one class alone"),
        ("in_turn", "return first, ", "", "nothing (None)"),
        ("in_turn", "fit(real, min(rates))", "fit(real, max(rates))", "`real` at the lower"),
        ("in_turn", "max(rates)", "rates[0]", "any order"),
        ("in_turn", "", "first = fit(real, max(rates))\nreturn first, fit(made, min(rates))",
         "the real images come first"),
        ("in_turn", "", "first = fit(made, min(rates))\nreturn first, fit(real, max(rates))",
         "rates are exchanged"),
        ("in_turn", "", "first = fit(made, rates[0])\nreturn first, fit(real, rates[1])", "any order"),
        ("in_turn", "", "return fit(np.concatenate([made, real]), max(rates))", "not joined"),
        ("in_turn", "",
         "fit(made, max(rates))\nfit(real, min(rates))\nreturn fit(made, max(rates)), fit(real, min(rates))",
         "is called 4 times"),
        ("in_turn", "", "second = fit(real, min(rates))\nreturn fit(made, max(rates)), second",
         "real images come first"),
        ("in_turn", "return first, fit(real, min(rates))", "return fit(real, min(rates)), first",
         "made's comes first"),
        ("in_turn", "return first, fit(real, min(rates))", "fit(real, min(rates))\n    return first",
         "what `fit` gave"),
        ("in_turn", "return first, fit(real, min(rates))", "fit(real, min(rates))\n    return first",
         "in one call; return both: made's, real's"),
        ("in_turn", "return first, ", "return ", "in one call; return both: made's, real's"),
        ("in_turn", "return first, ", "return np.array(first)[:1], ", "as it is"),
        ("in_turn", "fit(made, max(rates))", "fit(max(rates), made)", "the data come first"),
        ("in_turn", "fit(made, max(rates))", "fit(made)", "missing 1 required"),
        ("in_turn", "fit(made, max(rates))", "fit(made, rates)", "takes one number"),
        ("in_turn", "", "return made, real", "never calls"),
        ("in_turn", "", "return fit(made, max(rates))[-1], fit(real, min(rates))[-1]", "as it is"),
        ("best_round", "return best, len(losses) - 1", "best", "(None)"),
        ("best_round", "return best, here", "return here, best", "it should be"),
        ("best_round", "",
         "best = int(np.argmin(losses))\nreturn best, min(best + patience, len(losses) - 1)", "*all* losses"),
        ("best_round", "", "return int(np.argmin(losses)), len(losses) - 1", "*all* losses"),
        ("best_round", ">= patience", "> patience", "one round late"),
        ("best_round", ">= patience", ">= patience - 1", "one round early"),
        ("best_round", "loss < losses[best]", "loss <= losses[best]", "equal loss is not lower"),
        ("best_round", "loss < losses[best]", "loss > losses[best]", "lower"),
        ("best_round", "loss < losses[best]", "here and loss < losses[here - 1]", "lowest so far"),
        ("best_round", "",
         "best, waited = 0, 0\nfor i, loss in enumerate(losses):\n    if loss < losses[best] or i == 0:\n"
         "        best = i\n    else:\n        waited += 1\n        if waited >= patience:\n"
         "            return best, i\nreturn best, len(losses) - 1", "in a row"),
        *(("best_round", "",
           f"best, kept, waited = {best}, 0, 0\nfor i, loss in enumerate(losses):\n    if loss < best:\n"
           "        best, kept, waited = loss, i, 0\n    else:\n        waited += 1\n"
           "        if waited == patience:\n            return kept, i\nreturn kept, i", words)
          for best, words in ((1, "above 1: start with infinity"), (0, "below 0: start with infinity"))),
        ("best_round", "",
         "best, kept = 1, 0\nfor i, loss in enumerate(losses):\n    if loss < best:\n"
         "        best, kept = loss, i\n    elif i - kept >= patience:\n        return kept, i\n"
         "return kept, i", "above 1: start with infinity"),
        ("best_round", "len(losses) - 1", "len(losses)", "len(losses) - 1"),
        ("best_round", "return best, len(losses) - 1", "return best, best + patience", "never runs out"),
        ("best_round", "return best, len(losses) - 1", "return None", "(None)"),
        ("best_round", "return best, here", "return here - patience + 1, here", "it should be"),
        ("best_round", "return best, len(losses) - 1", "return len(losses) - 1 - patience, len(losses) - 1",
         "patience never ran out"),
        ("best_round", "return best,", "return losses[best],", "the first number is the loss"),
        ("best_round", "return best, here", "return best + 1, here + 1", "it should be"),
        ("best_round", "",
         "best = 0\nfor i, loss in enumerate(losses):\n    if loss < losses[best]:\n        best = i\n"
         "    elif i - best >= patience:\n        return best + 1, i + 1\nreturn best + 1, len(losses)",
         "counted from 0"),
        ("best_round", "return best,", "return here,", "last round's weights"),
        ("best_round", ">= patience", ">= 1", "patience is not used"),
        ("best_round", "return best, here", "return best", "kept, last"),
        ("best_round", "best = here", "best = loss", "used as one?"),
        ("best_round", "return best, here", "return best, here - best", "it should be"),
        ("best_round", "", "import keras\nreturn keras.callbacks.EarlyStopping(patience=patience)",
         "write it yourself"),
        ("paired_effect", "return ", "", "(None)"),
        ("paired_effect", "np.array(a) - np.array(b)", "np.array(b) - np.array(a)", "it is a - b"),
        ("paired_effect", "ddof=1", "ddof=0", "ddof=1"),
        ("paired_effect", "d.std(ddof=1)", "d.var(ddof=1)", "s^2"),
        ("paired_effect", "len(d) - 1", "len(d)", "student(n - 1)"),
        ("paired_effect", "len(d) - 1", "2 * len(d) - 2", "not 2n numbers"),
        ("paired_effect", "student(len(d) - 1)", "1.96", "for very many pairs"),
        ("paired_effect", "student(len(d) - 1)", "student(4)", "t is 2.776"),
        ("paired_effect", "student(len(d) - 1) * ", "", "t is missing"),
        ("paired_effect", " / np.sqrt(len(d))", "", "sqrt(n) is missing"),
        ("paired_effect", "np.sqrt(len(d))", "len(d)", "not by n"),
        ("paired_effect", "np.sqrt(len(d))", "np.sqrt(len(d) - 1)", "not by sqrt(n - 1)"),
        ("paired_effect", "return d.mean(), d.mean() - half, d.mean() + half",
         "return d.mean(), d.mean() + half, d.mean() - half", "low and high are exchanged"),
        ("paired_effect", "return d.mean(), d.mean() - half, d.mean() + half",
         "return d.mean() - half, d.mean(), d.mean() + half", "the mean comes first"),
        ("paired_effect", "return d.mean(), ", "return ", "three numbers"),
        ("paired_effect", "return d.mean(), d.mean() - half, d.mean() + half", "return d.mean(), -half, half",
         "the half width"),
        ("paired_effect", "np.array(a) - np.array(b)", "np.sort(a) - np.sort(b)", "lost their pairs"),
        ("paired_effect", "np.array(a) - np.array(b)", "np.abs(np.array(a) - np.array(b))", "no abs"),
        ("paired_effect", "np.array(a) - np.array(b)", "np.array(a) / np.array(b)", "a ratio"),
        ("paired_effect", "np.array(a) - np.array(b)", "a - b", "a list: np.array"),
        ("paired_effect", "", "return np.mean(a) - np.mean(b), *unpaired(a, b)", "write it yourself"),
        ("paired_effect", "",
         "a, b = np.array(a), np.array(b)\nn = len(a)\ns = np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)\n"
         "half = student(2 * n - 2) * s * np.sqrt(2 / n)\nd = a.mean() - b.mean()\n"
         "return d, d - half, d + half", "not of pairs"),
        *(("paired_effect", "",
           "a, b = np.array(a), np.array(b)\nn = len(a)\n"
           f"half = student(n - 1) * {s}\nd = a.mean() - b.mean()\nreturn d, d - half, d + half",
           "that is Lab 5's interval, of two groups, not of pairs: here it is the deviation of the *diff")
          for s in ("np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / n)",
                    "np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2) / np.sqrt(n)",
                    "(a.std() + b.std()) / 2 * np.sqrt(2 / n)",
                    "np.std(np.concatenate([a, b]), ddof=1) / np.sqrt(n)")),
        ("paired_effect", "d.std(ddof=1)", "np.std(a, ddof=1)", "not of a"),
        ("paired_effect", "return d.mean(), d.mean() - half, d.mean() + half",
         "return np.median(d), np.median(d) - half, np.median(d) + half", "median"),
        ("seen_in", "return np", "np", "`return`"),
        ("seen_in", "image.tobytes() in there", "image.tobytes() not in there", "*not* seen"),
        ("seen_in", "", "return np.array([x.tobytes() in {y.tobytes() for y in images} for x in others])",
         "a truth for each of `images`"),
        ("seen_in", "", "return np.array([x in others for x in images])", "one *pixel* agrees"),
        ("seen_in", "", "return np.array([(x == others).any() for x in images])", "one *pixel* agrees"),
        ("seen_in", "", "return np.isin(images, others)", "it must be one True or False for each image"),
        ("seen_in", "", "return np.isin(images, others).all(axis=(1, 2, 3))", "every pixel value"),
        ("seen_in", "",
         "n = min(len(images), len(others))\nsame = np.zeros(len(images), bool)\n"
         "same[:n] = (images[:n] == others[:n]).all(axis=(1, 2, 3))\nreturn same", "place by place"),
        ("seen_in", "", "return (images == others).all(axis=(1, 2, 3))", "fails at"),
        ("seen_in", "", "return np.all(images == others, axis=(1, 2, 3))",
         "row i is compared with row i; the orders differ"),
        *(("seen_in", "", f"return np.array([{same} for x, y in zip(images, others)])",
           "row i is compared with row i; the orders differ")
          for same in ("(x == y).all()", "x.tobytes() == y.tobytes()")),
        ("seen_in", "", "return np.isin(images.sum(axis=(1, 2, 3)), others.sum(axis=(1, 2, 3)))",
         "one and the same sum"),
        ("seen_in", "", "return np.isin(images.mean(axis=(1, 2, 3)), others.mean(axis=(1, 2, 3)))",
         "one and the same sum"),
        ("seen_in", "np.array([image.tobytes() in there for image in images])",
         "sum(image.tobytes() in there for image in images)", "one True or False for each image"),
        ("seen_in", "np.array([image.tobytes() in there for image in images])",
         "[image.tobytes() in there for image in images]", "list"),
        ("seen_in", "np.array([image.tobytes() in there for image in images])",
         "np.flatnonzero([image.tobytes() in there for image in images])", "indices"),
        ("seen_in", "{image.tobytes() for image in others}", "{image for image in others}",
         "image.tobytes()"),
        ("seen_in", "{image.tobytes() for image in others}", "others.tobytes()", "judged wrongly"),
        ("seen_in", "{image.tobytes() for image in others}", "set(others)", "image.tobytes()"),
        ("seen_in", "image.tobytes() in there for image in images",
         "images.tobytes() in there for _ in images", "judged wrongly"),
        ("seen_in", "",
         "there = {image[0].tobytes() for image in others}\n"
         "return np.array([image[0].tobytes() in there for image in images])", "first row of pixels"),
        ("seen_in", "",
         "there = {np.sort(x.ravel()).tobytes() for x in others}\n"
         "return np.array([np.sort(x.ravel()).tobytes() in there for x in images])", "lost their places"),
        ("evidence", "return {", "{", "`return`"),
        ("evidence", "seen_in(e.tested_on, e.gan_saw).sum()", "seen_in(e.gan_saw, e.tested_on).sum()",
         "`gan_test`: you count the rows of `gan_saw`"),
        ("evidence", "seen_in(e.tested_on, e.gan_saw).sum()", "seen_in(e.tested_on, e.gan_saw)",
         "one number is wanted"),
        ("evidence", "seen_in(e.tested_on, e.gan_saw).sum()", "seen_in(e.tested_on, e.gan_saw).mean()",
         "`gan_test`: how many, not what share"),
        ("evidence", "seen_in(e.tested_on, e.gan_saw).sum()", "seen_in(e.tested_on, e.gan_saw).any()",
         "whether, in place of"),
        ("evidence", "(~seen_in(e.gan_saw, e.fitted_on)).sum()", "seen_in(e.gan_saw, e.fitted_on).sum()",
         "`gan_more`: these are the images that `fitted_on` has"),
        ("evidence", "(~seen_in(e.gan_saw, e.fitted_on)).sum()", "(~seen_in(e.fitted_on, e.gan_saw)).sum()",
         "what `fitted_on` has more"),
        ("evidence", "(~seen_in(e.gan_saw, e.fitted_on)).sum()", "len(e.gan_saw) - len(e.fitted_on)",
         "two lengths"),
        ("evidence", "(~seen_in(e.gan_saw, e.fitted_on)).sum()",
         "len({x.tobytes() for x in e.gan_saw} - {x.tobytes() for x in e.fitted_on})", "counts twice"),
        ("evidence", "seen_in(e.tested_on, e.gan_saw).sum()",
         "len({x.tobytes() for x in e.tested_on} & {x.tobytes() for x in e.gan_saw})",
         "`gan_test`: you count different images; an image that stands in `tested_on` twice counts twice"),
        ("evidence", "seen_in(e.tested_on, e.stopped_by).sum()",
         "len({x.tobytes() for x in e.tested_on} & {x.tobytes() for x in e.stopped_by})",
         "`stop_test`: you count different images"),
        ("evidence", "(~seen_in(e.gan_saw, e.fitted_on)).sum()", "~seen_in(e.gan_saw, e.fitted_on).sum()",
         "needs brackets"),
        ("evidence", "seen_in(e.tested_on, e.stopped_by)", "seen_in(e.stopped_by, e.tested_on)",
         "`stop_test`: you count the rows of `stopped_by`"),
        ("evidence", "seen_in(e.tested_on, e.stopped_by)", "seen_in(e.fitted_on, e.stopped_by)",
         "yours are `fitted_on`"),
        ("evidence", "max(names.count(name) for name in names)", "len(e.looks)", "how many looks there were"),
        ("evidence", "max(names.count(name) for name in names)", "len(set(names))",
         "how many names there are"),
        ("evidence", "max(names.count(name) for name in names)", "len(names) - len(set(names))",
         "beyond the first"),
        ("evidence", "max(names.count(name) for name in names)",
         "sum(names.count(name) > 1 for name in set(names))", "more than once"),
        ("evidence", "max(names.count(name) for name in names)", "names.count(names[0])", "first name's"),
        ("evidence", "look[\"before\"] !=", "look[\"before\"] ==", "left the weights as they were"),
        ("evidence",
         "sum(look[\"before\"] != look[\"after\"]\n                           for look in e.looks)",
         "any(look[\"before\"] != look[\"after\"] for look in e.looks)", "whether, in place of"),
        ("evidence",
         "sum(look[\"before\"] != look[\"after\"]\n                           for look in e.looks)",
         "sum(a[\"after\"] != b[\"before\"] for a, b in zip(e.looks, e.looks[1:]))",
         "one look with the next"),
        ("evidence",
         "sum(look[\"before\"] != look[\"after\"]\n                           for look in e.looks)",
         "sum(look[\"after\"] != e.looks[0][\"before\"] for look in e.looks)", "first look's"),
        ("evidence", "\"looks\"", "\"most\"", "`looks` is missing, `most` is not asked for"),
        ("evidence", "", "return 0, 0, 0, 1, 0", "it must be a dictionary"),
        ("evidence", "look[\"experiment\"]", "look.experiment", "look[\"before\"]"),
        ("evidence", "e = experiment", "e = suspect(\"A\")", "is the argument"),
        ("evidence", "e.looks]", "e[\"looks\"]]", "have a dot"),
        ("evidence", "\"gan_test\": seen_in(e.tested_on, e.gan_saw).sum(),\n            \"gan_more\"",
         "\"gan_more\": seen_in(e.tested_on, e.gan_saw).sum(),\n            \"gan_test\"", "are exchanged"),
        ("verdict", "return {", "{", "`return`"),
        ("verdict", "\"changed\"", "\"two looks\"", "once"),
        ("verdict", "\"A\": \"two looks\", \"B\": \"saw more\"", "\"A\": \"saw more\", \"B\": \"two looks\"",
         "not all are right"),
        ("verdict", "\"A\"", "\"a\"", "keys"),
        ("verdict", "\"A\"", "\"a\"", "`A` is missing, `a` is not asked for"),
        ("verdict", ", \"F\": \"stopped by test\"", "", "the keys are A, B, C, D, E, F: `F` is missing"),
        ("verdict", "", "return dict(zip([\"two looks\", \"saw more\", \"changed\"], \"ABC\"))",
         "keys and values are exchanged"),
        ("verdict", "", "return \"A\"", "it gives 'A'; it must be a dictionary"),
        ("verdict", "\"changed\"", "...", "still stands at C"),
        ("verdict", "\"saw more\"", "\"saw_more\"", "'saw_more' is none"),
    ],
    8: [
        ("grid_max_pool", "return ", "", "`return`"),
        ("grid_max_pool", "-(-(i + 1) * height // n)", "(i + 1) * height // n", "cell (0, 0) covers rows 0 to 1"),
        ("grid_max_pool", "", "h, w = maps.shape[1:3]\npooled = np.empty((len(maps), n, n, maps.shape[3]))\n"
         "for i in range(n):\n    for j in range(n):\n        pooled[:, i, j] = maps[:, i * h // n:(i + 1) * h // n, "
         "j * w // n:(j + 1) * w // n].max(axis=(1, 2))\nreturn pooled", "rounded up"),
        ("grid_max_pool", "", "h, w = maps.shape[1:3]\npooled = np.empty((len(maps), n, n, maps.shape[3]))\n"
         "for i in range(n):\n    for j in range(n):\n        pooled[:, i, j] = maps[:, i * (h // n):(i + 1) * (h // n), "
         "j * (w // n):(j + 1) * (w // n)].max(axis=(1, 2))\nreturn pooled", "leaves rows out"),
        ("grid_max_pool", "", "n_, h, w, c = maps.shape\n"
         "return maps[:, :h // n * n, :w // n * n].reshape(n_, n, h // n, n, w // n, c).max(axis=(2, 4))",
         "leaves rows out"),
        ("grid_max_pool", "", "k, h, w, c = maps.shape\n"
         "return maps.reshape(k, n, h // n, n, w // n, c).max(axis=(2, 4))", "no multiple of n"),
        ("grid_max_pool", ".max(", ".mean(", "the mean of each cell"),
        ("grid_max_pool", ".max(", ".min(", "smallest"),
        ("grid_max_pool", ".max(", ".sum(", "the sum of each cell"),
        ("grid_max_pool", "maps[:, rows, columns].max(axis=(1, 2))",
         "np.maximum(0, maps[:, rows, columns].max(axis=(1, 2)))", "zeros"),
        ("grid_max_pool", "maps[:, rows, columns]", "np.abs(maps[:, rows, columns])", "no abs"),
        ("grid_max_pool", "pooled[:, i, j]", "pooled[:, j, i]", "exchanged"),
        ("grid_max_pool", "j * width // n, -(-(j + 1) * width // n)", "j * height // n, -(-(j + 1) * height // n)",
         "by the *height*"),
        ("grid_max_pool", "-(-(i + 1) * height // n))", "-(-(i + 1) * height // n) - 1)", "a cell holds nothing"),
        ("grid_max_pool", "i * height // n, ", "-(-i * height // n), ", "cell (1, "),
        ("grid_max_pool", ".max(axis=(1, 2))", ".max(axis=(1, 2, 3))[:, None]", "the channels are mixed"),
        ("grid_max_pool", ".max(axis=(1, 2))", ".max(axis=(0, 1, 2))", "the images are mixed"),
        ("grid_max_pool", "maps[:, rows, columns]", "maps", "the whole map"),
        ("grid_max_pool", "return pooled", "return pooled.max(axis=3)", "each cell *and channel*"),
        ("grid_max_pool", "return pooled", "return pooled.transpose(0, 3, 1, 2)", "the channels come last"),
        ("grid_max_pool", "return pooled", "return pooled.reshape(len(maps), n * n, -1)", "in n rows of n"),
        ("grid_max_pool", "", "k, h, w, c = maps.shape\nh, w = h // n * n, w // n * n\n"
         "return maps[:, :h, :w].reshape(k, h // n, n, w // n, n, c).max(axis=(2, 4))", "number of *cells*"),
        ("grid_max_pool", "return pooled", "return pooled.tolist()", "list"),
        ("grid_max_pool", "pooled = np", "maps[maps < 0] = 0\n    pooled = np", "work on a copy"),
        ("grid_max_pool", "", "import scipy.ndimage as nd\nreturn nd.maximum_filter(maps, n)", "write it yourself"),
        ("grid_max_pool", "", "import keras\nreturn keras.layers.MaxPooling2D(n)(maps)", "write it yourself"),
        ("feature_vector", "return ", "", "`return`"),
        ("feature_vector", ", axis=1", "", "along axis=1"),
        ("feature_vector", "for maps in blocks", "for maps in blocks[::-1]", "first first"),
        ("feature_vector", "for maps in blocks", "for maps in blocks[-1:]", "one block, the last"),
        ("feature_vector", "for maps in blocks", "for maps in blocks[:1]", "one block, the first"),
        ("feature_vector", "grid_max_pool(maps, n).reshape(len(maps), -1)", "maps.reshape(len(maps), -1)",
         "not pooled"),
        ("feature_vector", "reshape(len(maps), -1)", "transpose(0, 3, 1, 2).reshape(len(maps), -1)",
         "no transposing"),
        ("feature_vector", "reshape(len(maps), -1)", "reshape(-1, len(maps)).T", "images are mixed"),
        ("feature_vector", ".reshape(len(maps), -1)", ".ravel()", "fails at"),
        ("feature_vector", "return np.concatenate(flat, axis=1)",
         "return np.concatenate([f.ravel() for f in flat])", "one for each: [N, F]"),
        ("feature_vector", "return np.concatenate(flat, axis=1)", "return np.concatenate(flat, axis=1).T",
         "not [F, N]"),
        ("feature_vector", "return np.concatenate(flat, axis=1)", "return np.sort(np.concatenate(flat, axis=1))",
         "has its place"),
        ("feature_vector", "return np.concatenate(flat, axis=1)", "return flat", "list"),
        ("feature_count", "return ", "", "`return`"),
        ("feature_count", "n if how == \"grid\" else side // n", "side // n if how == \"grid\" else n",
         "are exchanged"),
        ("feature_count", "n if how == \"grid\" else side // n", "n", "a grid always"),
        ("feature_count", "n if how == \"grid\" else side // n", "side // n", "windows always"),
        ("feature_count", "side // n", "-(-side // n)", "are dropped"),
        ("feature_count", "side // n", "side / n", "a whole number"),
        ("feature_count", "c * c * m", "c * m", "two directions"),
        ("feature_count", "c * c * m", "c * c", "the maps are not counted"),
        ("feature_count", "sum(c * c * m for c, m in zip(cells, maps))", "cells[-1]**2 * maps[-1]", "the last block"),
        ("feature_count", "sum(c * c * m for c, m in zip(cells, maps))", "[c * c * m for c, m in zip(cells, maps)]",
         "it must be one number"),
        ("feature_count", "sum(c * c * m for c, m in zip(cells, maps))",
         "int(np.prod([c * c * m for c, m in zip(cells, maps)]))", "not the product"),
        ("feature_count", "n if how == \"grid\" else side // n", "n if how == \"grid\" else side - n + 1",
         "do not overlap"),
        ("feature_count", "", "return sum((n * n if how == 'grid' else s * s // n**2) * m for s, m in zip(sides, maps))",
         "in each direction"),
        ("feature_count", "", "return 14336", "you give 14336"),
        ("set_statistics", "return ", "", "`return`"),
        ("set_statistics", "", "m, v = [], []\nfor b in batches:\n    x = b.astype(float)\n"
         "    m.append(x.mean(axis=(0, 1, 2)))\n    v.append(x.var(axis=(0, 1, 2)))\n"
         "return np.mean(m, axis=0), np.mean(v, axis=0)", "equally large"),
        ("set_statistics", "", "n, m, v = 0, 0, 0\nfor b in batches:\n    x = b.astype(float)\n"
         "    m = m + len(x) * x.mean(axis=(0, 1, 2))\n    v = v + len(x) * x.var(axis=(0, 1, 2))\n    n += len(x)\n"
         "return m / n, v / n", "their *means* differ"),
        ("set_statistics", "", "x = np.concatenate(list(batches)).astype(float)\n"
         "return x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))", "batches at once"),
        ("set_statistics", "", "mean = sum(b.sum(axis=(0, 1, 2)) for b in batches) / sum(len(b) for b in batches)\n"
         "return mean, mean", "*once*"),
        ("set_statistics", "", "n, m, v = 0, 0, 0\nfor b in batches:\n    x = b.astype(float)\n"
         "    m = m + x.sum(axis=(0, 1, 2))\n    n += x[..., 0].size\nfor b in batches:\n"
         "    v = v + ((b - m / n)**2).sum(axis=(0, 1, 2))\nreturn m / n, v / n", "*once*"),
        ("set_statistics", "", "n, m, v = 0, 0, np.zeros(3)\nfor b in batches:\n    x = b.astype(float)\n"
         "    m = m + x.sum(axis=(0, 1, 2))\n    n += x[..., 0].size\nv = 0 * m\nfor b in batches:\n"
         "    v = v + ((b - m / n)**2).sum(axis=(0, 1, 2))\nreturn m / n, v / n", "finds it empty"),
        ("set_statistics", "", "n = len(batches)\nreturn n, n", "no length and no index"),
        ("set_statistics", "", "x = batches[0]\nreturn x, x", "no length and no index"),
        ("set_statistics", "", "x = next(batches).astype(float)\nreturn x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))",
         "only the first batch"),
        ("set_statistics", "", "for b in batches:\n    x = b.astype(float)\n"
         "return x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))", "only the last batch"),
        ("set_statistics", "    for batch in batches:", "    next(batches)\n    for batch in batches:",
         "batch that `next` takes is gone"),
        ("set_statistics", "squares / count - mean**2", "np.sqrt(squares / count - mean**2)", "standard deviation"),
        ("set_statistics", "squares / count - mean**2", "(squares / count - mean**2) * count / (count - 1)",
         "sample variance"),
        ("set_statistics", "squares / count - mean**2", "squares / count", "mean of the squares"),
        ("set_statistics", "squares / count - mean**2", "mean**2 - squares / count", "sign"),
        ("set_statistics", "return mean, squares / count - mean**2", "return squares / count - mean**2, mean",
         "turned round"),
        ("set_statistics", "return mean, ", "return ", "the pair (mean, variance)"),
        ("set_statistics", "count += len(x)", "count += len(batch)", "number of images"),
        ("set_statistics", ".astype(float)", "", "seven digits"),
        ("set_statistics", ".sum(axis=0)", ".sum()", "each channel has its own"),
        ("set_statistics", ".reshape(-1, batch.shape[-1])", "", "one for each *channel*"),
        ("choose_strength", "return ", "", "`return`"),
        ("choose_strength", "x[~held], y[~held]", "x[not held], y[not held]", "~held turns"),
        ("choose_strength", "sorted(grid)", "grid", "in any order"),
        ("choose_strength", "sorted(grid)", "sorted(grid, reverse=True)", "the *smaller* C"),
        ("choose_strength", "sorted(grid)", "grid[1:] or grid", "never tried"),
        ("choose_strength", "max(right", "min(right", "*fewest*"),
        ("choose_strength", "np.sum(read(x[held]) == y[held])", "np.sum(read(x[~held]) == y[~held])", "*taught* images"),
        ("choose_strength", "fit(x[~held], y[~held], C)", "fit(x, y, C)", "*all* training images"),
        ("choose_strength", "fit(x[~held], y[~held], C)", "fit(x[held], y[held], C)", "by the *held out* images"),
        ("choose_strength", "fit(x[~held], y[~held], C)", "fit(x[~held], y, C)", "of the same images"),
        ("choose_strength", "fit(x[~held], y[~held], C)", "fit(x[~held], y[:(~held).sum()], C)", "*other* images"),
        ("choose_strength", "fit(x[~held], y[~held], C)", "fit(x[~held], y[~held], grid)", "takes one number"),
        ("choose_strength", "return best, fit(x, y, best)", "return best, fit(x[~held], y[~held], best)",
         "by x[~held] alone"),
        ("choose_strength", "return best, fit(x, y, best)", "return best, read", "by x[~held] alone"),
        ("choose_strength", "return best, fit(x, y, best)", "return best, fit(x, y, C)", "was taught at C ="),
        ("choose_strength", "return best, fit(x, y, best)", "return fit(x, y, best), best", "the C comes first"),
        ("choose_strength", "return best, fit(x, y, best)", "return fit(x, y, best)", "the pair (C, function)"),
        ("choose_strength", "return best, fit(x, y, best)", "return best", "the pair (C, function)"),
        ("choose_strength", "return best, fit(x, y, best)", "return right[best], fit(x, y, best)", "none of"),
        ("choose_strength", "return best, fit(x, y, best)", "return best, fit(x, y, best)(x)", "a function"),
        ("choose_strength", "", "return grid[0], fit(x, y, grid[0])", "every C is taught by *all*"),
        ("choose_strength", "right = {}", "right = {}\n    grid.sort()", "changes the list"),
        ("draw_labels", "return ", "", "`return`"),
        ("draw_labels", "rng.permutation(np.flatnonzero(y == k))[:per_class]",
         "rng.choice(np.flatnonzero(y == k), per_class)", "without repetition"),
        ("draw_labels", "", "return rng.permutation(len(y))[:per_class * len(np.unique(y))]", "not in each class"),
        ("draw_labels", "", "return rng.permutation(len(y))[:per_class]", "of *each* class"),
        ("draw_labels", "rng.permutation(np.flatnonzero(y == k))", "np.flatnonzero(y == k)", "whatever `rng`"),
        ("draw_labels", "rng.permutation(", "np.random.permutation(", "chance that does not come from `rng`"),
        ("draw_labels", "np.flatnonzero(y == k)", "np.sum(y == k)", "within"),
        ("draw_labels", "np.concatenate([", "([", "one array of rows"),
        ("draw_labels", "[:per_class]", "", "you draw"),
        ("draw_labels", "[:per_class]", "[:per_class + 1]", "you draw"),
        ("draw_labels", "rng.permutation(np.flatnonzero(y == k))[:per_class]",
         "rng.permutation(np.flatnonzero(y == k)[:per_class])", "in some order, whatever `rng`"),
        ("draw_labels", "np.flatnonzero(y == k)", "np.flatnonzero(y == k)[: per_class + 2]", "never drawn"),
        ("draw_labels", "", "return np.isin(np.arange(len(y)), rng.permutation(len(y))[:per_class])", "mask"),
        ("mean_and_band", "return ", "", "`return`"),
        ("mean_and_band", ", ddof=1", "", "n - 1"),
        ("mean_and_band", "1.96 * ", "", "1.96 is missing"),
        ("mean_and_band", "1.96 * np.std", "1.96 * np.var", "variance"),
        ("mean_and_band", "1.96 * np.std(accuracies, ddof=1)",
         "1.96 * np.std(accuracies, ddof=1) / np.sqrt(len(accuracies))", "no sqrt(n)"),
        ("mean_and_band", "np.mean(accuracies)", "np.median(accuracies)", "median"),
        ("mean_and_band", "return np.mean(accuracies), 1.96 * np.std(accuracies, ddof=1)",
         "return 1.96 * np.std(accuracies, ddof=1), np.mean(accuracies)", "turned round"),
        ("mean_and_band", "return np.mean(accuracies), ", "return ", "pair"),
        ("mean_and_band", "return np.mean(accuracies), 1.96 * np.std(accuracies, ddof=1)",
         "m, s = np.mean(accuracies), 1.96 * np.std(accuracies, ddof=1)\n    return m - s, m + s", "ends of the band"),
        ("prediction", "return {", "{", "`return`"),
        ("prediction", "", "return {}", "no prediction for"),
        ("prediction", "", "return 'higher'", "it is to be a dictionary"),
        ("prediction", "(\"none\", ", "(\"same\", ", "must be one of"),
        ("prediction", "", "return {name: ('higher', 'because it is so') for name in ("
         "'taught D against pixels', 'untaught D against pixels', 'taught D against untaught D', "
         "'taught D, block 3 against block 1')}", "a reason of its own"),
        ("prediction", "", "return {name: ('higher', 'x') for name in ('taught D against pixels',)}", "why?"),
        ("prediction", "", "return {name: 'higher' for name in ('taught D against pixels',)}",
         "a word and a reason"),
        ("prediction", "return {", "return {\"block 7\": (\"none\", \"there is none of these\"),",
         "there is no comparison"),
        ("majority_error", "return ", "", "`return`"),
        ("majority_error", "!=", "==", "read *right*"),
        ("majority_error", "np.bincount(train_labels)", "np.bincount(test_labels)", "in *training*"),
        ("majority_error", "", "return np.mean(train_labels != np.bincount(train_labels).argmax())",
         "in the *test* labels"),
        ("majority_error", "", "return np.mean(train_labels != np.bincount(test_labels).argmax())",
         "are exchanged"),
        ("majority_error", "", "return 1 - 1 / len(np.unique(train_labels))", "by dice"),
        ("majority_error", "np.bincount(train_labels).argmax()", "train_labels.max()", "largest label"),
        ("majority_error", "np.mean(", "np.sum(", "how many"),
        ("majority_error", "np.mean(", "100 * np.mean(", "per cent"),
        ("majority_error", "np.mean(", "(", "one number"),
        ("majority_error", "np.bincount(train_labels).argmax()",
         "np.unique(train_labels, return_counts=True)[1].argmax()", "place is not the class"),
        ("majority_error", "np.bincount(train_labels).argmax()", "np.bincount(train_labels).max()", "a *count*"),
        ("majority_error", "np.bincount(train_labels).argmax()",
         "(len(np.bincount(train_labels)) - 1 - np.bincount(train_labels)[::-1].argmax())", "the smaller number"),
        ("evidence", "return {", "{", "`return`"),
        ("evidence", "\"error\": 1 - np.trace", "\"error\": np.trace", "`error`: that is the share that is read right"),
        ("evidence", "1 - np.trace(table) / table.sum()", "table.sum() - np.trace(table)", "`error`: how many"),
        ("evidence", "1 - np.trace(table) / table.sum()",
         "1 - np.mean(np.diag(table) / np.maximum(table.sum(axis=1), 1))", "mean of the classes' errors"),
        ("evidence", "1 - np.trace(table) / table.sum()", "1 - table.max(axis=1).sum() / table.sum()",
         "on the diagonal"),
        ("evidence", "1 - np.trace(table) / table.sum()", "1 - np.trace(table) / len(e.train_labels)",
         "number of training images"),
        ("evidence", "table.max(axis=0)", "table.max(axis=1)", "largest of its *column*"),
        ("evidence", "\"translated\": 1 - ", "\"translated\": ", "once the words are translated"),
        ("evidence", "table.max(axis=0).sum()", "table.max()", "largest cell alone"),
        ("evidence", "table.max(axis=0)", "table.argmax(axis=0)", "argmax"),
        ("evidence", "table.max(axis=0).sum() / table.sum()", "table.max(axis=0).mean()", "no share of the images"),
        ("evidence", "majority_error(e.train_labels, e.test_labels)", "majority_error(e.test_labels, e.train_labels)",
         "in *training*"),
        ("evidence", "majority_error(e.train_labels, e.test_labels)", "1 - 1 / len(table)", "by dice"),
        ("evidence", "majority_error(e.train_labels, e.test_labels)",
         "1 - majority_error(e.train_labels, e.test_labels)", "`majority`: that is the share that is right"),
        ("evidence", "np.sum(table.sum(axis=0) > 0)", "np.sum(table.sum(axis=1) > 0)", "(rows)"),
        ("evidence", "np.sum(table.sum(axis=0) > 0)", "np.sum(np.diag(table) > 0)", "read *right*"),
        ("evidence", "np.sum(table.sum(axis=0) > 0)", "np.sum(table.sum(axis=0) == 0)", "*never* said"),
        ("evidence", "np.sum(table.sum(axis=0) > 0)", "np.sum(table > 0)", "cells that are not empty"),
        ("evidence", "np.sum(table.sum(axis=0) > 0)", "len(table)", "how many classes there are"),
        ("evidence", "np.sum(table.sum(axis=0) > 0)", "table.sum(axis=0) > 0", "one number is wanted"),
        ("evidence", "np.isin(e.tested_on, e.trained_on)", "np.isin(e.trained_on, e.tested_on)",
         "you count the rows of `trained_on`"),
        ("evidence", "np.isin(e.tested_on, e.trained_on).sum()",
         "len(set(e.tested_on.tolist()) & set(e.trained_on.tolist()))", "counts twice"),
        ("evidence", "np.isin(e.tested_on, e.trained_on).sum()", "np.isin(e.tested_on, e.trained_on).mean()",
         "`overlap`: how many"),
        ("evidence", "np.isin(e.tested_on, e.trained_on).sum()", "np.isin(e.tested_on, e.trained_on).any()",
         "whether"),
        ("evidence", "np.isin(e.tested_on, e.trained_on).sum()", "np.isin(e.test_labels, e.train_labels).sum()",
         "labels are compared"),
        ("evidence", "np.isin(e.tested_on, e.trained_on).sum()",
         "sum(a == b for a, b in zip(e.tested_on, e.trained_on))", "place by place"),
        ("evidence", "np.isin(e.tested_on, e.trained_on)", "~np.isin(e.tested_on, e.trained_on)",
         "needs brackets"),
        ("evidence", "np.isin(e.tested_on, e.trained_on)", "(~np.isin(e.tested_on, e.trained_on))",
         "*not* taught by"),
        ("evidence", "\"read\"", "\"said\"", "`read` is missing, `said` is not asked for"),
        ("evidence", "", "return 0, 0, 0, 1, 0", "it must be a dictionary"),
        ("evidence", "e, table = experiment,", "e, table = suspect(\"A\"),", "is the argument"),
        ("evidence", "experiment.confusion", "experiment[\"confusion\"]", "have a dot"),
        ("evidence", "\"error\": 1 - np.trace(table) / table.sum(),\n            \"translated\"",
         "\"translated\": 1 - np.trace(table) / table.sum(),\n            \"error\"", "are exchanged"),
        ("verdict", "return {", "{", "`return`"),
        ("verdict", "\"shuffled\"", "\"innocent\"", "once"),
        ("verdict", "\"A\": \"shuffled\", \"B\": \"blind to two\"", "\"A\": \"blind to two\", \"B\": \"shuffled\"",
         "not all are right"),
        ("verdict", "\"A\"", "\"a\"", "`A` is missing, `a` is not asked for"),
        ("verdict", "\"one class\"", "...", "still stands at E"),
        ("verdict", "\"saw test\"", "\"saw_test\"", "'saw_test' is none"),
        ("verdict", "", "return dict(zip([\"one class\", \"shuffled\"], \"AB\"))", "keys and values are exchanged"),
    ],
    9: [
        ("mean_of", "return ", "", "`return`"),
        ("mean_of", "", "return z.reshape(k, -1, z.shape[1]).mean(axis=0)", "that *follow each other*"),
        ("mean_of", ".mean(axis=1)", ".mean(axis=0)", "N / k means of k each"),
        ("mean_of", ".mean(axis=1)", ".mean(axis=2)", "it must be shape"),
        ("mean_of", ".mean(axis=1)", ".sum(axis=1)", "these are sums"),
        ("mean_of", "", "return z.mean(axis=0)", "one mean, of all"),
        ("mean_of", "", "return z.mean(axis=1)", "are averaged"),
        ("mean_of", "", "return z.mean()", "are averaged"),
        ("mean_of", "", "return z[::k]", "the first latent of each group"),
        ("mean_of", "", "return z.reshape(-1, z.shape[1], k).mean(axis=2)", "keeps each latent whole"),
        ("mean_of", "", "return [z[i:i + k].mean(axis=0) for i in range(0, len(z), k)]", "list"),
        ("mean_of", "", "return np.array([z[i:i + k].mean(axis=0) for i in range(len(z))])", "as many as before"),
        ("mean_of", "", "return z.reshape(len(z) / k, k, -1).mean(axis=1)", "whole numbers come from //"),
        ("mean_of", "", "return z.reshape(k, k, z.shape[1]).mean(axis=1)", "N / k groups of k"),
        ("mean_of", "", "from ganedu import latent\nreturn latent.mean_of(z, k)", "write it yourself"),
        ("mean_of", "", "z *= 2\nreturn z.reshape(-1, k, z.shape[1]).mean(axis=1) / 2", "work on a copy"),
        ("arithmetic", "return ", "", "`return`"),
        ("arithmetic", "a - b + c", "a + b - c", "is taken away"),
        ("arithmetic", "a - b + c", "a - (b + c)", "the brackets"),
        ("arithmetic", "a - b + c", "b - a + c", "b has and a has not"),
        ("arithmetic", "a - b + c", "a - b", "c is missing"),
        ("arithmetic", "a - b + c", "a + b + c", "nothing is taken away"),
        ("arithmetic", "a - b + c", "mean_of(a - b + c, 1)", "fails at"),
        ("arithmetic", "a - b + c", "(a - b + c) / 3", "no mean here"),
        ("arithmetic", "a - b + c", "(a - b + c).mean(axis=0)", "as a, b and c"),
        ("arithmetic", "a - b + c", "a - b + c + 1", "it should be"),
        ("usual_length", "return ", "", "`return`"),
        ("usual_length", "", "return np.linalg.norm(z)", "all numbers together"),
        ("usual_length", "", "return np.linalg.norm(z.mean(axis=0))", "length of the mean latent"),
        ("usual_length", "np.sqrt((z**2).sum(axis=1)).mean()", "(z**2).sum(axis=1).mean()", "*squared* lengths"),
        ("usual_length", "np.sqrt((z**2).sum(axis=1)).mean()", "np.sqrt((z**2).sum(axis=1).mean())", "before the mean"),
        ("usual_length", ".sum(axis=1)", ".mean(axis=1)", "root of the *mean*"),
        ("usual_length", ".sum(axis=1)", ".sum(axis=0)", "a latent is a row"),
        ("usual_length", ".mean()", "", "length of *each* latent"),
        ("usual_length", ".mean()", ".sum()", "all lengths together"),
        ("usual_length", "", "return np.abs(z).sum(axis=1).mean()", "absolute numbers"),
        ("usual_length", "", "return np.sqrt(z.shape[1])", "measure them"),
        ("usual_length", "", "import math\nreturn math.sqrt((z**2).sum(axis=1))", "take arrays"),
        ("length_factor", "return ", "", "`return`"),
        ("length_factor", "", "return sum(weights)", "the *squares* do"),
        ("length_factor", "", "return np.abs(weights).sum()", "the *squares* of lengths do"),
        ("length_factor", "np.sqrt(np.sum(np.square(weights)))", "np.sum(np.square(weights))", "its root"),
        ("length_factor", "np.sum(", "np.mean(", "of their sum"),
        ("length_factor", "", "return np.sqrt(len(weights))", "by its square"),
        ("length_factor", "", "return 1 / np.sqrt(len(weights))", "by its square"),
        ("length_factor", "", "return np.sqrt(abs(sum(weights)))", "not of the weights"),
        ("length_factor", "np.square(weights)", "weights**2", "np.array(...) of it"),
        ("length_factor", "", "return np.sqrt(3 / len(weights))", "squares of lengths add up"),
        ("chosen", "return {", "{", "`return`"),
        ("chosen", "", "return [1, 2, 3]", "with the keys a, b, c"),
        ("chosen", "\"a\": [", "\"a\": [1, ", "of a you give 4 numbers"),
        ("chosen", "\"a\": [", "\"A\": [", "with the keys a, b, c"),
        ("chosen", "", "return {'a': [0, 1, 64], 'b': [2, 3, 4], 'c': [5, 6, 7]}", "there is no face 64"),
        ("chosen", "", "return {'a': [1, 1, 2], 'b': [2, 3, 4], 'c': [5, 6, 7]}", "face 1 is in a twice"),
        ("chosen", "", "return {'a': [0, 1, 2], 'b': [2, 3, 4], 'c': [5, 6, 7]}", "face 2 is in a and in b"),
        ("chosen", "", "return {'a': '123', 'b': [2, 3, 4], 'c': [5, 6, 7]}", "a list of three numbers"),
        ("chosen", "", "return {'a': [0.5, 1, 2], 'b': [3, 4, 5], 'c': [6, 7, 8]}", "a list of three numbers"),
        ("chosen", "", "return {'a': [7, 16, 43], 'b': [1, 9, 10], 'c': [11, 17, 19]}", "the reader would not have"),
        ("fits", "return found", "found", "`return`"),
        ("fits", ") == has", ")", "False is taken as True"),
        ("fits", "found &=", "found =", "only the last attribute"),
        ("fits", "found &=", "found |=", "does not fit, and you say True"),
        ("fits", "> 0.5", ">= 0.5", "with *more* than 0.5"),
        ("fits", "> 0.5", "< 0.5", "turned round"),
        ("fits", "return found", "return ~found", "do *not* fit"),
        ("fits", "return found", "return np.flatnonzero(found)", "indices"),
        ("fits", "return found", "return found.tolist()", "list"),
        ("fits", "return found", "return np.where(found)", "tuple"),
        ("fits", "p[:, names.index(name)]", "p[:, name]", "fails at"),
        ("fits", "p[:, names.index(name)]", "p[:, list(wanted).index(name)]", "that in `names`"),
        ("fits", "p[:, names.index(name)]", "p[names.index(name)]", "fails at"),
        ("fits", "", "return np.array([(p[:, names.index(n)] > 0.5) == h for n, h in wanted.items()]).any(axis=0)",
         "with one thing of it"),
        ("fits", "", "return np.array([(p[:, names.index(n)] > 0.5) == h for n, h in wanted.items()]).T",
         "one for each *face*"),
        ("fits", "", "return np.array([p[:, names.index(n)] > 0.5 for n, h in wanted.items() if h] "
         "+ [np.full(len(p), True)]).all(axis=0)", "a face that *has* it does not fit"),
        ("fits", "", "return np.array([(p[:, i] > 0.5) == wanted.get(n, False) for i, n in enumerate(names)]).all(axis=0)",
         "may be as they like"),
        ("expected", "return target", "target", "`return`"),
        ("expected", "target = dict(c)", "target = c", "changes a dictionary"),
        ("expected", "target[name] = a[name]", "pass", "that is c as it was"),
        ("expected", "dict(c)", "{}", "the rest is as in c"),
        ("expected", "!= b[name]", "== b[name]", "where they *differ*"),
        ("expected", "= a[name]\n    return", "= b[name]\n    return", "yours is as in b"),
        ("expected", "if name in b and a[name] != b[name]:", "if a[name] != b[name]:", "`name in b` asks"),
        ("expected", "if name in b and a[name] != b[name]:", "if a[name] != b.get(name):", "only a has"),
        ("expected", "if name in b and a[name] != b[name]:", "if a[name] != b.get(name, False):", "it is not False"),
        ("expected", "a[name] != b[name]:", "a[name] != b[name] and name in c:", "even where c says nothing"),
        ("expected", "a[name] != b[name]:", "a[name] and not b[name]:", "goes away, False"),
        ("expected", "", "return c | a", "cancels"),
        ("expected", "return target", "return list(target)", "it must be a dictionary"),
        ("expected", "= a[name]\n    return", "= int(a[name])\n    return", "True or False"),
        ("expected", "", "return a - b + c", "fails at"),
        ("share_interval", "return ", "", "`return`"),
        ("share_interval", "", "p = hits / n\nh = 1.96 * np.sqrt(p * (1 - p) / n)\nreturn p - h, p + h",
         "0 wide where there is no hit"),
        ("share_interval", "hits + z**2 / 2", "hits", "z^2 / 2 is missing"),
        ("share_interval", "hits + z**2 / 2", "hits + z / 2", "yours is z / 2"),
        ("share_interval", " + z**2 / 4", "", "z^2 / 4 is missing"),
        ("share_interval", "z**2 / 4", "z**2 / 2", "yours is z^2 / 2"),
        ("share_interval", "z * np.sqrt(", "np.sqrt(", "the z before the root"),
        ("share_interval", "z * np.sqrt(", "z * (", "the root is missing"),
        ("share_interval", "n + z**2)", "n)", "you divide by n"),
        ("share_interval", "z = 1.96", "z = 2", "1.96, not 2"),
        ("share_interval", "(n - hits) / n", "(n - hits)", "the / n is missing"),
        ("share_interval", "", "z = 1.96\nm = hits + z**2 / 2\nh = z * np.sqrt(hits * (n - hits) / n + z**2 / 4)\n"
         "return m - h / (n + z**2), m + h / (n + z**2)", "the brackets"),
        ("share_interval", "return (middle - half) / (n + z**2), (middle + half) / (n + z**2)",
         "return (middle + half) / (n + z**2), (middle - half) / (n + z**2)", "turned round"),
        ("share_interval", "return (middle - half) / (n + z**2), (middle + half) / (n + z**2)",
         "return middle / (n + z**2), half / (n + z**2)", "the two ends"),
        ("share_interval", "return (middle - half) / (n + z**2), ", "return ", "low, high"),
        ("paired_gain", "return ", "", "`return`"),
        ("paired_gain", ", ddof=1", "", "n - 1"),
        ("paired_gain", " / np.sqrt(len(d))", "", "sqrt(n) is missing"),
        ("paired_gain", "np.sqrt(len(d))", "len(d)", "you divide by n"),
        ("paired_gain", "np.std(", "np.var(", "the variance"),
        ("paired_gain", "1.96 * ", "", "the 1.96 is missing"),
        ("paired_gain", "a.astype(float) - b", "a - b", "which NumPy does not subtract"),
        ("paired_gain", "a.astype(float) - b", "b.astype(float) - a", "a gains over b"),
        ("paired_gain", "a.astype(float) - b", "(a != b).astype(float)", "which of them is ahead"),
        ("paired_gain", "np.std(d, ddof=1) / np.sqrt(len(d))",
         "np.sqrt((np.var(a, ddof=1) + np.var(b, ddof=1)) / len(d))", "do not belong together"),
        ("paired_gain", "d.mean(), d.mean() - half, d.mean() + half", "d.mean() - half, d.mean(), d.mean() + half",
         "in this order"),
        ("paired_gain", "d.mean(), d.mean() - half,", "d.mean() - half,", "mean, low, high"),
        ("judged", "", "return None", "gives nothing"),
        ("judged", "low > against", "low >= against", "one of its ends"),
        ("judged", "low > against", "high > against", "one end on one side"),
        ("judged", "return \"below\" if high < against else", "return", "something too"),
        ("judged", "", "return low > against", "must be one of"),
        ("judged", "", "return 'above' if low + high > 2 * against else 'below'", "the middle says nothing"),
        ("judged", "", "return 'below' if low > against else 'above' if high < against else 'not shown'", "exchanged"),
        ("judged", "", "return 'above' if low > 0 else 'below' if high < 0 else 'not shown'", "not 0 always"),
        ("lerp", "return ", "", "`return`"),
        ("lerp", "t = t[:, None]", "pass", "t[:, None]"),
        ("lerp", "(1 - t) * a + t * b", "t * a + (1 - t) * b", "from b to a"),
        ("lerp", "(1 - t) * a", "a", "kept in part"),
        ("lerp", "(1 - t) * a + t * b", "t * (b - a)", "starts *at* a"),
        ("lerp", "return (1 - t) * a + t * b", "return ((1 - t) * a + t * b).T", "a row for each t"),
        ("lerp", "(1 - t) * a + t * b", "(a + b) / 2 + 0 * t", "half-way point"),
        ("lerp", "t = t[:, None]", "t = t.mean()", "one latent"),
        ("lerp", "", "return [(1 - s) * a + s * b for s in t]", "list"),
        ("slerp", "return ", "", "`return`"),
        ("slerp", "", "t = t[:, None]\nreturn (1 - t) * a + t * b", "that is the straight way"),
        ("slerp", "w = np.arccos(cosine)", "w = cosine", "arccos of it"),
        ("slerp", "w = np.arccos(cosine)", "w = np.degrees(np.arccos(cosine))", "radians"),
        ("slerp", " / np.sin(w)", "", "not divided by sin(w)"),
        ("slerp", "a @ b / (np.linalg.norm(a) * np.linalg.norm(b))", "a @ b", "between the *directions*"),
        ("slerp", "np.sin((1 - t) * w) * a + np.sin(t * w) * b", "np.sin(t * w) * a + np.sin((1 - t) * w) * b",
         "from b to a"),
        ("slerp", "np.sin((1 - t) * w) * a + np.sin(t * w) * b", "(1 - t) * np.sin(w) * a + np.sin(t * w) * b",
         "not (1 - t) sin(w)"),
        ("slerp", "    return", "    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)\n    return", "a and b themselves"),
        ("slerp", "", "t = t[:, None]\nw = np.pi / 2\nreturn np.cos(t * w) * a + np.sin(t * w) * b", "a right angle"),
        ("slerp", "", "t = t[:, None]\nn = np.linalg.norm\nz = (1 - t) * a + t * b\n"
         "return z / n(z, axis=1, keepdims=True) * ((1 - t) * n(a) + t * n(b))", "the *steps* are equal"),
        ("slerp", "t = t[:, None]", "pass", "t[:, None]"),
        ("slerp", "a @ b", "a * b", "slerp"),
        ("slerp", "", "from scipy.spatial import geometric_slerp\nreturn geometric_slerp(a, b, t)", "write it yourself"),
        ("direction", "return ", "", "`return`"),
        ("direction", "return w / np.linalg.norm(w)", "return w", "not divided by its length"),
        ("direction", "z[has].mean(axis=0) - z[~has].mean(axis=0)", "z[~has].mean(axis=0) - z[has].mean(axis=0)",
         "the sign"),
        ("direction", " - z[~has].mean(axis=0)", "", "alone"),
        ("direction", "z[has].mean(axis=0) - z[~has].mean(axis=0)", "z[has].sum(axis=0) - z[~has].sum(axis=0)",
         "the *means*"),
        ("direction", "np.linalg.norm(w)", "w.sum()", "the sum of its numbers"),
        ("direction", "np.linalg.norm(w)", "np.linalg.norm(w)**2", "the square of its length"),
        ("direction", "z[has].mean(axis=0) - z[~has].mean(axis=0)", "z[has].mean() - z[~has].mean()", "one number"),
        ("direction", "z[has].mean(axis=0) - z[~has].mean(axis=0)", "z[has] - z[~has]", "direction"),
        ("direction", "z[~has]", "z[not has]", "direction"),
        ("comes_along", "return ", "", "`return`"),
        ("comes_along", "if name != meant", "", "what was *meant*"),
        ("comes_along", "abs(change[name])", "change[name]", "one that falls"),
        ("comes_along", "abs(change[name])", "-change[name]", "one that rises"),
        ("comes_along", "after[i] - before[i]", "before[i] - after[i]", "the sign"),
        ("comes_along", "after[i] - before[i]", "abs(after[i] - before[i])", "has its sign"),
        ("comes_along", "after[i] - before[i]", "after[i] / before[i] - 1", "comes_along"),
        ("comes_along", "after[i] - before[i]", "after[i]", "at the end"),
        ("comes_along", "max(", "min(", "*smallest*"),
        ("comes_along", "return name, change[name]", "return change[name], name", "turned round"),
        ("comes_along", "return name, change[name]", "return name", "pair"),
        ("comes_along", "return name, change[name]", "return list(change).index(name), change[name]", "name is"),
    ],
    10: [
        ("wider", "return ", "", "`return`"),
        ("wider", "projection=twice(config.projection)", "projection=config.projection", "these layers make"),
        ("wider", "image_shape=twice(config.image_shape),", "", "which of the two is not"),
        ("wider", "first + 2", "first", "to be 2 larger, and is as it was"),
        ("wider", "(first + 2, *others)", "6", "all kernels are 2 larger"),
        ("wider", "(first + 2, *others)", "(first, *others[:-1], others[-1] + 2)", "the *last* kernel has changed"),
        ("wider", "(first + 2, *others)", "(6, *others)", "2 larger, whatever it was"),
        ("wider", "twice(config.projection)", "(2 * config.projection[0], 2 * config.projection[1], 64)",
         "its height and width alone grow"),
        ("wider", "twice(config.projection)", "(8, 8, config.projection[2])", "these layers make"),
        ("wider", "kernel_sizes=", "latent_size=200, kernel_sizes=", "`latent_size` was 100 and is 200"),
        ("wider", "return replace(", "config.filters = 3\n    return replace(", "makes a changed copy"),
        ("wider", "return replace(config, ", "return dict(", "it must give a GeneratorConfig"),
        ("wider", "", "return config.shapes()", "it must give a GeneratorConfig"),
        ("wider", "", "return config", "the config comes back as it was"),
        ("wider", "", "from ganedu.experiments.scalings import road\nreturn road(config, 'width')", "write it yourself"),
        ("deeper", "return ", "", "`return`"),
        ("deeper", "config.filters[-1] // 2", "config.filters[-1]", "as many as the one in front of it"),
        ("deeper", "(*config.filters, config.filters[-1] // 2)", "(2 * config.filters[0], *config.filters)",
         "in front of all others"),
        ("deeper", "(*config.kernel_sizes, config.kernel_sizes[-1])", "config.kernel_sizes", "one step more, one value"),
        ("deeper", "(*config.strides, config.strides[-1])", "config.strides", "one step more, one value more"),
        ("deeper", "(*config.padding, config.padding[-1])", "config.padding", "one step more, one value more"),
        ("deeper", "(*config.kernel_sizes, config.kernel_sizes[-1])", "(*config.kernel_sizes, 3)",
         "to be as in the others: 4"),
        ("deeper", "config.filters[-1] // 2)", "config.filters[-1] / 2)", "fails at"),
        ("deeper", "(*config.filters, config.filters[-1] // 2)", "config.filters + config.filters[-1] // 2",
         "a tuple is added to a tuple"),
        ("deeper", "(*config.filters, config.filters[-1] // 2)", "(*config.filters, 16)", "and is (24, 16)"),
        ("deeper", "(*config.filters, config.filters[-1] // 2)",
         "(*(f // 2 for f in config.filters), config.filters[-1] // 2)", "keep their maps"),
        ("deeper", "image_shape=twice(config.image_shape),", "", "which of the two is not"),
        ("deeper", "filters=(", "projection=twice(config.projection), filters=(", "these layers make"),
        ("longer_strides", "return ", "", "`return`"),
        ("longer_strides", "2 * first", "first", "these layers make"),
        ("longer_strides", "(2 * first, *others)", "(first, *others[:-1], 2 * others[-1])", "the *last* stride"),
        ("longer_strides", "(2 * first, *others)", "4", "these layers make"),
        ("longer_strides", "strides=", "kernel_sizes=8, strides=", "`kernel_sizes` was (4, 4, 4) and is (8, 8, 8)"),
        ("longer_strides", "strides=", "stride=", "look at print(config)"),
        ("longer_strides", "config.strides\n", "config['strides']\n", "have a dot before them"),
        ("weights", "return ", "", "`return`"),
        ("weights", " + 2 * maps", "", "the maps of the projection have a batch norm too"),
        ("weights", "2 * maps", "4 * maps", "there are 370,627"),
        ("weights", "total - config.image_shape[2]", "total", "it has a bias, one number for each colour"),
        ("weights", "total - config.image_shape[2]", "total - 2 * config.image_shape[2]", "a bias for each colour"),
        ("weights", "k**2 * before", "k * before", "k * k, not k"),
        ("weights", "config.latent_size * height * width * maps", "config.latent_size * maps", "to each *cell*"),
        ("weights", "config.latent_size * height * width * maps + ", "", "the projection is missing"),
        ("weights", "", "n = config.build()\nreturn n.count_params()", "write it yourself"),
        ("weights", "config.shapes(), config", "config.shape(), config", "gives its shapes"),
        ("multiplications", "return ", "", "`return`"),
        ("multiplications", "= before\n", "= *after[:2], before[2]\n", "goes *in*"),
        ("multiplications", "k**2", "k", "k * k, not k"),
        ("multiplications", "total = config.latent_size * height * width * maps", "total = 0", "the projection is missing"),
        ("multiplications", "height * width * k**2", "height * k**2", "not the height alone"),
        ("multiplications", "total += height * width * k**2", "total += k**2", "in every cell"),
        ("multiplications", "", "return weights(config)", "the number of weights"),
        ("multiplications", " * after[2]", "", "c_in times c_out"),
        ("multiplications", "return total", "return 2 * total", "additions do not count"),
        ("reach", "return ", "", "`return`"),
        ("reach", "(k - s) // 2", "0", "nothing is cut off"),
        ("reach", "(k - s) // 2", "k - s", "rounded down"),
        ("reach", "(k - s) // 2", "k // 2", "not of k"),
        ("reach", "(k - s) // 2", "(k - s + 1) // 2", "rounded *down*"),
        ("reach", "first + cut - k + 1", "first - cut - k + 1", "row "),
        ("reach", "-(-(first + cut - k + 1) // s)", "(first + cut - k + 1) // s", "a fraction rounded *up*"),
        ("reach", "cut - k + 1", "cut - k", "row "),
        ("reach", "reversed(range(len(config.strides)))", "range(len(config.strides))", "from the image back"),
        ("reach", "max(-(-(first + cut - k + 1) // s), 0)", "-(-(first + cut - k + 1) // s)", "row 0 of the image"),
        ("reach", "min((last + cut) // s, n - 1)", "(last + cut) // s", "of the image is made of"),
        ("reach", "(last + cut) // s", "(last + cut) / s", "rows are whole numbers"),
        ("reach", "return first, last", "return last, first", "turned round"),
        ("reach", "return first, last", "return last - first + 1", "it must give the pair"),
        ("reach", "return first, last", "return range(first, last + 1)", "it must give the pair"),
        ("reach", "return first, last", "return first, last + 1", "the last row itself"),
        ("reach", "", "i = row * config.projection[0] // config.image_shape[0]\nreturn i, i", "kernels are not used"),
        ("overlap", "return ", "", "`return`"),
        ("overlap", "counts[cut:cut + n * stride]", "counts", "cut off, so that"),
        ("overlap", "counts[cut:cut + n * stride]", "counts[:n * stride]", "the cut in front is missing"),
        ("overlap", "(kernel - stride) // 2", "(kernel - stride + 1) // 2", "rounded *down*"),
        ("overlap", "(kernel - stride) // 2", "kernel - stride", "everything is cut off in front"),
        ("overlap", "", "return np.full(n * stride, kernel // stride)", "at the edge"),
        ("overlap", "", "return [kernel // stride] * stride", "one number for each phase"),
        ("overlap", "j * stride:j * stride + kernel] +=", "j:j + kernel] +=", "move on by the stride"),
        ("overlap", "+ kernel] += 1", "+ kernel - 1] += 1", "one row less"),
        ("overlap", "", "import keras\nreturn keras.layers.Conv1DTranspose(1, kernel)", "write it yourself"),
        ("strength", "return ", "", "`return`"),
        ("strength", "max(0, 1 - done / (share * all_steps))", "1 - done / (share * all_steps)", "falls below 0"),
        ("strength", "1 - done / (share * all_steps)", "1 - done / all_steps", "`share` is not used"),
        ("strength", "1 - done / (share * all_steps)", "1 - done / share * all_steps", "brackets around the product"),
        ("strength", "1 - done / (share * all_steps)", "1 - share * done / all_steps", "*by* that share"),
        ("strength", "max(0, 1 - done / (share * all_steps))", "min(1, done / (share * all_steps))", "gone already"),
        ("strength", "done / (", "done // (", "/ a fraction"),
        ("faded", "return ", "", "`return`"),
        ("faded", "h + s * (dropped - h)", "dropped + s * (h - dropped)", "exchanged"),
        ("faded", "h + s * (dropped - h)", "s * dropped", "h counts as well"),
        ("faded", "h + s * (dropped - h)", "h + s * dropped", "h is added in full"),
        ("faded", "h + s * (dropped - h)", "dropped", "`dropped` as it is"),
        ("faded", "h + s * (dropped - h)", "np.where(s > 0.5, dropped, h)", "switches"),
        ("faded", "    return", "    h *= 1 - s\n    return", "work on a copy"),
        ("mean_and_variance", "return ", "", "`return`"),
        ("mean_and_variance", "s**2 * h**2", "s * h**2", "the *square* of s"),
        ("mean_and_variance", "s**2 * h**2", "s**2 * h", "with h squared"),
        ("mean_and_variance", "rate / (1 - rate)", "rate * (1 - rate)", "the mask alone"),
        ("mean_and_variance", "rate / (1 - rate)", "(1 - rate) / rate", "are exchanged"),
        ("mean_and_variance", "return h,", "return s * h,", "does not fall with s"),
        ("mean_and_variance", "return h,", "return h * (1 - s * rate),", "what is kept is divided"),
        ("mean_and_variance", "return h,", "return h.mean(),", "each entry of h has its own"),
        ("mean_and_variance", "s**2 * h**2 * rate / (1 - rate)", "s * abs(h) * np.sqrt(rate / (1 - rate))",
         "the standard deviation"),
        ("mean_and_variance", "return h, ", "return ", "it must give the pair"),
        ("prediction", "return {", "{", "`return`"),
        ("prediction", "(\"none\", \"three", "(\"same\", \"three", "it must be one of"),
        ("prediction", "\"three times the weights\"", "\"luck\"", "ten letters"),
        ("prediction", "\"its cells hardly overlap\"", "\"three times the weights\"", "a reason of its own"),
        ("prediction", "\"64 pixels, width against depth\"", "\"64\"", "no prediction for"),
        ("ranking", "return sorted", "sorted", "`return`"),
        ("ranking", "return len(x) - len(good), good.mean() if len(good) else 0",
         "return good.mean() if len(good) else np.inf", "praised here"),
        ("ranking", "sorted(values, key=key)", "sorted(values, key=key, reverse=True)", "the smallest, comes first"),
        ("ranking", "good.mean()", "good.min()", "the best of its seeds"),
        ("ranking", "good.mean()", "np.median(good)", "the median"),
        ("ranking", "good.mean()", "good.sum()", "fewer of them"),
        ("ranking", "len(x) - len(good), good", "len(x) > len(good), good", "not how often"),
        ("ranking", "len(x) - len(good), good", "len(good) - len(x), good", "the *most* NaN"),
        ("ranking", "sorted(values, key=key)", "[key(name)[1] for name in values]", "it must give the *names*"),
        ("ranking", "sorted(values, key=key)", "list(values)", "is not a ranking"),
        ("ranking", "sorted(values, key=key)", "sorted(values)", "the alphabet"),
        ("ranking", "sorted(values, key=key)", "min(values, key=key)", "it must give a list"),
        ("ranking", "x = np.array(values[name])", "x = values[name]", "list"),
        ("holds", "return ", "", "`return`"),
        ("holds", ".high < 0", ".low > 0", "*small* distance is good"),
        ("holds", ".high < 0", ".low < 0", "the *whole* interval"),
        ("holds", ".high < 0", ".difference < 0", "is not enough"),
        ("holds", ".high < 0", ".high", "it must give True or False"),
        ("holds", ".high < 0", ".way != \"none\"", "only that they differ"),
        ("holds", "difference(a, b).high < 0", "min(a) < min(b)", "the best run of one"),
        ("holds", "difference(a, b).high < 0", "max(a) < min(b)", "another test"),
        ("symptom", "return \"far\"", "\"far\"", "`return`"),
        ("symptom", "evidence.get(name, np.nan)", "evidence[name]", "evidence.get(name, np.nan)"),
        ("symptom", "evidence.get(name, np.nan)", "evidence.get(name)", "is missing"),
        ("symptom", "evidence.get(name, np.nan)", "evidence.get(name, 0)", "shows nothing"),
        ("symptom", " or repeats > 0.2", "", "`repeats` is not used"),
        ("symptom", "spread < 0.5 or repeats", "spread < 0.5 and repeats", "or, not and"),
        ("symptom", "spread < 0.2", "spread < 0.2 or repeats > 0.2", "do not make it collapsed"),
        ("symptom", "spread < 0.2", "spread < 0.02", "should be 'collapsed'"),
        ("symptom", "else \"none\"", "else \"healthy\"", "it must be one of"),
    ],
    11: [
        ("spread", "return apart", "apart", "`return`"),
        ("spread", "apart(f) / apart(f_real)", "apart(f_real) / apart(f)", "turned round"),
        ("spread", "apart(f) / apart(f_real)", "apart(f)", "not divided by"),
        ("spread", "(len(f) * (len(f) - 1))", "len(f)**2", "paired with itself"),
        ("spread", "axis=2)", "axis=2)**2", "*squared*"),
        ("spread", "", "return f.std() / f_real.std()", "standard deviations"),
        ("spread", "", "return f.var(0).sum() / f_real.var(0).sum()", "variances"),
        ("spread", " / (len(f) * (len(f) - 1))", "", "*sum*"),
        ("spread", "f[:, None] - f[None]", "f - f_real", "has fewer axes"),
        ("spread", "", "from ganedu import clinic\nreturn clinic.gather(f, f_real).spread", "write it yourself"),
        ("same_label", "(y[:, None] == y) & ", "", "those of *one* label alone"),
        ("same_label", " & ~np.eye(len(f), dtype=bool)", "", "paired with itself"),
        ("same_label", "== y", "!= y", "two *different* labels"),
        ("same_label", "apart(f_real, y)", "apart(f_real, labels)", ""),
        ("same_label", " / apart(f_real, y)", "", "not divided by"),
        ("same_label", "", "def apart(f, y):\n    g = np.linalg.norm(f[:, None] - f[None], axis=2)\n    return np.mean([g[y == k][:, y == k].sum() / "
         "((y == k).sum() * ((y == k).sum() - 1)) for k in np.unique(y)])\nreturn apart(f, labels) / apart(f_real, y)",
         "weighs more"),
        ("rarest", "return int(ratios.argmin()), ratios.min()", "return ratios.min()", "pair"),
        ("rarest", "int(ratios.argmin()), ratios.min()", "ratios.min(), int(ratios.argmin())", "turned round"),
        ("rarest", "argmin()", "argmax()", ""),
        ("rarest", "np.full(classes, np.inf)", "np.zeros(classes)", "leave it out"),
        ("rarest", "made[there > 0] / there[there > 0]", "made[there > 0]", "smallest *share*"),
        ("rarest", " / len(q)", "", "counts in yours"),
        ("rarest", ", minlength=classes", "", "minlength=p.shape[1]"),
        ("rarest", "", "a, b = (np.bincount(q.argmax(1), minlength=q.shape[1]) / len(q) for q in (p, p_real))\n"
         "return (a / b).argmin(), (a / b).min()", "leave it out"),
        ("rarest", "", "r = p.mean(0) / p_real.mean(0)\nreturn r.argmin(), r.min()", "mean probabilities"),
        ("limit", "[~np.isnan(x)]", "", "leave it out"),
        ("limit", "return np.nan", "return (sick.max() + well.min()) / 2", "no limit"),
        ("limit", "return (well.max() + sick.min()) / 2", "return np.nan", "they lie above"),
        ("limit", "(sick.max() + well.min()) / 2", "sick.max()", ""),
        ("limit", "", "return (np.nanmean(sick) + np.nanmean(well)) / 2", "*means*"),
        ("limit", "", "return (max(sick) + min(well)) / 2", "of `copied` they lie above"),
        ("limit", "return np.nan", "return None", "gives nothing"),
        ("name", "evidence.get(quantity, np.nan)", "evidence[quantity]", "evidence.get(name, np.nan)"),
        ("name", "evidence.get(quantity, np.nan)", "evidence.get(quantity)", "evidence.get(name, np.nan)"),
        ("name", "evidence.get(quantity, np.nan)", "evidence.get(quantity, 0)", "below every limit"),
        ("name", "e(\"d_real\") > 0.98 and", "e(\"d_real\") > 0.98 or", "and, not or"),
        ("name", " or e(\"loss\") > 100", "", "should be 'diverged'"),
        ("name", "if e(\"low\") >= 0:", "if e(\"low\") > 0:", "should be 'wrong pixel range'"),
        ("name", "return \"mode collapse\"", "return \"collapse\"", "it must be one of"),
        ("name", "    if e(\"nan_epoch\")", "    if below(\"rarest_share\"):\n        return \"lost classes\"\n"
         "    if e(\"nan_epoch\")", "lost classes"),
        ("name", "    if below(\"spread\")", "    if e(\"repeats\") > limits[\"repeats\"]:\n"
         "        return \"partial mode collapse\"\n    if below(\"spread\")", "they repeat too"),
        ("name", "limits[quantity]", "0.35", "limit"),
        ("counts", "(np.sum(warning & ill), np.sum(ill), np.sum(warning & ~ill),\n            np.sum(~ill))",
         "np.sum(warning & ill), np.sum(ill)", "four numbers"),
        ("counts", "np.sum(warning & ill)", "np.sum(np.array(said) == true)", "no warning"),
        ("counts", "np.sum(warning & ill)", "np.sum((np.array(said) == true) & ill)", "*wrong* name"),
        ("counts", "np.sum(warning & ~ill)", "np.sum(~warning & ill)", "were missed"),
        ("counts", "np.array(true) != \"healthy\"", "np.array(said) != \"healthy\"", "in `true`"),
        ("counts", "np.array(said) != ", "said != ", ""),
        ("worth", "return right / (right + wrong)", "return found", "of the *warnings*"),
        ("worth", "(1 - base) * alarms", "alarms", "alarms come from healthy runs alone"),
        ("worth", "base * found, (1 - base) * alarms", "found, alarms", "base rate is not used"),
        ("worth", "return right", "return wrong", "*false* warnings"),
        ("worth", "return right / (right + wrong)", "return 100 * right / (right + wrong)", "percentage"),
        ("verdict", "return ", "", "`return`"),
        ("verdict", "\"z says too little\"", "\"mode collapse\"", "it must be one of"),
        ("verdict", "\"z says too little\"", "\"D stands still\"", "P: a D that stands still is fooled"),
        ("verdict", "\"D stands still\"", "\"D is too strong\"", "Q: a D that is too strong gives"),
        ("verdict", "\"D is too strong\"", "\"images are copied\"", "R: copies of many"),
        ("verdict", ",\n            \"R\": \"D is too strong\"", "", "no verdict on R"),
        ("cure_p", "return ", "", "`return`"),
        ("cure_p", "\"latent_distribution\": \"normal\"", "\"epochs\": 20", "longer training is not asked for"),
        ("cure_p", "\"latent_distribution\": \"normal\"", "\"n_images\": 20", "other images"),
        ("cure_p", "\"latent_distribution\": \"normal\"", "\"filters\": (64,)", "another patient"),
        ("cure_p", "\"normal\"", "\"gauss\"", "it must be 'normal'"),
        ("cure_p", "\"latent_distribution\": \"normal\"", "\"lr\": 1e-3", "there is no setting 'lr'"),
        ("cure_p", "\"normal\"}", "\"normal\", \"batch_size\": 16}", "which of them cured"),
        ("cure_p", "\"latent_distribution\": \"normal\"", "\"d_learning_rate\": 5e-4", "what do all images come from"),
        ("cure_q", "0.005", "\"fast\"", "a number above 0"),
        ("cure_q", "\"d_learning_rate\": 0.005", "\"learning_rate\": 1e-4", "and now it is: mode collapse"),
        ("cure_q", "\"d_learning_rate\": 0.005", "", "an empty dictionary"),
        ("cure_q", "0.005", "1e-7", "D is fooled"),
        ("cure_r", "\"learning_rate\": 0.005", "\"d_learning_rate\": 5e-5", "and now it is: mode collapse"),
        ("cure_r", "\"learning_rate\": 0.005", "\"learning_rate\": 1e-6", "D is sure of everything"),
        ("cure_r", "{\"learning_rate\": 0.005}", "\"learning_rate\"", "a dictionary of one setting"),
    ],
}  # fmt: skip
RIGHT = {  # other ways to the right answer, which a check must take
    1: [("softplus", "", "return np.maximum(t, 0) + np.log1p(np.exp(-np.abs(t)))"),
        ("optimal_discriminator", "", "best = np.full(len(p_data), 0.5)\nsome = p_data + p_g > 0\n"
         "best[some] = p_data[some] / (p_data + p_g)[some]\nreturn best"),
        ("optimal_discriminator", "", "return (p_data + 1e-12) / (p_data + p_g + 2e-12)"),
        ("softplus", "", "return np.where(t > 30, t, np.log1p(np.exp(np.minimum(t, 30))))"),
        ("train_step", "d_optimizer.step(disc, d_gradients(disc, x, forward(gen, z)))",
         "x_fake = forward(gen, z)\n    d_optimizer.step(disc, d_gradients(disc, x, x_fake))")],
    2: [("convolution_size", "math.ceil(n / s)", "-(-n // s)"),
        ("make_generator", "7 * 96, use_bias=False,", "7 * 96,"),
        ("sequential_step", "gan.generate(n)", "gan.generate(len(x))")],
    3: [("projection", "", "return tf.linalg.matvec(h, v) + tf.einsum('nf,nf->n', h, "
         "tf.gather(e, y)) + b"),
        ("join", "tf.ones_like(h[..., :1])", "tf.ones(tf.shape(h[..., :1]))"),
        ("make_generator", "7 * 7 * 96, use_bias=False", "7 * 7 * 96"),
        ("make_discriminator", "L.LeakyReLU(0.2)(h)", "L.Activation('leaky_relu')(h)")],
    4: [("precision_recall", "", "inside = [(np.linalg.norm(real - f, axis=1) < radii(real, k))"
         ".any() for f in fake]\nback = [(np.linalg.norm(fake - r, axis=1) < radii(fake, k)).any() "
         "for r in real]\nreturn np.mean(inside), np.mean(back)"),
        ("radii", "", "apart = distances(points, points)\nnp.fill_diagonal(apart, np.inf)\n"
         "return np.sort(apart, axis=1)[:, k - 1]"),
        ("copied", "np.quantile(neighbour_ratio(unseen, training), 0.01)",
         "np.percentile(neighbour_ratio(unseen, training), 1)")],
    5: [("spread", "", "n, m = len(a), len(b)\nreturn np.sqrt(((n - 1) * np.var(a, ddof=1) + "
         "(m - 1) * np.var(b, ddof=1)) / (n + m - 2))"),
        ("interval_of_difference", "return difference - half, difference + half",
         "return [float(difference - half), float(difference + half)]"),
        ("call", "low <= 0 <= high or abs(difference) <= spread(a, b)",
         "not (low > 0 or high < 0) or not abs(difference) > spread(a, b)"),
        ("share_called", "", "x = rng.normal(size=(draws, 2, n))\n"
         "return np.mean([call(a + size, b) != 'none' for a, b in x])"),
        ("share_called", "", "words = [call(list(rng.normal(size, 1, n)), list(rng.normal(0, 1, n)))\n"
         "         for _ in range(draws)]\nreturn 1 - words.count('none') / draws"),
        ("effect", "", "a, b = ([v for r in g if (v := records.of_run(r, metric)) is not None] for g in "
         "(runs, base))\nif len(a) < 2 or len(b) < 2:\n    return 'diverged'\nreturn call(a, b)"),
        ("turned", "", "d = recipe.d_learning_rate or recipe.learning_rate\nreturn replace(recipe, "
         "learning_rate=recipe.learning_rate * factor,\n               d_learning_rate=d * factor)"),
        ("same_seed", "", "pairs = [(records.of_run(r, metric), records.of_run(s, metric))\n"
         "         for r in runs for s in base if r['seed'] == s['seed']]\n"
         "x = np.array(pairs, float)\nx = x[~np.isnan(x).any(1)]\nreturn np.corrcoef(x.T)[0][1]"),
        ("interval_of_difference", "return difference - half, difference + half",
         "return difference + half * np.array([-1, 1])"),
        ("call", "difference = np.mean(a) - np.mean(b)", "difference = (low + high) / 2"),
        ("share_called", "called += call(a, b) != \"none\"",
         "called += call(a, b) == \"higher\" or call(a, b) == \"lower\""),
        ("prediction", "\"so small a D learns without it\"", "\"学習率が小さすぎて終わらない\""),
        ("prediction", "\"so small a D learns without it\"", "\"not finished\""),
        ("same_seed", "if None not in pair", "if pair[0] is not None and pair[1] is not None"),
        ("prediction", "\"lower\", \"higher\", \"G runs", "\"higher\", \"none\", \"G runs")],
    6: [("moved_by_mates", "z[None], mates]))[0]", "mates, z[None]]))[-1]"),
        ("moved_by_mates", "", "images = np.array([generate(np.vstack([z, m]))[0] for m in companies])\n"
         "return np.sqrt(((images - images.mean(0)) ** 2).mean(0)).mean()"),
        ("reference_statistics", "", "r = r.astype(float).reshape(-1, r.shape[-1])\n"
         "return [r.sum(0) / len(r), r.var(0) + r.mean(0) ** 2]"),
        ("live_statistics", "", "a = 1 / (n + 1)\nx = x.astype('float64')\nm = np.array([[[v.mean((0, "
         "1))]] for v in x])\nq = np.array([[[(v * v).mean((0, 1))]] for v in x])\n"
         "return a * m + (1 - a) * m_r, a * q + (1 - a) * q_r"),
        ("virtual_batch_norm", "np.sqrt(q - m**2 + epsilon)", "(epsilon - m * m + q) ** 0.5"),
        ("virtual_batch_norm", "", "def norm(a, m, q):\n    scale = gamma / np.sqrt(q - m**2 + epsilon)\n"
         "    return a * scale + (beta - m * scale)\nn = len(r)\nm, q = reference_statistics(r)\n"
         "own = [norm(v[None], *live_statistics(v[None], m, q, n))[0] for v in x]\n"
         "return np.stack(own), norm(r, m, q)"),
        ("virtual_batch_norm", "m, q = live", "gamma, beta = gamma.reshape(1, 1, 1, -1), beta[None, "
         "None, None]\n    m, q = live"),
        ("virtual_batch_norm", "return y, y_r", "return y.astype(x.dtype), y_r.astype(r.dtype)"),
        ("evidence", "np.full_like(x[:1], 1e4)", "np.full((1, *x.shape[1:]), 1e4)"),
        ("evidence", "y.std()", "np.array(y.std())"),
        ("evidence", "y.std()", "float(y.std())"),
        ("evidence", "louder = np.concatenate([x[:1], 3 * x[1:]])", "louder = x.copy()\n    louder[1:] "
         "*= 3"),
        ("smoothed_loss", "", "up, down = p_data * alpha + p_g * beta, p_data + p_g\n"
         "return -up * np.log(d) - (down - up) * np.log1p(-d)"),
        ("best_discriminator", "", "return beta + (alpha - beta) * p_data / (p_data + p_g)"),
        ("best_discriminator", "(p_data + p_g)", "(p_data + p_g + 1e-8)"),
        ("best_discriminator", "", "d = (alpha * p_data + beta * p_g) / (p_data + p_g)\n"
         "return np.clip(d, 1e-8, 1 - 1e-8)"),
        ("smoothed_loss", "    real", "    d = np.clip(d, 1e-7, 1 - 1e-7)\n    real"),
        ("pull_left", "", "return 1 - beta / (beta + (alpha - beta) * share)"),
        ("pull_left", "", "h = 1e-4 * share\n"
         "up, down = (np.log(best_discriminator(t, 1 - t, alpha, beta)) for t in (share + h, share - h))\n"
         "return (up - down) / (np.log(share + h) - np.log(share - h))")],
    7: [
        ("confident", "p.max(axis=1) >= at_least", "(p >= at_least).any(axis=1)"),
        ("confident", "p.max(axis=1) >= at_least", "np.array([max(row) >= at_least for row in p])"),
        ("confident", "p.max(axis=1) >= at_least", "p[np.arange(len(p)), p.argmax(axis=1)] >= at_least"),
        ("wrong_label_share", "(p.argmax(axis=1) != asked)[kept].mean()",
         "float(np.sum(p.argmax(axis=1)[kept] != asked[kept]) / np.sum(kept))"),
        ("wrong_label_share", "",
         "n = wrong = 0\nfor row, y in zip(p, asked):\n    if row.max() >= at_least:\n"
         "        n, wrong = n + 1, wrong + (np.argmax(row) != y)\nreturn wrong / n"),
        ("mixture", "",
         "rows = []\nfor y in range(max(real_labels) + 1):\n"
         "    n = round(ratio * (real_labels == y).sum())\n    here = np.where(made_labels == y)[0]\n"
         "    if len(here):\n        rows.extend(rng.choice(here, n, replace=False))\nreturn rows"),
        ("mixture", "",
         "order, rows = rng.permutation(len(made_labels)), []\nfor y in set(real_labels.tolist()):\n"
         "    n = round(ratio * list(real_labels).count(y))\n"
         "    rows += [i for i in order if made_labels[i] == y][:n]\nreturn np.array(rows)"),
        ("in_turn", "", "high, low = sorted(rates)[::-1]\nreturn [fit(made, high), fit(real, low)]"),
        ("in_turn", "fit(made, max(rates))", "fit(data=made, rate=max(rates))"),
        ("best_round", "",
         "best, kept, waited, i = np.inf, 0, 0, 0\nfor i in range(len(losses)):\n    waited += 1\n"
         "    if losses[i] < best:\n        best, kept, waited = losses[i], i, 0\n"
         "    if waited == patience:\n        break\nreturn kept, i"),
        ("best_round", "",
         "for i in range(len(losses)):\n    kept = int(np.argmin(losses[:i + 1]))\n"
         "    if i - kept == patience:\n        break\nreturn np.array([kept, i])"),
        ("paired_effect", "",
         "d = [x - y for x, y in zip(a, b)]\nn = len(d)\nmean = sum(d) / n\n"
         "s = (sum((x - mean) ** 2 for x in d) / (n - 1)) ** 0.5\nhalf = student(n - 1) * s / n ** 0.5\n"
         "return [mean, mean - half, mean + half]"),
        ("paired_effect", "return d.mean(), d.mean() - half, d.mean() + half",
         "return d.mean() + half * np.array([0, -1, 1])"),
        ("seen_in", "",
         "if not len(others):\n    return np.zeros(len(images), bool)\n"
         "return np.array([(x == others).all(axis=(1, 2, 3)).any() for x in images])"),
        ("seen_in", "np.array([image.tobytes() in there for image in images])",
         "np.array([bytes(image) in there for image in images], dtype=bool)"),
        ("evidence",
         "sum(look[\"before\"] != look[\"after\"]\n                           for look in e.looks)",
         "len([1 for look in e.looks if look[\"before\"] != look[\"after\"]])"),
        ("evidence", "(~seen_in(e.gan_saw, e.fitted_on)).sum()",
         "len(e.gan_saw) - int(seen_in(e.gan_saw, e.fitted_on).sum())"),
    ],
    8: [
        ("grid_max_pool", "",
         "import math\nk, h, w, c = maps.shape\nrows = [range(math.floor(i * h / n), math.ceil((i + 1) * h / n)) "
         "for i in range(n)]\ncolumns = [range(math.floor(i * w / n), math.ceil((i + 1) * w / n)) "
         "for i in range(n)]\nreturn np.array([[[maps[m][np.ix_(r, s)].max(axis=(0, 1)) for s in columns] "
         "for r in rows] for m in range(k)])"),
        ("feature_vector", "", "return np.hstack([grid_max_pool(m, n).reshape(m.shape[0], -1) for m in blocks])"),
        ("feature_count", "",
         "total = 0\nfor side, m in zip(sides, maps):\n    total += m * (n**2 if how == 'grid' else (side // n) ** 2)\n"
         "return total"),
        ("set_statistics", "",
         "n, mean, m2 = 0, 0, 0\nfor b in batches:\n    x = b.reshape(-1, b.shape[-1]).astype(np.float64)\n"
         "    d = x.mean(axis=0) - mean\n    m2 = m2 + x.var(axis=0) * len(x) + d**2 * n * len(x) / (n + len(x))\n"
         "    mean = mean + d * len(x) / (n + len(x))\n    n += len(x)\nreturn [mean, m2 / n]"),
        ("choose_strength", "",
         "best, most = None, -1\nfor C in np.sort(grid):\n    k = (fit(x[~held], y[~held], C)(x[held]) == y[held])"
         ".mean()\n    if k > most:\n        best, most = C, k\nread = fit(x, y, best)\nreturn [best, read]"),
        ("draw_labels", "",
         "rows = []\nfor k in set(y.tolist()):\n    here = [i for i in range(len(y)) if y[i] == k]\n"
         "    rows += list(rng.choice(here, per_class, replace=False))\nreturn rows"),
        ("mean_and_band", "",
         "n = len(accuracies)\nm = sum(accuracies) / n\ns = (sum((a - m) ** 2 for a in accuracies) / (n - 1)) ** 0.5\n"
         "return np.array([m, 1.96 * s])"),
        ("majority_error", "",
         "k, n = np.unique(train_labels, return_counts=True)\nreturn sum(test_labels != k[n.argmax()]) / len(test_labels)"),
        ("evidence", "1 - np.trace(table) / table.sum()", "(table.sum() - np.diag(table).sum()) / len(e.test_labels)"),
        ("evidence", "np.isin(e.tested_on, e.trained_on).sum()",
         "sum(i in set(e.trained_on.tolist()) for i in e.tested_on.tolist())"),
    ],
    9: [
        ("mean_of", "", "means = []\nfor i in range(0, len(z), k):\n    means.append(sum(z[i:i + k]) / k)\nreturn np.array(means)"),
        ("arithmetic", "", "return c + (a - b)"),
        ("usual_length", "", "return float(np.mean([np.linalg.norm(row) for row in z]))"),
        ("length_factor", "", "return sum(w * w for w in weights) ** 0.5"),
        ("length_factor", "", "return np.linalg.norm(weights)"),
        ("fits", "",
         "rows = []\nfor row in p:\n    rows.append(all((row[list(names).index(n)] > 0.5) == h for n, h in wanted.items()))\n"
         "return np.array(rows)"),
        ("expected", "", "return {**c, **{n: h for n, h in a.items() if n in b and b[n] is not h}}"),
        ("share_interval", "",
         "import math\nz, p = 1.96, hits / n\nm = (p + z * z / (2 * n)) / (1 + z * z / n)\n"
         "h = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))\nreturn [m - h, m + h]"),
        ("share_interval", "z = 1.96", "z = 1.959964"),
        ("paired_gain", "",
         "d = [int(x) - int(y) for x, y in zip(a, b)]\nn = len(d)\nm = sum(d) / n\n"
         "h = 1.96 * (sum((x - m) ** 2 for x in d) / (n - 1)) ** 0.5 / n ** 0.5\nreturn np.array([m, m - h, m + h])"),
        ("judged", "",
         "if low <= against <= high:\n    return 'not shown'\nreturn 'above' if high > against else 'below'"),
        ("lerp", "", "return np.array([a + s * (b - a) for s in t])"),
        ("slerp", "",
         "u, v = a / np.linalg.norm(a), b / np.linalg.norm(b)\nw = np.arccos(np.sum(u * v))\n"
         "return np.stack([np.sin((1 - s) * w) / np.sin(w) * a + np.sin(s * w) / np.sin(w) * b for s in t])"),
        ("direction", "",
         "yes = z[has == 1].mean(axis=0)\nno = z[has == 0].mean(axis=0)\nd = yes - no\nreturn d / np.sqrt((d**2).sum())"),
        ("direction", "- z[~has].mean(axis=0)", "- z.mean(axis=0)"),
        ("comes_along", "",
         "d = np.asarray(after) - np.asarray(before)\nsize = abs(d)\nsize[names.index(meant)] = -1\ni = size.argmax()\n"
         "return [names[i], d[i]]"),
    ],
    10: [
        ("wider", "", "h, w, c = config.projection\nsizes = list(config.kernel_sizes)\nsizes[0] += 2\n"
         "return replace(config, projection=(2 * h, 2 * w, c), kernel_sizes=sizes, image_shape=["
         "2 * config.image_shape[0], 2 * config.image_shape[1], config.image_shape[2]])"),
        ("deeper", "", "k = config.kernel_sizes[0]\nreturn replace(config, image_shape=twice(config.image_shape), "
         "filters=config.filters + (config.filters[-1] // 2,), kernel_sizes=k, strides=2, padding=\"same\")"),
        ("longer_strides", "", "s = np.array(config.strides)\ns[0] *= 2\nreturn replace(config, "
         "strides=tuple(s.tolist()), image_shape=twice(config.image_shape))"),
        ("weights", "", "s = config.shapes()\nn = config.latent_size * np.prod(config.projection)\n"
         "n += sum(k * k * a[2] * b[2] for k, a, b in zip(config.kernel_sizes, s, s[1:]))\n"
         "return n + 2 * sum(m[2] for m in s[:-1]) + s[-1][2]"),
        ("multiplications", "", "s = config.shapes()\nreturn float(config.latent_size * np.prod(s[0]) + sum("
         "k * k * np.prod(a) * b[2] for k, a, b in zip(config.kernel_sizes, s, s[1:])))"),
        ("reach", "", "seen = np.array([row])\nshapes = config.shapes()\n"
         "for i in range(len(config.strides) - 1, -1, -1):\n    k, s = config.kernel_sizes[i], config.strides[i]\n"
         "    j = np.arange(shapes[i][0])\n    at = seen[:, None] + (k - s) // 2 - s * j\n"
         "    seen = j[((at >= 0) & (at < k)).any(0)]\nreturn [seen.min(), seen.max()]"),
        ("overlap", "", "cut = (kernel - stride) // 2\nreturn [sum(0 <= i + cut - stride * j < kernel for j in range(n)) "
         "for i in range(n * stride)]"),
        ("strength", "", "gone = share * all_steps\nreturn 0 if done >= gone else (gone - done) / gone"),
        ("faded", "", "return (1 - s) * h + s * dropped"),
        ("mean_and_variance", "", "a, b = h * (1 - s), h + s * (h / (1 - rate) - h)\n"
         "m = rate * a + (1 - rate) * b\nreturn [m, rate * (a - m) ** 2 + (1 - rate) * (b - m) ** 2]"),
        ("ranking", "", "import math\ndef key(item):\n    good = [v for v in item[1] if not math.isnan(v)]\n"
         "    return len(item[1]) - len(good), sum(good) / max(len(good), 1)\n"
         "return tuple(name for name, _ in sorted(values.items(), key=key))"),
        ("holds", "", "return difference(a, b).way == \"lower\""),
        ("holds", "", "return difference(b, a).low > 0"),
        ("symptom", "", "s, r = evidence.get(\"spread\", 1), evidence.get(\"repeats\", 0)\n"
         "return (\"collapsed\" if s < 0.2 else \"narrow\" if s < 0.5 or r > 0.2 else\n"
         "        \"far\" if evidence.get(\"distance\", 0) > 0.5 else \"none\")"),
    ],
    11: [
        ("spread", "", "def apart(f):\n    n = len(f)\n    return np.mean([np.sqrt(((f[i] - f[j])**2).sum()) for i in range(n) "
         "for j in range(i)])\nreturn apart(f) / apart(f_real)"),
        ("same_label", "", "def gaps(f, y):\n    n = len(y)\n    return [np.linalg.norm(f[i] - f[j]) for i in range(n) "
         "for j in range(i) if y[i] == y[j]]\nreturn np.mean(gaps(f, labels)) / np.mean(gaps(f_real, y))"),
        ("rarest", "", "a, b = p.argmax(1), p_real.argmax(1)\nfound = [(np.mean(a == k) / np.mean(b == k), k) "
         "for k in range(p.shape[1]) if (b == k).any()]\nratio, k = min(found)\nreturn [k, ratio]"),
        ("limit", "", "a, b = ([v for v in x if v == v] for x in (sick, well))\nif np.mean(a) > np.mean(b):\n    a, b = b, a\n"
         "return (max(a) + min(b)) / 2 if max(a) < min(b) else float('nan')"),
        ("name", "", "e = dict.fromkeys(['nan_epoch', 'loss', 'low', 'd_real', 'd_fake', *limits], np.nan) | evidence\n"
         "clues = {'diverged': e['loss'] > 100 or e['nan_epoch'] > 0, 'wrong pixel range': e['low'] >= 0,\n"
         "  'discriminator too strong': e['d_fake'] < 0.02 and e['d_real'] > 0.98,\n"
         "  'mode collapse': e['spread'] < limits['spread'], 'memorising': e['copied'] > limits['copied'],\n"
         "  'generator ignores its label': e['by_label'] < limits['by_label'],\n"
         "  'generator ignores its latent': e['by_latent'] < limits['by_latent'],\n"
         "  'partial mode collapse': e['repeats'] > limits['repeats'],\n"
         "  'lost classes': e['rarest_share'] < limits['rarest_share']}\n"
         "return next((k for k, shows in clues.items() if shows), 'healthy')"),
        ("counts", "", "pairs = list(zip(said, true))\nill = [s for s, t in pairs if t != 'healthy']\n"
         "well = [s for s, t in pairs if t == 'healthy']\n"
         "return [len(ill) - ill.count('healthy'), len(ill), len(well) - well.count('healthy'), len(well)]"),
        ("worth", "", "return 1 / (1 + (1 - base) * alarms / (base * found)) if found else 0"),
        ("cure_p", "\"normal\"", "\"uniform\""),
        ("cure_q", "0.005", "np.float64(3e-4)"),
        ("cure_r", "0.005", "0.003"),
    ],
}
# Each check of these builds networks or asks thousands of images: two rows are enough for now,
# `make test` runs all.
HEAVY = ("make_generator", "make_discriminator", "sequential_step", "copied", "evidence")


def rows():
    seen = []
    for lab, slips in SLIPS.items():
        for row in slips:
            seen.append((lab, row[0]))
            later = row[0] in HEAVY and seen.count((lab, row[0])) > 2
            yield pytest.param(lab, *row, marks=[pytest.mark.slow] * later)


def lab(number):
    return pytest.param(number, marks=[pytest.mark.slow] * (number > 1))


@pytest.mark.parametrize("lab", SLIPS)
def test_the_solution_is_right(lab):
    space = notebook(lab)
    assert not [name for name in names_of(lab) if verdict(lab, name, space)]


@pytest.mark.parametrize("lab", [*map(lab, SLIPS)])
def test_the_solution_is_right_whatever_the_seed(lab):
    space = notebook(lab)
    for seed in (1, 2, 3, 44, 55):
        assert not [name for name in names_of(lab) if verdict(lab, name, space, seed)]


@pytest.mark.parametrize(("lab", "name", "old", "new", "words"), list(rows()))
def test_a_slip_is_named_in_one_line(lab, name, old, new, words):
    said = verdict(lab, name, notebook(lab, **{name: slip(lab, name, old, new)}))
    assert said and words in said and "\n" not in said and name in said, said


@pytest.mark.parametrize("lab", SLIPS)
def test_every_function_has_slips(lab):
    assert {row[0] for row in SLIPS[lab]} == set(names_of(lab))


@pytest.mark.parametrize("lab", [*map(lab, SLIPS)])
def test_one_slip_costs_one_function(lab):
    """All others are right beside a function that gives nothing at all."""
    for name in names_of(lab):
        others = [n for n in names_of(lab) if n != name]
        space = notebook(lab, **{name: slip(lab, name, "", "return None")})
        assert verdict(lab, name, space)
        if lab == 1 or name in ("join", "projection", "frechet_distance", "precision_recall",
                                "spread", "call", "effect", "confident", "seen_in", "grid_max_pool",
                                "majority_error", "mean_of", "fits", "lerp", "weights", "reach", "faded", "limit"):
            assert not [n for n in others if verdict(lab, n, space)]


@pytest.mark.parametrize(("lab", "row"), [(lab, row) for lab, rows in RIGHT.items() for row in rows])
def test_another_way_to_the_answer_is_right(lab, row):
    name = row[0]
    assert verdict(lab, name, notebook(lab, **{name: slip(lab, *row)})) is None


def test_a_name_given_to_something_else_is_noticed():
    space = notebook(1) | {"softplus": 0.7}
    assert "not a function any more" in verdict(1, "softplus", space)


def test_overwritten_helpers_change_nothing():
    """A student's own `forward`, `close` or `np` does not reach into a check."""
    from ganedu.lab_checks.common import close as ours

    space = notebook(1, softplus="close = numeric = lambda *a, **k: True\n"
                                 "def softplus(t):\n    return 0 * t")
    assert "gives" in verdict(1, "softplus", space) and ours.__module__ == "ganedu.lab_checks.common"


def test_training_a_network_without_input_is_one_whole_line():
    space = notebook(2, make_generator=slip(2, "make_generator", "            keras.Input((16,)),\n",
                                            ""))
    checks = checks_of(2)
    with pytest.raises(checks.Wrong, match=r"start it with keras\.Input\(\(16,\)\)$"):
        checks.trained(*(space[name] for name in ("train", "make_generator", "make_discriminator",
                                                  "sequential_step")))


@pytest.mark.slow
def test_images_all_alike_from_a_slow_batch_norm_are_called_so():
    space = notebook(2, make_generator=slip(2, "make_generator", "momentum=0.9, ", ""))
    checks = checks_of(2)
    gan, _, _ = checks.trained(*(space[name] for name in (
        "train", "make_generator", "make_discriminator", "sequential_step")))
    with pytest.raises(checks.Wrong, match="momentum=0.9"):
        checks.strokes(gan)


def test_a_long_error_is_cut_at_a_word_and_says_so():
    from ganedu.lab_checks.common import explained

    said = explained(ValueError("word " * 60), {})
    assert said.endswith("word ...") and len(said) < 180


def test_not_written_yet_is_what_the_lab_raises_and_nothing_else():
    """TensorFlow raises NotImplementedError too, and Keras lengthens the lab's message."""
    from ganedu.lab_checks.common import Wrong, play

    unwritten = 'def join(h, y, classes):\n    raise NotImplementedError("return h")'
    with pytest.raises(Wrong, match=r"^join is not written yet: return h \("):
        play(notebook(3, join=unwritten)["make_generator"])
    eager = slip(3, "projection", "tf.gather(e, y)", "e.numpy()[y.numpy()]")
    with pytest.raises(Wrong, match=r"^make_discriminator fails at .*no \.numpy\(\)"):
        play(notebook(3, projection=eager)["make_discriminator"])


def test_what_comes_after_an_untrained_gan_is_one_line():
    from ganedu.lab_checks import lab3

    for body, arguments, words in ((lab3.obeyed, (None, None), "run the cell above first"),
                                   (lab3.obeyed, ("a GAN", None), "`return`"),
                                   (lab3.task_6_first, (None,), "run Task 6 first")):
        with pytest.raises(lab3.Wrong, match=words):
            body(*arguments)


def test_the_table_of_suspects_takes_ours_where_an_answer_is_wrong(capsys):
    from ganedu.lab_checks import lab4
    from ganedu.lab_checks.lab4_given import mystery

    suspects = {"B": mystery("B")}
    lab4.table(notebook(4)["evidence"], suspects)
    whole = capsys.readouterr().out
    assert "copied 1.000" in whole and "ours" not in whole
    for changed, words in (
        ({"frechet_distance": slip(4, "frechet_distance", "return ", "")}, "`frechet` with ours"),
        ({"copied": slip(4, "copied", "<= limit", "> limit")}, "`copied` with ours"),
        ({"evidence": slip(4, "evidence", "return ", "")}, "yours stops: evidence gives nothing"),
    ):
        lab4.table(notebook(4, **changed)["evidence"], suspects)
        said = capsys.readouterr().out
        assert whole in said and words in said
    with pytest.raises(lab4.Wrong, match="not written yet"):
        lab4.table(notebook(4, evidence="def evidence(x):\n    raise NotImplementedError('x')")[
            "evidence"], suspects)


def test_one_normaliser_of_lab_6_is_virtual_batch_norm_and_four_are_not():
    import numpy as np

    from ganedu.lab_checks.lab6_given import suspect
    from ganedu.lab_checks.lab6_parts import _virtual_batch_norm

    x, start, r = np.random.default_rng(0).normal(size=(3, 8, 4, 4, 2)) * [1, 3]
    right = _virtual_batch_norm(x, r, 1, 0, 1e-5)
    said = notebook(6)["verdict"]()
    for name, fault in said.items():
        found = suspect(name, start)(x, r)
        same = all(np.allclose(a, b) for a, b in zip(found, right))
        assert same == (fault == "innocent"), (name, fault)


def test_the_table_of_normalisers_takes_ours_where_an_answer_is_wrong(capsys):
    import numpy as np

    from ganedu.lab_checks import lab6

    maps = np.random.default_rng(0).normal(size=(20, 3, 3, 2))

    def said(**changed):
        lab6.table(notebook(6, **changed)["evidence"], maps[:8], maps[8:], "BE")
        return capsys.readouterr().out

    whole = said()
    assert "mates    0.000" in whole and "ours" not in whole
    assert said(evidence=slip(6, "evidence", "y.std()", "np.array(y.std())")) == whole
    for old, new, words in (("y.std()", "y.var()", "`spread` with ours"),
                            ("y.std()", "'text'", "`spread` with ours"),
                            ("\"loud\"", "\"lone\"", "`loud` with ours"),
                            ("return {", "return [1, 2, 3, 4]\n    {", "`mates` with ours"),
                            ("return {", "{", "yours stops: evidence gives nothing")):
        found = said(evidence=slip(6, "evidence", old, new))
        assert whole in found and words in found
    with pytest.raises(lab6.Wrong, match="not written yet"):
        said(evidence="def evidence(norm, x, r):\n    raise NotImplementedError('x')")


def test_a_normaliser_of_lab_6_refuses_what_is_no_batch_in_one_line():
    import numpy as np

    from ganedu.lab_checks.common import Wrong
    from ganedu.lab_checks.lab6_given import suspect

    maps = np.zeros((3, 2, 2, 4))
    with pytest.raises(Wrong, match="no suspect 'F': they are A, B, C, D, E"):
        suspect("F", maps)
    with pytest.raises(Wrong, match=r"x\[:1\], not x\[0\]"):
        suspect("B", maps)(maps[0], maps)


def cell_with(lab, words):
    (source,) = [cell.source for cell in cells_of(lab) if words in cell.source]
    return source


def test_the_loud_cell_of_lab_6_gives_a_number_for_each_channel(capsys):
    for new in ("gamma.reshape(1, 1, 1, -1), beta.reshape(1, 1, 1, -1)",
                "gamma[None, None, None], beta[None, None, None]"):
        space = notebook(6, virtual_batch_norm=slip(6, "virtual_batch_norm", "m, q = live",
                                                    f"gamma, beta = {new}\n    m, q = live"))
        exec(cell_with(6, "def show_loud"), space)
        assert "3.997       4.000" in capsys.readouterr().out


@pytest.mark.parametrize(("cell", "name"), [
    ("def show_loud", "virtual_batch_norm"), ("def draw_losses", "smoothed_loss"),
    ("def draw_losses", "best_discriminator"), ("def draw_pulls", "pull_left")])
def test_a_cell_of_lab_6_stops_before_it_draws(cell, name, capsys):
    import matplotlib.pyplot as plt

    from ganedu.lab_checks.common import Wrong

    before = plt.get_fignums()
    space = notebook(6, **{name: slip(6, name, "", "raise NotImplementedError('x')")})
    with pytest.raises(Wrong, match=f"{name} is not written yet"):
        exec(cell_with(6, cell), space)
    assert plt.get_fignums() == before and not capsys.readouterr().out


def test_the_knobs_of_lab_5_are_experiments_and_enough_are_recorded():
    from ganedu.experiments import sweeps
    from ganedu.lab_checks.lab5_given import KNOBS, PAIRS, both, runs_of

    rows = {(claim, row.setting) for row in sweeps.ROWS for claim in row.claims}
    for knob in KNOBS.values():
        assert {(knob.claim, knob.setting), (knob.claim, knob.against)} <= rows
    recorded = [name for name in KNOBS if min(map(len, both(name))) >= 3]
    assert {"beta1", "d-norm", "d-relu"} <= set(recorded)
    assert all(len(runs_of("A-arch", name)) >= 3 for pair in PAIRS for name in pair)


def test_predictions_are_held_against_what_is_recorded(capsys, tmp_path):
    from ganedu.lab_checks import lab5

    def said(**changed):
        space = notebook(5, **changed)
        lab5.compare(space["prediction"], space["effect"])
        return capsys.readouterr().out

    whole = said()
    assert "higher   you: none" in whole and "lower    you: lower  held" in whole
    assert "1.05 1.81 2.16 against 6.99 7.09 7.12" in whole and "3 and 3 seeds: " in whole
    assert "predictions held" in whole and "By our" not in whole and "predict it first" not in whole
    assert "against each other, as report B" in whole  # and in another row the gap moved alone,
    assert any("none " in quality and "none " not in gap  # as the lab's last cell says
               for quality, gap in zip(whole.splitlines(), whole.splitlines()[2:])
               if "you: " in quality and "you: " in gap)
    for name, old, new, words in (
        ("effect", "call(a, b) if", "call(b, a) if", "By our effect"),
        ("effect", "records.of_run(run, metric)", "run[3]", "By our effect"),
        ("call", "difference > 0", "difference < 0", "because your `call`"),
        ("call", "return \"none\"", "return None", "because your `call`"),
        ("spread", "return ", "", "because your `call`"),
    ):
        wrong = said(**{name: slip(5, name, old, new)})
        assert wrong.startswith(whole) and words in wrong
    some = said(prediction=slip(5, "prediction", "\"so small a D learns without it\"", "\"why\""))
    assert "predict it first, then it is shown (d-norm: say in a few words" in some
    assert "7.46" not in some and "1.05 1.81 2.16" in some
    none = said(prediction=slip(5, "prediction", "", "return {}"))
    assert "you: " not in none and none.count("predict it first") >= 4 and "held" not in none
    with pytest.raises(lab5.Wrong, match="to be a dictionary"):
        said(prediction=slip(5, "prediction", "", "return 'none'"))
    space = notebook(5)
    lab5.compare(space["prediction"], space["effect"], tmp_path)
    nothing = capsys.readouterr().out
    assert nothing.count("no runs yet") == 6 and "No runs were found" in nothing
    with pytest.raises(lab5.Wrong, match="effect is not written yet"):
        said(effect="def effect(runs, base, metric):\n    raise NotImplementedError('x')")


def test_what_lab_5_prints_of_chance_is_what_its_text_says(capsys):
    """One in twenty with three seeds and with five; one baseline: as many alarms, in fewer books."""
    def printed(name):
        (source,) = [cell.source for cell in cells_of(5) if f"def {name}(" in cell.source]
        exec(source, notebook(5) | {"guess": 0.2})
        return capsys.readouterr().out

    def shares(text):
        return [(float(a), float(b)) for a, b in re.findall(r"(0\.\d+) -\+ (0\.\d+)", text)]

    said = printed("alarms")
    assert said.count("you guessed 0.2") == 2
    for share, error in shares(said):
        assert abs(share - 0.05) < error < 0.005
    said = printed("books")
    (some, error), (share, other) = shares(said)
    assert some + 3 * error < float(re.search(r"independent: (0\.\d+)", said).group(1))
    assert abs(share - 0.05) < other < 0.01


def test_the_helpers_of_lab_5_take_what_stands_in_the_notebook():
    from dataclasses import replace

    import numpy as np

    from ganedu.lab_checks.common import Wrong
    from ganedu.lab_checks.lab5_given import a_word, guessed, slower, tiny

    assert guessed(0.2, 3) == "0.2" and guessed({}, 3) == guessed({3: None}, 3) == "nothing"
    assert a_word(np.array(["lower"])[0]) == "lower"
    for said, words in ((None, "`return`"), ("Higher", "one of"), (True, "one of")):
        with pytest.raises(Wrong, match=words):
            a_word(said)
    base = tiny()
    for given, words in ((base, "the rates that base has"), (None, "None"),
                         (base.to_dict(), "a dict"),
                         (replace(base, d_learning_rate=base.learning_rate), "Nothing was trained")):
        with pytest.raises(Wrong, match=words):
            slower(given, base)
    other = replace(base, d_learning_rate=1e-5)
    assert slower(other, base) is other


@pytest.mark.slow
def test_the_live_answer_of_lab_5_is_sure():
    """A tenth of the rate is lower in success after so few steps, whatever the two seeds."""
    from dataclasses import replace

    from ganedu.lab_checks.lab5_given import tiny, trained
    from ganedu.measures.intervals import difference

    base = tiny()
    slow, whole = ([trained(recipe, seed)["success"] for seed in range(6)] for recipe in (
        replace(base, learning_rate=base.learning_rate / 10), base))
    for seed in range(5):
        assert difference(slow[seed:seed + 2], whole[seed:seed + 2]).way == "lower", (slow, whole)


@pytest.mark.slow
def test_a_training_that_shares_a_compiled_gan_is_the_training_that_it_stands_for():
    from dataclasses import replace

    from ganedu.lab_checks.lab5_given import tiny, trained

    base = replace(tiny(), epoch_images=256)
    other = replace(base, learning_rate=base.learning_rate / 10, d_learning_rate=3e-4)
    trained(base, 0)
    for recipe, seed in ((other, 0), (base, 1)):
        gan = recipe.build(seed)
        history = gan.fit(recipe.batches(seed), epochs=1, verbose=0).history
        gap = history["d_out_real"][-1] - history["d_out_fake"][-1]
        assert trained(recipe, seed)["gap"] == gap


def test_one_experiment_of_lab_7_is_innocent_and_each_fault_spoils_its_number():
    from ganedu.lab_checks.lab7_given import suspect

    spoilt = {"innocent": {}, "saw test": {"gan_test": 25, "gan_more": 25}, "saw more": {"gan_more": 300},
              "stopped by test": {"stop_test": 40}, "two looks": {"looks": 2}, "changed": {"changed": 1}}
    space = notebook(7)
    for name, fault in space["verdict"]().items():
        found = {key: int(value) for key, value in space["evidence"](suspect(name)).items()}
        clean = {"gan_test": 0, "gan_more": 0, "stop_test": 0, "looks": 1, "changed": 0}
        assert found == clean | spoilt[fault], (name, fault)
        again, first = suspect(name), suspect(name)
        assert again.looks == first.looks and (again.gan_saw == first.gan_saw).all()
    with pytest.raises(checks_of(7).Wrong, match="no experiment 'G': they are A, B, C, D, E, F"):
        suspect("G")


def test_a_second_look_of_lab_7_is_the_better_one():
    from ganedu.lab_checks.lab7_given import suspect

    (guilty,) = [name for name, fault in notebook(7)["verdict"]().items() if fault == "two looks"]
    looks = suspect(guilty).looks
    (name,) = {look["experiment"] for look in looks
               if [other["experiment"] for other in looks].count(look["experiment"]) > 1}
    first, second = (look for look in looks if look["experiment"] == name)
    assert second["accuracy"] > first["accuracy"] and second["before"] != first["before"]


def test_the_table_of_experiments_takes_ours_where_an_answer_is_wrong(capsys):
    from ganedu.lab_checks import lab7

    def said(must_raise=None, **changed):
        lab7.table(notebook(7, **changed)["evidence"], "DE", must_raise)
        return capsys.readouterr().out

    whole = said()
    predicted = said({"two looks": ["looks"], "changed": []})
    assert predicted.startswith(whole) and "saw test must raise, you wrote: nothing" in predicted
    assert "two looks must raise, you wrote: ['looks']" in predicted
    assert said([1, 2]).startswith(whole)
    assert "gan_test   25   gan_more   25" in whole and "ours" not in whole
    for old, new, words in (("gan_saw).sum()", "gan_saw).mean()", "`gan_test` with ours"),
                            ("gan_saw).sum()", "gan_saw)", "`gan_test` with ours"),
                            ("\"looks\"", "\"most\"", "`looks` with ours"),
                            ("return {", "return [1, 2, 3, 4, 5]\n    {", "`changed` with ours"),
                            ("return {", "{", "yours stops: evidence gives nothing")):
        found = said(evidence=slip(7, "evidence", old, new))
        assert whole in found and words in found
    blind = said(seen_in=slip(7, "seen_in", "", "return np.zeros(len(images), bool)"))
    assert whole in blind and "`gan_more` with ours" in blind
    with pytest.raises(lab7.Wrong, match="not written yet"):
        said(evidence="def evidence(experiment):\n    raise NotImplementedError('x')")


def test_the_best_round_of_lab_7_is_that_of_keras():
    import keras
    import numpy as np

    space, rng = notebook(7), np.random.default_rng(3)
    for _ in range(40):
        losses, patience = rng.integers(0, 9, rng.integers(1, 15)).tolist(), int(rng.integers(1, 5))
        model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
        stop = keras.callbacks.EarlyStopping("loss", patience=patience, restore_best_weights=True)
        stop.set_model(model)
        stop.on_train_begin()
        model.stop_training = False
        for last, loss in enumerate(losses):
            stop.on_epoch_end(last, {"loss": loss})
            if model.stop_training:
                break
        assert space["best_round"](losses, patience) == (stop.best_epoch, last), (losses, patience)


def test_what_lab_7_prints_is_what_its_text_says(capsys):
    """The filter keeps wrong labels, loses good digits; the best of many flatters; links narrow pairs."""
    def printed(words):
        source = cell_with(7, words)
        guesses = {name: None for name in ("guess_filter", "guess_wrong", "guess_eights", "guess_looks",
                                           "guess_narrower")}
        exec(source, notebook(7) | guesses)
        return [float(v) for v in re.findall(r"(?<![\d.])(\d+\.\d{2,3})\b", capsys.readouterr().out)
                if v not in ("0.999",)]

    kept, wrong = (printed("def mislabelled")[i::2] for i in (0, 1))
    assert kept[0] == 1 and kept[2] < 0.95 and all(0.09 < share < 0.12 for share in wrong)
    assert printed("def eights") == [0.092, 0.053, 0.018]
    one, ten, forty = printed("def best_of_many")
    assert abs(one - 0.05) < 0.002 and forty < ten < 0.04 and forty < 0.032
    halves = printed("def two_intervals")
    pairs, groups = halves[::2], halves[1::2]
    assert pairs[0] > groups[0] and pairs[1] < groups[1] and pairs[2] < groups[2] / 2


def test_what_the_filter_of_lab_7_loses_is_good_and_odd(capsys):
    space = notebook(7) | {"guess_filter": 0.2}
    exec(cell_with(7, "digits, shown = honest()"), space)
    exec(cell_with(7, "def odd_ones"), space)
    kept, lost = space["odd_ones"]()
    out, right, near, far = map(float, re.findall(r"0\.\d{3}", capsys.readouterr().out))
    assert 0.05 < out < 0.08 and right > 0.8 and far > 1.05 * near
    assert not (kept & lost).any() and lost.sum() >= 40


@pytest.mark.parametrize(("cell", "name"), [
    ("checks.play(odd_ones)", "confident"), ("def mislabelled", "wrong_label_share"),
    ("def eights", "mixture"), ("def best_of_many", "best_round"), ("def two_intervals", "paired_effect"),
    ("checks.play(taught_thrice", "mixture")])
def test_a_cell_of_lab_7_stops_before_it_trains_or_draws(cell, name, capsys, monkeypatch):
    import matplotlib.pyplot as plt

    from ganedu.lab_checks import lab7_given
    from ganedu.lab_checks.common import Wrong

    before = plt.get_fignums()
    space = notebook(7, **{name: slip(7, name, "", "raise NotImplementedError('x')")})
    space["p"], space["shown"], space["digits"] = lab7_given.read(lab7_given.honest()[0]), None, None
    exec(cell_with(7, "def odd_ones"), space)
    exec(cell_with(7, "def three_sets"), space)
    space["taught"] = None
    with pytest.raises(Wrong, match=f"{name} is not written yet"):
        exec(cell_with(7, cell), space)
    assert plt.get_fignums() == before and not capsys.readouterr().out
    with pytest.raises(Wrong, match="nothing to judge yet: run the cell above first"):
        exec(cell_with(7, "def judged"), space | {"found": None})


@pytest.mark.parametrize(("cell", "name", "body", "words"), [
    ("checks.play(odd_ones)", "confident", "return [max(row) >= at_least for row in p]", "a list, where one"),
    ("checks.play(odd_ones)", "confident", "return p.max(axis=1) >= 0", "^nothing was thrown away: see the"),
    ("checks.play(odd_ones)", "confident", "return p.max(axis=1) > 1", "^nothing was kept: see the check of"),
    ("def mislabelled", "confident", "return [max(row) >= at_least for row in p]", "a list, where one array"),
    ("checks.play(taught_thrice", "mixture", "return [rng.permutation(90), rng.permutation(90)]", "a list,"),
    ("def best_of_many", "best_round", "return min(losses), 0", "an index counts from 0"),
    ("def judged", "seen_in", "return [False for _ in images]", "run the check of the function that"),
])
def test_a_cell_of_lab_7_says_whose_answer_stops_it(cell, name, body, words):
    from ganedu.lab_checks.common import Wrong

    space = notebook(7, **{name: slip(7, name, "", body)})
    space |= {"found": {name: [0.9, 0.91, 0.93] for name in ("200 real", "saw these", "saw all")}}
    for guess in ("guess_filter", "guess_wrong", "guess_looks", "guess_gain"):
        space[guess] = None
    if "odd" in cell:
        exec(cell_with(7, "digits, shown = honest()"), space)
        exec(cell_with(7, "def odd_ones"), space)
    exec(cell_with(7, "def three_sets"), space)
    with pytest.raises(Wrong, match=words) as caught:
        exec(cell_with(7, cell), space)
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_the_copier_of_lab_7_helps_only_where_it_saw_more():
    """Whatever the three seeds; and a training does not depend on the ones before it."""
    from ganedu.lab_checks.lab7_given import taught
    from ganedu.measures.intervals import paired

    space = notebook(7)
    exec(cell_with(7, "def three_sets"), space)
    seeds = list(range(8))
    found = space["taught_thrice"](seeds)
    for start in range(6):
        real, own, every = (found[name][start:start + 3] for name in ("200 real", "saw these", "saw all"))
        assert paired(every, real).way == "higher" and min(a - b for a, b in zip(every, real)) > 0.03
        assert abs(paired(own, real).difference) < 0.02
    again = taught(*space["three_sets"](0)["saw these"], 0)
    assert abs(again - found["saw these"][0]) < 0.005


def test_one_machine_of_lab_8_is_innocent_and_each_fault_is_told_by_its_numbers():
    import numpy as np

    from ganedu.lab_checks.lab8_given import suspect

    space = notebook(8)
    found = {fault: space["evidence"](suspect(name)) for name, fault in space["verdict"]().items()}
    for fault, numbers in found.items():
        error, read, majority = (float(numbers[key]) for key in ("error", "read", "majority"))
        gain = error - float(numbers["translated"])
        assert (numbers["overlap"] > 0) == (fault == "saw test")
        assert read == {"one class": 1, "blind to two": 6}.get(fault, 8)
        assert (error == majority) == (fault == "one class")
        assert (gain > 0.5) == (fault == "renumbered")
        assert (error > majority) == (fault in ("shuffled", "renumbered"))
    assert found["blind to two"]["error"] < found["innocent"]["error"] - 0.1, "an error alone acquits the wrong one"
    assert all(np.array_equal(a, b) for a, b in zip(suspect("A"), suspect("A")))
    with pytest.raises(checks_of(8).Wrong, match="no experiment 'G': they are A, B, C, D, E, F"):
        suspect("G")


def test_the_faults_of_lab_8_are_told_whatever_the_seed():
    from ganedu.lab_checks.lab8_given import _experiment

    evidence = notebook(8)["evidence"]
    for seed in range(25):
        innocent, one, shuffled, seen, turned, blind = (evidence(_experiment(kind, seed)) for kind in range(6))
        assert one["read"] == 1 and blind["read"] == 6 and seen["overlap"] == 350
        assert innocent["error"] < innocent["majority"] - 0.1 and innocent["read"] == 8
        assert shuffled["error"] > shuffled["majority"] and shuffled["translated"] > shuffled["majority"] - 0.06
        assert turned["error"] > 0.9 and turned["translated"] < 0.4


def test_the_table_of_machines_takes_ours_where_an_answer_is_wrong(capsys):
    from ganedu.lab_checks import lab8

    def said(tells=None, **changed):
        lab8.table(notebook(8, **changed)["evidence"], "AE", tells)
        return capsys.readouterr().out

    whole = said()
    assert "read   1   overlap   0" in whole and "ours" not in whole
    predicted = said({"one class": ["read"]})
    assert predicted.startswith(whole) and "one class is told by, you wrote: ['read']" in predicted
    for old, new, words in (("table.max(axis=0)", "table.max(axis=1)", "`translated` with ours"),
                            ("\"read\"", "\"said\"", "`read` with ours"),
                            ("return {", "{", "yours stops: evidence gives nothing")):
        found = said(evidence=slip(8, "evidence", old, new))
        assert whole in found and words in found
    with pytest.raises(lab8.Wrong, match="not written yet"):
        said(evidence="def evidence(experiment):\n    raise NotImplementedError('x')")


def test_the_one_class_machine_of_lab_8_is_blind_to_its_features():
    """The proposition, by scikit-learn's own machine: C n_- < 1/2 for the most frequent class's pairs."""
    import numpy as np

    from ganedu.lab_checks.lab8_given import rbf, uneven

    space, rng = notebook(8), np.random.default_rng(4)
    y = uneven(np.repeat(np.arange(5), 60), [12, 30, 12, 12, 12])
    y, test = np.repeat(np.arange(5), 60)[y], np.repeat(np.arange(5), [10, 20, 30, 5, 5])
    errors = set()
    for dimensions in (2, 40):
        middle = rng.normal(size=(5, dimensions))
        x, test_x = (middle[k] + 0.2 * rng.normal(size=(len(k), dimensions)) for k in (y, test))
        said = rbf(x, y, 1e-4)(test_x)
        assert set(said.tolist()) == {1}
        errors.add(float(np.mean(said != test)))
        assert np.mean(rbf(x, y, 10)(test_x) != test) < 0.2
    assert errors == {float(space["majority_error"](y, test))}


def test_the_pooling_of_lab_8_is_the_librarys():
    import numpy as np

    from ganedu.probe import GridMaxPooling2D

    space, rng = notebook(8), np.random.default_rng(2)
    for side, n in ((8, 4), (7, 4), (5, 3)):
        maps = rng.normal(size=(3, side, side + 1, 2)).astype(np.float32)
        assert np.allclose(space["grid_max_pool"](maps, n), np.asarray(GridMaxPooling2D(n)(maps)))


@pytest.mark.parametrize(("cell", "name"), [
    ("def poolings", "feature_count"), ("def lost_digits", "set_statistics"),
    ("def strengths", "choose_strength"), ("checks.play(more_labels)", "draw_labels"),
    ("checks.play(features_of_all)", "feature_vector"), ("checks.play(features_of_all)", "set_statistics")])
def test_a_cell_of_lab_8_stops_before_it_trains_or_draws(cell, name, capsys, monkeypatch):
    from ganedu.lab_checks.common import Wrong

    space = notebook(8, **{name: slip(8, name, "", "raise NotImplementedError('x')")})
    exec(cell_with(8, "def few_labels"), space)
    exec(cell_with(8, "def features_of_all"), space)
    space |= {"discriminators": None, "guess_labels": None, "guess_pooling": None, "guess_strength": None,
              "guess_float32": None}
    with pytest.raises(Wrong, match=f"{name} is not written yet"):
        exec(cell_with(8, cell), space)
    assert not capsys.readouterr().out
    for later in ("def judged", "def report_d"):
        with pytest.raises(Wrong, match="nothing to look at yet: run Task 5 first"):
            exec(cell_with(8, later), space | {"found": None, "features": None, "guess_errors": None})


def test_what_lab_8_prints_is_what_its_text_says(capsys):
    space = notebook(8) | {"guess_pooling": [], "guess_float32": None, "guess_strength": None, "guess_labels": None}
    exec(cell_with(8, "def few_labels"), space)
    exec(cell_with(8, "def poolings"), space)
    assert capsys.readouterr().out.count("= 14336") == 2
    exec(cell_with(8, "def lost_digits"), space)
    long, short = map(float, re.findall(r"(-?\d+\.\d{3})", capsys.readouterr().out))
    assert abs(long - 1) < 0.02 and abs(short - 1) > 0.2
    exec(cell_with(8, "def strengths"), space)
    taught, _, tested = zip(*(map(float, re.findall(r"0\.\d{3}|1\.000", line.split(":")[1]))
                              for line in capsys.readouterr().out.splitlines() if line.startswith("C =")))
    assert max(taught) == taught[-1] and max(tested) > tested[-1]
    exec(cell_with(8, "checks.play(more_labels)"), space)
    five, twenty, eighty = map(float, re.findall(r"class: (0\.\d{3})", capsys.readouterr().out))
    assert twenty > five + 0.04 and eighty > twenty + 0.03


def test_the_arithmetic_of_lab_9_is_the_librarys():
    import numpy as np

    from ganedu import latent
    from ganedu.latent.finding import fits
    from ganedu.measures.intervals import Share

    space, rng = notebook(9), np.random.default_rng(3)
    a, b, c = rng.normal(size=(3, 6, 20))
    assert np.allclose(space["mean_of"](a, 3), latent.mean_of(a, 3))
    assert np.allclose(space["arithmetic"](a, b, c), latent.arithmetic([a, c], [b]))
    t = np.linspace(0, 1, 5)
    for way in ("lerp", "slerp"):
        assert np.allclose(space[way](a[0], b[0], t), getattr(latent, way)(a[0], b[0], t))
    has = rng.random(6) < 0.5
    has[:2] = True, False
    assert np.allclose(space["direction"](a, has), latent.direction(a, has))
    p, wanted = rng.random((40, 3)), {"hat": True, "beard": False}
    names = ("smile", "hat", "beard")
    assert np.array_equal(space["fits"](p, wanted, names), fits(p, wanted, names))
    given = {"smile": True, "beard": False}, {"smile": False, "beard": False}, {"smile": False, "beard": True}
    assert space["expected"](*given) == latent.expected(*given)
    share = Share(67, 100)
    assert np.allclose(space["share_interval"](67, 100), (share.low, share.high), atol=1e-5)


def test_the_factor_of_lab_9_is_what_lengths_of_normal_latents_have():
    import numpy as np

    space, rng = notebook(9), np.random.default_rng(4)
    z = rng.normal(size=(5, 4000, 100))
    for weights in ([1, -1, 1], [0.2] * 5, [0.5, 0.5], [2, -1, 0.3, 0.1]):
        found = sum(w * part for w, part in zip(weights, z))
        ratio = space["usual_length"](found) / space["usual_length"](z[-1])
        assert abs(ratio - space["length_factor"](weights)) < 0.01


def test_the_check_of_lab_9s_eye_says_what_is_read_and_bears_with_a_doubt(monkeypatch, capsys):
    import numpy as np

    from ganedu.lab_checks import lab9, lab9_choose

    p = np.full((64, 10), 0.1)
    p[:3, 0], p[6:9, 5] = 0.9, 0.9
    monkeypatch.setattr(lab9_choose, "sheet_read", lambda: p)

    def chosen():
        return {"a": [0, 1, 2], "b": (3, 4, 5), "c": np.array([6, 7, 8])}

    lab9.chosen(chosen)
    assert "The reader agrees.\n" in capsys.readouterr().out
    p[1, 0] = 0.4
    lab9.chosen(chosen)
    assert "The reader agrees, though 1 only nearly." in capsys.readouterr().out
    p[1, 0], p[4, 5] = 0.05, 0.8
    with pytest.raises(lab9.Wrong, match=r"1 of a \(no smile: 0\.95\), 4 of b \(beard: 0\.80\)\. Behind each"):
        lab9.chosen(chosen)


@pytest.mark.parametrize(("cell", "name"), [
    ("def lengths", "mean_of"), ("def lengths", "length_factor"), ("checks.play(draw_sum)", "chosen"),
    ("checks.play(draw_sum)", "arithmetic"), ("def eye_and_reader", "fits"), ("checks.play(count)", "share_interval"),
    ("checks.play(count)", "judged"), ("checks.play(draw_walks", "slerp"), ("def middles", "slerp")])
def test_a_cell_of_lab_9_stops_before_it_draws(cell, name, capsys):
    import matplotlib.pyplot as plt

    from ganedu.lab_checks.common import Wrong

    before = plt.get_fignums()
    space = notebook(9, **{name: slip(9, name, "", "raise NotImplementedError('x')")})
    for guess in ("guess_factor", "guess_share", "guess_middle", "guess_along"):
        space[guess] = None
    for given in ("def draw_faces", "def count", "def shares_along"):
        exec(cell_with(9, given), space)
    with pytest.raises(Wrong, match=f"{name} is not written yet"):
        exec(cell_with(9, cell), space)
    assert plt.get_fignums() == before and not capsys.readouterr().out
    with pytest.raises(Wrong, match="nothing to look at yet: run Task 3 first"):
        exec(cell_with(9, "checks.play(smiles"), space)


@pytest.mark.parametrize(("name", "body", "words"), [
    ("arithmetic", "return 3", "latents are one array .* and here is 3"),
    ("arithmetic", "return a * np.nan", "NaN or infinity"),
    ("mean_of", "return [1, 2]", "a list: np.array|a list, where one"),
    ("fits", "return np.full(len(p), False)", "fits finds no face of group a: see its check"),
    ("fits", "return [True] * len(p)", "see its check|run the check"),
    ("expected", "return {}", "expected gives an empty dictionary: see its check"),
])
def test_the_count_of_lab_9_says_whose_answer_stops_it(name, body, words):
    from ganedu.lab_checks.common import Wrong

    space = notebook(9, **{name: slip(9, name, "", body)}) | {"guess_share": None}
    exec(cell_with(9, "def count"), space)
    with pytest.raises(Wrong, match=words) as caught:
        exec(cell_with(9, "checks.play(count)"), space)
    assert "\n" not in str(caught.value)


def test_what_lab_9_prints_is_what_its_text_says(capsys):
    """Of the GAN that comes with the package: what the questions of Tasks 3 to 5 are about."""
    space = notebook(9) | {"guess_factor": None, "guess_share": None, "guess_middle": None, "guess_along": None}
    for given in ("def count", "checks.play(count)"):
        exec(cell_with(9, given), space)
    said = capsys.readouterr().out
    share = {name: float(found) for name, found in re.findall(r"^(\w[\w, ]*?) *(0\.\d{3}) \(", said, re.MULTILINE)}
    n = [int(found) for found in re.findall(r"\d of (\d+),", said)]
    assert min(n) >= 60 and max(n) == 2400
    assert share["mean of 3"] > share["any direction"] + 0.1 and share["mean of 3"] > share["chance"] + 0.15
    assert share["c alone"] < share["chance"]
    assert "mean of 3 less any direction: +" in said
    exec(cell_with(9, "def middles"), space)
    said = capsys.readouterr().out
    spread = dict(re.findall(r"^(.*): .*spread (\d\.\d{3})", said, re.MULTILINE))
    assert float(spread["lerp"]) < 0.95 * float(spread["the ends"]) < 1.05 * float(spread["slerp"])
    for given in ("def shares_along", "checks.play(smiles"):
        exec(cell_with(9, given), space)
    said = capsys.readouterr().out
    assert "all: with the smile comes beard, +" in said and "colleague: with the smile comes long_hair, +" in said
    assert max(map(len, said.splitlines())) <= 90


def test_a_wrong_answer_shows_no_traceback():
    from ganedu.lab_checks.common import Wrong

    (line,) = Wrong("softplus gives nothing")._render_traceback_()
    assert "softplus gives nothing" in line and "\n" not in line
