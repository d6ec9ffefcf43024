"""The data sets by name, and the one door to all of them: `load`."""

import difflib
import os
import re
from pathlib import Path
from typing import NamedTuple

from .. import checks
from . import bundled, faces, folders, tfds
from .dataset import Data
from .transforms import centre_crop, resize


class About(NamedTuple):
    """One line of the list of data sets; `bundled` ones need no download, nor do drawn ones."""

    name: str
    what: str
    size: str
    splits: tuple[str, ...]
    labels: str
    licence: str
    bundled: bool = False


TRAIN_TEST = ("train", "test")
TRAIN_VALID = ("train", "validation")
ABOUT = {
    about.name: about
    for about in (
        About("digits", "handwritten digits: a balanced part of MNIST",
              "10,000 + 2,000, 28x28 grey", TRAIN_TEST, "10 digits", "CC BY-SA 3.0", True),
        About("fashion", "clothes: a balanced part of Fashion-MNIST",
              "10,000 + 2,000, 28x28 grey", TRAIN_TEST, "10 kinds", "MIT", True),
        About("faces", "drawn faces with or without a smile, glasses, a hat ...",
              "10,000 + 2,000 (or as many as one likes), 16x16 to 256x256 colour", TRAIN_TEST,
              f"none; 10 attributes: {', '.join(faces.ATTRIBUTES)}", "MIT", True),
        About("mnist", "handwritten digits", "60,000 + 10,000, 28x28 grey", TRAIN_TEST,
              "10 digits", "CC BY-SA 3.0"),
        About("fashion_mnist", "clothes", "60,000 + 10,000, 28x28 grey", TRAIN_TEST,
              "10 kinds", "MIT"),
        About("cifar10", "animals and vehicles", "50,000 + 10,000, 32x32 colour",
              TRAIN_TEST, "10 kinds", "none stated"),
        About("celeb_a", "faces of celebrities", "202,599, 178x218 colour, 1.4 GB",
              ("train", "validation", "test"), "none", "non-commercial research only"),
        About("lsun/bedroom", "bedrooms", "3.0 million, many sizes, colour, 43 GB",
              TRAIN_VALID, "none", "none stated"),
        About("imagenet_resized/32x32", "ImageNet made small",
              "1,281,167 + 50,000, 32x32 colour, 3.7 GB", TRAIN_VALID,
              "1,000 kinds, by their WordNet numbers", "non-commercial research only"),
        About("oxford_iiit_pet", "cats and dogs", "3,680 + 3,669, many sizes, 0.8 GB",
              TRAIN_TEST, "37 breeds", "CC BY-SA 4.0"),
        About("coco/2017", "everyday scenes", "118,287 + 5,000, many sizes, 27 GB",
              ("train", "validation", "test"),
              "80 kinds: that of the largest single object; images with none are left out;"
              " test has none at all", "annotations CC BY 4.0; images by their owners"),
        About("cars196", "cars", "8,144 + 8,041, many sizes, 2.0 GB", TRAIN_TEST,
              "196 models", "non-commercial research only"),
    )
}  # fmt: skip


def names() -> tuple[About, ...]:
    """Every data set that `load` knows by name, bundled ones first, one `About` each."""
    return tuple(ABOUT.values())


def describe(name: str) -> str:
    """A few lines of text on one data set.  ValueError for an unknown name."""
    if not isinstance(name, str) or name not in ABOUT:
        raise ValueError(_unknown(name))
    about = ABOUT[name]
    where = "with this package" if about.bundled else (
        tfds.find(name) or f"not prepared here; run: {tfds.command(name, None)}")  # fmt: skip
    return "\n".join([
        f"{about.name}: {about.what}", f"  images   {about.size}",
        f"  splits   {', '.join(about.splits)}", f"  labels   {about.labels}",
        f"  licence  {about.licence}", f"  where    {where}",
    ])  # fmt: skip


def load(
    name: str | os.PathLike,
    split: str = "train",
    data_dir: str | os.PathLike | None = None,
    *,
    size: int | None = None,
    crop: float = 1.0,
    channels: int | None = None,
    download: bool = False,
    n: int | None = None,
    seed: int = 0,
    frequencies: dict[str, float] | None = None,
) -> Data:
    """Loads a data set by name (see `names`), or a folder of images by its path.

    name: a known name, or a path.  In a folder the subfolders are the classes; with no
        subfolders there are no labels.  Broken, tiny and stray files are skipped: counted in
        one warning, named in `Data.skipped`.  Grey levels of 16 bits are divided by 257;
        pixels of 32 bits, of which no file says what white is, are skipped too.
    split: "train", "test", ... or "all"; for the TFDS sets also slices, "train[:1000]".
        A folder that holds two or three of `train`, `validation` (or `valid`, `val`) and
        `test` uses those; any other is split about 90 to 10 by a hash of each file's path,
        so a file stays where it is as others come and go.
    data_dir: where prepared TFDS sets are; default $TFDS_DATA_DIR, ~/tensorflow_datasets.
    size, crop: every image is cut to its central `crop` of each side, then to a square, then
        made `size` x `size`.  Images of many sizes need this to become one array.
    channels: 1 (grey) or 3 (colour, the default); for folders only.
    download: let TFDS download and prepare a set that is not there.  Nothing is ever
        downloaded otherwise.
    n, seed, frequencies: for "faces" only, which are drawn: how many of a split (default 10,000
        of "train", 2,000 of "test"), which ones, and how frequent each attribute is; see
        `faces.draw`.  Here `size` is 64 if left out.

    Images come as one uint8 array where all have one size and they need at most 1 GiB,
    else as a stream.  Raises ValueError, FileNotFoundError, ImportError, OSError.
    """
    if not isinstance(name, str | os.PathLike) or not str(name).strip():
        raise ValueError(
            f"name is {checks.short(name)}; give one of {', '.join(ABOUT)}, or the path of a "
            "folder of images"
        )
    if not isinstance(split, str):
        raise ValueError(f"split is {checks.short(split)}; give a name, as 'train'")
    if str(name) != "faces":
        for argument, given in (("n", n), ("seed", seed or None), ("frequencies", frequencies)):
            if given is not None:
                raise ValueError(f"{argument} is {checks.short(given)}, but {argument}= is for "
                                 f"drawn faces, not for {str(name)!r}")  # fmt: skip
    if size is not None:
        resize(size)  # Raises if size is no good.
    elif crop != 1:
        crop = checks.short(crop)
        raise ValueError(f"crop is {crop} without a size; give both: crop={crop}, size=64")
    centre_crop(crop)
    if str(name) not in ABOUT:
        return folders.load_folder(_folder(name), split, size, crop, channels)
    if channels is not None:
        raise ValueError(f"channels is {checks.short(channels)}, but channels= is for folders of images; for others use to_rgb()")
    if str(name) == "faces":
        return faces.load_faces(split, size, crop, n, seed, frequencies)
    if ABOUT[str(name)].bundled:
        return bundled.load_bundled(str(name), split, size, crop)
    return tfds.load_tfds(str(name), split, data_dir, size, crop, download)


def _unknown(name) -> str:
    near = difflib.get_close_matches(str(name), ABOUT, n=3, cutoff=0.5)
    guess = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
    return (f"unknown data set {str(name)!r}: {guess}known are {', '.join(ABOUT)};"
            " or give the path of a folder of images")  # fmt: skip


def _folder(name) -> Path:
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    if path.is_file():
        raise ValueError(f"{str(name)!r} is a file: give the folder that holds the images")
    near = difflib.get_close_matches(str(name), ABOUT, n=1)
    if not near and (isinstance(name, Path) or re.search(r"[/\\~]", str(name))):
        raise FileNotFoundError(f"no folder {str(name)!r} here ({Path.cwd()})")
    raise ValueError(_unknown(name))
