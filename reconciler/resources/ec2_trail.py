"""How CloudTrail tells who changed a resource of EC2 that has no name, only an id that AWS made."""

from collections.abc import Mapping

from reconciler.model.trail import TAGS, TouchedBy

NO_CALLS: Mapping[str, tuple[str, ...]] = {}
NO_PARAMETERS: Mapping[str, str] = {}


def touched_in_ec2(
    id_parameter: str,
    *,
    made_by: str,
    deleted_by: str,
    changed_by: Mapping[str, tuple[str, ...]] = NO_CALLS,
    ended_by: Mapping[str, tuple[str, ...]] = NO_CALLS,
    parameters: Mapping[str, str] = NO_PARAMETERS,
) -> TouchedBy:
    """Return the calls that change a resource whose id requests have as `id_parameter`; see `TouchedBy`.

    Its tags are changed by the same two calls as those of all resources of EC2.
    """
    return TouchedBy(
        "ec2.amazonaws.com",
        {id_parameter: "id"},
        made_by=(made_by,),
        deleted_by=(deleted_by,),
        changed_by={**changed_by, TAGS: ("CreateTags", "DeleteTags")},
        ended_by=ended_by,
        parameters=parameters,
        found_by="id",
        nameless=True,
    )
