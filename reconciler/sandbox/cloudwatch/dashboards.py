"""Dashboards as in CloudWatch: names unique in the account, validated bodies, tags set at creation."""

import json
from typing import Any

from moto.cloudwatch.exceptions import DashboardInvalidInputError, ResourceNotFound, ResourceNotFoundException
from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from reconciler.sandbox.cloudwatch.bodies import validate_body
from reconciler.sandbox.world import add, wrap

DASHBOARDS_REGION = "us-east-1"  # the region whose backend of moto keeps the dashboards of the account


def install() -> None:
    add(CloudWatchBackend, "dashboards", property(dashboards, _ignore))
    add(CloudWatchBackend, "delete_dashboards", _delete_dashboards)
    add(CloudWatchResponse, "put_dashboard", _put_dashboard)
    wrap(CloudWatchBackend, "list_tags_for_resource", _list_tags)
    wrap(CloudWatchBackend, "tag_resource", _tag)
    wrap(CloudWatchBackend, "untag_resource", _untag)


def dashboards(cloudwatch: Any) -> dict[str, Any]:
    """Return the dashboards of the account, which are the same in every region (CloudWatch user guide)."""
    home = cloudwatch_backends[cloudwatch.account_id][DASHBOARDS_REGION]
    found: dict[str, Any] = home.__dict__.setdefault("account_dashboards", {})
    return found


def _ignore(cloudwatch: Any, value: Any) -> None:
    """Ignore the empty mapping that moto sets when it creates the backend of a region."""


def _put_dashboard(response: Any) -> ActionResult:
    """Create a dashboard or replace its body. Tags are set at creation only. Warnings do not refuse a body."""
    cloudwatch, name = response.cloudwatch_backend, response._get_param("DashboardName")
    errors, warnings = validate_body(response._get_param("DashboardBody"))
    if errors:
        listed = json.dumps([{"dataPath": e["DataPath"], "message": e["Message"]} for e in errors])
        error = DashboardInvalidInputError(
            f"The dashboard body is invalid, there are {len(errors)} validation errors: {listed}"
        )
        error.dashboard_validation_messages = errors
        raise error
    known = cloudwatch.dashboards.get(name)
    made = cloudwatch.put_dashboard(name, response._get_param("DashboardBody"))
    sent = {tag["Key"]: tag["Value"] for tag in response._get_param("Tags", [])}
    made.tags = sent if known is None else getattr(known, "tags", {})
    return ActionResult({"DashboardValidationMessages": warnings})


def _delete_dashboards(cloudwatch: Any, names: list[str]) -> None:
    """Delete the dashboards that exist, and name the others in an error (API reference)."""
    absent = [name for name in names if cloudwatch.dashboards.pop(name, None) is None]
    if absent:
        raise ResourceNotFound(f"The specified dashboard does not exist. [{', '.join(absent)}]")


def _dashboard_tags(cloudwatch: Any, arn: str) -> dict[str, str] | None:
    """Return the tags of a dashboard, as the mapping that stores them; None if the ARN is of something else."""
    _, is_one, name = arn.partition(":dashboard/")
    if not is_one:
        return None
    if name not in cloudwatch.dashboards:
        raise ResourceNotFoundException(f"The dashboard {name} does not exist.")
    tags: dict[str, str] = cloudwatch.dashboards[name].__dict__.setdefault("tags", {})
    return tags


def _list_tags(original: Any, cloudwatch: Any, arn: str) -> Any:
    tags = _dashboard_tags(cloudwatch, arn)
    return original(cloudwatch, arn) if tags is None else tags


def _tag(original: Any, cloudwatch: Any, arn: str, tags: dict[str, str]) -> None:
    present = _dashboard_tags(cloudwatch, arn)
    if present is None:
        original(cloudwatch, arn, tags)
    else:
        present.update(tags)


def _untag(original: Any, cloudwatch: Any, arn: str, tag_keys: list[str]) -> None:
    present = _dashboard_tags(cloudwatch, arn)
    if present is None:
        original(cloudwatch, arn, tag_keys)
    else:
        for key in tag_keys:
            present.pop(key, None)
