"""That the watch of a stack fails is told too: whoever hears nothing would take it for well."""

from reconciler.watch.notify.message import Message, News
from reconciler.watch.status import StackStatus

TOLD_AFTER = 2  # rounds in a row: as the second comes later, there was no good one for three intervals


def find_news_of_watch(told: bool, after: StackStatus) -> Message | None:
    """Return the message that a round asks for, given whether people know that rounds fail; None: none.

    Nothing of it outlives the process, as AWS, which would keep it, may be what fails.
    """
    if after.last is None:
        return None
    if not told and after.failures >= TOLD_AFTER:
        return Message(News.FAILING, after.stack, after.last.at, words=" ".join(after.last.error.split()))
    if told and not after.failures:
        still = len(after.report.drift) if after.report else 0
        return Message(News.WELL, after.stack, after.last.at, open=still)
    return None
