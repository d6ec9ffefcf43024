"""Lab 2, a DCGAN: its checks, but for that of the training step."""

import keras
import numpy as np
import tensorflow as tf

from ..data import load, scale
from ..measures import coarse_pixels, frechet_distance
from .common import Wrong, array, ask, call, check, play, returned, run, shown
from .common import task_6_first as task_6_first
from .lab2_step import sequential_step  # noqa: F401  (its check)
from .models import in_order, keeps_the_rules, kinds, network, place, shapes_known

L = keras.layers

# ------------------------------------------------------------------ sizes, and a layer by hand


def _size(what, function, kind, cases, why):
    for n, k, s, padding in cases:
        found = returned(what, ask(function, n, k, s, padding))
        layer = kind(1, k, strides=s, padding=padding)
        right = layer.compute_output_shape((1, n, 1))[1]
        assert isinstance(found, int | np.integer), (
            f"{what}({n}, {k}, {s}, {padding!r}) gives {found!r}; a size is a whole number: // "
            "and math.ceil give one, / does not")
        assert found == right, (
            f"{what}({n}, {k}, {s}, {padding!r}) gives {found}; a real layer makes {right}. "
            f"{why[padding]}")


def _cases(seed, *cases):
    rng = np.random.default_rng(seed)
    for _ in range(4):
        s = int(rng.integers(1, 4))
        k = s + int(rng.integers(0, 4))
        n, padding = k + int(rng.integers(0, 9)), str(rng.choice(["same", "valid"]))
        cases += ((n, k, s, padding),)
    return cases


@check
def convolution_size(convolution_size, seed):
    _size("convolution_size", convolution_size, L.Conv1D, _cases(
        seed, (28, 5, 2, "same"), (7, 5, 2, "valid"), (7, 4, 2, "valid"), (7, 5, 2, "same"),
        (10, 4, 3, "same"), (11, 4, 3, "valid"), (28, 4, 2, "same"), (8, 3, 3, "same")), {
        "same": "A stride that starts inside counts, whatever the kernel: n / s, rounded up",
        "valid": "Draw the kernel's places on paper: where does the last whole one start? And "
                 "the first place counts too"})
    return "Sizes of real layers."


@check
def transposed_size(transposed_size, seed):
    _size("transposed_size", transposed_size, L.Conv1DTranspose, _cases(
        seed, (7, 5, 2, "same"), (7, 5, 2, "valid"), (7, 4, 2, "valid"), (10, 4, 3, "same"),
        (11, 4, 3, "valid"), (1, 5, 2, "valid")), {
        "same": "Each input makes s outputs",
        "valid": "The last copy of the kernel starts at place s (n - 1), and is k long"})
    return "Sizes of real layers."


@check
def transposed_convolution(transposed_convolution, seed):
    def compare(x, kernel, s, padding):
        x, kernel = np.array(x, float), np.array(kernel, float)
        n, k = len(x), len(kernel)
        layer = L.Conv1DTranspose(1, k, strides=s, padding=padding, use_bias=False)
        layer.build((None, None, 1))
        layer.set_weights([kernel.reshape(-1, 1, 1)])
        right = np.ravel(layer(x.reshape(1, -1, 1)))
        found = run(_scatter, transposed_convolution, x, kernel, s, padding)
        empty = isinstance(found, np.ndarray) and found.size == 0
        found = array(f"for {padding!r}, {n} inputs, a kernel of {k} and stride {s} "
                      "transposed_convolution", found, right.shape,
                      "`y[a:-0]` is empty. Cut with y[a : a + s * n]" if empty else
                      "'valid' makes s (n - 1) + k numbers, 'same' s n")
        hint = ("does copy i start at place s i, is it added (+=), and the kernel as it is, not "
                "flipped?" if padding == "valid" else
                "are floor((k - s) / 2) numbers cut at the front, and the rest at the back?")
        assert np.allclose(found, right, atol=1e-4), (
            f"for x = {shown(x)}, kernel = {shown(kernel)}, stride {s}, {padding!r} you get "
            f"{shown(found)}, and Keras {shown(right)}: {hint}")

    compare([1, 2, 3], [1, 10, 100], 2, "valid")
    compare([1, 2, 3], [1, 10, 100], 2, "same")
    compare([1, 2, 3], [1, 2, 3, 4, 5], 2, "same")
    compare([1, 2, 3, 4], [1, 2, 3, 4, 5, 6], 3, "same")
    compare([1, 2, 3], [1, 2], 2, "same")
    rng = np.random.default_rng(seed)
    for n, k, s in [(4, 7, 3), (3, 2, 2), (1, 5, 2)]:
        for padding in ("valid", "same"):
            compare(rng.normal(size=n).round(2), rng.normal(size=k).round(2), s, padding)
    return "It is Keras's."


def _scatter(function, *arguments):
    return call(function, *arguments, forbidden=("keras", "tf", "L"), hints=[
        ("out of bounds|broadcast", "is your output long enough? s (n - 1) + k places hold the "
         "last copy too"),
    ])


# ------------------------------------------------------------------ networks

def right_network(model, takes, gives, filters, order, most):
    """Stops at the first thing that is wrong with a network of this lab."""
    shapes = (model.input_shape, model.output_shape)
    assert shapes[0] == (None, *takes), f"it takes shape {shapes[0][1:]}; it must take {takes}"
    assert shapes[1] == (None, *gives), (
        f"it gives shape {shapes[1][1:]}; it must give {gives}. Convolutions with padding='same' "
        "and stride 2 halve a side, transposed ones double it")
    keeps_the_rules(model)
    in_order(kinds(model), order)
    for layer, top in zip([a for a in model.layers if hasattr(a, "strides")], filters):
        where = place(layer, model)
        assert layer.strides == (2, 2), f"{where} has strides {layer.strides}, not (2, 2)"
        assert layer.filters <= top, f"{where} has {layer.filters} filters; at most {top}"
    for layer in model.layers:
        assert getattr(layer, "momentum", 0) <= 0.95, (
            f"{place(layer, model)}: set momentum=0.9, see the tip")
    assert model.count_params() < most, (
        f"it has {model.count_params():,} weights; stay below {most:,}")


@check
def make_generator(make_generator, seed):
    model = network(make_generator, start="keras.Input((16,))")
    right_network(
        model, takes=(16,), gives=(28, 28, 1), filters=(48, 1), most=500_000,
        order="dense reshape batchnormalization relu conv2dtranspose batchnormalization relu "
              "conv2dtranspose tanh")
    channels = next(a for a in model.layers if isinstance(a, L.Reshape)).target_shape[-1]
    first = next(a for a in model.layers if isinstance(a, L.Conv2DTranspose)).filters
    assert channels >= 2 * first, (
        f"Reshape makes {channels} channels, and the first transposed convolution has {first} "
        "filters: begin with at least twice as many channels")
    fake = np.asarray(model(keras.random.normal((64, 16), seed=seed), training=True))
    assert fake.min() < -0.02 and fake.max() > 0.02, "tanh gives pixels on both sides of 0"
    assert np.ptp(fake, axis=0).mean() > 0.01, "different latents must give different images"
    return f"The auditor finds nothing; {model.count_params():,} weights, every layer in place."


@check
def make_discriminator(make_discriminator, seed):
    model = network(make_discriminator, start="keras.Input((28, 28, 1))")
    right_network(
        model, takes=(28, 28, 1), gives=(1,), filters=(32, 64), most=120_000,
        order="conv2d leakyrelu conv2d batchnormalization leakyrelu flatten dense")
    x = tf.Variable(keras.random.normal((4, 28, 28, 1), seed=seed))
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(model(x))
    valid = any(getattr(layer, "padding", "same") != "same" for layer in model.layers)
    assert np.mean(tape.gradient(total, x).numpy() != 0) > 0.99, (
        "every pixel must get a gradient: " + (
            "with padding='valid' some pixels at the border are in no window; use padding='same'"
            if valid else "is each kernel at least as large as its stride?"))
    return f"The auditor finds nothing; {model.count_params():,} weights, every layer in place."


# ------------------------------------------------------------------ training


def trained(train, make_generator, make_discriminator, order):
    """The student's networks and step, trained.  No points."""
    networks = [play(make_generator), play(make_discriminator)]
    for make, model, shape in zip((make_generator, make_discriminator), networks,
                                  ("(16,)", "(28, 28, 1)")):
        if not shapes_known(model):
            raise Wrong(f"{make.__name__}: its shapes are not known; start it with "
                        f"keras.Input({shape})")
    return play(train, *networks, order)


def strokes(gan):
    """Do the trained GAN's images look a little like digits?  No points."""

    def distance(images):  # from real digits, seen as 7 x 7 blurred pixels: small is good
        return frechet_distance(coarse_pixels(images), coarse_pixels(real))

    real = np.asarray(scale()(load("digits").images[:1000]))
    fake = gan.sample(500, seed=1)
    grey = distance(0.01 * np.random.default_rng(0).uniform(-1, 1, (500, 28, 28, 1)))
    others = distance(np.asarray(scale()(load("digits", "test").images[:500])))
    print(f"distance from real digits: yours {distance(fake):.1f}, grey squares {grey:.1f}, other "
          f"real digits {others:.1f}")
    if np.mean(fake < -0.5) < 0.5:
        raise Wrong("most pixels of a digit are black, yours are not: does G end in tanh, and move?")
    if fake.std(axis=0).mean() < 0.4 * real.std(axis=0).mean():
        slow = any(getattr(layer, "momentum", 0) > 0.95 for layer in gan.generator.layers)
        raise Wrong("your images are all alike: " + (
            "G's batch norm still remembers its first steps; set momentum=0.9 (see Task 3's tip)"
            if slow else "do different latents reach the output?"))
    if distance(fake) > 0.12 * grey:
        raise Wrong(f"the distance should be below {0.12 * grey:.1f}. Do both networks pass their "
                    "checks? Look at the film for stripes and grids")
    print("Strokes. More steps would make digits of them.")


# ------------------------------------------------------------------ curves


ANSWERS = ("D has won", "D does not learn", "in play")


@check
def diagnose(diagnose, seed):
    def compare(name, real, fake, right, hint=""):
        yours = returned("diagnose", ask(diagnose, [float(v) for v in real],
                                         [float(v) for v in fake]))
        assert isinstance(yours, str) and yours in ANSWERS, (
            f"it gives {yours!r}; it must be one of {', '.join(map(repr, ANSWERS))}")
        assert yours == right, f"{name}: you say {yours!r}, it is {right!r}{hint}"

    for real, fake, right in [
        (0.6, 0.4, "in play"), (0.99, 0.3, "in play"), (0.4, 0.02, "in play"),
        (0.94, 0.03, "in play"), (0.97, 0.06, "in play"), (0.97, 0.03, "D has won"),
        (0.6, 0.7, "D does not learn"), (0.5, 0.5, "D does not learn"),
    ]:
        compare(f"D gives real {real} and fake {fake} all the time", [real] * 20, [fake] * 20, right)
    ramp, look = np.linspace(0, 1, 20), " (look at the mean over the last quarter)"
    compare("D pulls away", 0.5 + 0.5 * np.sqrt(ramp), 0.5 - 0.5 * np.sqrt(ramp), "D has won", look)
    compare("a bad start that recovers", 1 - 0.45 * ramp**0.2, 0.45 * ramp**0.2, "in play", look)
    compare("one bad value at the end", [0.6] * 19 + [0.3], [0.4] * 19 + [0.5], "in play", look)
    compare("a step at which D doubts", [0.99] * 19 + [0.5], [0.01] * 20, "in play", look)
    floor = " (the last quarter of ten values: the last two, 10 // 4)"
    compare("ten values, and D wins with the last two", [0.5] * 8 + [0.99] * 2,
            [0.4] * 8 + [0.01] * 2, "D has won", floor)
    rng = np.random.default_rng(seed)
    for n in rng.integers(8, 60, 6):
        before, levels = rng.random((2, n)), rng.random((2, n // 4))
        levels += (1 - levels) * rng.choice([0, 0.99]) * np.array([[1], [0]])
        levels[1] *= rng.choice([1, 0.01])
        real, fake = levels.mean(axis=1)
        right = ("D has won" if real > 0.95 and fake < 0.05 else
                 "D does not learn" if fake >= real else "in play")
        before[:, -(n // 4):] = levels
        compare(f"means {real:.3f} and {fake:.3f} over the last {n // 4} of {n} values", *before,
                right, look)
    return "All cases."


