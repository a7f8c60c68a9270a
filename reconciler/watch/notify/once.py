"""Tell people of a single round, such as one of the job that AWS starts by a schedule."""

from threading import Event

from desired_state.drift import Notified
from desired_state.platform import Platform
from reconciler.aws.client import Aws
from reconciler.model.drift import DriftReport
from reconciler.watch.found import remember_known
from reconciler.watch.notify.channels import Surroundings
from reconciler.watch.notify.outbox import Outbox
from reconciler.watch.notify.telling import find_all_news
from reconciler.watch.remembering import read_memory, write_memory

TRIES = 3  # of each message, five and ten seconds apart: the next round is not far


def channels_of_job(platform: Platform) -> tuple[Notified, ...]:
    """Return who is told by the job: those of `drift_correction.notify`, or else of `drift.notify`."""
    job = platform.drift_correction
    return platform.drift.notify if job is None or job.notify is None else job.notify


def tell_once(
    aws: Aws,
    platform: Platform,
    looked: DriftReport,
    left: DriftReport,
    stop: Event,
    outbox: Outbox | None = None,
) -> None:
    """Tell what is news since the round before, and remember it in the stack's lease item.

    `looked` is what was found, and `left` what is there after corrections.
    """
    outbox = outbox or Outbox()
    before = read_memory(aws, left.scope.stack)
    after, messages = find_all_news(before, looked, left)
    outbox.put(channels_of_job(platform), Surroundings(aws), messages)
    for _ in range(TRIES):
        rest = outbox.send_due()
        if rest is None or stop.wait(rest):
            break
    outbox.give_up()
    if after != before:
        write_memory(aws, left.scope.stack, remember_known(after, left))
