"""A small platform file, as most tests of the command line use it."""

from pathlib import Path

FILE = """
platform: shop
environment: dev
region: us-east-1
service_defaults: {cpu: 256, memory: 512}
services:
  web:
    routes: [{priority: 1, paths: ["/*"]}]
    image: {uri: "public.ecr.aws/nginx/nginx:1.27"}
"""
OWN_IMAGE = FILE.replace('image: {uri: "public.ecr.aws/nginx/nginx:1.27"}', "image: {tag: v1}")


def changed(file: Path, old: str, new: str) -> str:
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    return str(file)
