"""Folders of one's own images: the subfolders are the classes, or the splits and then the classes."""

import hashlib
import os
import warnings
from pathlib import Path

import numpy as np

from .dataset import Data
from .transforms import centre_crop, resize

SMALLEST_SIDE = 8  # Pixels: a smaller picture in a folder is skipped.
IMAGE_SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"}
SPLITS = {  # by the names that folders bear
    "train": "train", "training": "train",
    "validation": "validation", "valid": "validation", "val": "validation",
    "test": "test", "testing": "test",
}  # fmt: skip


def load_folder(root: Path, split: str, size, crop, channels) -> Data:
    channels = 3 if channels is None else channels
    if channels not in (1, 3):
        raise ValueError(f"channels is {channels!r}; use 1 (grey) or 3 (colour)")
    files = _image_files(root)
    own = _own_splits(files)
    split = SPLITS.get(split.lower(), split)
    have = (*own, "all") if own else ("train", "test", "all")
    if split not in have:
        raise ValueError(f"split is {split!r}; folder {str(root)!r} has {', '.join(have)}")
    if own:
        _warn_of_others(root, files, own)
        files = {p: parts[1:] for s in own for p, parts in files.items() if parts[0] in own[s]}
    if not files:
        kinds = ", ".join(sorted(IMAGE_SUFFIXES))
        raise ValueError(f"folder {str(root)!r} holds no images ({kinds})")
    _check_depth(root, files, own)

    # A file's class is the first folder of its parts; without any such, there are none.
    class_of = {p: parts[0] for p, parts in files.items() if len(parts) > 1}
    classes = sorted(set(class_of.values()))
    images, labels, skipped = [], [], []
    chosen = [p for p in files if split in ("all", _split_of(p, root, own))]
    for path in chosen:
        try:
            if classes and path not in class_of:
                raise ValueError("beside the class folders, in none of them")
            images.append(_read_image(path, size, crop, channels))
            labels.append(classes.index(class_of[path]) if classes else 0)
        except Exception as e:  # Pillow raises many kinds for a broken file.
            reason = str(e).splitlines()[0] if str(e) else type(e).__name__
            skipped.append((_printable(path.relative_to(root)), reason))
    if skipped:
        shown = ", ".join(f"{file} ({why})" for file, why in skipped[:5])
        more = ", ..." if len(skipped) > 5 else ""
        note = f"{len(skipped)} of {len(chosen)} files skipped in {str(root)!r}: {shown}{more}"
        if not images:
            raise ValueError(f"no file could be used: {note}")
        warnings.warn(note, stacklevel=3)
    if not images:
        raise ValueError(f"folder {str(root)!r}: no image falls in {split!r}; use split='all'")
    for image in images:
        if image.shape != images[0].shape:
            sizes = " and ".join(f"{i.shape[1]}x{i.shape[0]}" for i in (images[0], image))
            raise ValueError(f"{str(root)!r} holds images of {sizes} pixels: give size=, as 64")
    kept = np.asarray(labels, np.int32) if classes else None
    names = tuple(_printable(c) for c in classes)
    return Data(np.stack(images), kept, names, _printable(root), split, tuple(skipped))


def _image_files(root: Path) -> dict[Path, tuple[str, ...]]:
    """The images below a folder, not the hidden ones, sorted; the parts of each one's path."""
    found = []
    for folder, below, names in os.walk(root, followlinks=True):
        below[:] = [b for b in below if not b.startswith(".") and not _leads_back(folder, b)]
        found += [Path(folder, n) for n in names if not n.startswith(".")]
    found = sorted(p for p in found if p.suffix.lower() in IMAGE_SUFFIXES)
    return {p: p.relative_to(root).parts for p in found}


def _leads_back(folder, name):
    """Whether a name in a folder is a link to that folder, or to one that it is in."""
    path = os.path.join(folder, name)
    return os.path.islink(path) and Path(folder).resolve().is_relative_to(Path(path).resolve())


def _own_splits(files) -> dict[str, set[str]]:
    """Which of the topmost folders are which split, if two splits or more are there."""
    found = {}
    for name in {parts[0] for parts in files.values() if len(parts) > 1}:
        if split := SPLITS.get(name.lower()):
            found.setdefault(split, set()).add(name)
    known = ("train", "validation", "test")
    return {s: found[s] for s in known if s in found} if len(found) > 1 else {}


def _split_of(path: Path, root: Path, own) -> str:
    parts = path.relative_to(root).parts
    if own:
        return SPLITS[parts[0].lower()]
    # By a hash of the path: it stays as other files come and go.
    digest = hashlib.sha256(os.fsencode(path.relative_to(root).as_posix())).digest()
    return "test" if int.from_bytes(digest[:4], "big") % 10 == 0 else "train"


def _warn_of_others(root, files, own):
    used = set().union(*own.values())
    others = sorted({_printable(parts[0]) for parts in files.values()} - used)
    if others:
        more = ", ..." if len(others) > 5 else ""
        warnings.warn(
            f"folder {str(root)!r} holds {', '.join(others[:5])}{more} beside "
            f"{', '.join(sorted(used))}: left out",
            stacklevel=4,
        )


def _check_depth(root, files, own):
    """One class that holds nothing but folders is no class, but a folder too much."""
    inside, deeper = [parts for parts in files.values() if len(parts) > 1], ()
    while len({parts[0] for parts in inside}) == 1 and all(len(parts) > 2 for parts in inside):
        deeper += (inside[0][0],)
        inside = [parts[1:] for parts in inside]
    if deeper:
        cure = "move these up" if own else f"give {str(root.joinpath(*deeper))!r}"
        raise ValueError(
            f"folder {str(root)!r} holds a single class, {deeper[0]!r}, with nothing but folders "
            f"in it; if those are the classes, {cure}"
        )


def _printable(path) -> str:
    """A path with forward slashes; what in its name is no UTF-8 is written as \\xe9."""
    return os.fsencode(Path(path).as_posix()).decode("utf-8", "backslashreplace")


def _read_image(path: Path, size, crop, channels) -> np.ndarray:
    from PIL import Image, ImageOps

    with Image.open(path) as opened:
        if min(opened.size) < SMALLEST_SIDE:
            raise ValueError("{}x{} pixels: too small".format(*opened.size))
        # One channel of 16 bits; Pillow brings colours of 16 bits to 8 itself.
        deep = opened.mode.startswith("I;16") or (opened.mode, opened.format) == ("I", "PNG")
        if opened.mode in ("I", "F") and not deep:
            raise ValueError(
                f"pixels of mode {opened.mode}, of which nothing says what white is; save them "
                "with 8 or 16 bits"
            )
        image = ImageOps.exif_transpose(opened)
    if deep:
        pixels = np.array(image)
        pixels[pixels == image.info.get("transparency", -1)] = 65535  # white, as below
        image = Image.fromarray(np.rint(pixels / 257).astype(np.uint8))
    if image.has_transparency_data:  # What shows through is white, as on paper.
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    image = np.asarray(image.convert("L" if channels == 1 else "RGB"))
    image = image.reshape(*image.shape[:2], channels)
    return image if size is None else resize(size)(centre_crop(crop)(image)).numpy()
