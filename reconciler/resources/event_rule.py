"""Rules of EventBridge, on the default bus, with the targets that get their events."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, ClassVar

from reconciler.aws.candidates import is_looked_at
from reconciler.aws.indexed import tags_if_meant
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.differences import MISSING, ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import Live, Part, Spec
from reconciler.model.steps import Call, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.drifting import Severities
from reconciler.resources.kind import Kind, Relations, actions

Raw = Mapping[str, Any]

NOT_FOUND = ("ResourceNotFoundException",)
REFUSED = "FailedEntries[].[ErrorCode, ErrorMessage]"  # of targets, in an answer that is no error
MOST_LISTED = 100  # rules or targets in a page, AWS's most
PLAIN = frozenset({"Id", "Arn"})  # of a target, what `Target` has; of others it tells as they are


class Target(Part):
    """Where a rule sends its events to."""

    id: str
    """Its name, unique in the rule."""
    queue: Annotated[Ref, refers_to("sqs_queue", "arn")]
    """The queue; live also what else has an ARN."""
    other: str | None = None
    """Live only: its other settings, such as a role or a part of the event, as JSON."""


class EventRule(Spec):
    """A rule: which events of the account and region are sent, and to which targets."""

    kind: ClassVar[str] = "event_rule"
    description: str = ""
    pattern: str
    """The events, as JSON (see `dump_pattern`); live empty if it is a schedule."""
    state: str = "ENABLED"
    """ENABLED, DISABLED, or ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS, which sends those that read, too."""
    targets: frozenset[Target] = frozenset()


def dump_pattern(pattern: Any) -> str:
    """Return a pattern as JSON. Equal patterns give equal texts."""
    return json.dumps(pattern, sort_keys=True, separators=(",", ":"))


def list_rules(reads: Reads) -> list[dict[str, Any]]:
    """Return all rules of the default bus."""
    return reads.pages("events", "list_rules", "Rules[]", Limit=MOST_LISTED)


def read(reads: Reads) -> Iterator[Live[EventRule]]:
    candidates = [
        rule for rule in list_rules(reads) if is_looked_at(reads, "event_rule", rule["Name"], rule["Arn"])
    ]
    yield from (live for live in reads.map(lambda rule: _read_live(reads, rule), candidates) if live)


def _read_live(reads: Reads, rule: Raw) -> Live[EventRule] | None:
    """Return the rule; None if it has been deleted, or if it is neither ours nor has a desired name."""
    name, arn = rule["Name"], rule["Arn"]
    ask = partial(reads.ask, "events", "list_tags_for_resource", "Tags", NOT_FOUND, ResourceARN=arn)
    resource_tags = tags_if_meant(reads, EventRule.kind, name, arn, ask)
    if resource_tags is None:
        return None
    path = "Targets[]"
    targets = reads.pages("events", "list_targets_by_rule", path, NOT_FOUND, Rule=name, Limit=MOST_LISTED)
    return Live(from_aws(rule, targets, resource_tags), {"id": name, "arn": arn}, tags.owner(resource_tags))


def from_aws(rule: Raw, targets: Sequence[Raw], resource_tags: tags.Tags) -> EventRule:
    """Return the spec of a rule of ListRules and the targets of ListTargetsByRule."""
    pattern = rule.get("EventPattern")
    return EventRule(
        name=rule["Name"],
        tags=resource_tags,
        description=rule.get("Description", ""),
        pattern=dump_pattern(json.loads(pattern)) if pattern else "",
        state=rule.get("State", "ENABLED"),
        targets=frozenset(map(_decode_target, targets)),
    )


def _decode_target(target: Raw) -> Target:
    other = {key: value for key, value in target.items() if key not in PLAIN}
    return Target(id=target["Id"], queue=target["Arn"], other=dump_pattern(other) if other else None)


def ensure_event_rule(want: EventRule, live: Live[EventRule] | None) -> Iterator[Step]:
    if live is None or _rule_params(want) != _rule_params(live.spec):
        # PutRule replaces all but the targets; it takes tags of a new rule only (EventBridge API reference)
        given = {} if live else {"Tags": tags.encode(want.tags)}
        outputs = {"id": f"'{want.name}'", "arn": "RuleArn"}
        yield Call("events", "put_rule", {**_rule_params(want), **given}, outputs)
    if live:
        yield from tags.retag(tags.EVENTS, want, live)
    not_yet = if_new(NOT_FOUND, want.ref())
    there = live.spec.targets if live else frozenset()
    if added := sorted(want.targets - there, key=lambda target: target.id):
        sent = [{"Id": target.id, "Arn": target.queue} for target in added]
        params = {"Rule": want.name, "Targets": sent}
        yield Call("events", "put_targets", params, retry=not_yet, refused=REFUSED)
    if surplus := sorted({target.id for target in there} - {target.id for target in want.targets}):
        yield _remove_targets(want.name, surplus)


def _rule_params(spec: EventRule) -> dict[str, Any]:
    return {
        "Name": spec.name,
        "Description": spec.description,
        "EventPattern": spec.pattern,
        "State": spec.state,
    }


def _remove_targets(name: str, ids: Sequence[str]) -> Call:
    params = {"Rule": name, "Ids": list(ids)}
    return Call("events", "remove_targets", params, ignore=NOT_FOUND, refused=REFUSED)


def remove(live: Live[EventRule]) -> Iterator[Step]:
    """Yield the calls that delete its targets, and then the rule: AWS refuses the one that has any."""
    name = live.outputs["id"]
    if ids := sorted(target.id for target in live.spec.targets):
        yield _remove_targets(name, ids)
    yield Call("events", "delete_rule", {"Name": name}, ignore=NOT_FOUND)


def judge(_live: EventRule, _want: EventRule, diff: ValueDiff) -> Severity | None:
    """Judge what gets the events of the account: a target more lets somebody read them."""
    if diff.where[:1] != ("targets",):
        return None
    return Severity.SECURITY if diff.want is MISSING else Severity.CONFIGURATION


KIND = Kind(
    EventRule,
    read,
    ensure_event_rule,
    remove,
    relations=Relations(keeps_ids=lambda ref: ref.name),
    tagging=tags.EVENTS,
    severities=Severities(missing=Severity.CONFIGURATION, judge=judge),
    indexed_as="events:rule/",
    early={"events": list_rules},
    touched_by=TouchedBy(
        "events.amazonaws.com",
        {"name": "id", "rule": "id", "resourceARN": "arn"},
        made_by=("PutRule",),
        deleted_by=("DeleteRule",),
        changed_by={
            "": ("PutRule",),
            "state": ("DisableRule", "EnableRule", "PutRule"),
            "targets": ("PutTargets", "RemoveTargets"),
            TAGS: ("TagResource", "UntagResource"),
        },
    ),
    actions=actions(
        "events",
        "DeleteRule ListRules ListTagsForResource ListTargetsByRule PutRule PutTargets RemoveTargets TagResource",
    ),
)
