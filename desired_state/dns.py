"""The hosted zone in which the hosts of routes get their records."""

from typing import Annotated

from desired_state.absence import Absent
from desired_state.part import Part, Pattern
from desired_state.roles import RoleArn

ZONE_ID = r"Z[A-Z0-9]{1,31}"
Zone = Annotated[
    str,
    Pattern(
        rf"(?=.{{1,253}}$)([a-z0-9_-]{{1,63}}\.)+[a-z][a-z0-9-]{{0,62}}|{ZONE_ID}",
        "the name of a hosted zone, such as example.com, or its id, which begins with Z, without a dot at its end",
    ),
]


class Dns(Part):
    """The hosted zone of Route 53 in which all hosts of routes become alias records."""

    zone: Zone
    """Its name, or its id where it is one of several with the name."""

    role: Annotated[RoleArn | None, Absent()] = None
    """ARN of a role to assume for all of Route 53, if the zone is in another account."""
