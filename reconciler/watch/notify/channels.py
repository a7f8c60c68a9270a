"""Where messages go, and one try to send one. URLs and keys are read at each try, and never kept or shown."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from desired_state.drift import Hidden, Notified
from reconciler.aws.client import Aws
from reconciler.aws.errors import code, is_throttled
from reconciler.watch.notify import slack, topic, webhook
from reconciler.watch.notify.addresses import LookUp, look_up
from reconciler.watch.notify.failure import Undeliverable
from reconciler.watch.notify.message import Message
from reconciler.watch.notify.posting import post


@dataclass(frozen=True)
class Surroundings:
    """What sending a message depends on."""

    aws: Aws
    variables: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    now: Callable[[], float] = time.time  # Unix time
    find: LookUp = look_up


def name_of(notified: Notified) -> str:
    """Return how a channel is called in logs and on the page: a topic by its ARN, others without their URL."""
    if notified.sns:
        return notified.sns
    kind, hidden = ("webhook", notified.webhook) if notified.webhook else ("slack", notified.slack)
    source = (hidden.env and f"env {hidden.env}") or f"secret {hidden.secret}" if hidden else ""
    return f"{kind} ({source})"


def kind_of(notified: Notified) -> str:
    """Return the kind of a channel: sns, webhook or slack. It is the label of a metric."""
    return "sns" if notified.sns else "webhook" if notified.webhook else "slack"


def send(notified: Notified, message: Message, around: Surroundings) -> None:
    """Try once to send a message. Raises `Undeliverable`."""
    if notified.sns:
        _publish(notified.sns, message, around)
    elif notified.slack:
        url = find_value(notified.slack, around)
        post(url, slack.body(message), {}, private=notified.private, find=around.find)
    elif notified.webhook and notified.key:
        url, keys = find_value(notified.webhook, around), find_value(notified.key, around)
        sent = webhook.body(message)
        headers = webhook.headers(message, sent, keys, int(around.now()))
        post(url, sent, headers, private=notified.private, find=around.find)


def _publish(arn: str, message: Message, around: Surroundings) -> None:
    """Publish a message in the topic's own region, which need not be the stack's."""
    region = arn.split(":")[3]
    try:
        client = around.aws.client("sns", retries=False, region=None if region == around.aws.region else region)
        client.publish(**topic.publication(message, arn))
    except ClientError as error:
        refused = code(error)
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        again = is_throttled(error) or status >= 500  # noqa: PLR2004 - HTTP's
        raise Undeliverable(f"SNS refused it: {refused}", again=again) from error
    except BotoCoreError as error:
        raise Undeliverable(f"SNS did not answer ({type(error).__name__})", again=True) from error


def find_value(hidden: Hidden, around: Surroundings) -> str:
    """Return a URL or a key. Raises `Undeliverable` if its variable or its secret is not there."""
    if hidden.env:
        if found := around.variables.get(hidden.env, "").strip():
            return found
        raise Undeliverable(f"the variable {hidden.env} is not set")
    try:
        answer = around.aws.client("secretsmanager").get_secret_value(SecretId=hidden.secret)
    except ClientError as error:
        raise Undeliverable(f"the secret {hidden.secret} cannot be read: {code(error)}", again=True) from error
    except BotoCoreError as error:
        raise Undeliverable(f"Secrets Manager did not answer ({type(error).__name__})", again=True) from error
    if text := str(answer.get("SecretString", "")).strip():
        return text
    raise Undeliverable(f"the secret {hidden.secret} holds no text")
