"""The name that runs of this program give to AWS with each call, and whether a call was really one of them."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from reconciler.aws.agent import PROGRAM

_AGENT = re.compile(rf"{PROGRAM}/(?P<version>[^\s()]+) \((?P<stack>[^();]+); (?P<run>[^();]+)\)")


@dataclass(frozen=True)
class Ours:
    """What makes a call ours: the stack in its user agent, and a principal that runs are known to have.

    The user agent alone is a claim that anybody can make.
    """

    stack: str
    principals: Collection[str] = ()  # ARNs: of the last apply, of the lease's holder, of this process


def claimed_stack(agent: str) -> str | None:
    """Return the stack of the run that a user agent claims to be; None if it claims to be none."""
    found = _AGENT.search(agent)
    return found["stack"] if found else None


def is_ours(ours: Ours, agent: str, arn: str) -> bool:
    """Tell whether a call was made by a run of this program for this stack, given its principal's ARN."""
    principals = {without_session(known) for known in ours.principals}
    return claimed_stack(agent) == ours.stack and bool(arn) and without_session(arn) in principals


def without_session(arn: str) -> str:
    """Return the ARN without the name of a role's session, which is another one for each run."""
    return arn.rpartition("/")[0] if ":assumed-role/" in arn else arn
