"""Who is painted: what each face has, and all about it that is left to chance."""

import numpy as np

from .painting import Frame, between, darker, ellipse, palette, pick, pick_apart

SKINS = palette(
    "ffe3cf", "fbd3b4", "f0bd94", "dfa376", "c98a5c", "a96d44", "875233", "6d412b", "573525",
)  # fmt: skip
# Neighbours are unlike each other: `pick_apart` goes on to the next where one is too close.
HAIRS = palette(
    "1f191c", "5a3623", "c8622a", "a9a6ab", "33508f", "2e201b", "8f3b22", "e0ae55", "d4588e",
    "261d1f", "6f4526", "f1eee8", "27837f", "3f281d", "8a5a33", "f0d796", "6f4a9e",
)  # fmt: skip
WALLS = palette(
    "f6d7c3", "f9e2b0", "cfe6d4", "c5e3ea", "cdd6f2", "e5d3f0", "f6cfda", "dfe3e6", "a8d5cf", "f3b9a5",
)  # fmt: skip
CLOTHES = palette(
    "e4572e", "29807a", "f3a712", "3a5a94", "7d4f9e", "c8385a", "f2ede1", "2f3b47", "5f9e5a", "88c4cf",
)  # fmt: skip


class Dice:
    """A face's random numbers, given out one after the other: arrays float32 [n].

    numbers: float32 [n, count], uniform from 0 to 1 (1 itself left out).
    """

    def __init__(self, numbers):
        self._columns = iter(numbers.T)

    def __call__(self, low=0.0, high=1.0):
        """The next number of each face, uniform from low to high."""
        return low + (high - low) * next(self._columns)

    def middling(self, low, high):
        """The mean of two: more often in the middle."""
        return (self(low, high) + self(low, high)) * 0.5

    def chance(self, p):
        """1 with probability p, else 0."""
        return (next(self._columns) < p).astype(np.float32)


class Sitter:
    """Who is painted: n faces, their attributes, and all that is left to chance.

    has: attribute -> float32 [n], 1 for a face that has it, else 0.
    dice: a `Dice`.
    """

    def __init__(self, has, dice):
        self.has, self.dice = has, dice
        # Where the head is, how it is tilted, and whither it is turned: then the face moves on it.
        self.x, self.y = dice.middling(-0.06, 0.06), dice(0.06, 0.1)
        self.head = Frame(self.x, self.y, dice.middling(-0.12, 0.12), dice(1.0, 1.09))
        self.yaw, self.pitch = dice.middling(-0.07, 0.07), dice.middling(-0.025, 0.025)
        self.face = self.head.moved(self.yaw, self.pitch)
        # Half the width and the height of the head, how narrow the jaw is, and how far from
        # the middle of the face an eye is.
        self.a, self.b, self.jaw = dice(0.385, 0.43), dice(0.47, 0.51), dice(0.1, 0.9)
        self.eye = dice(0.155, 0.18)
        self.line = dice(0.010, 0.022)
        self.light = dice(-0.8, 0.8)  # where from: left to right; it is always from above
        self.skin = between(SKINS, dice())
        self.hair = pick_apart(HAIRS, dice(), [self.skin], 0.17)
        self.wall = pick_apart(WALLS, dice(), [self.skin, self.hair], 0.12)
        self.floor = pick(WALLS, dice())
        self.shirt, self.hat = (
            pick_apart(CLOTHES, dice(), [self.skin, self.hair, self.wall], 0.15) for _ in range(2)
        )
        self.skin_line, self.hair_line = darker(self.skin, 0.45), darker(self.hair, 0.4)
        # Long hair: how much wider than the head, where it ends, half the width of a lock.
        self.mane, self.ends, self.lock = dice(0.09, 0.14), dice(0.55, 0.70), dice(0.09, 0.15)

    def skull(self, patch, grown=0.0):
        """The head's distance, made larger by so much."""
        chin = np.maximum(patch.v, 0)
        return ellipse(patch.u * (1 + self.jaw * chin * chin), patch.v, self.a + grown, self.b + grown)

    def under_hat(self, patch):
        """A distance that keeps hair out of the hat: what is above the hat's rim is outside."""
        return -0.3 - patch.v - 2 * (1 - self.has["hat"])
