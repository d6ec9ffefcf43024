"""The full sets of the field, through TensorFlow Datasets, from what is prepared on this machine."""

import importlib.util
import os
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf

from .. import checks
from .dataset import Data
from .transforms import centre_crop, resize, without_autograph

ARRAY_LIMIT = 2**30  # Bytes: what is larger is streamed instead of held in memory.


def _data_dir(data_dir) -> Path:
    if not isinstance(data_dir, str | os.PathLike | None):
        raise ValueError(f"data_dir is {checks.short(data_dir)}; give the path of a folder")
    found = data_dir or os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets"
    return Path(found).expanduser()


def command(name: str, data_dir) -> str:
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


def load_tfds(name, split, data_dir, size, crop, download) -> Data:
    if not importlib.util.find_spec("tensorflow_datasets"):
        need = 'pip install "ganedu[tfds]"'
        raise ImportError(f"loading {name!r} needs TensorFlow Datasets: {need}")
    # Looked up by hand: TFDS itself would ask the network, again and again, before it says
    # that a set is not there.
    folder = find(name, data_dir)
    if folder is None and not download:
        raise FileNotFoundError(
            f"{name!r} is not prepared in {_data_dir(data_dir)}: on a machine with a network"
            f" run: {command(name, data_dir)}"
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
        raise ValueError(f"split is {split!r}; {name!r} has {', '.join(have)}, all")
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

    stream = stream.map(without_autograph(example), num_parallel_calls=tf.data.AUTOTUNE)
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
    return stream.filter(without_autograph(lambda r: tf.reduce_any(~r["objects"]["is_crowd"])))


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
