"""Folders of one's own images: the subfolders are the classes."""

import hashlib
import warnings
from pathlib import Path

import numpy as np

from .dataset import Data
from .transforms import centre_crop, resize

SMALLEST_SIDE = 8  # Pixels: a smaller picture in a folder is skipped.
IMAGE_SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"}
SPLITS = ("train", "test")


def load_folder(root: Path, split: str, size, crop, channels) -> Data:
    channels = 3 if channels is None else channels
    if channels not in (1, 3):
        raise ValueError(f"channels={channels!r}: use 1 (grey) or 3 (colour)")
    if split not in ("train", "test", "all"):
        raise ValueError(f"unknown split {split!r} of a folder: it has train, test, all")
    own_split = (root / "train").is_dir() and (root / "test").is_dir()
    tops = [root / s for s in (SPLITS if split == "all" else (split,))]
    found = [(top, p) for top in (tops if own_split else [root]) for p in _image_files(top)]
    if not found:
        kinds = ", ".join(sorted(IMAGE_SUFFIXES))
        raise ValueError(f"folder {str(root)!r} holds no images ({kinds}) for {split!r}")

    # A file's class is the first folder below the top; without any such, there are none.
    class_of = {p: p.relative_to(top).parts[:-1][:1] for top, p in found}
    class_names = tuple(sorted({c[0] for c in class_of.values() if c}))
    images, labels, skipped = [], [], []
    chosen = [p for _, p in found if own_split or split in ("all", _hash_split(p, root))]
    for path in chosen:
        try:
            if class_names and not class_of[path]:
                raise ValueError("beside the class folders, in none of them")
            images.append(_read_image(path, size, crop, channels))
            labels.append(class_names.index(class_of[path][0]) if class_names else 0)
        except Exception as e:  # Pillow raises many kinds for a broken file.
            reason = str(e).splitlines()[0] if str(e) else type(e).__name__
            skipped.append((path.relative_to(root).as_posix(), reason))
    if skipped:
        shown = ", ".join(f"{file} ({why})" for file, why in skipped[:5])
        more = ", ..." if len(skipped) > 5 else ""
        note = f"{len(skipped)} of {len(chosen)} files skipped in {str(root)!r}: {shown}{more}"
        if not images:
            raise ValueError(f"no file could be used: {note}")
        warnings.warn(note, stacklevel=3)
    if not images:
        raise ValueError(f"folder {str(root)!r}: no image falls in {split!r}; use split='all'")
    for path, image in zip(chosen, images, strict=False):
        if image.shape != images[0].shape:
            sizes = " and ".join(f"{i.shape[1]}x{i.shape[0]}" for i in (images[0], image))
            raise ValueError(f"{str(root)!r} holds images of {sizes} pixels: give size=, as 64")
    kept = np.asarray(labels, np.int32) if class_names else None
    return Data(np.stack(images), kept, class_names, str(root), split, tuple(skipped))


def _image_files(top: Path) -> list[Path]:
    return sorted(
        p for p in top.rglob("*")
        if p.suffix.lower() in IMAGE_SUFFIXES
        and not any(part.startswith(".") for part in p.relative_to(top).parts)
    )  # fmt: skip


def _hash_split(path: Path, root: Path) -> str:
    digest = hashlib.sha256(path.relative_to(root).as_posix().encode()).digest()
    return "test" if int.from_bytes(digest[:4], "big") % 10 == 0 else "train"


def _read_image(path: Path, size, crop, channels) -> np.ndarray:
    from PIL import Image, ImageOps

    with Image.open(path) as opened:
        if min(opened.size) < SMALLEST_SIDE:
            raise ValueError("{}x{} pixels: too small".format(*opened.size))
        image = ImageOps.exif_transpose(opened)
    if image.has_transparency_data:  # What shows through is white, as on paper.
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    image = np.asarray(image.convert("L" if channels == 1 else "RGB"))
    image = image.reshape(*image.shape[:2], channels)
    return image if size is None else resize(size)(centre_crop(crop)(image)).numpy()
