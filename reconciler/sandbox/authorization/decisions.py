"""Whether policies allow a request. Pure: it knows documents and requests, and nothing of the embedded AWS.

(IAM user guide, "Policy evaluation logic" for one account, without policies of resources and organizations.)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reconciler.sandbox.authorization.documents import read_document, speaks_of
from reconciler.sandbox.authorization.patterns import Keys

IDENTITY, BOUNDARY, SESSION = "identity-based policy", "permissions boundary", "session policy"


@dataclass(frozen=True)
class Target:
    """A resource that a request is for, with the keys that exist for it alone, such as its tags."""

    arn: str  # `*` where an action knows no resources
    keys: Keys = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """An action that a call needs; every target of it must be allowed. Names of keys are in lower case."""

    action: str  # `ec2:CreateSubnet`
    targets: tuple[Target, ...] = (Target("*"),)
    keys: Keys = field(default_factory=dict)


@dataclass(frozen=True)
class Policies:
    """The documents that hold for a principal, as JSON."""

    identity: tuple[str, ...] = ()
    boundary: str | None = None  # None: it has none
    session: str | None = None  # None: its session has none


@dataclass(frozen=True)
class Decision:
    """Whether a request is allowed; if not, for which resource, and why in AWS's words."""

    is_allowed: bool
    action: str
    resource: str = ""
    why: str = ""
    """`because no identity-based policy allows the ec2:CreateVpc action`."""

    @property
    def is_explicit(self) -> bool:
        """Whether a statement denies it, and not the lack of one that allows it."""
        return self.why.startswith("with an explicit deny")


def evaluate(policies: Policies, request: Request) -> Decision:
    """Decide on a request: nothing may deny it, and each type of policy that there is must allow it."""
    for target in request.targets:
        if why := _refusal(policies, request, target):
            return Decision(False, request.action, target.arn, why)
    return Decision(True, request.action)


def find_refused(policies: Policies, requests: Iterable[Request]) -> Iterator[Decision]:
    """Yield the decision on each of the requests that is not allowed."""
    return (decision for request in requests if not (decision := evaluate(policies, request)).is_allowed)


def _refusal(policies: Policies, request: Request, target: Target) -> str:
    keys = {**request.keys, **target.keys}
    effects = {
        kind: {effect for text in documents for effect in _effects(text, request.action, target.arn, keys)}
        for kind, documents in _by_kind(policies)
    }
    for kind, found in effects.items():
        if False in found:
            return f"with an explicit deny in {'an' if kind == IDENTITY else 'a'} {kind}"
    for kind, found in effects.items():
        if True not in found:
            return f"because no {kind} allows the {request.action} action"
    return ""


def _by_kind(policies: Policies) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield IDENTITY, policies.identity
    if policies.boundary is not None:
        yield BOUNDARY, (policies.boundary,)
    if policies.session is not None:
        yield SESSION, (policies.session,)


def _effects(document: str, action: str, resource: str, keys: Keys) -> Iterator[bool]:
    """Yield whether each statement that speaks of the request allows it."""
    for statement in read_document(document):
        if speaks_of(statement, action, resource, keys):
            yield statement.allows
