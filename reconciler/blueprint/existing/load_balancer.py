"""Load balancers that exist: they reach the tasks, and their listeners answer for the routes' hosts."""

from collections.abc import Iterator, Mapping

from desired_state.doors import Door, where_of
from desired_state.mistakes import Mistake
from desired_state.platform import Platform
from desired_state.tree import KeyPath
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.found import Existing, Found
from reconciler.blueprint.existing.network import find_vpc_ids
from reconciler.model.references import Ref
from reconciler.resources import elb
from reconciler.resources.listener.certificates import read_certificate
from reconciler.resources.listener_rule.hosts import find_uncovered


def where_existing(balancer: str) -> KeyPath:
    """Return the place in the file that names the load balancer with this key."""
    return (*where_of(balancer), "existing")


def _where_groups(balancer: str) -> KeyPath:
    return (*where_existing(balancer), "security_groups")


def read_load_balancers(reads: Reads, platform: Platform) -> Iterator[Found | Mistake]:
    """Yield the load balancers, their security groups and listeners, or what is wrong with them."""
    for key, balancer in platform.balancers.items():
        if balancer.existing:
            yield from _read_load_balancer(reads, platform, key, balancer.existing)


def _read_load_balancer(reads: Reads, platform: Platform, key: str, arn: str) -> Iterator[Found | Mistake]:
    every, where = elb.list_all_load_balancers(reads), where_existing(key)
    found = next((one for one in every if one["LoadBalancerArn"] == arn), None)
    if found is None:
        yield platform.mistake(where, f"there is no load balancer {arn} in {reads.aws.region}")
        return
    yield Found(where, {"id": arn, "dns": found["DNSName"], "zone": found["CanonicalHostedZoneId"]})
    yield Found(_where_groups(key), {group: group for group in found.get("SecurityGroups", ())})
    wanted = find_vpc_ids(reads, platform)
    if wanted and found["VpcId"] not in wanted:
        yield platform.mistake(where, f"is in {found['VpcId']}, and the tasks are in {', '.join(wanted)}")
    yield from _find_listeners(reads, platform, key, arn)


def _find_listeners(reads: Reads, platform: Platform, key: str, arn: str) -> Iterator[Found | Mistake]:
    path = "Listeners[]"
    found = reads.pages("elbv2", "describe_listeners", path, elb.NOT_FOUND, LoadBalancerArn=arn)
    there = {listener["ListenerArn"]: listener for listener in found}
    for name, listener in platform.balancers[key].listeners.items():
        door = Door(key, name)
        where, own = (*door.where, "existing"), str(listener.existing)
        if own in there:
            raw = there[own]
            yield Found(where, {"id": own, "port": str(raw["Port"]), "protocol": raw["Protocol"]})
            yield from _check_routes(reads, platform, door, raw)
        else:
            told = ", ".join(sorted(there)) or "none"
            yield platform.mistake(where, f"there is no listener {own}; the load balancer has {told}")


def _check_routes(reads: Reads, platform: Platform, door: Door, listener: elb.Raw) -> Iterator[Mistake]:
    """Yield a mistake for each route that the listener redirects by default, or is not secure enough for."""
    certificates = _read_certificates(reads, listener)
    redirects = any(action["Type"] == "redirect" for action in listener["DefaultActions"])
    name = door.listener
    for service, settings in platform.services.items():
        for index, route in enumerate(settings.routes):
            if platform.door_of(route) != door:
                continue
            where: KeyPath = ("services", service, "routes", index)
            if redirects and route.listener is None:
                message = f"names no listener, and {name} redirects; write `listener: {name}` if it is meant"
                yield platform.mistake(where, message)
            if route.auth and listener["Protocol"] != "HTTPS":
                message = f"needs HTTPS, and {name} is {listener['Protocol']}"
                yield platform.mistake((*where, "auth"), message)
            port = settings.listens.get(settings.port_of(route) or "")
            if port and port.version and not route.answer and listener["Protocol"] != "HTTPS":
                message = (
                    f"leads to a port with {port.protocol}, which takes an HTTPS listener: {name} has HTTP"
                )
                yield platform.mistake(where, message)
            uncovered = [{*find_uncovered(one or {}, route.hosts)} for one in certificates]
            if uncovered and (others := set.intersection(*uncovered)):
                message = f"no certificate of {name} is for {', '.join(sorted(others))}"
                yield platform.mistake((*where, "hosts"), message)


def _read_certificates(reads: Reads, listener: elb.Raw) -> list[Mapping[str, object] | None]:
    """Return the default certificate of an HTTPS listener and its others; none of another listener."""
    if listener["Protocol"] != "HTTPS":
        return []
    path, arn = "Certificates[].CertificateArn", listener["ListenerArn"]
    arns = reads.pages("elbv2", "describe_listener_certificates", path, elb.NOT_FOUND, ListenerArn=arn)
    return list(reads.map(lambda own: read_certificate(reads, own), sorted({*arns})))


def list_existing_groups(existing: Existing | None, balancer: str) -> frozenset[Ref]:
    """Return the security groups of a load balancer that exists, by its key; none if it was not read."""
    groups = (existing or {}).get(_where_groups(balancer), {})
    return frozenset(Ref("security_group", group, by_id=True) for group in groups)
