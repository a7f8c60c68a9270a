"""How a request can go wrong, and at which requests of a run each of these ways is tried."""

from collections.abc import Callable
from dataclasses import dataclass

READS = ("Describe", "Get", "List", "BatchGet")


@dataclass(frozen=True)
class Request:
    """One request to AWS on its way."""

    operation: str  # "ec2.CreateVpc"
    number: int  # of this operation in its phase, from 1
    applying: bool  # the run has begun to write

    @property
    def reads(self) -> bool:
        return self.operation.split(".")[1].startswith(READS)

    def __str__(self) -> str:
        return f"{self.operation} #{self.number} while {'applying' if self.applying else 'planning'}"


@dataclass(frozen=True)
class Fault:
    """How a request goes wrong, and whether the process dies of it."""

    name: str
    dies: bool = False
    done: bool = False  # AWS has done the work by then
    header: str = ""  # the embedded AWS's own name of it
    refusal: str = ""  # the code with which AWS refuses, for good


DIES_BEFORE = Fault("dies before the call", dies=True)
DIES_AFTER = Fault("dies after the call, before its answer", dies=True, done=True)
LOST = Fault("the answer is lost", done=True)
THROTTLED = Fault("throttled", header="throttled")
FAILED = Fault("answered 500", header="failed")
FAILED_AFTER = Fault("answered 500 after AWS did it", done=True, header="failed")
RESET = Fault("connection reset")
DENIED = Fault("denied", refusal="AccessDenied")

Faults = Callable[[Request], tuple[Fault, ...]]


def writes(request: Request) -> tuple[Fault, ...]:
    """Each write call: dies before it, dies after it, its answer is lost."""
    return () if request.reads else (DIES_BEFORE, DIES_AFTER, LOST)


def operations(request: Request) -> tuple[Fault, ...]:
    """Each distinct operation, once while planning and once while applying: throttled, a 500, a reset.

    Of a write also a 500 though AWS did it: for the engine that is as a lost answer, which is tried at every write.
    """
    found = (THROTTLED, FAILED, RESET) if request.reads else (THROTTLED, FAILED, FAILED_AFTER, RESET)
    return found if request.number == 1 else ()


def questions(request: Request) -> tuple[Fault, ...]:
    """Each read of the planning: refused, for good."""
    return (DENIED,) if request.reads and not request.applying else ()


def every(nth: int, faults: Faults) -> Faults:
    """Of these faults only each nth: a sample."""
    seen = 0

    def some(request: Request) -> tuple[Fault, ...]:
        nonlocal seen
        chosen = []
        for fault in faults(request):
            if seen % nth == 0:
                chosen.append(fault)
            seen += 1
        return tuple(chosen)

    return some


def only(names: list[str], faults: Faults) -> Faults:
    """Of these faults only those of the operations with these names; all of them, if none is named."""
    return lambda request: faults(request) if not names or request.operation in names else ()
