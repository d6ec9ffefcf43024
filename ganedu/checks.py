"""One refusal for each kind of bad input: one line with argument, value and what is right.

    batch_size is 0; give a whole number, at least 1
    y holds 1 to 10; give whole numbers from 0 to 9

What is given is checked once, by the function that a user calls; nothing behind it checks again.
Each function gives back what it found good.

This module imports nothing else of the package.
"""

import difflib
import reprlib

import keras
import numpy as np

SCALE = "give floats in [-1, 1] (ganedu.data.scale)"


def short(value):
    """The value as a message shows it: one line, not a long one."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, np.generic):
        value = value.item()
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"an array of shape {tuple(value.shape)}"
    text = " ".join(reprlib.repr(value).split())
    plain = len(text) <= 60 and not text.startswith("<")
    return text if plain else f"a {getattr(value, '__name__', type(value).__name__)}"


def hint(value, known):
    """`; did you mean ...?` where one of the known names is close to the value."""
    close = difflib.get_close_matches(str(value), [str(k) for k in known], 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def whole(name, value, least=0, most=None):
    """A whole number of at least `least` (and at most `most`), as int."""
    good = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not good or value < least or (most is not None and value > most):
        range_ = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} is {short(value)}; give a whole number, {range_}")
    return int(value)


def number(name, value, interval="(-inf, inf)"):
    """A number in an interval, written as in mathematics: "[0, 1)" has 0 and leaves 1 out."""
    low, high = (float(end) for end in interval[1:-1].split(","))
    good = isinstance(value, int | float | np.integer | np.floating)
    good = good and not isinstance(value, bool)
    good = good and (low <= value if interval[0] == "[" else low < value)  # NaN is nowhere
    if not (good and (value <= high if interval[-1] == "]" else value < high)):
        raise ValueError(f"{name} is {short(value)}; give a number in {interval}")
    return value


def choice(name, value, choices):
    """One of the choices."""
    if not any(value is c or (type(value) is type(c) and value == c) for c in choices):
        every = ", ".join(map(repr, choices))
        raise ValueError(
            f"{name} is {short(value)}; choose one of {every}{hint(value, choices)}"
        )
    return value


def seed(name, value):
    """A seed: a whole number of 32 bits."""
    return whole(name, value, 0, 2**32 - 1)


def arguments(of, given, known):
    """No keyword arguments but the known ones."""
    for name in given:
        if name not in known:
            tip = hint(name, known) or f"; it takes {', '.join(known)}"
            raise ValueError(f"{of} has no argument {name!r}{tip}")


def images(name, images, shape=None, real=False):
    """Images [N, H, W, C] in [-1, 1], as a float32 array.

    shape: (H, W, C) that they must have.  real: images to learn from, which cannot all lie in
    [0, 1]; generated ones may, if the generator paints everything white.
    """
    images = _array(name, images)
    wanted = "[N, H, W, C]" if shape is None else f"[N, {', '.join(map(str, shape))}]"
    good = (
        images.ndim == 4 and images.size and (shape is None or images.shape[1:] == tuple(shape))
    )
    if not good:
        raise ValueError(f"{name} has shape {images.shape}; give {wanted}, N > 0")
    if images.dtype.kind != "f":
        raise ValueError(f"{name} has dtype {images.dtype}; {SCALE}")
    low, high = float(images.min()), float(images.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError(f"{name} holds NaN or infinite pixels; {SCALE}")
    if low < -1.001 or high > 1.001:
        raise ValueError(f"{name} has pixels from {low:g} to {high:g}; {SCALE}")
    if real and low >= 0:
        raise ValueError(
            f"{name} has pixels from {low:g} to {high:g}, which looks like [0, 1]; {SCALE}"
        )
    return images.astype(np.float32, copy=False)


def pixels(name, images):
    """Images as they are stored, [N, H, W, 1 or 3], as a uint8 array."""
    images = _array(name, images)
    if images.dtype != np.uint8:
        found = f"dtype {images.dtype}"
        if images.dtype.kind == "f" and images.size:
            bad = images.size - np.isfinite(images).sum()
            low, high = images.min(), images.max()
            found += f", {bad} of them NaN or infinite" if bad else f" in [{low:g}, {high:g}]"
        raise ValueError(f"{name} has {found}; give uint8 from 0 to 255 (scale() comes later)")
    if images.ndim != 4 or images.shape[-1] not in (1, 3) or not images.size:
        raise ValueError(f"{name} has shape {images.shape}; give [N, H, W, 1 or 3], N > 0")
    return images


def _array(name, images):
    try:
        return np.asarray(images)
    except ValueError:  # a list of images of several sizes
        raise ValueError(
            f"{name} is a list of unlike arrays; give one array [N, H, W, C]"
        ) from None


def labels(name, labels, n, classes=None):
    """Labels of n images, whole numbers from 0 (below `classes`), as an int64 array [n]."""
    right = f"give whole numbers from 0{f' to {classes - 1}' if classes else ''}, one an image"
    if labels is None:
        raise ValueError(f"{name} is None; {right} ({n})")
    labels = np.asarray(labels)
    if labels.dtype.kind == "O":
        raise ValueError(
            f"{name} holds {short(labels.flat[0])}; {right}, in an array or a list"
        )
    if labels.shape != (n,):
        raise ValueError(f"{name} has shape {labels.shape}; {right}: shape ({n},)")
    if labels.dtype.kind not in "iu":
        raise ValueError(f"{name} has dtype {labels.dtype}; {right}")
    if n and (labels.min() < 0 or classes and labels.max() >= classes):
        raise ValueError(f"{name} holds {labels.min()} to {labels.max()}; {right}")
    return labels.astype(np.int64)


def asked(n, labels_asked, classes):
    """What a `sample` is asked for: how many images, and their labels [n] (None without classes).

    Labels left out are the classes in turn.
    """
    if labels_asked is None:
        n = whole("n", n, 1)
        return n, np.arange(n) % classes if classes else None
    if not classes:
        raise ValueError(
            f"labels is {short(labels_asked)}, but this GAN is unconditional; leave labels out"
        )
    if not hasattr(labels_asked, "__len__") or not np.ndim(labels_asked):
        raise ValueError(
            f"labels is {short(labels_asked)}; give a list or an array with one label an image"
        )
    count = len(labels_asked)
    if n is not None and n != count:
        raise ValueError(f"n is {short(n)}, but {count} labels were given; leave n out")
    if not count:
        raise ValueError("labels is empty; give at least one")
    return count, labels("labels", labels_asked, count, classes)


def network(name, given, shape=None):
    """A Keras model whose shapes are known.

    shape: of the images that a discriminator takes; with it, a `Sequential` that lacks an input
    is built.
    """
    if isinstance(given, type):
        raise ValueError(f"{name} is {short(given)}; call it first: {given.__name__}(...)")
    if not isinstance(given, keras.Model):
        raise ValueError(
            f"{name} is {short(given)}; give a Keras model, or a config of ganedu.networks"
        )
    if shape and isinstance(given, keras.Sequential) and not given.built:
        given.build((None, *shape))
    try:
        inputs, output = given.inputs, given.output_shape
    except (AttributeError, ValueError):
        inputs, output = None, None
    if not inputs or isinstance(output, list | dict):
        size = "(latent_size,)" if shape is None else shape
        raise ValueError(
            f"{name} is a {type(given).__name__} whose shapes are not known; start it with "
            f"keras.Input({size}), or wrap it: t = keras.Input({size}); keras.Model(t, {name}(t))"
        )
    return given


def pair(generator, discriminator, classes):
    """Two networks that can play against each other, with so many classes (0: no labels)."""
    made, taken = generator.output_shape[1:], discriminator.inputs[0].shape[1:]
    if made != taken or len(made) != 3:
        raise ValueError(
            f"generator makes images of shape {made}, discriminator takes {taken}; "
            "the two must be equal, (H, W, C)"
        )
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


def measures(given):
    """Measures, a tuple: called (x, x_fake, y), each with its own name, and better low or high."""
    given = tuple(given) if isinstance(given, list | tuple) else (given,)
    for measure in given:
        words = (
            isinstance(getattr(measure, "name", None), str),
            getattr(measure, "better", None),
        )
        if isinstance(measure, type) or not callable(measure) or not words[0]:
            raise ValueError(
                f"measures holds {short(measure)}; give objects of ganedu.measures.watch, or others "
                "that are called (x, x_fake, y) and have a name, and better"
            )
        if words[1] not in ("lower", "higher"):
            raise ValueError(
                f"better of the measure {measure.name!r} is {short(words[1])}; give 'lower' or "
                "'higher'"
            )
    names = [measure.name for measure in given]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(
                f"measures holds {names.count(name)} named {name!r}; name them apart"
            )
    return given
