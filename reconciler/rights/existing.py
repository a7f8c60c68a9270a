"""What may be done in what exists already: things of the stack are made in it, with the stack's tag."""

from collections.abc import Iterator, Mapping

from desired_state.existing import ExistingNetwork
from desired_state.platform import Platform
from reconciler.rights.grant import Grant, grant
from reconciler.rights.place import Place
from reconciler.rights.row import NEW, Conditions
from reconciler.rights.use import Use


def existing_grants(platform: Platform, use: Use, place: Place) -> Iterator[Grant]:
    """Yield the right to make groups, endpoints, names and rules in networks and such that exist already.

    The calls need a right on what the new thing is in, which has no tag of the stack (service authorization
    reference); the new thing must have it.
    """
    if not use.writes:
        return
    if network := platform.network.existing:
        vpc = place.arn("ec2", f"vpc/{network.vpc.id or '*'}")
        made = ("ec2:CreateSecurityGroup", *(("ec2:CreateVpcEndpoint",) if platform.network.endpoints else ()))
        yield grant(place, "InExistingVpc", made, (vpc,), _having(network.vpc.tags))
        yield from _endpoint_grants(network, place)
    if namespace := platform.discovery.existing:
        arn = place.arn("servicediscovery", f"namespace/{namespace}")
        yield grant(place, "InExistingNamespace", ("servicediscovery:CreateService",), (arn,))
    if listeners := [listener.existing for listener in platform.doors.values() if listener.existing]:
        yield grant(place, "InExistingListeners", ("elasticloadbalancing:CreateRule",), listeners, NEW)


def _endpoint_grants(network: ExistingNetwork, place: Place) -> Iterator[Grant]:
    """Yield the right to have routes in the tables, and interfaces in the subnets, that the file names."""
    calls = ("ec2:CreateVpcEndpoint", "ec2:ModifyVpcEndpoint")
    if tables := network.allow.route_tables:
        arns = [place.arn("ec2", f"route-table/{own_id}") for own_id in tables]
        yield grant(place, "InExistingRouteTables", calls, arns)
    if not network.allow.private_dns:
        return
    for tier, chosen in network.subnets.items():
        arns = [place.arn("ec2", f"subnet/{own_id}") for own_id in chosen.ids or ("*",)]
        yield grant(place, f"InExisting{tier.title()}Subnets", calls, arns, _having(chosen.tags))


def _having(wanted: Mapping[str, str]) -> Conditions:
    """Return the condition that a thing has these tags."""
    return tuple(("StringEquals", f"aws:ResourceTag/{key}", (wanted[key],)) for key in sorted(wanted))
