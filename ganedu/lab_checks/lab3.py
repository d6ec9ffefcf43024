"""Lab 3, a conditional GAN: its reference parts and its checks."""

import keras
import numpy as np
import tensorflow as tf

from ..data import load
from ..measures import readers
from .common import (
    Wrong,
    array,
    ask,
    brief,
    call,
    check,
    close,
    loops,
    pair,
    play,
    returned,
    run,
    shown,
)
from .lab3_given import PARTS, Join, Projection, _one_hot
from .models import (
    built,
    from_normal,
    in_order,
    keeps_the_rules,
    kinds,
    network,
    two_inputs,
)

L = keras.layers


def alone(function, *arguments):
    """The student's function with our version of the others, and of tensors of the arrays."""
    parts = {name: part for name, part in PARTS.items() if name != function.__name__}
    tensors = [tf.constant(a, a.dtype) if isinstance(a, np.ndarray) else a for a in arguments]
    planes = [] if function.__name__ != "join" else [
        ("Incompatible shapes|NoneType", "[:, None, None, :] makes [N, 1, 1, classes] of the "
         "vectors; times tf.ones_like(h[..., :1]) that is planes, also where N, H and W are not "
         "known beforehand")]
    found = call(function, *tensors, parts=parts, hints=planes + [
        ("ConcatOp|concat|ranks|Dimension", "all that is concatenated must have the same number "
         "of axes, and equal sizes on all but the last. An image needs planes of its own height "
         "and width, and axis=-1"),
        ("Only integers, slices|numpy.*tensor|'numpy'", "picking rows of a tensor by a tensor is "
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


def in_a_network(join, sizes):
    """Shapes of join's results where N, H and W are not known beforehand, for three classes."""
    signature = [tf.TensorSpec([None, None, None, 2]), tf.TensorSpec([None], tf.int32)]

    @tf.function(input_signature=signature, autograph=False)
    def inside(h, y):
        return call(join, h, y, 3, parts={"one_hot": _one_hot}, hints=[
            (".", "in a network N, H and W are not known beforehand; tf.ones_like(h[..., :1]) is a "
             "plane of any size")])

    try:
        return [list(inside(tf.zeros([n, side, side, 2]), tf.zeros([n], tf.int32)).shape)
                for n, side in sizes]
    except (ValueError, TypeError, tf.errors.OpError) as error:
        raise Wrong(f"join fails inside a network: {str(error).splitlines()[0]}") from None


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
    sizes = [(2, 4), (3, 6)]
    assert run(in_a_network, join, sizes) == [[n, s, s, 5] for n, s in sizes], (
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
        without = {
            "b is missing": right - b,
            "the part e_y . h is missing": h @ v + b,
            "the part v . h is missing": right - h @ v,
            "b is counted for every feature: add it after the sum": right + (f - 1) * b,
            "all rows of e are added up: take the row of the image's own label, tf.gather(e, y)":
                h @ v + b + h @ e.sum(0),
            "a part is subtracted; the logit is a sum": h @ v + b - (right - h @ v - b),
        }
        for fault, wrong in without.items():
            assert not np.allclose(value, wrong, atol=1e-4), fault
        assert np.allclose(value, right, atol=1e-4), (
            f"you get {shown(value)}, one image at a time in NumPy it is {shown(right)}")
    return "It agrees with NumPy, one image at a time."


# ------------------------------------------------------------------ orders


def drawn(balanced_labels, n, seed):
    return call(balanced_labels, n, np.random.default_rng(seed))


@check
def balanced_labels(balanced_labels, seed):
    def draw(n, seed):
        y = array(f"balanced_labels({n}, rng)", run(drawn, balanced_labels, n, seed), (n,))
        assert y.dtype == np.int32, f"the labels have dtype {y.dtype}; it must be int32"
        assert y.min() >= 0 and y.max() <= 9, f"labels run from {y.min()} to {y.max()}; 0 to 9"
        counts = np.bincount(y, minlength=10)
        assert np.ptp(counts) <= 1, (
            f"of {n} labels the classes get {counts.tolist()}; the counts may differ by 1 at most. "
            "Drawing each label at random is not balanced")
        return y

    for n in (30, 7, 200, 1, 95):
        draw(n, seed + n)
    draws = [draw(64, 100 * seed + s) for s in range(40)]
    assert all(np.array_equal(draws[s], draw(64, 100 * seed + s)) for s in (0, 1)), (
        "the same rng gives other labels the second time: draw with rng, not with np.random")
    assert len({tuple(d) for d in draws}) > 1, "every rng gives the same labels: use rng"
    assert len({d[0] for d in draws}) > 1, "the order is not random: shuffle with rng.permutation"
    assert not any((d[:50] == d[10:60]).all() for d in draws), (
        "the ten classes come in the same order again and again: shuffle all n labels")
    assert len({c for d in draws for c in np.flatnonzero(np.bincount(d) == 7)}) > 5, (
        "64 = 6 * 10 + 4, and it is always the same four classes that come seven times: leave that "
        "to rng too")
    return "Balanced, in random order."


@check
def row_per_class(row_per_class, seed):
    for m, size in [(3, 2), (7, 16)]:
        z = np.random.default_rng(seed).normal(size=(m, size)).round(2)
        zs, ys = pair("row_per_class", ask(row_per_class, z), "zs, ys")
        why = f"{m} latents, each with ten labels"
        zs, ys = array("zs", zs, (10 * m, size), why), array("ys", ys, (10 * m,), why)
        assert ys.dtype == np.int32, f"ys has dtype {ys.dtype}; it must be int32"
        assert np.array_equal(ys, np.repeat(np.arange(10), m)), (
            f"ys begins {ys[: m + 1].tolist()}; the first row of the sheet is class 0, {m} times: "
            "np.repeat")
        assert close([zs], [np.concatenate([z] * 10)]), (
            f"zs begins {shown(zs[: m + 1, 0])} (first numbers). Each row of the sheet has all "
            "the latents, in the same order: np.tile")
    return "A row for each class, a column for each latent."


def trained(train, make_generator, make_discriminator):
    """The student's networks, trained.  No points."""
    return play(train, play(make_generator), play(make_discriminator))


def obeyed(gan, labels):
    """Asks the trained GAN for these labels and gives what is read.  No points."""
    reader = readers.load("digits")
    fake = gan.sample(labels=labels, seed=1)
    read = reader.probabilities(fake).argmax(1)
    success = np.mean(read == labels)
    print(f"success rate {success:.3f}; by chance it would be 0.1; the reader's own, on "
          f"{len(load('digits', 'test').labels):,} real digits, is {reader.accuracy:.3f}")
    if success < 0.6:
        raise Wrong(
            f"only {success:.2f} of the images read as what was asked for; it should be above 0.6. "
            "Do all your functions pass? If the digits are good but wrong, the label is lost on "
            "its way; if they are no digits, look at the rules")
    if np.mean([fake[labels == k].std(axis=0).mean() for k in range(10)]) < 0.1:
        raise Wrong("the images of one class are all alike: does z reach the output?")
    print("Your orders are obeyed, mostly.")
    return read


# ------------------------------------------------------------------ mistakes of the GAN


@check
def confusion_matrix(confusion_matrix, seed):
    rng = np.random.default_rng(seed)
    for sizes in ([10] * 10, rng.integers(1, 40, 10)):
        true = rng.permutation(np.repeat(np.arange(10), sizes))
        said = np.where(rng.random(len(true)) < 0.7, true, rng.integers(0, 9, len(true)))
        right = np.array([[np.sum((true == i) & (said == j)) for j in range(10)]
                          for i in range(10)])
        found = array("confusion_matrix", ask(confusion_matrix, true, said), (10, 10),
                      "also if a class is never read")
        assert found.dtype.kind in "iu", f"it holds {found.dtype}; counts are whole numbers"
        assert not np.array_equal(found, right.T), (
            "rows and columns are swapped: the row is what was asked for")
        assert found.sum() == len(true), (
            f"{len(true)} images, but the counts add up to {found.sum()}. `counts[asked, read] += "
            "1` counts a pair once, however often it comes: use np.add.at, or a loop")
        assert np.array_equal(found, right), (
            f"row 0 of yours is {found[0].tolist()}, by hand {right[0].tolist()}")
    return "Every image is counted once."


def _matrix(rng):
    counts = rng.integers(0, 4, (10, 10))
    np.fill_diagonal(counts, rng.integers(10, 60, 10))
    return counts


@check
def success_per_class(success_per_class, seed):
    counts = _matrix(np.random.default_rng(seed))
    found = array("success_per_class", ask(success_per_class, counts), (10,),
                  "ten numbers, one a class")
    right = np.diag(counts) / counts.sum(axis=1)
    assert not np.allclose(found, np.diag(counts) / counts.sum(axis=0)), (
        "you divide by the sums of columns (how often a class was read); of the images *asked for* "
        "as i, the row, how many were right?")
    assert not np.allclose(found, np.diag(counts) / counts.sum()), (
        "you divide by all images; of those asked for as i, how many were right?")
    assert np.allclose(found, right), f"you give {shown(found)}, by hand {shown(right)}"
    return "Of what was asked for."


@check
def most_confused(most_confused, seed):
    def most(matrix):
        found = returned("most_confused", ask(most_confused, matrix))
        assert np.ndim(found) != 0, (
            f"it gives {found}: argmax gives the place in the *flattened* matrix; "
            "np.unravel_index makes row and column of it")
        return tuple(int(i) for i in pair("most_confused", found, "asked, read"))

    matrix = 90 * np.eye(10, dtype=int)
    matrix[4, 9], matrix[7, 1] = 10, 8
    found = most(matrix)
    assert found[0] != found[1], f"it gives {found}: a class that is read right is no mistake"
    assert found != (9, 4), "the pair is the wrong way round: (asked, read)"
    assert found == (4, 9), f"4 was taken for 9 most often; you say {found}"
    matrix[7] //= 3  # 7 was asked for less often: 30 times right, 6 times wrong
    matrix[7, 1] = 6
    assert most(matrix) == (7, 1), (
        "a mistake in 6 of 36 is more frequent than one in 10 of 100: compare shares of the row, "
        "not counts (and divide by the sums of *rows*: keepdims=True)")
    rng = np.random.default_rng(seed)
    for _ in range(3):
        counts = _matrix(rng)
        share = counts / counts.sum(axis=1, keepdims=True) - np.eye(10)
        right = divmod(int(share.argmax()), 10)
        assert most(counts) == right, f"in another matrix it is {right}; you say {most(counts)}"
    return "The largest share of a row."
