"""A student's network: asked for as a description with weights, and built again from it."""

import json
import re
from itertools import zip_longest

import keras

from ..networks.audit import audit
from .common import Wrong, call, run

NETWORK_HINTS = [
    (r"'dtype'|'shape'|initializer", "normal is the helper itself; its brackets make first "
     "weights: normal(), normal(1.0)"),
    (r"takes 0 positional arguments", "a helper such as batch_norm() makes a layer, and the layer "
     "is called: batch_norm()(h)"),
    (r"Only instances of `keras.Layer`", "the brackets of a layer are missing, as in L.ReLU(), or "
     "something in the list is no layer"),
    (r"projection\(\) (missing|takes)", "use the layer, which holds v, b and e: "
     "Projection()([h, y])"),
    (r"join\(\) (missing|takes)", "use the layer: Join()([h, y])"),
    (r"No module|has no attribute", "the layers are in L: L.Dense, L.Reshape, "
     "L.BatchNormalization, L.ReLU, L.Conv2DTranspose, ..."),
]


def shapes_known(model):
    """Is this no Sequential that lacks its Input?  Keras knows no sizes of one that does."""
    return not isinstance(model, keras.Sequential) or model.built


def built(make, parts=()):
    """What make() makes: how it is built, its weights, whether a second call makes another."""
    found, other = (call(make, parts=parts, hints=NETWORK_HINTS) for _ in range(2))
    name = make.__name__
    if found is None:
        raise Wrong(f"{name} gives nothing (None): is `return` missing?")
    if not isinstance(found, keras.Model):
        raise Wrong(f"{name} gives a {type(found).__name__}; it must return the model")
    if found is other:
        raise Wrong(f"{name} must make a new network each time that it is called")
    if not shapes_known(found):
        return None
    try:
        return {"layers": found.to_json(), "weights": found.get_weights()}
    except (TypeError, NotImplementedError, ValueError):
        raise Wrong(f"{name} must give a model of Keras's own layers, without functions of your "
                    "own inside") from None


def network(make, custom=(), build=built, start="keras.Input"):
    """The student's network, built again here from its description, with its weights.

    Only Keras's own layers and the `custom` ones may be in it: nothing else is loaded.  `start`
    is the input that it should begin with.
    """
    found = run(build, make)
    assert found, f"its shapes are not known; start it with {start}"
    config, weights = json.loads(found["layers"]), found["weights"]
    strange = set(_strange(config, {c.__name__ for c in custom}))
    assert not strange, (
        f"it has {', '.join(sorted(strange))} in it; take Keras's own layers"
        + (f" and {', '.join(c.__name__ + '()' for c in custom)}" if custom else ""))
    keras.backend.clear_session()  # Keras numbers the layers from 0 again
    try:
        model = keras.models.model_from_json(json.dumps(config),
                                             {c.__name__: c for c in custom})
    except Exception as error:  # a Lambda layer, say
        raise Wrong(f"the network cannot be built from its description: "
                    f"{' '.join(str(error).split())[:150]}") from None
    model.set_weights(weights)
    return model


def _strange(config, custom):
    """Names of classes in a description that are neither Keras's nor ours."""
    if isinstance(config, dict):
        name, module = config.get("class_name"), config.get("module")
        if isinstance(name, str) and "module" in config and name not in custom and not (
            isinstance(module, str) and module.split(".")[0] == "keras"
        ) and not (module in (None, "builtins") and name in ("Functional", "Sequential",
                                                             "function", "__tuple__")):
            yield name
        if name == "Lambda":
            yield name
        for value in config.values():
            yield from _strange(value, custom)
    elif isinstance(config, list):
        for value in config:
            yield from _strange(value, custom)


def kinds(model):
    """The kinds of the layers in their order; an activation counts, wherever it was given."""
    found = []
    for layer in model.layers:
        activation = getattr(layer, "activation", None)
        found += [type(layer).__name__, getattr(activation, "__name__", type(activation).__name__)]
    skipped = ("inputlayer", "activation", "linear", "nonetype")
    kinds = [kind.lower().replace("leaky_relu", "leakyrelu") for kind in found]
    return [kind for kind in kinds if kind not in skipped]


def only_layers(model):
    """Stops at a function that stands where a layer should: the model does not list it."""
    for step in model.operations:
        assert isinstance(step, keras.layers.Layer), (
            f"it calls a function ({type(step).__name__}) where a layer is asked for; activations "
            "too are layers here: L.ReLU()(h), L.LeakyReLU(0.2)(h)")


def place(layer, model):
    """A layer's kind and which of that kind it is: Keras counts its names up at every call."""
    alike = [other for other in model.layers if type(other) is type(layer)]
    number = f" {alike.index(layer) + 1} of {len(alike)}" if len(alike) > 1 else ""
    return type(layer).__name__ + number


def norm_first(found):
    """Stops at an activation that stands between a layer and its batch norm."""
    activation = None
    for kind in found:
        assert kind != "batchnormalization" or not activation, (
            f"batch norm comes before the activation; your {activation} stands before a batch "
            f"norm. You have: {', '.join(found)}")
        if kind in ("relu", "leakyrelu", "tanh", "sigmoid"):
            activation = kind
        elif kind in ("dense", "conv2d", "conv2dtranspose"):
            activation = None


def keeps_the_rules(model):
    """Stops at the first rule of the auditor that the network breaks."""
    places = {layer.name: place(layer, model) for layer in model.layers}
    for finding in audit(model).broken:
        hint = ""
        where = re.sub(r"(\w+)( \(\w+\))?", lambda m: places.get(m[1], m[0]), finding.where)
        if "ReLU" in finding.rule:
            norm_first(kinds(model))
        if "weights start" in finding.rule:
            hint = " (use normal(), and normal(1.0) for gamma)"
        if finding.rule.startswith("ReLU"):
            raise Wrong(
                f"make_generator: the rule is ReLU in G's hidden layers; {where} has another "
                "activation, none, or two. (This lab asks for the paper's rules. Report A did "
                "find LeakyReLU better on MNIST: try it once the lab is done.)")
        raise Wrong(f"{finding.network}: {finding.rule}{hint}. Where: {where}. Why: {finding.why}")


def in_order(found, order, hints=()):
    """Stops at the first layer that is not where it should be."""
    for place, (yours, right) in enumerate(
        zip_longest(found, order.split(), fillvalue="nothing"), 1
    ):
        assert yours == right, (
            f"in the order of your layers, place {place} is {yours}; it should be {right}. "
            + dict(hints).get(yours, "Batch norm stands before the activation, and nothing comes "
                                     "after the output. ").rstrip()
            + f" You have: {', '.join(found)}")


def from_normal(model):
    """Stops at the first layer whose first weights or kernel size are not what lab 3 asks for."""
    for layer in model.layers:
        start = getattr(layer, "kernel_initializer", None)
        assert start is None or (
            isinstance(start, keras.initializers.RandomNormal) and start.stddev == 0.02
        ), (f"{layer.name}'s weights start from {type(start).__name__}; first weights come from "
            "normal(): kernel_initializer=normal()")
        if hasattr(layer, "kernel_size"):
            assert layer.kernel_size in ((4, 4), (5, 5)), (
                f"{layer.name} has kernels of {layer.kernel_size}; take 4 x 4 or 5 x 5")
        if isinstance(layer, keras.layers.BatchNormalization):
            gamma = layer.gamma_initializer
            assert layer.momentum == 0.9 and getattr(gamma, "stddev", None) == 0.02, (
                f"{layer.name} is Keras's own; take the helper batch_norm(), our run is short")


def two_inputs(model, first, words):
    """Are the inputs images or latents of shape `first`, and then labels?"""
    shapes = [tuple(t.shape) for t in model.inputs]
    assert shapes == [(None, *first), (None,)], (
        f"the inputs have shapes {shapes}; they must be {[(None, *first), (None,)]}: {words}, one "
        "number an image: keras.Input((), dtype='int32')")
    kind = keras.backend.standardize_dtype(model.inputs[1].dtype)
    assert kind == "int32", f"y has dtype {kind}; labels are whole numbers: dtype='int32'"
