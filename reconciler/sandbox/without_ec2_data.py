"""Do not load data that Fargate does not need. It takes most of a reset's time and a third of moto's memory."""

from typing import Any

from moto.utilities import utils

from reconciler.sandbox.world import add


def install() -> None:
    from moto.ec2.models.amis import AmiBackend  # noqa: PLC0415 - after `before_moto`, if that was called

    add(AmiBackend, "_load_amis", _load_no_images)


def _load_no_images(ec2: Any) -> None:
    """Leave out the 1,300 public machine images, which take 0.1 s a backend. Images can still be registered."""
    ec2.amis = {}


def before_moto() -> None:
    """Keep moto from loading the EC2 instance types and offerings.

    It must run before moto's EC2 is imported.
    """
    load = utils.load_resource

    def load_resource(name: str) -> Any:
        return {} if name.startswith("ec2/resources/instance_type") else load(name)

    utils.load_resource = load_resource
