"""What may be done in what exists already: things of the stack are made in it, with the stack's tag."""

from collections.abc import Iterator

from desired_state.platform import Platform
from reconciler.rights.grant import Grant, grant
from reconciler.rights.place import Place
from reconciler.rights.row import NEW
from reconciler.rights.use import Use


def existing_grants(platform: Platform, use: Use, place: Place) -> Iterator[Grant]:
    """Yield the right to make groups, names and rules in a VPC, a namespace and listeners that exist already.

    The calls need a right on what the new thing is in, which has no tag of the stack (service authorization
    reference); the new thing must have it.
    """
    if not use.writes:
        return
    if network := platform.network.existing:
        vpc = place.arn("ec2", f"vpc/{network.vpc.id or '*'}")
        tagged = ((f"aws:ResourceTag/{key}", value) for key, value in sorted(network.vpc.tags.items()))
        has_tags = tuple(("StringEquals", key, (value,)) for key, value in tagged)
        yield grant(place, "InExistingVpc", ("ec2:CreateSecurityGroup",), (vpc,), has_tags)
    if namespace := platform.discovery.existing:
        arn = place.arn("servicediscovery", f"namespace/{namespace}")
        yield grant(place, "InExistingNamespace", ("servicediscovery:CreateService",), (arn,))
    if listeners := [listener.existing for listener in platform.listeners.values() if listener.existing]:
        yield grant(place, "InExistingListeners", ("elasticloadbalancing:CreateRule",), listeners, NEW)
