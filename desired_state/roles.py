"""The IAM roles of the platform: what all of them have in common."""

from typing import Annotated

from pydantic import Field

from desired_state.absence import Absent
from desired_state.part import Part, Pattern, Seconds

# Also `none`, which is what null gives: the key is written, so that none is what a role shall have.
Boundary = Annotated[
    str,
    Pattern(
        r"none|arn:aws[a-z-]*:iam::(\d{12}|aws):policy/\S+",
        "the ARN of a managed policy, arn:aws:iam::ACCOUNT:policy/NAME, or none",
    ),
]


RoleArn = Annotated[
    str,
    Pattern(
        r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+", "the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME"
    ),
]


class ServiceRoles(Part):
    """Roles that exist already, instead of those that this stack makes. They are not changed."""

    execution: Annotated[RoleArn | None, Absent()] = None
    """ARN of the role that ECS starts the tasks with: it pulls images, writes logs and reads secrets."""

    task: Annotated[RoleArn | None, Absent()] = None
    """ARN of the role whose permissions the containers have."""


class Roles(Part):
    """The execution role and the services' task roles."""

    boundary: Annotated[Boundary | None, Absent("none")] = None
    """ARN of the policy that is the permissions boundary of each role; if left out, it is left as it is."""

    max_session: Annotated[Seconds | None, Absent(3600)] = Field(None, ge=3600, le=43_200)
    """Number of seconds that a session of a role may last, 1h to 12h; if left out, it is left as it is."""
