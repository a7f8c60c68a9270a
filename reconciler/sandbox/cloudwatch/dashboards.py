"""Dashboards as CloudWatch has them: one of a name to an account, with tags from their creation, bodies checked."""

import json
from typing import Any

from moto.cloudwatch.exceptions import DashboardInvalidInputError, ResourceNotFound, ResourceNotFoundException
from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from reconciler.sandbox.cloudwatch.bodies import problems
from reconciler.sandbox.world import add, wrap

HOME = "us-east-1"  # where moto keeps what is global to the account


def install() -> None:
    add(CloudWatchBackend, "dashboards", property(dashboards, _ignore))
    add(CloudWatchBackend, "delete_dashboards", _delete)
    add(CloudWatchResponse, "put_dashboard", _put)
    wrap(CloudWatchBackend, "list_tags_for_resource", _list_tags)
    wrap(CloudWatchBackend, "tag_resource", _tag)
    wrap(CloudWatchBackend, "untag_resource", _untag)


def dashboards(cloudwatch: Any) -> dict[str, Any]:
    """The account's, the same in every region (aws-facts 12)."""
    home = cloudwatch_backends[cloudwatch.account_id][HOME]
    found: dict[str, Any] = home.__dict__.setdefault("account_dashboards", {})
    return found


def _ignore(cloudwatch: Any, value: Any) -> None:
    """For moto sets an empty mapping as it makes each region's backend."""


def _put(response: Any) -> ActionResult:
    """An upsert of the whole body; tags only at creation. Faults refuse it, warnings are told and it succeeds."""
    cloudwatch, name = response.cloudwatch_backend, response._get_param("DashboardName")
    faults, warnings = problems(response._get_param("DashboardBody"))
    if faults:
        listed = json.dumps([{"dataPath": f["DataPath"], "message": f["Message"]} for f in faults])
        error = DashboardInvalidInputError(
            f"The dashboard body is invalid, there are {len(faults)} validation errors: {listed}"
        )
        error.dashboard_validation_messages = faults
        raise error
    known = cloudwatch.dashboards.get(name)
    made = cloudwatch.put_dashboard(name, response._get_param("DashboardBody"))
    sent = {tag["Key"]: tag["Value"] for tag in response._get_param("Tags", [])}
    made.tags = sent if known is None else getattr(known, "tags", {})
    return ActionResult({"DashboardValidationMessages": warnings})


def _delete(cloudwatch: Any, names: list[str]) -> None:
    """Absent ones are named in the error; the others are deleted all the same (API reference)."""
    absent = [name for name in names if cloudwatch.dashboards.pop(name, None) is None]
    if absent:
        raise ResourceNotFound(f"The specified dashboard does not exist. [{', '.join(absent)}]")


def _of_dashboard(cloudwatch: Any, arn: str) -> dict[str, str] | None:
    """The tags of a dashboard; None: the ARN is of something else."""
    _, is_one, name = arn.partition(":dashboard/")
    if not is_one:
        return None
    if name not in cloudwatch.dashboards:
        raise ResourceNotFoundException(f"The dashboard {name} does not exist.")
    tags: dict[str, str] = cloudwatch.dashboards[name].__dict__.setdefault("tags", {})
    return tags


def _list_tags(original: Any, cloudwatch: Any, arn: str) -> Any:
    tags = _of_dashboard(cloudwatch, arn)
    return original(cloudwatch, arn) if tags is None else tags


def _tag(original: Any, cloudwatch: Any, arn: str, tags: dict[str, str]) -> None:
    present = _of_dashboard(cloudwatch, arn)
    if present is None:
        original(cloudwatch, arn, tags)
    else:
        present.update(tags)


def _untag(original: Any, cloudwatch: Any, arn: str, tag_keys: list[str]) -> None:
    present = _of_dashboard(cloudwatch, arn)
    if present is None:
        original(cloudwatch, arn, tag_keys)
    else:
        for key in tag_keys:
            present.pop(key, None)
