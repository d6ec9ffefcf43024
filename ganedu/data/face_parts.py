"""The parts of a drawn face, from the wall behind it to the earrings: a function paints each.

    sitter = Sitter(has, Dice(numbers))
    for part in PARTS:
        part(sitter, canvas)

Each takes its random numbers from the sitter's dice, as many whatever the attributes are: a face
with glasses and the same one without differ in the glasses alone.  Lengths are in the frame of
the head or of the face, in which the picture is about 2 wide; v points down.  The box of a patch
must hold whatever may be painted there: its pixels are those that all faces' boxes need together,
and no face must depend on which others are painted with it.
"""

import numpy as np

from .painting import (  # isort: skip
    Frame, above, box, darker, ellipse, hollow, lighter, mix, palette, pick, pick_apart, soft, turned,
)  # fmt: skip
from .sitters import CLOTHES

CLEAR = 0.7  # the central part of each side of the picture, in which there is no clutter

IRISES = palette("4a2f20", "6b4527", "38628f", "3f7a52", "6c7680")
CONFETTI = palette(
    "ef5d60", "f7b32b", "2a9d8f", "3d6fb4", "8e5bb5", "f28c52", "f4f1e8", "2f3e4e", "7bbf6a", "e887ae",
)  # fmt: skip
RIMS = palette("1f2328", "7a2f2a", "234a7c", "f4efe4", "f2b632", "d9415d")
DARK_LENSES = palette("20242c", "2b2238", "14303a", "3a2018")
JEWELS = palette("ffd23f", "f4f6f8", "ff5d73", "35d0ba")
WHITE, CREAM, BLACK, THROAT, TONGUE = palette("ffffff", "fffcf5", "141414", "4d0f17", "e86b70")


# ------------------------------------------------------------------ behind the head


def background(s, canvas):
    """A wall that changes its tone downwards, and a glow on it where the light is from."""
    down = canvas.y * 0.5 + 0.5
    x, y = canvas.x + s.light * 0.5, canvas.y + 0.3
    glow = np.maximum(1 - (x * x + y * y) * 0.8, 0)
    glow *= glow * 0.28
    for plane, top, bottom in zip(canvas.planes, s.wall, mix(s.wall, s.floor, 0.6), strict=True):
        level = mix(top, bottom, down)
        plane += level + glow * (1 - level)


def clutter(s, canvas):
    """Confetti around the central square, none of it in there: discs, rings, bars and boxes."""
    dice = s.dice
    for side in range(4):
        for place in np.linspace(-0.88, 0.88, 7).tolist():
            along = dice(place - 0.1, place + 0.1)
            a, b, r = dice(0, 0.11), dice(0, 0.05), dice(0.025, 0.055)
            kind, is_hollow, t = dice(), dice.chance(0.3), dice(-1, 1)
            a, b = a * (kind > 0.35), b * (kind > 0.7)
            reach = a + b + r
            away = np.minimum(CLEAR + 0.05 + reach + dice(0, 0.12), 1.02)
            x, y = ((along, -away), (away, along), (along, away), (-away, along))[side]
            patch = canvas.patch(Frame(x, y, t), (-reach, -reach, reach, reach))
            d = box(patch.u, patch.v, a, b, r)
            patch.fill(pick(CONFETTI, dice()), mix(d, hollow(d, 0.04), is_hollow), dice.chance(0.85))


def hair_behind(s, canvas):
    """Long hair, down to the shoulders; short hair is not seen from here."""
    patch = canvas.patch(s.head, (-0.7, -0.6, 0.7, 0.72))
    long, end, wide = s.has["long_hair"], s.ends * 0.5, s.a + s.mane
    crown = ellipse(patch.u, patch.v + 0.02, wide, s.b + 0.07)
    flare = patch.u * (1 - patch.v * s.dice(0.0, 0.22))
    d = np.minimum(crown, box(flare, patch.v - end, wide - 0.14, end - 0.14, 0.14))
    d = np.maximum(d, s.under_hat(patch))
    patch.outlined(darker(s.hair, 0.12), s.hair_line, d, s.line, long)
    strand = patch.u * 9 - np.rint(patch.u * 9)
    inside = patch.cover(d + s.line) * soft(np.abs(strand) - 0.5, 0.4)
    patch.blend(darker(s.hair, 0.35), inside * (long * 0.4))


def neck_and_shirt(s, canvas):
    """The neck joins the chest and the head, wherever that is; some shirts are striped."""
    dice = s.dice
    body = Frame(s.x * 0.5, 1.0)
    patch = canvas.patch(body, (-0.75, -0.55, 0.75, 0.05))
    x, y = s.head.to_picture(0, 0.3)
    u, v = patch.u, patch.v
    neck = box(u + v * ((x - body.x) / (1 - y)), v, 0.10, 0.5, 0.04)
    patch.outlined(darker(s.skin, 0.16), s.skin_line, neck, s.line)
    wide, high, deep = dice(0.55, 0.72), dice(0.30, 0.36), dice.chance(0.4)
    torso = ellipse(u, v - 0.08, wide, high + 0.08)
    hole = ellipse(u, v + high, 0.17 + 0.02 * deep, dice(0.07, 0.11) + 0.08 * deep)
    patch.fill(darker(s.skin, 0.08), np.maximum(torso, hole))
    shirt = np.maximum(torso, -hole)
    patch.outlined(s.shirt, darker(s.shirt, 0.35), shirt, s.line)
    stripes = np.abs(v - np.rint(v * 8) / 8) - 0.025
    patch.fill(lighter(s.shirt, 0.55), np.maximum(shirt + s.line, stripes), dice.chance(0.35))
    collar = np.maximum(shirt + s.line, np.abs(hole) - 0.05)
    patch.fill(darker(s.shirt, 0.25), collar, 0.7)


def hair_in_front(s, canvas):
    """Of long hair, often two locks before the shoulders."""
    has = s.has["long_hair"] * s.dice.chance(0.6)
    patch = canvas.patch(s.head, (-0.62, 0.0, 0.62, 0.84))
    v = patch.v - 0.1
    u = np.abs(patch.u) - (s.a + s.mane - s.lock) + v * 0.1
    u *= 1 + np.maximum(v - 0.3, 0) * 1.2
    d = box(u, v - s.ends * 0.45, s.lock * 0.4, s.ends * 0.45, s.lock * 0.6)
    patch.outlined(s.hair, s.hair_line, d, s.line, has)
    strand = np.maximum(np.abs(u) - s.line * 0.35, d + 0.05)
    patch.fill(s.hair_line, strand, has * 0.5)


def ears(s, canvas):
    patch = canvas.patch(s.head, (-0.52, -0.07, 0.52, 0.17))
    u, v = np.abs(patch.u) - s.a, patch.v - 0.05
    patch.outlined(s.skin, s.skin_line, ellipse(u, v, 0.075, 0.105), s.line)
    patch.fill(darker(s.skin, 0.2), ellipse(u - 0.02, v, 0.03, 0.06), 0.7)


# ------------------------------------------------------------------ the face


def head(s, canvas):
    """With a shadow where the light does not reach, and a glow where it does."""
    patch = canvas.patch(s.head, (-0.45, -0.52, 0.45, 0.52))
    d = s.skull(patch)
    patch.outlined(s.skin, s.skin_line, d, s.line)
    inside = patch.cover(d + s.line)
    lit = soft(ellipse(patch.u + s.light * 0.16, patch.v + 0.07, s.a + 0.02, s.b + 0.02), 0.14)
    patch.blend(darker(s.skin, 0.28), inside * (1 - lit) * 0.75)
    glow = soft(ellipse(patch.u + s.light * 0.2, patch.v + 0.15, 0.34, 0.36), 0.3)
    patch.blend(lighter(s.skin, 0.5), inside * glow * 0.35)


def cheeks(s, canvas):
    """Rosy ones, and a few freckles now and then."""
    patch = canvas.patch(s.face, (-0.37, 0.06, 0.37, 0.28))
    u, v = np.abs(patch.u), patch.v
    rosy = soft(ellipse(u - 0.235, v - 0.165, 0.13, 0.105), 0.07)
    red = s.skin * np.float32([[0.35], [0.3], [0.3]]) + np.float32([[0.62], [0.10], [0.14]])
    patch.blend(red, rosy * (s.has["blush"] * 0.85))
    freckles = s.dice.chance(0.2) * 0.8
    for du, dv in ((0.17, 0.13), (0.21, 0.17), (0.25, 0.125)):
        patch.fill(darker(s.skin, 0.35), ellipse(u - du, v - dv, 0.012, 0.012), freckles)


def beard(s, canvas):
    """Around the chin from ear to ear, bare around the mouth."""
    dice = s.dice
    patch = canvas.patch(s.head, (-0.49, 0.05, 0.49, 0.64))
    full, point = dice(0.03, 0.06), dice(0.0, 0.05)
    narrow = 1 + s.jaw * 0.8 * patch.v * patch.v
    jaw = ellipse(patch.u * narrow, patch.v, s.a + full * 0.7, s.b + full + point)
    bare = ellipse(patch.u - s.yaw * 0.8, patch.v - s.pitch - 0.10, s.a - 0.085, 0.29)
    d = np.maximum(np.maximum(jaw, -bare), 0.08 - patch.v)
    patch.outlined(s.hair, s.hair_line, d, s.line * 0.8, s.has["beard"])


def mouth(s, canvas):
    """Closed, a line between lips; open, a hole, with its upper teeth where it smiles."""
    dice, smile, is_open = s.dice, s.has["smile"], s.has["open_mouth"]
    patch = canvas.patch(s.face, (-0.25, 0.15, 0.25, 0.56))
    u, v = patch.u, patch.v - dice(0.295, 0.315)
    half = dice(0.085, 0.10) + smile * dice(0.08, 0.10)
    bend = dice(-0.006, 0.014) * (1 - smile) + dice(0.135, 0.16) * smile * (1 - 0.45 * is_open)
    # All of it is painted along a parabola: the corners of a smile are above its middle.
    t = u / half
    slope = 2 * bend * t / half
    bent = v - bend * (0.5 - t * t)
    thin = bent / np.sqrt(1 + slope * slope)
    lip = s.skin * np.float32([[0.35], [0.23], [0.25]]) + np.float32([[0.52], [0.20], [0.23]])
    patch.fill(lip, ellipse(u, thin, half * 0.95, dice(0.03, 0.04) + smile * 0.006), 1 - is_open)
    patch.fill(darker(lip, 0.68), box(u, thin, half, 0.0, s.line * 0.4 + 0.009), 1 - is_open)
    high = dice(0.085, 0.105) + smile * 0.05
    top = -0.01 - high * (1 - smile)  # a smile has only the lower half of the ellipse
    hole = np.maximum(ellipse(u, thin, half, high), top - bent)
    patch.fill(lip, hole - 0.014, is_open)
    inside = patch.cover(hole) * is_open
    patch.blend(THROAT, inside)
    patch.blend(TONGUE, inside * patch.cover(ellipse(u, bent - high * 0.85, half * 0.6, high * 0.5)))
    patch.blend(CREAM, inside * patch.cover(bent - high * 0.42) * smile)


def nose(s, canvas):
    dice = s.dice
    patch = canvas.patch(s.face, (-0.12, -0.03, 0.12, 0.19))
    u, v = patch.u - s.yaw * 0.35, patch.v - dice(0.10, 0.13)
    ridge = soft(ellipse(u - s.light * 0.02, v + 0.03, 0.035, 0.09), 0.04)
    patch.blend(lighter(s.skin, 0.4), ridge * 0.4)
    tip = box(u, v + u * u * 5 - 0.02, dice(0.035, 0.06), 0.0, s.line * 0.5 + 0.004)
    patch.fill(darker(s.skin, 0.42), tip)


def moustache(s, canvas):
    """Two halves that meet under the nose."""
    dice = s.dice
    patch = canvas.patch(s.face, (-0.26, 0.11, 0.26, 0.32))
    u, wide = np.abs(patch.u), dice(0.10, 0.12)
    v = patch.v - 0.199 - u * u * dice(-0.3, 0.8)
    d = ellipse(u - wide * 0.9, v, wide, dice(0.05, 0.06))
    patch.outlined(s.hair, s.hair_line, d, s.line * 0.6, s.has["moustache"])


def eyes(s, canvas):
    dice = s.dice
    patch = canvas.patch(s.face, (-0.29, -0.15, 0.29, 0.08))
    u, v = np.abs(patch.u) - s.eye, patch.v + 0.01
    wide, high, lid = dice(0.068, 0.085), dice(0.05, 0.075), s.line * 0.8 + 0.006
    patch.fill(darker(s.skin, 0.75), ellipse(u, v + lid, wide + lid * 0.8, high + lid))
    white = ellipse(u, v, wide, high)
    patch.fill(WHITE, white)
    inside = patch.cover(white)
    # |u| mirrors the left and the right; but both eyes look the same way, and one light falls in.
    right = np.where(patch.u < 0, np.float32(-1), np.float32(1))
    u = u - right * (dice.middling(-0.03, 0.03) + s.yaw * 0.3)
    v = v - dice.middling(-0.012, 0.012)
    size, iris = dice(0.042, 0.05), pick(IRISES, dice())
    circles = (darker(iris, 0.35), size), (lighter(iris, 0.1), size - 0.009), (BLACK, size * 0.5)
    for colour, r in circles:
        patch.blend(colour, inside * patch.cover(ellipse(u, v, r, r)))
    patch.fill(WHITE, ellipse(u - right * s.light * 0.02, v + 0.017, 0.014, 0.014))
    s.brow = high + dice(0.09, 0.12)


def brows(s, canvas):
    dice = s.dice
    patch = canvas.patch(s.face, (-0.29, -0.25, 0.29, -0.05))
    u = np.abs(patch.u) - s.eye
    v = patch.v + s.brow + u * dice.middling(-0.25, 0.25) - u * u * dice(2.0, 5.0)
    patch.fill(darker(s.hair, 0.25), box(u, v, dice(0.05, 0.07), 0.0, dice(0.011, 0.022)))


def glasses(s, canvas):
    """Clear ones and dark ones: a face never has both."""
    dice, clear, dark = s.dice, s.has["glasses"], s.has["sunglasses"]
    patch = canvas.patch(s.face, (-0.52, -0.15, 0.52, 0.15))
    u, v = np.abs(patch.u), patch.v
    a, b = dice(0.118, 0.135), dice(0.095, 0.125)
    r = np.minimum(b, dice(0.05, 0.13))
    rim = 0.022 + s.line * 0.5
    tone = pick(DARK_LENSES, dice())
    colour = mix(darker(tone, 0.3), pick_apart(RIMS, dice(), [s.skin], 0.3), clear)
    lens = box(u - s.eye, v, a - r, b - r, r)
    patch.fill(WHITE, lens, clear * 0.22)
    patch.fill(tone, lens, dark)
    shine = np.abs(u - s.eye + v * 0.6 - s.light * 0.04) - 0.022
    patch.fill(WHITE, np.maximum(lens + rim, shine), dark * 0.35 + clear * 0.25)
    arms = np.maximum(np.abs(v + 0.03) - rim * 0.5, -lens)
    arms = np.maximum(arms, np.abs(patch.u + s.yaw) - s.a)  # as far as the ears
    bridge = box(u, v + 0.02 - u * u * 4, s.eye - a, 0.0, rim * 0.55)
    patch.fill(colour, np.minimum(np.minimum(arms, bridge), hollow(lens, rim)), clear + dark)


# ------------------------------------------------------------------ on top


def hair_on_top(s, canvas):
    """Straight, with a fringe or a quiff, or curly."""
    dice = s.dice
    patch = canvas.patch(s.head, (-0.56, -0.67, 0.56, 0.06))
    u, v = patch.u, patch.v
    d = s.skull(patch, dice(0.03, 0.085))
    curly, r = dice.chance(0.3), 0.115
    nearest = np.float32(1)
    for t in np.linspace(0, 0.9, 5).tolist():  # curls from the crown to the ears
        cos, sin = turned(t)
        du, dv = np.abs(u) - sin * s.a, v + cos * s.b
        nearest = np.minimum(nearest, du * du + dv * dv)
    d = np.minimum(d, (nearest - r * r) / (2 * r) + (1 - curly))
    quiff = dice.chance(0.4) * (1 - curly)
    d = np.minimum(d, ellipse(u - dice(-0.2, 0.2), v + s.b - 0.03, 0.25, 0.17) + (1 - quiff))
    wave = u * dice(5, 10)
    fringe = np.abs(wave - np.rint(wave)) * dice(0.0, 0.12) * (1 - curly)
    hairline = above(u, v + fringe, dice(-0.32, -0.22), dice(-0.45, 0.45), dice(1.0, 2.0))
    d = np.maximum(np.maximum(d, hairline), np.maximum(v - dice(-0.06, 0.03), s.under_hat(patch)))
    patch.outlined(s.hair, s.hair_line, d, s.line)
    gloss = soft(np.abs(above(u + s.light * 0.12, v, -0.40, 0.0, 1.0)) - 0.06, 0.06)
    gloss *= soft(ellipse(u + s.light * 0.25, v + 0.4, 0.3, 0.3), 0.25)
    patch.blend(lighter(s.hair, 0.45), patch.cover(d + s.line) * gloss * 0.6)


def hat(s, canvas):
    """A hat with a brim, or a cap with a pompom, each with a band."""
    dice, has, brimmed = s.dice, s.has["hat"], s.dice.chance(0.5)
    low, bow = dice(-0.27, -0.23), dice(0.15, 0.35)
    wide, tall = s.a + 0.07, s.b + dice(0.08, 0.11)
    colour = pick_apart(CLOTHES, dice(), [s.hat, s.hair], 0.15)
    shade = darker(s.hat, 0.4)

    patch = canvas.patch(s.head, (-0.09, -0.73, 0.09, -0.5))
    ball = ellipse(patch.u, patch.v + s.b + 0.12, 0.085, 0.085)
    patch.outlined(colour, darker(colour, 0.4), ball, s.line, has * (1 - brimmed))

    patch = canvas.patch(s.head, (-0.52, -0.65, 0.52, -0.13))
    u, v = patch.u, patch.v
    crown = np.maximum(ellipse(u, v + 0.02, wide, tall), above(u, v, low, 0.0, bow))
    patch.outlined(s.hat, shade, crown, s.line, has)
    lit = soft(ellipse(u + s.light * 0.2, v + 0.08, wide, tall), 0.2)
    patch.blend(shade, patch.cover(crown + s.line) * (1 - lit) * (has * 0.5))

    patch = canvas.patch(s.head, (-0.6, -0.4, 0.6, -0.05))
    u, v = patch.u, patch.v
    band = hollow(above(u, v, low, 0.0, bow), 0.11)
    band = np.maximum(band, ellipse(u, v + 0.02, wide, tall) - 0.015 * (1 - brimmed))
    patch.outlined(colour, darker(colour, 0.4), band, s.line, has)
    brim = box(u, v - low - bow * u * u, s.a + 0.1, 0.0, dice(0.035, 0.055))
    patch.outlined(s.hat, shade, brim, s.line, has * brimmed)


def earrings(s, canvas):
    """Discs or hoops, below the ears, before the hair."""
    dice = s.dice
    patch = canvas.patch(s.head, (-0.56, 0.09, 0.56, 0.32))
    u, v = np.abs(patch.u) - s.a - 0.035, patch.v - 0.205
    metal = pick_apart(JEWELS, dice(), [s.hair, s.wall], 0.12)
    r, hoop = dice(0.055, 0.07), dice.chance(0.4)
    d = ellipse(u, v, r, r * (1 + 0.3 * hoop))
    d = mix(d, hollow(d, 0.044), hoop) - 0.012
    patch.outlined(metal, darker(metal, 0.55), d, 0.012, s.has["earrings"])


PARTS = (
    background, clutter, hair_behind, neck_and_shirt, hair_in_front, ears, head, cheeks, beard,
    mouth, nose, moustache, eyes, brows, glasses, hair_on_top, hat, earrings,
)  # fmt: skip
