"""Small pictures and folders of them, as files."""

import io
import tarfile
import zipfile

from PIL import Image


def saved(image, form, **options):
    """The bytes of an image in a kind of file."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def plain(value=100, size=(6, 5), form="PNG", mode="RGB"):
    """The bytes of a one-coloured picture; size is (height, width)."""
    colour = (value, 255 - value, 10) if mode == "RGB" else value
    return saved(Image.new(mode, (size[1], size[0]), colour), form)


def pack(root, path):
    """The folder as an archive of the kind that the name says, members relative to it."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for file in sorted(root.rglob("*")):
                archive.write(file, file.relative_to(root))
    else:
        with tarfile.open(path, f"w:{path.suffix.lstrip('.').replace('tar', '')}") as archive:
            archive.add(root, arcname=".")
    return path
