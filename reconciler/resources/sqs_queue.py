"""SQS queues, with the policy that says which AWS services may send to them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from reconciler.aws.candidates import is_looked_at
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.references import Json, Ref
from reconciler.model.spec import UNCOMPARED, Live, Part, Spec
from reconciler.model.steps import Call, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.drifting import Danger, DriftNotes, Severities, opened_or_closed
from reconciler.resources.iam_policy import POLICY_VERSION, as_list, dump_document, parse_document
from reconciler.resources.kind import Kind, Relations, actions

# Newer clients show the first form, those of the query protocol the second.
NOT_FOUND = ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue")
DELETED_RECENTLY = ("QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently")
NAME_FREE_WITHIN = 120  # seconds: a name is refused for 60 s after its queue was deleted (SQS API reference)
MOST_LISTED = 1000  # queues in a page; without a number ListQueues breaks off there and has no further page
TOLD = ["QueueArn", "Policy", "MessageRetentionPeriod", "SqsManagedSseEnabled", "KmsMasterKeyId"]
POLICY_CALLS = ("SetQueueAttributes", "AddPermission", "RemovePermission")
COUNTED = "ApproximateNumberOfMessages"


class Sender(Part):
    """An AWS service that may send to a queue, for one resource of the account."""

    service: str
    """Such as `events.amazonaws.com`."""
    source: str
    """The ARN of the resource, such as a rule."""


class SqsQueue(Spec):
    """A standard queue."""

    kind: ClassVar[str] = "sqs_queue"
    retention: int | None = None
    """Seconds for which a message is kept."""
    encrypted: bool = True
    """True: by SQS's own key, or live by one of KMS."""
    senders: frozenset[Sender] = frozenset()
    """The services that its policy lets send to it; roles need no policy."""
    other_policy: str = ""
    """Live only: a policy that lets others in, or services under other conditions, as JSON."""
    messages: Annotated[int, UNCOMPARED] = 0
    """Live only: about how many messages are in it."""


def read(reads: Reads) -> Iterator[Live[SqsQueue]]:
    urls = reads.pages("sqs", "list_queues", "QueueUrls[]", MaxResults=MOST_LISTED)
    candidates = [url for url in urls if _is_candidate(reads, url)]
    yield from (live for live in reads.map(lambda url: _read_live(reads, url), candidates) if live)


def _is_candidate(reads: Reads, url: str) -> bool:
    account, name = url.split("/")[-2:]
    arn = f"arn:{reads.aws.partition}:sqs:{reads.aws.region}:{account}:{name}"
    return is_looked_at(reads, "sqs_queue", name, arn)


def _read_live(reads: Reads, url: str) -> Live[SqsQueue] | None:
    """Return the queue; None if it has been deleted, or if it is neither ours nor has a desired name."""
    asked: dict[str, Any] = {"QueueUrl": url, "AttributeNames": [*TOLD, COUNTED]}
    told = reads.ask("sqs", "get_queue_attributes", "Attributes", NOT_FOUND, **asked)
    resource_tags = tags.parse(reads.ask("sqs", "list_queue_tags", "Tags || `{}`", NOT_FOUND, QueueUrl=url))
    owner, name = tags.owner(resource_tags), url.rpartition("/")[2]
    if told is None or (owner != reads.stack.name and name not in reads.desired.names("sqs_queue")):
        return None
    return Live(from_aws(name, told, resource_tags), {"id": url, "arn": told["QueueArn"]}, owner)


def from_aws(name: str, told: Mapping[str, str], resource_tags: tags.Tags) -> SqsQueue:
    """Return the spec of a queue of GetQueueAttributes."""
    senders, other = decode_policy(told.get("Policy") or "{}")
    return SqsQueue(
        name=name,
        tags=resource_tags,
        retention=int(told["MessageRetentionPeriod"]),
        encrypted=told.get("SqsManagedSseEnabled") == "true" or bool(told.get("KmsMasterKeyId")),
        senders=senders,
        other_policy=other,
        messages=int(told.get(COUNTED, 0)),
    )


def encode_policy(senders: frozenset[Sender], arn: Ref) -> dict[str, Any]:
    """Return the policy that lets these services send to the queue with this ARN."""
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"Service": sender.service},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": sender.source}},
        }
        for sender in sorted(senders, key=repr)
    ]
    return {"Version": POLICY_VERSION, "Statement": statements}


def decode_policy(text: str) -> tuple[frozenset[Sender], str]:
    """Return the senders of a policy in the form of `encode_policy`; of another one none, and it as JSON."""
    document = parse_document(text)
    found = [_decode_statement(statement) for statement in as_list(document.get("Statement"))]
    senders = frozenset(sender for sender in found if sender)
    return (senders, "") if all(found) else (frozenset(), dump_document(document))


def _decode_statement(statement: Mapping[str, Any]) -> Sender | None:
    match {key: value for key, value in statement.items() if key not in ("Sid", "Resource")}:
        case {
            "Effect": "Allow",
            "Principal": {"Service": str(service), **others},
            "Action": "sqs:SendMessage" | "SQS:SendMessage",
            "Condition": {"ArnEquals": {"aws:SourceArn": str(source), **keys}, **operators},
            **elements,
        } if not (others or keys or operators or elements):
            return Sender(service=service, source=source)
    return None


def ensure_queue(want: SqsQueue, live: Live[SqsQueue] | None) -> Iterator[Step]:
    changed = dict(_find_changes(want, live.spec if live else None))
    policy = changed.pop("Policy", None)
    if live is None:
        params = {"QueueName": want.name, "Attributes": changed, "tags": tags.encode(want.tags, "mapping")}
        outputs, patience = {"id": "QueueUrl"}, NAME_FREE_WITHIN
        yield Call("sqs", "create_queue", params, outputs, retry=DELETED_RECENTLY, patience=patience)
        asked = {"QueueUrl": want.ref(), "AttributeNames": ["QueueArn"]}
        not_yet = if_new(NOT_FOUND, want.ref())
        yield Call("sqs", "get_queue_attributes", asked, {"arn": "Attributes.QueueArn"}, retry=not_yet)
        changed = {}
    else:
        yield from tags.retag(tags.SQS, want, live)
    changed |= {} if policy is None else {"Policy": policy}  # it names the queue's own ARN
    if changed:
        params, not_yet = {"QueueUrl": want.ref(), "Attributes": changed}, if_new(NOT_FOUND, want.ref())
        yield Call("sqs", "set_queue_attributes", params, retry=not_yet)


def _find_changes(want: SqsQueue, live: SqsQueue | None) -> Iterator[tuple[str, Any]]:
    """Yield the attributes to send: all that are desired, or those that differ from the live ones."""
    if want.retention is not None and (not live or want.retention != live.retention):
        yield "MessageRetentionPeriod", str(want.retention)
    if not live or want.encrypted != live.encrypted:
        yield "SqsManagedSseEnabled", str(want.encrypted).lower()
    if _policy_of(want) != (_policy_of(live) if live else (frozenset(), "")):
        yield "Policy", Json(encode_policy(want.senders, want.ref("arn"))) if want.senders else ""


def _policy_of(queue: SqsQueue) -> tuple[frozenset[Sender], str]:
    return queue.senders, queue.other_policy


def remove(live: Live[SqsQueue]) -> Iterator[Step]:
    yield Call("sqs", "delete_queue", {"QueueUrl": live.outputs["id"]}, ignore=NOT_FOUND)


def loses(live: Live[SqsQueue]) -> str:
    """Return the number of messages that are deleted with it, in words."""
    count = live.spec.messages
    return f"about {count} message{'s' * (count != 1)}" if count else ""


def find_letters(live: SqsQueue, want: SqsQueue) -> Iterator[Danger]:
    """Yield that the job's queue holds letters: starts of the job that failed, of which nothing else tells."""
    if want.of_the_job and live.messages:
        count = f"about {live.messages} start{'s' * (live.messages != 1)}"
        words = f"{count} of the job failed: the letters in it tell why, in ERROR_CODE and ERROR_MESSAGE"
        yield Severity.AVAILABILITY, words


def _judge(_live: SqsQueue, _want: SqsQueue, diff: ValueDiff) -> Severity | None:
    return opened_or_closed(diff) if diff.field == "senders" else None


KIND = Kind(
    SqsQueue,
    read,
    ensure_queue,
    remove,
    relations=Relations(keeps_ids=lambda ref: ref.name, loses=loses),
    tagging=tags.SQS,
    drift_notes=DriftNotes(dangerous=find_letters),
    severities=Severities({"encrypted": Severity.SECURITY, "other_policy": Severity.SECURITY}, judge=_judge),
    indexed_as="sqs:",
    touched_by=TouchedBy(
        "sqs.amazonaws.com",
        {"queueUrl": "id", "queueName": "id"},
        made_by=("CreateQueue",),
        deleted_by=("DeleteQueue",),
        changed_by={
            **dict.fromkeys(("senders", "other_policy"), POLICY_CALLS),
            "": ("SetQueueAttributes",),
            TAGS: ("TagQueue", "UntagQueue"),
        },
    ),
    actions=actions(
        "sqs",
        "CreateQueue DeleteQueue GetQueueAttributes ListQueues ListQueueTags SetQueueAttributes TagQueue",
    ),
)
