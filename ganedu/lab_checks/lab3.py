"""Lab 3, a conditional GAN: the checks of its networks and their parts (Tasks 1 to 4)."""

import keras
import numpy as np
import tensorflow as tf

from .common import Wrong, array, brief, call, check, loops, returned, run, shown
from .common import play as play
from .common import task_6_first as task_6_first
from .lab3_given import PARTS, Join, Projection
from .lab3_orders import balanced_labels as balanced_labels
from .lab3_orders import confusion_matrix as confusion_matrix
from .lab3_orders import most_confused as most_confused
from .lab3_orders import obeyed as obeyed
from .lab3_orders import row_per_class as row_per_class
from .lab3_orders import success_per_class as success_per_class
from .lab3_orders import trained as trained
from .models import (
    built,
    from_normal,
    in_order,
    keeps_the_rules,
    kinds,
    network,
    only_layers,
    two_inputs,
)

L = keras.layers


def alone(function, *arguments):
    """The student's function with our version of the others, and of tensors of the arrays."""
    tensors = [tf.constant(a, a.dtype) if isinstance(a, np.ndarray) else a for a in arguments]
    planes = [] if function.__name__ != "join" else [
        ("Incompatible shapes|NoneType", "[:, None, None, :] makes [N, 1, 1, classes] of the "
         "vectors; times tf.ones_like(h[..., :1]) that is planes, also where N, H and W are not "
         "known beforehand")]
    found = call(function, *tensors, parts=PARTS, hints=planes + [
        ("ConcatOp|concat|ranks|Dimension", "all that is concatenated must have the same number "
         "of axes, and equal sizes on all but the last. An image needs planes of its own height "
         "and width, and axis=-1"),
        ("Only integers, slices|numpy.*tensor|'numpy'|numpy\\(\\)", "picking rows of a tensor by a tensor is "
         "tf.gather(e, y)"),
        ("matmul|MatMul|not a matrix|BatchMatMul", "`@` takes two matrices; h . v is "
         "tf.linalg.matvec(h, v) or tf.reduce_sum(h * v, axis=1)"),
        ("dtype|int32|float", "numbers of two kinds meet: tf.one_hot(..., dtype=tf.float32)"),
    ])
    returned(function.__name__, found)
    if not tf.is_tensor(found):
        raise Wrong(f"{function.__name__} gives {brief(found)}; it must be a tensor: use "
                    "TensorFlow's functions, not NumPy's")
    return {"dtype": found.dtype.name, "value": found.numpy()}


def in_a_network(function, shapes, hint, *cases):
    """What the function gives for (h, y, ...) inside a network that knows only `shapes` of them."""
    kinds = [tf.float32, tf.int32, *[tf.float32] * (len(shapes) - 2)]

    @tf.function(input_signature=list(map(tf.TensorSpec, shapes, kinds)), autograph=False)
    def inside(h, y, *rest):
        return call(function, h, y, *(rest or [3]), parts=PARTS,
                    hints=[(".", f"inside a network {hint}")])

    try:
        return [np.asarray(inside(*map(tf.constant, case, kinds))) for case in cases]
    except (ValueError, TypeError, tf.errors.OpError) as error:
        raise Wrong(f"{function.__name__} fails inside a network, where {hint}: "
                    f"{str(error).splitlines()[0]}") from None


# ------------------------------------------------------------------ labels become numbers


@check
def one_hot(one_hot, seed):
    rng = np.random.default_rng(seed)
    for y, classes in [([2, 0, 1], 4), (rng.integers(0, 7, 5).tolist(), 7)]:
        found = run(alone, one_hot, np.array(y, "int32"), classes)
        assert found["dtype"] == "float32", f"it gives {found['dtype']}; it must be float32"
        value = array(f"one_hot of {len(y)} labels and {classes} classes", found["value"],
                      (len(y), classes), "a row for each label")
        assert np.array_equal(value, np.eye(classes)[y]), (
            f"for labels {y} you give {shown(value, 1)}. Row i has its 1 at place y_i, counted "
            "from 0")
    return "A row for each label, its 1 at place y."


@check
def join(join, seed):
    rng = np.random.default_rng(seed)
    cases = [((3, 5), [2, 0, 1], 4), ((2, 3, 4, 1), [1, 2], 3), ((4, 2, 2, 3), [0, 0, 5, 5], 6),
             ((5, 7, 3, 2), rng.integers(0, 5, 5).tolist(), 5)]
    for shape, y, classes in cases:
        h = rng.uniform(-1, 1, shape).astype("float32")
        right = np.concatenate([h, np.zeros((*shape[:-1], classes), "float32")], axis=-1)
        for i, k in enumerate(y):  # one image at a time
            right[i, ..., shape[-1] + k] = 1
        value = array(f"join of h {shape} with {classes} classes",
                      run(alone, join, h, np.array(y, "int32"), classes)["value"], right.shape,
                      "the classes become further *channels*, at the last axis")
        assert np.allclose(value[..., : shape[-1]], h), (
            "the first channels must be h itself, unchanged: h comes first, then the label")
        planes = value[..., shape[-1]:]
        assert set(np.unique(planes)) <= {0, 1}, (
            f"the joined planes hold {shown(np.unique(planes)[:4])}; they must be 0 and 1 "
            "(`tf.ones_like`, not h)")
        assert np.array_equal(value, right), (
            f"the planes are wrong for labels {y}: image i has ones, everywhere, in plane y_i alone")
    cases = [(np.zeros((n, side, side, 2)), np.zeros(n)) for n, side in ((2, 4), (3, 6))]
    found = run(in_a_network, join, [[None, None, None, 2], [None]], "N, H and W are not known "
                "beforehand; tf.ones_like(h[..., :1]) is a plane of any size", *cases)
    assert [a.shape for a in found] == [(2, 4, 4, 5), (3, 6, 6, 5)], (
        "inside a network, where N, H and W are not known beforehand, the shape is wrong: ask "
        "tf.ones_like(h[..., :1]) for the plane, not h.shape")
    return "Labels are planes now."


# ------------------------------------------------------------------ networks


def _alone(make):
    return built(make, PARTS)


NOT_JOIN = [
    (name, "The label comes in by Join()([h, y]), which makes a one-hot vector of it.")
    for name in ("embedding", "concatenate", "categoryencoding", "dense", "flatten")
]


@check
def make_generator(make_generator, seed):
    model = network(make_generator, [Join], _alone)
    two_inputs(model, (16,), "z first, then y")
    assert model.output_shape == (None, 28, 28, 1), (
        f"it makes shape {model.output_shape[1:]}; an image is (28, 28, 1)")
    found = kinds(model)
    assert "join" in found, (
        f"there is no Join() in it, but {', '.join(found[:2])}. {NOT_JOIN[0][1]}")
    only_layers(model)
    keeps_the_rules(model)
    in_order(found, "join dense reshape batchnormalization relu conv2dtranspose "
             "batchnormalization relu conv2dtranspose tanh", NOT_JOIN)
    (shape,) = [layer.target_shape for layer in model.layers if isinstance(layer, L.Reshape)]
    assert shape == (7, 7, 96), f"Reshape makes {shape}; it should be (7, 7, 96)"
    ups = [layer for layer in model.layers if isinstance(layer, L.Conv2DTranspose)]
    assert [a.strides for a in ups] == [(2, 2)] * 2, (
        "two transposed convolutions with strides=2 lead from 7 x 7 over 14 x 14 to 28 x 28")
    assert ups[0].filters == 48, (
        f"the first transposed convolution has {ups[0].filters} filters; it should have 48")
    from_normal(model)
    rng = np.random.default_rng(seed)
    z, y = rng.normal(size=(20, 16)).astype("float32"), np.arange(20, dtype="int32") % 10
    x = np.asarray(model([z, y], training=True))
    assert x.min() < 0 < x.max(), "tanh gives pixels of both signs"
    same_z = np.asarray(model([z[:1].repeat(20, 0), y], training=True))
    apart = [np.abs(same_z[i] - same_z[j]).max() for i in range(10) for j in range(i)]
    assert min(apart) > 1e-4, "one latent with two labels makes the same image: where is y lost?"
    same_y = np.asarray(model([z, np.zeros(20, "int32")], training=True))
    assert np.abs(same_y[0] - same_y[1]).max() > 1e-4, (
        "one label with two latents makes the same image: z does not reach the output")
    return "Your generator hears both: the latent and the label."


@check
def make_discriminator(make_discriminator, seed):
    model = network(make_discriminator, [Join, Projection], _alone)
    two_inputs(model, (28, 28, 1), "x, then y")
    assert model.output_shape == (None, 11), (
        f"it gives shape {model.output_shape}; it must be (None, 11): the logit and ten class "
        "logits")
    found = kinds(model)
    assert "join" not in found, "with a projection the label is not joined to x: no Join() in D"
    assert "projection" in found, f"there is no Projection() in it: {', '.join(found)}"
    only_layers(model)
    assert "softmax" not in found and "sigmoid" not in found, (
        "the class head gives logits: no softmax, and no sigmoid")
    in_order(found[:6], "conv2d leakyrelu conv2d batchnormalization leakyrelu flatten")
    assert sorted(found[6:]) == ["concatenate", "dense", "projection"], (
        f"after Flatten come Projection(), Dense(10) and Concatenate(); you have "
        f"{', '.join(found[6:])}")
    first, second = [layer for layer in model.layers if isinstance(layer, L.Conv2D)]
    for layer, filters in ((first, 32), (second, 64)):
        assert layer.strides == (2, 2), f"{layer.name} has strides {layer.strides}, not (2, 2)"
        assert layer.filters == filters, f"{layer.name} has {layer.filters} filters, not {filters}"
        assert layer.padding == "same", f"{layer.name}: padding='same', as in Task 2"
    assert not second.use_bias, f"no bias before batch norm: {second.name} has use_bias=True"
    slopes = [layer.negative_slope for layer in model.layers if isinstance(layer, L.LeakyReLU)]
    assert np.allclose(slopes, 0.2), f"the LeakyReLUs have slopes {slopes}; L.LeakyReLU(0.2)"
    from_normal(model)
    x = np.random.default_rng(seed).uniform(-1, 1, (10, 28, 28, 1)).astype("float32")
    d = np.stack([model([x, np.full(10, k, "int32")]) for k in range(10)])  # [told, image, 11]
    moved = np.ptp(d, axis=0).max(0)  # how far an output moves when another label is told
    assert moved[0] > 1e-6, (
        "the first output is the same whatever label is told: put the projection's logit first"
        if moved[1:].max() > 1e-6 else "no output depends on the label: does Projection() get y?")
    assert moved[1:].max() < 1e-6, (
        "a class logit changes with the label that D is told. Either the order is wrong (the logit "
        "comes first) or the class head sees y: then it need only repeat it")
    (layer,) = [layer for layer in model.layers if isinstance(layer, Projection)]
    h = keras.Model(model.inputs, layer.input[0])([x, np.zeros(10, "int32")]).numpy()
    e = layer.e.numpy()
    assert h.shape[1] == 7 * 7 * 64, (
        f"the projection sees {h.shape[1]} features; it takes all of Flatten's output, 7 * 7 * 64")
    assert np.allclose(d[:, :, 0] - d[0, :, 0], (e - e[0]) @ h.T, atol=1e-4), (
        "d(x, y) - d(x, 0) is not (e_y - e_0) . h(x): what comes between projection and output?")
    return "D asks both questions, and its class head is not told the answer."


# ------------------------------------------------------------------ the projection


def projected(projection, h, y, v, b, e):
    """What `alone` says about a function without a loop."""
    if loops(projection.__code__):
        raise Wrong("projection works on the whole batch at once: no loop in it")
    return alone(projection, *(np.asarray(a, "int32" if a is y else "float32")
                               for a in (h, y, v, b, e)))


@check
def projection(projection, seed):
    rng = np.random.default_rng(seed)
    for n, f, classes in [(4, 3, 5), (7, 6, 3), (5, 5, 5)]:
        h, e = rng.normal(size=(n, f)), rng.normal(size=(classes, f))
        v, b, y = rng.normal(size=f), float(rng.normal()), rng.integers(0, classes, n)
        found = run(projected, projection, h, y, v, b, e)
        right = np.array([v @ h[i] + b + e[y[i]] @ h[i] for i in range(n)])
        value = array(f"for {n} images and {classes} classes projection", found["value"], (n,),
                      "one number an image. Sum over the features (axis=1), not over the batch, "
                      "and only with the row of e that belongs to the image's label")
        real, own = h @ v, (e[y] * h).sum(1)
        for fault, wrong in [
            ("b is missing", real + own),
            ("the part e_y . h is missing", real + b),
            ("the part v . h is missing", own + b),
            ("b is counted for every feature: add it after the sum", real + own + f * b),
            ("all rows of e are added up: take the row of the image's own label, tf.gather(e, y)",
             real + b + h @ e.sum(0)),
            ("a part is subtracted; the logit is a sum", real + b - own),
            *[("you take the mean over the features; v . h and e_y . h are sums, tf.reduce_sum",
               wrong) for wrong in ((real + own) / f + b, (real + own + f * b) / f,
                                    real + own / f + b, real / f + own + b)],
            *[("you sum over the whole batch too: over the features alone, axis=1", wrong)
              for wrong in (real.sum() + own + b, real + own.sum() + b)],
            ("that is a probability; return the logit itself, without a sigmoid",
             1 / (1 + np.exp(-right))),
        ]:
            assert not np.allclose(value, wrong, atol=1e-4), fault
        assert np.allclose(value, right, atol=1e-4), (
            f"you get {shown(value)}, one image at a time in NumPy it is {shown(right)}")
    cases = [(np.zeros((n, 4)), np.zeros(n), np.zeros(4), 0, np.zeros((5, 4))) for n in (2, 3)]
    found = run(in_a_network, projection, [[None, 4], [None], [4], [], [5, 4]], "N is not known "
                "beforehand, and a tensor has no numbers yet; tf.gather(e, y) works there", *cases)
    assert [a.shape for a in found] == [(2,), (3,)], (
        "inside a network, where N is not known beforehand, the shape is wrong")
    return "It agrees with NumPy, one image at a time."
