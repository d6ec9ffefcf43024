"""Sheets, film strips and GIFs of images, floats in [-1, 1] or uint8."""

import io

import numpy as np
from PIL import Image

from . import checks, files

GAP = 2  # white pixels between two tiles
WHITE = 255


def to_bytes(images):
    """Images in [-1, 1] as uint8: -1 is 0, 1 is 255.  Those of uint8 stay as they are."""
    images = np.asarray(images)
    if images.dtype == np.uint8:
        return images
    if images.dtype.kind != "f":
        raise ValueError(
            f"images has dtype {images.dtype}; give floats in [-1, 1], or uint8 from 0 to 255"
        )
    images = np.nan_to_num(images.astype(np.float32), nan=-1.0)  # what is no number is black
    return np.rint((np.clip(images, -1, 1) + 1) * 127.5).astype(np.uint8)


def sheet(images, columns=8):
    """Images [N, H, W, C], in [-1, 1] or uint8, as one uint8 picture, `columns` to a row."""
    tiles = to_bytes(images)
    if tiles.ndim != 4 or tiles.shape[3] not in (1, 3) or not len(tiles):
        raise ValueError(f"images has shape {tiles.shape}; it must be [N, H, W, 1 or 3], N > 0")
    checks.whole("columns", columns, 1)
    n, height, width, channels = tiles.shape
    columns = min(columns, n)
    rows = -(-n // columns)
    picture = np.full(
        (rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, channels), WHITE, np.uint8
    )
    for i, tile in enumerate(tiles):
        top, left = (i // columns) * (height + GAP), (i % columns) * (width + GAP)
        picture[top : top + height, left : left + width] = tile
    return picture


def first_column(picture, height, width):
    """The first column of a sheet, laid on its side.

    Of a sheet with a row for each class, one image of each; `height`, `width` are an image's.
    """
    tops = range(0, len(picture), height + GAP)
    gap = np.full((height, GAP, picture.shape[2]), WHITE, np.uint8)
    tiles = [picture[top : top + height, :width] for top in tops]
    return np.concatenate([part for tile in tiles for part in (tile, gap)][:-1], axis=1)


def film_strip(sheets, height, frames=8):
    """The first row of sheets of one run, under each other: time runs downwards.

    `height` is that of one image.  Of many sheets it takes `frames`, dense at the start, where
    a GAN changes fastest, and always the first and the last.
    """
    if len(sheets) > frames:
        steps = np.geomspace(1, len(sheets), frames).round().astype(int) - 1
        chosen = sorted(set(steps) | {0, len(sheets) - 1})
        sheets = [sheets[i] for i in chosen]
    rows = []
    for picture in sheets:
        row = picture[:height]
        rows += [row, np.full((GAP, *row.shape[1:]), WHITE, np.uint8)]
    return np.concatenate(rows[:-1])


def _image(picture, zoom=1):
    image = Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture)
    return image.resize((image.width * zoom, image.height * zoom), Image.Resampling.NEAREST)


def save_png(path, picture):
    """Writes a uint8 picture [H, W, 1 or 3] as PNG."""
    buffer = io.BytesIO()
    _image(picture).save(buffer, "PNG", optimize=True)
    files.write(path, buffer.getvalue())


def load_png(path):
    """The uint8 picture [H, W, 1 or 3] in a PNG."""
    picture = np.asarray(Image.open(path))
    return picture[..., None] if picture.ndim == 2 else picture


def save_gif(path, sheets, seconds=6.0):
    """Writes sheets as a GIF that lasts about `seconds`, resting on the last; small ones are enlarged."""
    zoom = max(1, 480 // max(sheets[0].shape[:2]))
    frames = [_image(s, zoom) for s in sheets]
    each = max(60, int(1000 * seconds / len(frames)))
    buffer = io.BytesIO()
    frames[0].save(
        buffer,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[each] * (len(frames) - 1) + [each + 2000],
        loop=0,
    )
    files.write(path, buffer.getvalue())


def show(images, columns=8, title=None, size=1.0):
    """Draws images [N, H, W, C] in a notebook, as a `sheet`; returns the matplotlib figure.

    A uint8 picture [H, W, 1 or 3], such as a sheet, is drawn as it is.
    """
    import matplotlib.pyplot as plt

    picture = np.asarray(images)
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in (1, 3):
        picture = sheet(images, columns)
    height, width = picture.shape[:2]
    inches = 6.0 * size
    figure, axis = plt.subplots(figsize=(inches, inches * height / width + (0.3 if title else 0)))
    axis.imshow(picture.squeeze(), cmap="gray", vmin=0, vmax=255)
    axis.set_axis_off()
    if title:
        axis.set_title(title, fontsize=10)
    figure.tight_layout(pad=0.2)
    return figure
