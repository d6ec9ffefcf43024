"""Files that are whole or not there."""

import os
from pathlib import Path


def write(path, content):
    """Writes bytes or text so that a reader finds the old file or the new one, never a half.

    The content goes into a file beside it, onto the disk, and is then renamed into place: an
    interruption or a full disk leaves what was there before.

    Raises:
        OSError: if it could not be written; the message says that nothing was lost.
    """
    path = Path(path)
    content = content.encode() if isinstance(content, str) else content
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(beside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        reason = error.strerror or error
        raise OSError(
            error.errno, f"could not write {path} ({reason}); what was saved before is unharmed"
        ) from None


def make_folder(path):
    """The folder, made with its parents if need be.

    Raises:
        OSError: if it cannot be made or written to.
    """
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(error.errno, f"could not make the folder {path} ({error.strerror})") from None
    if not os.access(path, os.W_OK):
        raise OSError(f"the folder {path} is read-only; choose another, or allow writing")
    return path
