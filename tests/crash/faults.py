"""The faults of requests, and the choice of requests at which each of them is tried."""

from collections.abc import Callable
from dataclasses import dataclass

READS = ("Describe", "Get", "List", "BatchGet")


@dataclass(frozen=True)
class Request:
    """A request that is about to be sent to AWS."""

    operation: str  # "ec2.CreateVpc"
    number: int  # number within this operation and phase, from 1
    applying: bool  # the run has begun to write

    @property
    def is_read(self) -> bool:
        return self.operation.split(".")[1].startswith(READS)

    @property
    def is_of_lease(self) -> bool:
        return self.operation.startswith("dynamodb.")

    def __str__(self) -> str:
        return f"{self.operation} #{self.number} while {'applying' if self.applying else 'planning'}"


@dataclass(frozen=True)
class Fault:
    """A way in which a request goes wrong."""

    name: str
    dies: bool = False  # the process dies
    done: bool = False  # AWS has carried out the request
    header: str = ""  # the name by which the embedded AWS is asked for it
    refusal: str = ""  # the error code with which AWS refuses it
    page: bool = False  # a proxy's page comes in the place of AWS's answer, with status 200


DIES_BEFORE = Fault("dies before the call", dies=True)
DIES_AFTER = Fault("dies after the call, before its answer", dies=True, done=True)
LOST = Fault("the answer is lost", done=True)
THROTTLED = Fault("throttled", header="throttled")
FAILED = Fault("answered 500", header="failed")
FAILED_AFTER = Fault("answered 500 after AWS did it", done=True, header="failed")
RESET = Fault("connection reset")
BUSY = Fault("refused, as another change is under way", refusal="ConcurrentModificationException")
PAGE = Fault("a page in the place of the answer", page=True)
PAGE_AFTER = Fault("a page in the place of the answer, though AWS did it", done=True, page=True)
DENIED = Fault("denied", refusal="AccessDenied")

Faults = Callable[[Request], tuple[Fault, ...]]


def fail_writes(request: Request) -> tuple[Fault, ...]:
    """Return the faults of a write: the process dies before it, dies after it, or the answer is lost."""
    return () if request.is_read else (DIES_BEFORE, DIES_AFTER, LOST)


def fail_operations(request: Request) -> tuple[Fault, ...]:
    """Return the faults of an operation, each once while planning and once while applying.

    A write is also answered with a 500, or with a proxy's page, though AWS did it. For the engine that equals a
    lost answer, which is tried at every write. A read that gets a page ends a run that is still planning.
    """
    if request.number > 1:
        return ()
    if request.is_read:
        return (THROTTLED, FAILED, RESET, PAGE) if request.applying else (THROTTLED, FAILED, RESET)
    return THROTTLED, FAILED, FAILED_AFTER, RESET, BUSY, PAGE, PAGE_AFTER


def deny_reads(request: Request) -> tuple[Fault, ...]:
    """Return the fault of a read while planning: AWS refuses it every time."""
    return (DENIED,) if request.is_read and not request.applying else ()


def take_every(nth: int, faults: Faults) -> Faults:
    """Select every nth of these faults."""
    seen = 0

    def take_nth(request: Request) -> tuple[Fault, ...]:
        nonlocal seen
        chosen = []
        for fault in faults(request):
            if seen % nth == 0:
                chosen.append(fault)
            seen += 1
        return tuple(chosen)

    return take_nth


def select_operations(names: list[str], faults: Faults) -> Faults:
    """Select the faults of the operations with these names; all faults, if there are no names."""
    return lambda request: faults(request) if not names or request.operation in names else ()
