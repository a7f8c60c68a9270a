"""What moto loads and no platform on Fargate asks for is left out: most of a reset's time, a third of the memory."""

from typing import Any

from moto.utilities import utils

from reconciler.sandbox.world import add


def install() -> None:
    from moto.ec2.models.amis import AmiBackend  # noqa: PLC0415 - after `before_moto`, if that was called

    add(AmiBackend, "_load_amis", _no_images)


def _no_images(ec2: Any) -> None:
    """Public machine images: 1,300 of them, 0.1 s a backend. Those that a user registers are kept as before."""
    ec2.amis = {}


def before_moto() -> None:
    """For the server: instance types and where they are offered are not read either, if EC2 is not yet imported."""
    load = utils.load_resource

    def load_resource(name: str) -> Any:
        return {} if name.startswith("ec2/resources/instance_type") else load(name)

    utils.load_resource = load_resource
