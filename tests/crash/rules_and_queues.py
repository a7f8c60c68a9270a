"""Rules of EventBridge with their targets, and queues with what they are told."""

from collections.abc import Iterator

from crash.pages import Client, Resource

TOLD = ["Policy", "MessageRetentionPeriod", "SqsManagedSseEnabled"]


def list_rules_and_queues(client: Client) -> Iterator[Resource]:
    events, sqs = client("events"), client("sqs")
    for rule in events.list_rules()["Rules"]:
        tags = events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]
        yield "event rule", {**rule, "tags": tags, "targets": read_pages_of_targets(events, rule["Name"])}
    for url in sqs.list_queues().get("QueueUrls", ()):
        told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=TOLD)["Attributes"]
        yield "queue", {"QueueUrl": url, **told, "tags": sqs.list_queue_tags(QueueUrl=url).get("Tags", {})}


def read_pages_of_targets(events: object, name: str) -> list[dict[str, str]]:
    return list(events.list_targets_by_rule(Rule=name)["Targets"])  # type: ignore[attr-defined]  # a client
