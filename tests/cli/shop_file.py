"""A small platform file, as most tests of the command line use it."""

from pathlib import Path

from support import SHOP

FILE = SHOP
OWN_IMAGE = FILE.replace('image: {uri: "public.ecr.aws/nginx/nginx:1.27"}', "image: {tag: v1}")


def changed(file: Path, old: str, new: str) -> str:
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    return str(file)
