"""Hear of changes between the rounds of a watch: what rounds found is learned, and a thread listens."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from threading import Event

from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.client import Aws
from reconciler.watch.board import Board
from reconciler.watch.events.index import Index, know
from reconciler.watch.events.listening import Came, Listening, SqsQueue, region_of, start_listening
from reconciler.watch.events.trails import check_trail
from reconciler.watch.metrics import Metrics
from reconciler.watch.status import StackStatus


@dataclass
class Hearing:
    """What is heard of one queue for all stacks of a watch."""

    url: str  # of the queue
    aws: Aws  # its credentials read the queue
    board: Board
    metrics: Metrics
    index: Index = field(default_factory=Index)
    _principals: Collection[str] = ()

    def learn(self, label: str, status: StackStatus) -> None:
        """Take in what the last round of a stack found: by that, events are known to touch it."""
        if report := status.report:
            applied = (report.applied.actor,) if report.applied and report.applied.actor else ()
            self.index.put(label, know(report, (*applied, *self._principals)))

    def begin(self, wake: Callable[[str, str], object], stop: Event, tell: Callable[[str], object]) -> None:
        """Listen in a thread of its own until `stop` is set, and `tell` what will come."""
        self._principals = read_principals(self.aws)
        words = check_trail(self.aws)

        def say(trouble: str) -> None:
            self.board.say_events(trouble or words)
            tell(trouble or words)

        say("")
        region = region_of(self.url, self.aws.region)
        client = self.aws.client("sqs", retries=False, region=None if region == self.aws.region else region)
        start_listening(Listening(SqsQueue(client, self.url), self.index, wake, self._count), stop, say)

    def _count(self, came: Came) -> None:
        self.metrics.events.labels(came.value).inc()


def read_principals(aws: Aws) -> Collection[str]:
    """Return the ARN of this process's principal; nothing if AWS does not say: then own calls wake, too."""
    try:
        return (str(aws.client("sts").get_caller_identity()["Arn"]),)
    except (ClientError, BotoCoreError):
        return ()
