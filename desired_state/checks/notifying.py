from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.drift import Hidden, Notified
from desired_state.platform import Platform
from desired_state.tree import KeyPath

_CHANNELS = ("sns", "webhook", "slack")


def check_notified(platform: Platform) -> Iterator[Violation]:
    """Check that each of those who are told has one channel, and what belongs to it."""
    job = platform.drift_correction
    lists: dict[KeyPath, tuple[Notified, ...]] = {
        ("drift", "notify"): platform.drift.notify,
        ("drift_correction", "notify"): (job.notify if job else None) or (),
    }
    for where, several in lists.items():
        for number, notified in enumerate(several):
            yield from _check_one((*where, number), notified)


def _check_one(where: KeyPath, notified: Notified) -> Iterator[Violation]:
    channels = [name for name in _CHANNELS if getattr(notified, name) is not None]
    if len(channels) != 1:
        yield Violation(where, f"has {' and '.join(channels) or 'nothing'}: give one of {', '.join(_CHANNELS)}")
    if notified.webhook and not notified.key:
        yield Violation(where, "lacks `key`: what a webhook receives is signed, or anybody could have sent it")
    if notified.key and not notified.webhook:
        yield Violation((*where, "key"), "signs what a webhook receives, and there is none")
    if notified.private and notified.sns:
        yield Violation((*where, "private"), "is for URLs: a topic has none")
    for name in ("webhook", "key", "slack"):
        value: Hidden | None = getattr(notified, name)
        if value and (value.env is None) == (value.secret is None):
            yield Violation((*where, name), "says one of `env` and `secret`")
