"""CloudWatch log groups."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Annotated, Any, ClassVar

from reconciler.aws.candidates import find_only, is_looked_at
from reconciler.aws.cli_command import cli_command
from reconciler.aws.indexed import indexed_tags, tags_of
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.aws_default import AwsDefault
from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.spec import UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.drifting import Severities
from reconciler.resources.kind import Kind, Relations, actions

NOT_FOUND = ("ResourceNotFoundException",)
NO_KEY = ""
CHANGE_PATIENCE = 60  # seconds, as terraform-provider-aws has it (logs/group.go)


class LogGroup(Spec):
    """A log group, which stores the output of a container."""

    kind: ClassVar[str] = "log_group"
    retention_days: int | None = None
    """The number of days for which events are kept. Live None: for ever."""
    kms_key: Annotated[str | None, AwsDefault(NO_KEY, "services.NAME.logs.kms")] = None
    """The ARN of the KMS key that encrypts new events; `NO_KEY`: one of AWS's own."""
    deletion_protection: Annotated[bool, UNCOMPARED] = False
    """Live only: True if its deletion protection is on."""


def read(reads: Reads) -> Iterator[Live[LogGroup]]:
    wanted = reads.desired.names("log_group")
    groups = [
        group
        for group in _describe_groups(reads)
        if is_looked_at(reads, "log_group", group["logGroupName"], get_arn(group))
    ]
    tags_of_each = reads.map(lambda group: _read_tags(reads, group), groups)
    for group, resource_tags in zip(groups, tags_of_each, strict=True):
        if resource_tags is None:
            continue
        owner, name = tags.owner(resource_tags), group["logGroupName"]
        if owner == reads.stack.name or name in wanted:
            yield Live(from_aws(group, resource_tags), {"id": name, "arn": get_arn(group)}, owner)


def from_aws(group: Mapping[str, Any], resource_tags: tags.Tags) -> LogGroup:
    """Return the spec of a group of DescribeLogGroups. Without `retentionInDays`, events are kept for ever."""
    return LogGroup(
        name=group["logGroupName"],
        tags=resource_tags,
        retention_days=group.get("retentionInDays"),
        kms_key=group.get("kmsKeyId", NO_KEY),
        deletion_protection=group.get("deletionProtectionEnabled", False),
    )


def read_creation_times(reads: Reads) -> dict[str, datetime]:
    """Return the creation times of the log groups in the folders of the desired ones, by name."""
    times = ((group["logGroupName"], group["creationTime"] / 1000) for group in _describe_groups(reads))
    return {name: datetime.fromtimestamp(seconds, UTC) for name, seconds in times}


def _describe_groups(reads: Reads) -> list[dict[str, Any]]:
    only = find_only(reads, "log_group")
    folders = [only] if only else find_folders(reads.desired.names("log_group") | _list_indexed(reads))
    return list(chain.from_iterable(reads.map(lambda prefix: _describe_folder(reads, prefix), folders)))


def _list_indexed(reads: Reads) -> frozenset[str]:
    """Return the names of the groups that the tagging index shows as ours, where some are desired."""
    if not reads.desired.names("log_group"):
        return frozenset()  # all groups are listed
    arns = indexed_tags(reads)
    return frozenset(arn.split(":log-group:")[1].removesuffix(":*") for arn in arns if ":log-group:" in arn)


def find_folders(names: frozenset[str]) -> list[str]:
    """Return the folders of these names, without those inside another one; of no names, "" (all groups)."""
    folders = sorted({name[: name.rfind("/") + 1] for name in names}) or [""]
    return [f for i, f in enumerate(folders) if not any(f.startswith(other) for other in folders[:i])]


def get_arn(group: Mapping[str, Any]) -> str:
    """Return the ARN of the group itself, without the `:*` at its end, which stands for its log streams."""
    return str(group["arn"]).removesuffix(":*")


def _describe_folder(reads: Reads, prefix: str) -> list[dict[str, Any]]:
    params: dict[str, Any] = {"logGroupNamePrefix": prefix} if prefix else {}
    return reads.pages("logs", "describe_log_groups", "logGroups[]", **params)


def _read_tags(reads: Reads, group: Mapping[str, Any]) -> tags.Tags | None:
    """Return the tags of a group; None if it has been deleted since it was listed."""
    arn = get_arn(group)
    ask = partial(reads.ask, "logs", "list_tags_for_resource", "tags", NOT_FOUND, resourceArn=arn)
    return tags_of(reads, LogGroup.kind, group["logGroupName"], arn, ask)


def ensure_log_group(want: LogGroup, live: Live[LogGroup] | None) -> Iterator[Step]:
    group = {"logGroupName": want.name}
    if live:
        yield from tags.retag(tags.LOGS, want, live)
        if want.kms_key not in (None, live.spec.kms_key):
            yield _change_key(want)
    else:
        params = {**group, "tags": tags.encode(want.tags, "mapping")}
        params |= {"kmsKeyId": want.kms_key} if want.kms_key else {}
        yield Call("logs", "create_log_group", params, {"id": f"'{want.name}'"}, patience=CHANGE_PATIENCE)
    if want.retention_days is not None and (not live or want.retention_days != live.spec.retention_days):
        params, not_yet = {**group, "retentionInDays": want.retention_days}, if_new(NOT_FOUND, want.ref())
        yield Call("logs", "put_retention_policy", params, retry=not_yet, patience=CHANGE_PATIENCE)


def _change_key(want: LogGroup) -> Call:
    """Return the call that sets its key for new events: AWS keeps the old ones under the key that they have."""
    group = {"logGroupName": want.name}
    if want.kms_key == NO_KEY:
        return Call("logs", "disassociate_kms_key", group, patience=CHANGE_PATIENCE)
    return Call("logs", "associate_kms_key", {**group, "kmsKeyId": want.kms_key}, patience=CHANGE_PATIENCE)


def remove(live: Live[LogGroup]) -> Iterator[Step]:
    params = {"logGroupName": live.outputs["id"]}
    yield Call("logs", "delete_log_group", params, ignore=NOT_FOUND, patience=CHANGE_PATIENCE)


def protected(live: Live[LogGroup]) -> str:
    """Return the command that removes its deletion protection: AWS would refuse only after other deletions."""
    params = {"logGroupIdentifier": live.outputs["arn"], "deletionProtectionEnabled": False}
    region = live.outputs["arn"].split(":")[3]
    command = cli_command(Call("logs", "put_log_group_deletion_protection", params), region)
    return f"remove its deletion protection: {command}" if live.spec.deletion_protection else ""


def judge(_live: LogGroup, want: LogGroup, diff: ValueDiff) -> Severity | None:
    """Judge the key: events without the one that the file names are open to others."""
    return Severity.SECURITY if diff.field == "kms_key" and want.kms_key else None


KIND = Kind(
    LogGroup,
    read,
    ensure_log_group,
    remove,
    relations=Relations(keeps_ids=lambda ref: ref.name, protected=protected, loses=lambda _group: "its logs"),
    tagging=tags.LOGS,
    severities=Severities(judge=judge),
    indexed_as="logs:log-group:",
    trusts_index=True,
    early={"logs": _describe_groups},
    touched_by=TouchedBy(
        "logs.amazonaws.com",
        {"logGroupName": "id", "resourceArn": "arn", "logGroupIdentifier": "arn"},
        made_by=("CreateLogGroup",),
        deleted_by=("DeleteLogGroup",),
        changed_by={
            "retention_days": ("PutRetentionPolicy", "DeleteRetentionPolicy"),
            "kms_key": ("AssociateKmsKey", "DisassociateKmsKey"),
            TAGS: ("TagResource", "UntagResource", "TagLogGroup", "UntagLogGroup"),
        },
        parameters={"retention_days": "retentionInDays", "kms_key": "kmsKeyId"},
    ),
    actions=actions(
        "logs",
        "AssociateKmsKey CreateLogGroup DeleteLogGroup DescribeLogGroups DisassociateKmsKey ListTagsForResource "
        "PutRetentionPolicy TagResource",
    ),
)
