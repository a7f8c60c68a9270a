"""The changes of an apply that are under way, and how many have ended: for rows and summary lines."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from reconciler.apply.events import ENDS, EventKind, ProgressEvent
from reconciler.model.plan import Change, Op
from reconciler.render.amounts import Amounts

OP_PARTICIPLES = {Op.CREATE: "creating", Op.UPDATE: "changing", Op.DELETE: "deleting", Op.AWAIT: "waiting for"}


@dataclass(frozen=True)
class UnderWay:
    """A change under way."""

    change: Change
    begun: float  # when
    said: str = ""  # what it waits for
    rate: str = ""  # the operation whose rate of AWS's is all that it waits for
    left: str = ""  # what it has left of many things

    @property
    def doing(self) -> str:
        """What is done to which resource: `creating ecs_service.web`."""
        return describe_doing(self.change)


@dataclass
class Progress:
    """How far an apply is."""

    total: int = 0  # changes of the plan; 0 if it is not known
    ended: Counter[EventKind] = field(default_factory=Counter)
    under_way: dict[str, UnderWay] = field(default_factory=dict)  # by key of the change, the oldest first
    amounts: Amounts = field(default_factory=Amounts)

    def all_under_way(self) -> list[UnderWay]:
        """Return them, the oldest first; also for a thread that draws while others record."""
        return [*self.under_way.values()]

    def record(self, event: ProgressEvent, said: str, now: float) -> None:
        """Record an event. `said` is its text, without secrets."""
        key = event.change.key
        self.amounts.add(event)
        left = self.amounts.describe(event.change)
        if event.what in ENDS:
            self.under_way.pop(key, None)
            self.ended[event.what] += 1
        elif event.what is EventKind.BEGUN:
            self.under_way[key] = UnderWay(event.change, now, left=left)
        elif key in self.under_way and event.what is EventKind.STEP:
            self.under_way[key] = replace(self.under_way[key], said="", rate="", left=left)
        elif key in self.under_way and event.what is EventKind.WAITING:
            self.under_way[key] = replace(self.under_way[key], said=said, rate=event.rate)


def describe_doing(change: Change) -> str:
    """Return what is done to which resource: `creating ecs_service.web`."""
    return f"{OP_PARTICIPLES[change.op]} {change.label}"


def summarize_progress(progress: Progress) -> str:
    """Return `212 of 1,700 changes done, 1 failed; under way: 16 ecs_service; 87 wait …`."""
    ended = progress.ended
    total = f" of {progress.total:,}" if progress.total else ""
    parts = [f"{ended[EventKind.DONE]:,}{total} changes done"]
    parts += [f"{ended[kind]:,} {kind}" for kind in (EventKind.FAILED, EventKind.HELD) if ended[kind]]
    all_under_way = progress.all_under_way()
    kinds = Counter(one.change.address.kind for one in all_under_way)
    under_way = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
    more = [f"under way: {under_way}"] if under_way else []
    left = [words] if (words := progress.amounts.describe_all()) else []
    return "; ".join([", ".join(parts), *more, *left, *summarize_rate_waits(all_under_way)])


def summarize_rate_waits(under_way: Iterable[UnderWay]) -> list[str]:
    """Return `87 wait to stay below AWS's rate of register_task_definition`, for each such operation."""
    waits = Counter(one.rate for one in under_way if one.rate)
    return [
        f"{count:,} wait{'s' * (count == 1)} to stay below AWS's rate of {operation}"
        for operation, count in waits.most_common()
    ]
