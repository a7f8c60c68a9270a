"""CloudWatch log groups."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.resources.kind import Kind, Relations, actions

GONE = ("ResourceNotFoundException",)
CONFLICT = ("OperationAbortedException",)  # another change at the same time: "try again"
PATIENCE = 60  # seconds, as terraform-provider-aws has it (logs/group.go)


class LogGroup(Spec):
    """Where a container's output goes."""

    kind: ClassVar[str] = "log_group"
    retention_days: int | None = None
    """Days that events are kept; a live None is for ever."""


def read(reads: Reads) -> Iterator[Live[LogGroup]]:
    wanted = reads.names("log_group")
    mine = [g for g in _log_groups(reads) if reads.is_candidate("log_group", g["logGroupName"], arn(g))]
    for g, given in zip(mine, reads.map(lambda g: _tags(reads, arn(g)), mine), strict=True):
        owned = tags.parse(given)
        owner, name = tags.owner(owned), g["logGroupName"]
        if given is not None and (owner == reads.stack.name or name in wanted):
            spec = LogGroup(name=name, tags=owned, retention_days=g.get("retentionInDays"))
            yield Live(spec, {"id": name, "arn": arn(g)}, owner)


def creation_times(reads: Reads) -> dict[str, datetime]:
    """Return when each log group in the folders of the desired ones was made."""
    times = ((g["logGroupName"], g["creationTime"] / 1000) for g in _log_groups(reads))
    return {name: datetime.fromtimestamp(seconds, UTC) for name, seconds in times}


def _log_groups(reads: Reads) -> list[dict[str, Any]]:
    folders = prefixes(reads.names("log_group"))
    return list(chain.from_iterable(reads.map(lambda prefix: _under(reads, prefix), folders)))


def prefixes(names: frozenset[str]) -> list[str]:
    """The folders that these names lie in, without those within another; of no names, the root of all."""
    folders = sorted({name[: name.rfind("/") + 1] for name in names}) or [""]
    return [f for i, f in enumerate(folders) if not any(f.startswith(other) for other in folders[:i])]


def arn(group: dict[str, Any]) -> str:
    """The group's own ARN; the one that ends in `:*` means what is in it."""
    return str(group["arn"]).removesuffix(":*")


def _under(reads: Reads, prefix: str) -> list[dict[str, Any]]:
    where: dict[str, Any] = {"logGroupNamePrefix": prefix} if prefix else {}
    return reads.pages("logs", "describe_log_groups", "logGroups[]", **where)


def _tags(reads: Reads, arn: str) -> Any:
    return reads.ask("logs", "list_tags_for_resource", "tags", GONE, resourceArn=arn)


def ensure_log_group(want: LogGroup, live: Live[LogGroup] | None) -> Iterator[Step]:
    group = {"logGroupName": want.name}
    if live:
        yield from tags.retag(tags.LOGS, want, live)
    else:
        params, outputs = {**group, "tags": tags.encode(want.tags, "mapping")}, {"id": f"'{want.name}'"}
        yield Call("logs", "create_log_group", params, outputs, retry=CONFLICT, patience=PATIENCE)
    if want.retention_days is not None and (not live or want.retention_days != live.spec.retention_days):
        params = {**group, "retentionInDays": want.retention_days}
        yield Call("logs", "put_retention_policy", params, retry=(*GONE, *CONFLICT), patience=PATIENCE)


def remove(live: Live[LogGroup]) -> Iterator[Step]:
    params = {"logGroupName": live.outputs["id"]}
    yield Call("logs", "delete_log_group", params, ignore=GONE, retry=CONFLICT, patience=PATIENCE)


KIND = Kind(
    LogGroup,
    read,
    ensure_log_group,
    remove,
    relations=Relations(keeps_ids=lambda ref: ref.name),
    tagging=tags.LOGS,
    actions=actions(
        "logs",
        "CreateLogGroup DeleteLogGroup DescribeLogGroups ListTagsForResource PutRetentionPolicy TagResource",
    ),
)
