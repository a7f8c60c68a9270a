"""Which service something once belonged to. What has left the file has no heading of its own, but still its name."""

from collections.abc import Collection, Iterator

from desired_state.names import Names
from reconciler.model.plan import Plan
from reconciler.model.references import Address

DRAINING = " ("  # what follows the name of a service that drains


def former_headings(plan: Plan) -> dict[str, str]:
    """`service NAME` of each deletion that the names contract gives to a service, by the deletion's key."""
    names = _names(plan)
    if names is None:
        return {}
    left = [c for c in plan.changes if c.want is None and not c.heading.startswith("service ")]
    found = {change.key: _named(names, change.address) for change in left}
    known = {*filter(None, found.values()), *_wanted(names, plan)}
    found |= {c.key: _told(names, c.address, known) for c in left if not found[c.key]}
    return {key: f"service {service}" for key, service in found.items() if service}


def _names(plan: Plan) -> Names | None:
    """The stack's names, as its cluster shows them."""
    prefix = Names("").cluster
    addresses = (*plan.wanted, *(change.address for change in plan.changes))
    clusters = (a.name for a in addresses if a.kind == "ecs_cluster" and a.name.startswith(prefix))
    return next((Names(name.removeprefix(prefix)) for name in clusters), None)


def _named(names: Names, address: Address) -> str:
    """The service, where the name says that it belongs to one and to which."""
    if address.kind == "cloud_map_service":
        return address.name
    form = {
        "ecs_service": names.service,
        "scalable_target": names.service,
        "task_definition": names.family,
        "ecr_repository": names.repository,
        "target_group": names.target_group,
        "iam_role": names.task_role,
    }.get(address.kind)
    if form is None or address.name == names.execution_role:
        return ""
    return _between(address.name.partition(DRAINING)[0], form("\0"))


def _told(names: Names, address: Address, known: Collection[str]) -> str:
    """The service, where several readings are possible: the one that fits what is known."""
    if address.kind == "log_group":
        container = _between(address.name, names.log_group("\0"))
        service = container.removeprefix("xray-")
        return container if container in known else service if service in known else ""
    if address.kind == "listener_rule":
        return next((tail for tail in _tails(address.name) if tail in known), "")
    return ""


def _tails(name: str) -> Iterator[str]:
    """What a rule's name may end in, the longest first; a number may follow the service."""
    words = name.split("-")
    for begin in range(len(words)):
        yield "-".join(words[begin:])
        yield "-".join(words[begin:-1])


def _between(name: str, form: str) -> str:
    before, _, after = form.partition("\0")
    fits = name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after)
    return name[len(before) : len(name) - len(after)] if fits else ""


def _wanted(names: Names, plan: Plan) -> Iterator[str]:
    return (_between(a.name, names.service("\0")) for a in plan.wanted if a.kind == "ecs_service")
