"""Painting many small pictures at once: smooth shapes, laid over each other, in NumPy alone.

    canvas = Canvas(64, n=100)
    patch = canvas.patch(Frame(x, y), (-0.2, -0.2, 0.2, 0.2))
    patch.fill(red, ellipse(patch.u, patch.v, 0.2, 0.1))

All n pictures are painted by the same calls; what differs from one to the next (a place, a
radius, a colour) is an array of n numbers.  The pictures are the last axis of every array, so
that such an array simply broadcasts, and NumPy's inner loops are long.

A shape is a signed distance: how far a point is from its edge, negative inside.  How much of a
pixel the shape covers follows from the distance over the pixel's side, whatever the resolution:
edges are smooth, and a picture halved is very nearly the picture painted at half the size.

Only + - * /, the square root, minima, maxima and comparisons touch a pixel.  IEEE 754 says what
these give to the last bit, unlike sines and powers: one picture has the same bytes on every
machine.
"""

import numpy as np


def turned(t):
    """(cosine, sine) of the angle 2 arctan(t), by arithmetic alone."""
    bottom = 1 + t * t
    return (1 - t * t) / bottom, 2 * t / bottom


class Frame:
    """Coordinates of one's own: origin (x, y), turned clockwise by `turned(t)`, enlarged.

    Picture coordinates run from -1 (left, top) to 1 (right, bottom).  Every argument is a number
    or one for each picture.
    """

    def __init__(self, x=0.0, y=0.0, t=0.0, scale=1.0):
        self.x, self.y = np.float32(x), np.float32(y)
        self.cos, self.sin = turned(np.float32(t))
        self.scale = np.float32(scale)

    def to_picture(self, u, v):
        """Where the point (u, v) of this frame lies in the picture."""
        x = self.x + (u * self.cos - v * self.sin) * self.scale
        return x, self.y + (u * self.sin + v * self.cos) * self.scale

    def from_picture(self, x, y):
        """The inverse: (u, v) of the picture's point (x, y)."""
        cos, sin = self.cos / self.scale, self.sin / self.scale
        x, y = x - self.x, y - self.y
        return x * cos + y * sin, y * cos - x * sin

    def moved(self, u, v):
        """The same, but its origin is at the point (u, v) of this frame."""
        frame = Frame(*self.to_picture(u, v), 0.0, self.scale)
        frame.cos, frame.sin = self.cos, self.sin
        return frame


class Patch:
    """A part of the canvas: where its pixels are in a frame, and what is painted on them.

    u, v: float32 [h, w, n], the middle of each pixel.  pixel: a pixel's side, in the frame's units.
    """

    def __init__(self, planes, u, v, pixel):
        self.planes, self.u, self.v, self.pixel = planes, u, v, pixel

    def cover(self, distance):
        """The share of each pixel, 0 to 1, that a shape of this signed distance covers."""
        share = distance / -self.pixel
        share += 0.5
        return np.clip(share, 0, 1, out=share)

    def blend(self, colour, alpha):
        """Lays a colour (three numbers, or three arrays [n]) over the patch, so opaque."""
        for plane, level in zip(self.planes, colour, strict=True):
            change = level - plane
            change *= alpha
            plane += change

    def fill(self, colour, distance, opacity=1.0):
        """Paints a shape."""
        self.blend(colour, self.cover(distance) * opacity)

    def outlined(self, colour, line, distance, width, opacity=1.0):
        """Paints a shape with a line of the colour `line` inside its edge."""
        self.fill(line, distance, opacity)
        self.fill(colour, distance + width, opacity)


class Canvas:
    """n pictures of size x size pixels, `crop` of each side of the whole: planes [3, size, size, n]."""

    def __init__(self, size, n, crop=1.0):
        self.size, self.step, self.crop = size, 2 * crop / size, crop
        middles = (np.arange(size) + 0.5) * self.step - crop
        self.x = middles.astype(np.float32)[None, :, None]
        self.y = middles.astype(np.float32)[:, None, None]
        self.planes = np.zeros((3, size, size, n), np.float32)

    def patch(self, frame, box):
        """The smallest patch that holds the box (left, top, right, bottom) of each picture's frame."""
        left, top, right, bottom = box
        corners = [frame.to_picture(u, v) for u in (left, right) for v in (top, bottom)]
        columns, rows = (self._span(along) for along in zip(*corners, strict=True))
        u, v = frame.from_picture(self.x[:, columns], self.y[rows])
        pixel = np.float32(self.step) / frame.scale
        return Patch([plane[rows, columns] for plane in self.planes], u, v, pixel)

    def _span(self, ends):
        low = min(float(np.min(end)) for end in ends)
        high = max(float(np.max(end)) for end in ends)
        # A pixel more on either side: an edge covers a part of the pixel that it ends in.
        first, last = ((end + self.crop) / self.step for end in (low, high))
        return slice(*np.clip([int(first) - 1, int(last) + 2], 0, self.size))

    def pictures(self):
        """The pictures as uint8 [n, size, size, 3]."""
        levels = np.rint(np.clip(self.planes, 0, 1) * np.float32(255)).astype(np.uint8)
        return np.ascontiguousarray(levels.transpose(3, 1, 2, 0))


# Shapes: the signed distance of the points (u, v), in a frame's units.


def ellipse(u, v, a, b):
    """An ellipse about the origin with half axes a and b; exact to first order at its edge."""
    uu, vv = u * u, v * v
    aa, bb = 1 / (a * a), 1 / (b * b)
    level = uu * aa + vv * bb - 1
    slope = np.sqrt(uu * (aa * aa) + vv * (bb * bb))
    return level / (2 * slope + 1e-6)


def box(u, v, a, b, r=0.0):
    """A box about the origin with half sides a and b, all of it made larger (and round) by r.

    With a = b = 0 a disc, with b = 0 a bar with round ends.
    """
    u, v = np.abs(u) - a, np.abs(v) - b
    inside = np.minimum(np.maximum(u, v), 0)
    u, v = np.maximum(u, 0), np.maximum(v, 0)
    return np.sqrt(u * u + v * v) + (inside - r)


def hollow(distance, width):
    """Of a shape, what is so near its edge: a ring of a disc."""
    half = width * 0.5
    return np.abs(distance + half) - half


def above(u, v, constant, linear=0.0, quadratic=0.0):
    """What is above the parabola v = constant + linear u + quadratic u^2."""
    slope = linear + 2 * quadratic * u
    level = v - (constant + (linear + quadratic * u) * u)
    return level / np.sqrt(1 + slope * slope)


def soft(distance, width):
    """1 deep inside a shape, 0 outside it, falling smoothly over `width` towards the edge."""
    t = np.clip(distance / -width, 0, 1)
    return t * t * (3 - 2 * t)


# Colours: float32 [3, n], red, green and blue from 0 to 1.


def palette(*codes):
    """Colours "f0a0b0" as a table float32 [k, 3]."""
    return np.array([[int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)] for code in codes], np.float32)


def pick(table, where):
    """One colour for each number from 0 to 1 (not 1 itself)."""
    return table[(where * len(table)).astype(int)].T


def between(table, where):
    """The same, but colours flow into one another along the table."""
    place = where * np.float32(len(table) - 1)
    low = place.astype(int)
    part = place - low.astype(np.float32)
    return mix(table[low].T, table[low + 1].T, part)


def pick_apart(table, where, others, least):
    """As `pick`, but goes on to the next colour that differs from each of the others, if one does.

    How much two colours differ: by their brightness, and by a fourth of what they differ in hue.
    """
    k = len(table)
    gap = np.full((k, len(where)), np.inf, np.float32)
    for other in others:
        r, g, b = (table[:, i, None] - other[i] for i in range(3))
        light = np.abs(r * 0.3 + g * 0.6 + b * 0.1)
        hue = np.abs(r - g) + np.abs(g - b)
        gap = np.minimum(gap, light + hue * 0.25)
    order = ((where * k).astype(int) + np.arange(k)[:, None]) % k  # [k, n], by preference
    good = np.take_along_axis(gap, order, 0) > least
    chosen = np.take_along_axis(order, good.argmax(0)[None], 0)[0]  # the first, if none is good
    return table[chosen].T


def mix(start, end, share):
    """From start (share 0) to end (share 1): of colours, or of any numbers."""
    return start + (end - start) * share


def darker(colour, by):
    return colour * (1 - by)


def lighter(colour, by):
    return colour + (1 - colour) * by
