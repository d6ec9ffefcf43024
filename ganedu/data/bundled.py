"""The sets that come with the package: digits and clothes, packed, each file with its hash."""

import hashlib
import lzma
from pathlib import Path

import numpy as np

from .dataset import Data
from .transforms import centre_crop, resize

ASSETS = Path(__file__).parents[1] / "assets"
SPLITS = ("train", "test")
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


def load_bundled(name: str, split: str, size: int | None, crop: float) -> Data:
    if split not in (*SPLITS, "all"):
        raise ValueError(f"split is {split!r}; {name!r} has {', '.join(SPLITS)}, all")
    parts = [unpack(name, s) for s in (SPLITS if split == "all" else (split,))]
    images, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    class_names = DIGIT_NAMES if name == "digits" else FASHION_NAMES
    return Data(_as_square(images, size, crop), labels, class_names, name, split)


def _as_square(images: np.ndarray, size: int | None, crop: float) -> np.ndarray:
    if size is None:
        return images
    cut, shrink = centre_crop(crop), resize(size)
    parts = [shrink(cut(images[i : i + 1000])).numpy() for i in range(0, len(images), 1000)]
    return np.concatenate(parts)


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
