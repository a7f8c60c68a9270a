"""What a run needs beside its resource types: the lease, values of others, CloudTrail, and whom it notifies."""

from collections.abc import Iterable, Iterator

from desired_state.drift import Notified
from desired_state.platform import Platform
from reconciler.aws.lease import RUN_ACTIONS
from reconciler.aws.lease.item import KEY, MEMORY, TABLE
from reconciler.aws.trail import ACTIONS as TRAIL_ACTIONS
from reconciler.rights.grant import Grant, grant
from reconciler.rights.place import Place
from reconciler.rights.row import Conditions
from reconciler.rights.use import Use

ITEM_READS = frozenset({"dynamodb:GetItem"})
ITEM_WRITES = frozenset({"dynamodb:UpdateItem"})
STATE_OF_TRAILS = ("cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus")
EVENT_ACTIONS = ("sqs:DeleteMessage", "sqs:ReceiveMessage")
READ_PARAMETERS, READ_STACKS = "ssm:GetParameters", "cloudformation:DescribeStacks"
PUBLISH, READ_SECRET = "sns:Publish", "secretsmanager:GetSecretValue"
# Also true of a call without keys, as none of these two is; it must be while there is no table yet.
OWN_ITEM: Conditions = (("ForAllValues:StringEquals", "dynamodb:LeadingKeys", ("{stack}",)),)
# Not who holds the lease, nor what was applied.
MEMORY_ONLY: Conditions = (("ForAllValues:StringEquals", "dynamodb:Attributes", (KEY, MEMORY)),)


def lease_grants(use: Use, place: Place) -> Iterator[Grant]:
    """Yield the rights on the lease: its own item of the table of all stacks, and to make that table.

    `drift` writes there what it has notified and nothing else, and `plan` nothing.
    """
    table = (place.arn("dynamodb", f"table/{TABLE}"),)
    changes = use.writes or use.deletes
    yield grant(place, "LeaseItem", ITEM_READS | ITEM_WRITES if changes else ITEM_READS, table, OWN_ITEM)
    if use is Use.DRIFT:
        yield grant(place, "LeaseMemory", ITEM_WRITES, table, (*OWN_ITEM, *MEMORY_ONLY))
    if changes:
        yield grant(place, "LeaseTable", RUN_ACTIONS - ITEM_READS - ITEM_WRITES, table)


def outside_grants(platform: Platform, place: Place) -> Iterator[Grant]:
    """Yield the right to read the parameters and the outputs of stacks that the file refers to."""
    parameters = {f"parameter{one.name}" for one in platform.references if one.source == "ssm"}
    if parameters:
        yield grant(place, "Parameters", (READ_PARAMETERS,), (place.arn("ssm", end) for end in parameters))
    stacks = {f"stack/{one.stack}/*" for one in platform.references if one.source == "cloudformation"}
    if stacks:
        yield grant(place, "Stacks", (READ_STACKS,), (place.arn("cloudformation", end) for end in stacks))


def trail_grants(place: Place) -> Iterator[Grant]:
    """Yield the right to ask who changed something."""
    reason = "CloudTrail's events are of the whole account: AWS takes no resource for LookupEvents"
    yield grant(place, "AnyTrail", TRAIL_ACTIONS, ("*",), reason=reason)


def event_grants(platform: Platform, place: Place) -> Iterator[Grant]:
    """Yield what a watch needs that hears of changes: its queue's messages, and whether a trail logs calls."""
    if platform.drift_correction and platform.drift_correction.events:
        yield grant(place, "Events", EVENT_ACTIONS, (place.arn("sqs", "{events}"),))
        yield grant(place, "AnyTrailsState", STATE_OF_TRAILS, ("*",), reason="trails are others', of any name")


def notify_grants(told: Iterable[Notified], place: Place) -> Iterator[Grant]:
    """Yield what it takes to tell people: topics, and the secrets with URLs and keys."""
    told = tuple(told)
    if topics := {one.sns for one in told if one.sns}:
        yield grant(place, "Topics", (PUBLISH,), topics)
    hidden = (value for one in told for value in (one.webhook, one.key, one.slack) if value)
    if secrets := {secret_arn(place, value.secret) for value in hidden if value.secret}:
        yield grant(place, "SecretsOfChannels", (READ_SECRET,), secrets)


def secret_arn(place: Place, secret: str) -> str:
    """Return the ARN of a secret, given it or its name, to which Secrets Manager adds six characters."""
    return secret if secret.startswith("arn:") else place.arn("secretsmanager", f"secret:{secret}-??????")
