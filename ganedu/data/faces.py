"""Drawn faces in colour, of any size, each with a list of what it has: smile, glasses, hat ...

    faces = data.load("faces", size=32, n=5000)
    smiling = faces.attributes[:, faces.attribute_names.index("smile")]

Nothing is read from disk: `sitters` says who is painted, `face_parts` paints them.  Each attribute
has a known frequency; all else (skin and hair, pose, light, lines, clothes, the wall and the
confetti on it) is left to chance as well, and is in no label.  As nothing here is a photograph, a
lesson can ask what no photograph answers: for the same face without its hat.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .. import checks
from .dataset import Data
from .face_parts import PARTS
from .painting import Canvas
from .sitters import Dice, Sitter

# Attribute -> the share of faces that has it.
FREQUENCIES = {
    "smile": 0.5, "open_mouth": 0.3, "glasses": 0.3, "sunglasses": 0.2, "hat": 0.3, "beard": 0.3,
    "moustache": 0.3, "long_hair": 0.5, "earrings": 0.3, "blush": 0.3,
}  # fmt: skip
ATTRIBUTES = tuple(FREQUENCIES)
SPLITS = {"train": 10_000, "test": 2_000}
SIZE = 64
NUMBERS = 512  # random ones of each face, a multiple of 4; with some to spare
FOR_ATTRIBUTES = 32  # of these, the first ones


def load_faces(
    split: str = "train",
    size: int | None = None,
    crop: float = 1.0,
    n: int | None = None,
    seed: int = 0,
    frequencies: dict[str, float] | None = None,
) -> Data:
    """The faces of one split as `Data`: `load("faces", ...)` says what the arguments are.

    Raises ValueError for an argument that is no good.
    """
    if split not in (*SPLITS, "all"):
        raise ValueError(f"split is {split!r}; 'faces' has {', '.join(SPLITS)}, all")
    seed = checks.seed("seed", seed)
    n = n if n is None else checks.whole("n", n, 1)
    parts = [
        draw(n or SPLITS[s], SIZE if size is None else size, (seed, number), crop, frequencies)
        for number, s in enumerate(SPLITS) if split in (s, "all")
    ]  # fmt: skip
    images, attributes = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Data(images, None, (), "faces", split, (), attributes, ATTRIBUTES)


def draw(
    n: int,
    size: int = SIZE,
    seed: int | tuple[int, ...] = 0,
    crop: float = 1.0,
    frequencies: dict[str, float] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """n faces, the first n of the seed: images uint8 [n, size, size, 3], attributes int32 [n, 10].

    size: 16 to 256.  The same face at another size is the same drawing, with finer or coarser
        pixels; with n x size x size x 3 bytes it must fit in memory.
    seed: face k depends on the seed and on k alone, not on n.  The attributes are the same to the
        bit on every machine; the pixels too where floats are those of IEEE 754 (see `painting`).
    crop: only the central `crop` of each side is painted, `size` pixels wide.  All attributes
        are within the central 70%, all of the confetti is outside (from size 32 on; smaller,
        its smooth edge may reach in by a pixel).
    frequencies: attribute -> share of faces, 0 to 1, in place of that of `FREQUENCIES`.  A face
        whose hat is decided otherwise changes in nothing but the hat.

    Attributes are independent of each other, but no face has both glasses and sunglasses: the
    two shares must not exceed 1 together.  Raises ValueError, naming the argument.
    """
    n, size = checks.whole("n", n, 1), checks.whole("size", size, 16, 256)
    crop = float(checks.number("crop", crop, "(0, 1]"))
    frequencies = _check_frequencies(frequencies)
    images = np.empty((n, size, size, 3), np.uint8)
    attributes = np.empty((n, len(ATTRIBUTES)), np.int32)
    # So many at once that the inner loops are long, but the arrays stay in the processor's cache.
    step = int(np.clip(2**19 // size**2, 16, 256))

    def part(start):
        rows = slice(start, min(start + step, n))
        numbers = _numbers(seed, start, rows.stop - start)
        attributes[rows] = found = _attributes(numbers, frequencies)
        has = dict(zip(ATTRIBUTES, found.T.astype(np.float32), strict=True))
        canvas = Canvas(size, len(numbers), crop)
        sitter = Sitter(has, Dice(numbers[:, FOR_ATTRIBUTES:]))
        for paint in PARTS:
            paint(sitter, canvas)
        images[rows] = canvas.pictures()

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # NumPy lets other threads run meanwhile
        list(pool.map(part, range(0, n, step)))
    return images, attributes


def _numbers(seed, start, n):
    """The random numbers of faces start, start + 1, ...: float32 [n, NUMBERS], 0 to 1 without 1.

    Made from the bits of Philox by hand, since NumPy promises never to change those.
    """
    philox = np.random.Philox(np.random.SeedSequence(seed))
    bits = philox.advance(start * NUMBERS // 4).random_raw(n * NUMBERS)  # 4 in each step
    return (bits >> np.uint64(40)).astype(np.float32).reshape(n, NUMBERS) * np.float32(2**-24)


def _attributes(numbers, frequencies):
    """Which of them each face has, one number deciding each: int32 [n, 10]."""
    column = {name: numbers[:, i] for i, name in enumerate(ATTRIBUTES)}
    has = {name: u < frequencies[name] for name, u in column.items()}
    # The upper end of the number that decides on glasses: a face cannot have both.
    has["sunglasses"] = column["glasses"] >= 1 - frequencies["sunglasses"]
    has["glasses"] = has["glasses"] & ~has["sunglasses"]
    return np.stack([has[name] for name in ATTRIBUTES], axis=1).astype(np.int32)


def _check_frequencies(given):
    if given is None:
        return FREQUENCIES
    if not isinstance(given, dict):
        raise ValueError(
            f"frequencies is {checks.short(given)}; give a dict, as {{'sunglasses': 0.02}}"
        )
    for name, share in given.items():
        checks.choice("an attribute in frequencies", name, ATTRIBUTES)
        checks.number(f"frequencies[{name!r}]", share, "[0, 1]")
    frequencies = FREQUENCIES | given
    both = frequencies["glasses"] + frequencies["sunglasses"]
    if both > 1 + 1e-9:
        raise ValueError(
            f"frequencies of glasses and sunglasses are {both:g} together; no face has both: "
            "give at most 1"
        )
    return frequencies
