"""The zone in which certificates are validated: the world has to see it."""

from collections.abc import Iterator

from desired_state.certificates import list_auto_doors
from desired_state.mistakes import Mistake
from desired_state.platform import Platform
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.found import Found
from reconciler.blueprint.existing.zone import read_zone


def read_validation(reads: Reads, platform: Platform) -> Iterator[Mistake]:
    """Yield the listeners whose certificate would never be issued, as the zone is private."""
    doors = list_auto_doors(platform)
    for zone in read_zone(reads, platform) if doors else ():
        if isinstance(zone, Found) and zone.outputs["private"]:
            for door in doors:
                message = (
                    f"the zone {zone.outputs['name']} is private, and ACM validates only what the world sees: "
                    "give the ARN of a certificate"
                )
                yield platform.mistake((*door.where, "certificate"), message)
