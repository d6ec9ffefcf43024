"""Real images for training: bundled sets, the full sets of the field, folders of one's own.

    images, labels, class_names = data.load("digits")[:3]
    batches = data.Batches(images, labels, batch_size=64, prepare=(data.scale(),))

`load` gives uint8 images (0..255), untouched; what is done to them before training is said
in the open, as a chain of small transforms (`centre_crop`, `resize`, `to_rgb`, `flip`,
`rotate`, `scale`) that `Batches` applies.

Bundled and offline are `digits` (MNIST) and `fashion` (Fashion-MNIST), 10,000 training and
2,000 test images each, the same number of every class.  `assets/ORIGIN.md` says whose they
are and by which rule they were chosen.  The full sets come through TensorFlow Datasets.
"""

import difflib
import hashlib
import importlib.util
import lzma
import os
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf

ASSETS = Path(__file__).parent / "assets"
ARRAY_LIMIT = 2**30  # Bytes: what is larger is streamed instead of held in memory.
SMALLEST_SIDE = 8  # Pixels: a smaller picture in a folder is skipped.
IMAGE_SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"}

DIGIT_NAMES = tuple("0123456789")
FASHION_NAMES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                 "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")  # fmt: skip

# SHA-256 of each packed file: written here by hand from what tools/pack_data.py prints.
SHA256 = {
    "digits_train.xz": "afc856ccda40371811b8ca7f9d38fd649e976f520e5b65f98d6d9915eca0483f",
    "digits_test.xz": "149a0dd933c70363508f21dfeb885346ef3b89775326d74e28055a1279afd701",
    "fashion_train.xz": "2d9f21c3a8c0c5fe6aac38635ebb11bc192770dac367c2ed3ed4dbd24f35ef92",
    "fashion_test.xz": "6ce81870e2b68546572b53c905dcd546ecc7a8673b1c9057fff31f0cfb60fc51",
}


class Data(NamedTuple):
    """What `load` gives.  The first three unpack: `images, labels, names = data[:3]`.

    images: uint8 array [N, H, W, C]; or, for a set too large for memory, a tf.data.Dataset
        of (image, label), of image alone where the set has no labels.
    labels: int32 array [N], or None (no labels, or they are in the stream).
    class_names: a tuple, the name of class 0, 1, ...; empty where there are no labels.
    skipped: for folders, what could not be used: (file, reason) pairs.
    """

    images: np.ndarray | tf.data.Dataset
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    name: str
    split: str
    skipped: tuple[tuple[str, str], ...] = ()


class About(NamedTuple):
    """One line of the list of data sets; `bundled` ones need no download."""

    name: str
    what: str
    size: str
    splits: tuple[str, ...]
    labels: str
    licence: str
    bundled: bool = False


_TRAIN_TEST = ("train", "test")
_TRAIN_VALID = ("train", "validation")
_ABOUT = {
    about.name: about
    for about in (
        About("digits", "handwritten digits: a balanced part of MNIST",
              "10,000 + 2,000, 28x28 grey", _TRAIN_TEST, "10 digits", "CC BY-SA 3.0", True),
        About("fashion", "clothes: a balanced part of Fashion-MNIST",
              "10,000 + 2,000, 28x28 grey", _TRAIN_TEST, "10 kinds", "MIT", True),
        About("mnist", "handwritten digits", "60,000 + 10,000, 28x28 grey", _TRAIN_TEST,
              "10 digits", "CC BY-SA 3.0"),
        About("fashion_mnist", "clothes", "60,000 + 10,000, 28x28 grey", _TRAIN_TEST,
              "10 kinds", "MIT"),
        About("cifar10", "animals and vehicles", "50,000 + 10,000, 32x32 colour",
              _TRAIN_TEST, "10 kinds", "none stated"),
        About("celeb_a", "faces of celebrities", "202,599, 178x218 colour, 1.4 GB",
              ("train", "validation", "test"), "none", "non-commercial research only"),
        About("lsun/bedroom", "bedrooms", "3.0 million, many sizes, colour, 43 GB",
              _TRAIN_VALID, "none", "none stated"),
        About("imagenet_resized/32x32", "ImageNet made small",
              "1,281,167 + 50,000, 32x32 colour, 3.7 GB", _TRAIN_VALID,
              "1,000 kinds, by their WordNet numbers", "non-commercial research only"),
        About("oxford_iiit_pet", "cats and dogs", "3,680 + 3,669, many sizes, 0.8 GB",
              _TRAIN_TEST, "37 breeds", "CC BY-SA 4.0"),
        About("coco/2017", "everyday scenes", "118,287 + 5,000, many sizes, 27 GB",
              ("train", "validation", "test"),
              "80 kinds: that of the largest single object; images with none are left out;"
              " test has none at all", "annotations CC BY 4.0; images by their owners"),
        About("cars196", "cars", "8,144 + 8,041, many sizes, 2.0 GB", _TRAIN_TEST,
              "196 models", "non-commercial research only"),
    )
}  # fmt: skip


def names() -> tuple[About, ...]:
    """Every data set that `load` knows by name, bundled ones first, one `About` each."""
    return tuple(_ABOUT.values())


def describe(name: str) -> str:
    """A few lines of text on one data set.  ValueError for an unknown name."""
    if name not in _ABOUT:
        raise ValueError(_unknown(name))
    about = _ABOUT[name]
    where = "with this package" if about.bundled else (
        find(name) or f"not prepared here; run: {_command(name, None)}")  # fmt: skip
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
) -> Data:
    """Loads a data set by name (see `names`), or a folder of images by its path.

    name: a known name, or a path.  In a folder the subfolders are the classes; with no
        subfolders there are no labels.  Broken, tiny and stray files are skipped: counted in
        one warning, named in `Data.skipped`.
    split: "train", "test", ... or "all"; for the TFDS sets also slices, "train[:1000]".
        A folder that holds `train` and `test` uses those; any other is split about 90 to 10
        by a hash of each file's path, so a file stays where it is as others come and go.
    data_dir: where prepared TFDS sets are; default $TFDS_DATA_DIR, ~/tensorflow_datasets.
    size, crop: every image is cut to its central `crop` of each side, then to a square, then
        made `size` x `size`.  Images of many sizes need this to become one array.
    channels: 1 (grey) or 3 (colour, the default); for folders only.
    download: let TFDS download and prepare a set that is not there.  Nothing is ever
        downloaded otherwise.

    Images come as one uint8 array where all have one size and they need at most 1 GiB,
    else as a stream.  Raises ValueError, FileNotFoundError, ImportError, OSError.
    """
    if size is not None:
        resize(size)  # Raises if size is no good.
    elif crop != 1:
        raise ValueError(f"crop={crop!r} needs size= too: load(..., crop={crop!r}, size=64)")
    centre_crop(crop)
    if str(name) not in _ABOUT:
        return _load_folder(_folder(name), str(split), size, crop, channels)
    if channels is not None:
        raise ValueError("channels= is for folders of images; for others use to_rgb()")
    if _ABOUT[str(name)].bundled:
        return _load_bundled(str(name), split, size, crop)
    return _load_tfds(str(name), split, data_dir, size, crop, download)


def one_class(data: Data, y: int) -> Data:
    """The images of class y alone (label and name kept), for one GAN per class.

    ValueError for a set without labels in memory, or a class that is not there.
    """
    if data.labels is None:
        raise ValueError(f"{data.name} has no labels in memory: one class cannot be picked out")
    if not (data.labels == y).any():
        raise ValueError(f"{data.name} has no images of class {y!r}; it has 0 to "
                         f"{int(data.labels.max())}")  # fmt: skip
    mine = data.labels == y
    return data._replace(images=data.images[mine], labels=data.labels[mine])


def _unknown(name) -> str:
    near = difflib.get_close_matches(str(name), _ABOUT, n=3, cutoff=0.5)
    guess = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
    return (f"unknown data set {str(name)!r}: {guess}known are {', '.join(_ABOUT)};"
            " or give the path of a folder of images")  # fmt: skip


def _folder(name) -> Path:
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    if path.is_file():
        raise ValueError(f"{str(name)!r} is a file: give the folder that holds the images")
    near = difflib.get_close_matches(str(name), _ABOUT, n=1)
    if not near and (isinstance(name, Path) or re.search(r"[/\\~]", str(name))):
        raise FileNotFoundError(f"no folder {str(name)!r} here ({Path.cwd()})")
    raise ValueError(_unknown(name))


def _as_square(images: np.ndarray, size: int | None, crop: float) -> np.ndarray:
    if size is None:
        return images
    cut, shrink = centre_crop(crop), resize(size)
    parts = [shrink(cut(images[i : i + 1000])).numpy() for i in range(0, len(images), 1000)]
    return np.concatenate(parts)


# --- Bundled sets -----------------------------------------------------------------------


def _load_bundled(name: str, split: str, size: int | None, crop: float) -> Data:
    if split not in ("train", "test", "all"):
        raise ValueError(f"unknown split {split!r} of {name!r}: it has train, test, all")
    parts = [unpack(name, s) for s in (_TRAIN_TEST if split == "all" else (split,))]
    images, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    class_names = DIGIT_NAMES if name == "digits" else FASHION_NAMES
    return Data(_as_square(images, size, crop), labels, class_names, name, split)


def unpack(name: str, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Reads one packed file: images [N, 28, 28, 1] uint8 and labels [N] int32.

    The file is LZMA (.xz): N label bytes, then N x 784 pixels, row by row.  Its SHA-256 is
    checked first.  Raises FileNotFoundError if it is gone, OSError if it is damaged.
    """
    path = ASSETS / f"{name}_{split}.xz"
    cure = "install ganedu again"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: {cure}")
    packed = path.read_bytes()
    if hashlib.sha256(packed).hexdigest() != SHA256[path.name]:
        raise OSError(f"{path} is damaged (its SHA-256 is not the one recorded): {cure}")
    content = np.frombuffer(lzma.decompress(packed), np.uint8)
    n = len(content) // 785
    return content[n:].reshape(n, 28, 28, 1), content[:n].astype(np.int32)


# --- TensorFlow Datasets ----------------------------------------------------------------


def _data_dir(data_dir) -> Path:
    found = data_dir or os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets"
    return Path(found).expanduser()


def _command(name: str, data_dir) -> str:
    where = f", data_dir={str(data_dir)!r}" if data_dir else ""
    call = f"data.load({name!r}{where}, download=True)"
    return f'python -c "from ganedu import data; {call}"'


def find(name: str, data_dir: str | os.PathLike | None = None) -> Path | None:
    """The folder of a prepared TFDS set (its newest version), or None.  Needs no TFDS."""
    complete = [
        tuple(map(int, info.parent.name.split("."))) + (info.parent,)
        for info in _data_dir(data_dir).joinpath(name).glob("*/dataset_info.json")
        if re.fullmatch(r"\d+\.\d+\.\d+", info.parent.name)
    ]
    return max(complete)[-1] if complete else None


def _load_tfds(name, split, data_dir, size, crop, download) -> Data:
    if not importlib.util.find_spec("tensorflow_datasets"):
        need = 'pip install "ganedu[tfds]"'
        raise ImportError(f"loading {name!r} needs TensorFlow Datasets: {need}")
    # Looked up by hand: TFDS itself would ask the network, again and again, before it says
    # that a set is not there.
    folder = find(name, data_dir)
    if folder is None and not download:
        raise FileNotFoundError(
            f"{name!r} is not prepared in {_data_dir(data_dir)}: on a machine with a network"
            f" run: {_command(name, data_dir)}"
        )
    import tensorflow_datasets as tfds

    if folder is None:
        try:
            tfds.builder(name, data_dir=_data_dir(data_dir)).download_and_prepare()
        except Exception as e:
            first = (str(e).strip() or type(e).__name__).splitlines()[0]
            raise OSError(f"TFDS could not download and prepare {name!r}: {first}") from e
        folder = find(name, data_dir)
    builder = tfds.builder_from_directory(folder)
    have = tuple(builder.info.splits)
    if not set(re.findall(r"[A-Za-z_]\w*", re.sub(r"\[.*?\]", "", split))) <= {*have, "all"}:
        raise ValueError(f"unknown split {split!r} of {name!r}: it has {', '.join(have)}, all")
    if name == "coco/2017" and re.search("test|all", split):
        raise ValueError("coco/2017 has no labels for 'test': use 'train' or 'validation'")

    read, class_names = _reader(name, builder.info.features)
    wanted = ["image", *({"objects"} if name == "coco/2017" else {"label"})]
    wanted = {key: True for key in wanted if key in builder.info.features}
    try:
        count = builder.info.splits[split].num_examples
        stream = builder.as_dataset(split=split, decoders=tfds.decode.PartialDecoding(wanted))
    except (ValueError, KeyError) as e:
        raise ValueError(f"split {split!r} of {name!r}: {str(e).splitlines()[0]}") from None
    stream = _labelled(stream) if name == "coco/2017" else stream

    def example(record):
        image, *label = read(record)
        if size is not None:
            image = resize(size)(centre_crop(crop)(image))
        return (image, *label) if label else image

    stream = stream.map(_plain(example), num_parallel_calls=tf.data.AUTOTUNE)
    shape = tf.nest.flatten(stream.element_spec)[0].shape
    if shape.is_fully_defined() and count * shape.num_elements() <= ARRAY_LIMIT:
        images, labels = _gather(stream, count, bool(class_names), folder)
        return Data(images, labels, class_names, name, split)
    return Data(stream.prefetch(tf.data.AUTOTUNE), None, class_names, name, split)


def _reader(name: str, features) -> tuple[Callable, tuple[str, ...]]:
    """How a record of this set becomes (image,) or (image, label), and its class names."""
    if name == "coco/2017":

        def largest_object(record):
            objects = record["objects"]
            areas = tf.where(objects["is_crowd"], tf.constant(-1, tf.int64), objects["area"])
            label = objects["label"][tf.argmax(areas)]
            return record["image"], tf.cast(label, tf.int32)

        return largest_object, tuple(features["objects"].feature["label"].names)
    if "label" in features:
        return (
            lambda record: (record["image"], tf.cast(record["label"], tf.int32)),
            tuple(features["label"].names),
        )
    return lambda record: (record["image"],), ()


def _labelled(stream: tf.data.Dataset) -> tf.data.Dataset:
    return stream.filter(_plain(lambda r: tf.reduce_any(~r["objects"]["is_crowd"])))


def _gather(stream, count: int, labelled: bool, folder: Path):
    """Reads a whole stream into memory."""
    images = labels = None
    seen = 0
    try:
        for batch in stream.batch(500).as_numpy_iterator():
            x, y = batch if labelled else (batch, None)
            if images is None:
                images = np.empty((count, *x.shape[1:]), np.uint8)
                labels = np.empty(count, np.int32) if labelled else None
            images[seen : seen + len(x)] = x
            if labelled:
                labels[seen : seen + len(x)] = y
            seen += len(x)
    except (tf.errors.OpError, ValueError) as e:
        first = str(e).splitlines()[0]
        raise OSError(f"{folder} is damaged: delete it and prepare it again ({first})") from e
    if not seen:
        raise ValueError(f"{folder}: this split holds no images")
    return images[:seen], labels[:seen] if labelled else None


# --- Folders ----------------------------------------------------------------------------


def _load_folder(root: Path, split: str, size, crop, channels) -> Data:
    channels = 3 if channels is None else channels
    if channels not in (1, 3):
        raise ValueError(f"channels={channels!r}: use 1 (grey) or 3 (colour)")
    if split not in ("train", "test", "all"):
        raise ValueError(f"unknown split {split!r} of a folder: it has train, test, all")
    own_split = (root / "train").is_dir() and (root / "test").is_dir()
    tops = [root / s for s in (_TRAIN_TEST if split == "all" else (split,))]
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


# --- Transforms -------------------------------------------------------------------------
# Each is called with images [..., H, W, C] (one or a batch) and a seed (int32 [2]); the same
# seed gives the same bits.  They are dataclasses so that a printed chain can be read.


def _fraction(name: str, value) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise ValueError(f"{name}={value!r}: use a number above 0, at most 1")


@dataclass(frozen=True)
class centre_crop:
    """Keeps the central `fraction` of the height and of the width.  Use it before `resize`."""

    fraction: float

    def __post_init__(self):
        _fraction("fraction", self.fraction)

    def __call__(self, images, seed=None):
        return _centre(images, lambda h, w: (self._part(h), self._part(w)))

    def _part(self, side):
        if isinstance(side, int):
            return max(1, round(side * self.fraction))
        return tf.maximum(1, tf.cast(tf.round(tf.cast(side, tf.float64) * self.fraction), tf.int32))


def _centre(images, target: Callable):
    """Cuts the central part whose (height, width) is `target(height, width)`.

    Sizes that are known stay Python numbers, so that the result's size is known too.
    """
    images = tf.convert_to_tensor(images)
    sides = images.shape[-3:-1]
    h, w = sides if None not in sides else tf.unstack(tf.shape(images)[-3:-1])
    th, tw = target(h, w)
    top, left = (h - th) // 2, (w - tw) // 2
    return images[..., top : top + th, left : left + tw, :]


@dataclass(frozen=True)
class resize:
    """Makes images `size` x `size`, uint8 staying uint8.

    The longer side is cut to a square first: nothing is stretched.  Bilinear, with the
    filter widened when shrinking, so that no fine detail turns into false patterns.
    """

    size: int

    def __post_init__(self):
        if isinstance(self.size, bool) or not isinstance(self.size, int) or self.size < 1:
            raise ValueError(f"size={self.size!r}: use a whole number of pixels, as 64")

    def __call__(self, images, seed=None):
        images = _centre(images, self._square)
        out = tf.image.resize(images, (self.size, self.size), antialias=True)
        return _back_to(out, images.dtype)

    def _square(self, h, w):
        return (min(h, w) if isinstance(h, int) else tf.minimum(h, w),) * 2


def _back_to(out, dtype):
    if dtype != tf.uint8:
        return tf.cast(out, dtype)
    return tf.cast(tf.clip_by_value(tf.round(out), 0, 255), tf.uint8)


@dataclass(frozen=True)
class to_rgb:
    """Grey [..., H, W, 1] to three equal channels; colour stays as it is."""

    def __call__(self, images, seed=None):
        images = tf.convert_to_tensor(images)
        if images.shape[-1] not in (1, 3):
            raise ValueError(f"to_rgb() needs 1 or 3 channels, got shape {images.shape}")
        return images if images.shape[-1] == 3 else tf.repeat(images, 3, axis=-1)


@dataclass(frozen=True)
class flip:
    """Mirrors each image left to right with probability one half.  Not for digits."""

    def __call__(self, images, seed):
        images = tf.convert_to_tensor(images)
        heads = tf.random.stateless_uniform(tf.shape(images)[:-3], seed) < 0.5
        return tf.where(heads[..., None, None, None], tf.reverse(images, [-2]), images)


@dataclass(frozen=True)
class rotate:
    """Turns each image about its centre by an angle uniform in [-degrees, degrees].

    What comes in at the corners is the image mirrored at its edge.
    """

    degrees: float

    def __post_init__(self):
        if not isinstance(self.degrees, int | float) or not 0 <= self.degrees <= 180:
            raise ValueError(f"degrees={self.degrees!r}: use a number from 0 to 180")

    def __call__(self, images, seed):
        images = tf.convert_to_tensor(images)
        batch = images if images.shape.rank == 4 else images[None]
        n, h, w = tf.unstack(tf.shape(batch)[:3])
        limit = self.degrees * np.pi / 180
        angle = tf.random.stateless_uniform([n], seed, -limit, limit)
        cos, sin = tf.cos(angle), tf.sin(angle)
        # Output pixel (x, y) is read at (a x + b y + c, d x + e y + f).
        cx, cy = (tf.cast(side - 1, tf.float32) / 2 for side in (w, h))
        rows = [cos, -sin, cx - cos * cx + sin * cy, sin, cos, cy - sin * cx - cos * cy]
        out = tf.raw_ops.ImageProjectiveTransformV3(
            images=tf.cast(batch, tf.float32),
            transforms=tf.stack([*rows, tf.zeros([n]), tf.zeros([n])], axis=1),
            output_shape=tf.stack([h, w]),
            fill_value=0.0,
            interpolation="BILINEAR",
            fill_mode="REFLECT",
        )
        out = tf.ensure_shape(_back_to(out, images.dtype), batch.shape)
        return out if images.shape.rank == 4 else out[0]


@dataclass(frozen=True)
class scale:
    """uint8 0..255 to float32 [-1, 1], the range of a generator's tanh: x / 127.5 - 1."""

    def __call__(self, images, seed=None):
        images = tf.convert_to_tensor(images)
        if images.dtype != tf.uint8:
            raise ValueError(f"scale() needs uint8 images, got {images.dtype.name}: scaled twice?")
        return tf.cast(images, tf.float32) / 127.5 - 1.0


# --- Batches ----------------------------------------------------------------------------


def _plain(function: Callable) -> Callable:
    """Keeps AutoGraph, which would rewrite (and re-word the errors of) our code, away."""
    return tf.autograph.experimental.do_not_convert(function)


def _check_whole(name: str, value, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name}={value!r}: use a whole number, at least {least}")
    return int(value)


def _check_prepare(prepare) -> tuple[Callable, ...]:
    prepare = tuple(prepare) if isinstance(prepare, list | tuple) else (prepare,)
    for t in prepare:
        if isinstance(t, type) or not callable(t):
            name = getattr(t, "__name__", repr(t))
            raise ValueError(f"prepare: {name} is not a transform; write it called, as scale()")
    return prepare


def _apply(prepare, images, seed, epoch, position):
    """Runs the chain; transform i of batch (or image) `position` has a seed of its own."""
    key = tf.constant([seed, 0], tf.int32)
    for number in (epoch, position):
        key = tf.random.fold_in(key, tf.cast(number, tf.int32))
    for i, transform in enumerate(prepare):
        images = transform(images, tf.random.fold_in(key, i))
    return images


class Batches:
    """Shuffled batches of images in memory, for ever, in an order that can be resumed.

    images: uint8 [N, H, W, C], as `load` gives them.  labels: None, or N whole numbers from 0.
    prepare: transforms, applied to each batch in turn.
    class_weights: None: every image once an epoch, in a new order (those left over when N is
        no multiple of batch_size sit the epoch out).  "balanced": every batch holds the classes
        as evenly as can be.  A sequence, one weight a class: each image's class is drawn with
        those odds.  With weights, an epoch is as long, but images of a rare class come several
        times and some of a frequent one not at all; within a class, none comes twice before all
        have come once.

    Both the order and the transforms' random numbers depend on (seed, epoch, step) alone:
    `from_epoch(3)` gives the bits that `from_epoch(0)` gives after three epochs, in another
    process too (`exact_resume`).  `len(batches)` is the steps in an epoch.  Iterating gives
    epoch 0 once.  Raises ValueError for data that would train wrongly.
    """

    exact_resume = True

    def __init__(
        self,
        images: np.ndarray,
        labels: Sequence[int] | None = None,
        *,
        batch_size: int,
        seed: int = 0,
        prepare: Sequence[Callable] = (scale(),),
        class_weights: str | Sequence[float] | None = None,
    ):
        if isinstance(images, tf.data.Dataset):
            raise ValueError("images is a stream: use StreamBatches (or make_batches)")
        self.images = _check_images(images)
        self.labels = None if labels is None else _check_labels(labels, len(self.images))
        self.batch_size = _check_whole("batch_size", batch_size, 1)
        if self.batch_size > len(self.images):
            raise ValueError(
                f"batch_size={batch_size} is larger than the set ({len(self.images)} images)"
            )
        self.seed = _check_whole("seed", seed, 0)
        self.prepare = _check_prepare(prepare)
        self.class_weights = class_weights
        self._odds = self._check_weights(class_weights)
        # Tensors once and for all: a graph that is traced later must not hold a copy of them.
        with tf.init_scope(), tf.device("CPU"):
            self._pixels = tf.constant(self.images)
            self._classes = None if self.labels is None else tf.constant(self.labels)
        # Tried on one image now: an error in the chain shows here, in plain words.
        _apply(self.prepare, tf.constant(self.images[:1]), self.seed % 2**31, 0, 0)

    def _check_weights(self, weights) -> np.ndarray | None:
        if weights is None:
            return None
        if self.labels is None:
            raise ValueError(f"class_weights={weights!r} needs labels")
        counts = np.bincount(self.labels)
        if isinstance(weights, str):
            if weights != "balanced":
                raise ValueError(f"class_weights={weights!r}: use 'balanced' or one a class")
            return None
        odds = np.asarray(weights, float)
        if odds.ndim != 1 or len(odds) < len(counts):
            raise ValueError(f"class_weights: {odds.size} for {len(counts)} classes")
        if not np.all(np.isfinite(odds)) or odds.min() < 0 or odds.sum() <= 0:
            raise ValueError(f"class_weights={weights!r}: use numbers >= 0, not all 0")
        counts = np.bincount(self.labels, minlength=len(odds))
        if (empty := np.flatnonzero((odds > 0) & (counts == 0))).size:
            raise ValueError(f"class_weights: class {empty[0]} has a weight but no images")
        return odds / odds.sum()

    def __len__(self) -> int:
        return len(self.images) // self.batch_size

    def __iter__(self) -> Iterator:
        return iter(self.from_epoch(0).take(len(self)))

    def order(self, epoch: int) -> np.ndarray:
        """Which images make up the batches of one epoch: int32 [steps, batch_size]."""
        rng = np.random.default_rng([self.seed, int(epoch)])
        shape = (len(self), self.batch_size)
        slots = len(self) * self.batch_size
        if self.class_weights is None:
            return rng.permutation(len(self.images))[:slots].reshape(shape).astype(np.int32)
        if self._odds is None:  # Balanced: the classes in turn, so that no batch is uneven.
            classes = np.resize(rng.permutation(np.unique(self.labels)), slots)
        else:
            classes = rng.choice(len(self._odds), slots, p=self._odds)
        chosen = np.empty(slots, np.int32)
        for c in np.unique(classes):
            mine, where = np.flatnonzero(self.labels == c), np.flatnonzero(classes == c)
            passes = -(-len(where) // len(mine))
            drawn = np.concatenate([rng.permutation(mine) for _ in range(passes)])
            chosen[where] = drawn[: len(where)]
        return rng.permuted(chosen.reshape(shape), axis=1)

    def from_epoch(self, epoch: int = 0) -> tf.data.Dataset:
        """Endless batches x, or (x, y) with int32 y, from the start of the given epoch on."""
        if not tf.is_tensor(epoch):
            epoch = _check_whole("epoch", epoch, 0)
        steps, size = len(self), self.batch_size
        images, labels = self._pixels, self._classes

        def one_epoch(e):
            order = tf.numpy_function(self.order, [e], tf.int32, stateful=False)
            order = tf.ensure_shape(order, [steps, size])
            rows = tf.data.Dataset.from_tensor_slices((order, tf.range(steps)))
            return rows.map(lambda index, step: (index, e, step))

        def batch(index, e, step):
            x = _apply(self.prepare, tf.gather(images, index), self.seed % 2**31, e, step)
            return x if labels is None else (x, tf.gather(labels, index))

        epochs = tf.data.Dataset.range(epoch, np.iinfo(np.int64).max)
        return epochs.flat_map(_plain(one_epoch)).map(_plain(batch)).prefetch(2)


class StreamBatches:
    """The same for a stream: a finite tf.data.Dataset of uint8 images or (image, label).

    Transforms work on one image at a time, so images of many sizes are fine as long as `prepare`
    makes them one size.  The shuffle mixes `shuffle` images at a time.  steps_per_epoch may be
    left out where the stream knows its length.

    Limits: no class weights, and `exact_resume` is False: each epoch starts anew from the
    stream's beginning with its own (seed, epoch) shuffle, so an epoch repeats exactly only if
    the stream itself gives the same images in the same order, which we cannot see.
    """

    exact_resume = False

    def __init__(
        self,
        stream: tf.data.Dataset,
        *,
        batch_size: int,
        steps_per_epoch: int | None = None,
        seed: int = 0,
        prepare: Sequence[Callable] = (scale(),),
        shuffle: int = 2000,
    ):
        if not isinstance(stream, tf.data.Dataset):
            kind = type(stream).__name__
            raise ValueError(f"stream must be a tf.data.Dataset, got {kind}: use Batches")
        self.batch_size = _check_whole("batch_size", batch_size, 1)
        self.seed = _check_whole("seed", seed, 0)
        self.shuffle = _check_whole("shuffle", shuffle, 1)
        self.prepare = _check_prepare(prepare)
        spec = stream.element_spec
        self.labelled = isinstance(spec, tuple) and len(spec) == 2
        image = spec[0] if self.labelled else spec
        if not isinstance(image, tf.TensorSpec) or image.dtype != tf.uint8:
            raise ValueError(f"stream must give uint8 images or (image, label), got {spec}")
        if image.shape.rank != 3:
            raise ValueError(f"stream must give single images [H, W, C], got {image.shape}")
        count = stream.cardinality().numpy()
        if steps_per_epoch is None:
            if count < 0:
                raise ValueError("the stream does not know its length: give steps_per_epoch")
            steps_per_epoch = int(count) // self.batch_size
            if not steps_per_epoch:
                raise ValueError(f"batch_size={batch_size} is larger than the set ({count})")
        self.steps_per_epoch = _check_whole("steps_per_epoch", steps_per_epoch, 1)
        self.stream = stream
        shape = tf.nest.flatten(self.from_epoch(0).element_spec)[0].shape
        if not shape.is_fully_defined():
            raise ValueError(f"prepare leaves batches of {shape}: put resize(size) into it")

    def __len__(self) -> int:
        return self.steps_per_epoch

    def __iter__(self) -> Iterator:
        return iter(self.from_epoch(0).take(len(self)))

    def from_epoch(self, epoch: int = 0) -> tf.data.Dataset:
        """Endless batches x, or (x, y) with int32 y, from the start of the given epoch on."""
        if not tf.is_tensor(epoch):
            epoch = _check_whole("epoch", epoch, 0)
        wanted = self.steps_per_epoch * self.batch_size

        def one_epoch(e):
            # repeat(): an epoch may be asked to be longer than the stream.
            mixed = self.stream.shuffle(self.shuffle, seed=e * 1_000_003 + self.seed).repeat()
            return mixed.enumerate().map(lambda i, example: (e, i, example)).take(wanted)

        def prepared(e, i, example):
            x, *y = example if self.labelled else (example,)
            x = _apply(self.prepare, x, self.seed % 2**31, e, i)
            return (x, tf.cast(y[0], tf.int32)) if y else x

        epochs = tf.data.Dataset.range(epoch, np.iinfo(np.int64).max)
        out = epochs.flat_map(_plain(one_epoch))
        out = out.map(_plain(prepared), num_parallel_calls=tf.data.AUTOTUNE)
        return out.batch(self.batch_size, drop_remainder=True).prefetch(2)


def make_batches(data: Data, **options) -> Batches | StreamBatches:
    """`Batches` or `StreamBatches`, whichever what `load` gave needs; options go to it."""
    if isinstance(data.images, tf.data.Dataset):
        return StreamBatches(data.images, **options)
    return Batches(data.images, data.labels, **options)


def _check_images(images) -> np.ndarray:
    images = np.asarray(images)
    if images.dtype != np.uint8:
        found = images.dtype.name
        if images.dtype.kind == "f" and images.size:
            bad = int(np.size(images) - np.isfinite(images).sum())
            low, high = images.min(), images.max()
            found += f" with {bad} NaN or infinite" if bad else f" in [{low:g}, {high:g}]"
        raise ValueError(f"images must be uint8 (0 to 255), got {found}; scale() comes later")
    if images.ndim != 4 or images.shape[-1] not in (1, 3) or not images.size:
        raise ValueError(f"images must be [N, H, W, 1 or 3], N > 0, got {list(images.shape)}")
    return images


def _check_labels(labels, n: int) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.shape != (n,):
        raise ValueError(f"labels must be one a image: shape [{n}], got {list(labels.shape)}")
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be whole numbers, got {labels.dtype.name}")
    if labels.min() < 0 or labels.max() > 1_000_000:
        raise ValueError(f"labels must be 0, 1, 2, ..., got {labels.min()} to {labels.max()}")
    return labels.astype(np.int32)
