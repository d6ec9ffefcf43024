"""Images for training: bundled sets, drawn faces, the full sets of the field, one's own folders.

    images, labels, class_names = data.load("digits")[:3]
    batches = data.Batches(images, labels, batch_size=64, prepare=(data.scale(),))

`load` gives uint8 images (0..255), untouched; what is done to them before training is said
in the open, as a chain of small transforms (`centre_crop`, `resize`, `to_rgb`, `flip`,
`rotate`, `scale`) that `Batches` applies.

Bundled and offline are `digits` (MNIST) and `fashion` (Fashion-MNIST), 10,000 training and
2,000 test images each, the same number of every class.  `assets/ORIGIN.md` says whose they
are and by which rule they were chosen.  `faces` are drawn on the spot, in colour, as many and as
large as one likes; what each has (a smile, glasses ...) is in `Data.attributes`.  The full sets
come through TensorFlow Datasets.
"""

from .batches import Batches, StreamBatches, make_batches
from .dataset import Data, draw, first, hold_out, one_class
from .sets import About, describe, load, names
from .tfds import find
from .transforms import centre_crop, flip, resize, rotate, scale, to_rgb

__all__ = [
    "About", "Batches", "Data", "StreamBatches", "centre_crop", "describe", "draw", "find", "first", "flip",
    "hold_out", "load", "make_batches", "names", "one_class", "resize", "rotate", "scale", "to_rgb",
]  # fmt: skip
