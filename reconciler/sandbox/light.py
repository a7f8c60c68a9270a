"""Leave out data that moto loads and no platform on Fargate needs: most of a reset's time, a third of the memory."""

from typing import Any

from moto.utilities import utils

from reconciler.sandbox.world import add


def install() -> None:
    from moto.ec2.models.amis import AmiBackend  # noqa: PLC0415 - after `before_moto`, if that was called

    add(AmiBackend, "_load_amis", _load_no_images)


def _load_no_images(ec2: Any) -> None:
    """Begin without the 1,300 public machine images, which cost 0.1 s a backend. Users can still register images."""
    ec2.amis = {}


def before_moto() -> None:
    """Keep moto from reading the EC2 instance types and their offerings. Works only before moto's EC2 is imported."""
    load = utils.load_resource

    def load_resource(name: str) -> Any:
        return {} if name.startswith("ec2/resources/instance_type") else load(name)

    utils.load_resource = load_resource
