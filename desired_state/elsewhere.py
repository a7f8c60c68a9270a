"""What a platform file names and no run makes: certificates, a boundary, images of others, what exists."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from desired_state.existing import ExistingNetwork
from desired_state.platform import Platform
from desired_state.references import is_unresolved

POLICIES_OF_AWS = ":iam::aws:policy/"  # in an ARN; they are in every account, or in none


def find_named_elsewhere(platform: Platform) -> Iterator[str]:
    """Yield the ARNs and the URIs of the images that must be there before an apply.

    The ARNs are those of the certificates, and of the permissions boundary unless it is a policy of AWS.
    """
    for listener in platform.listeners.values():
        if listener.certificate:
            yield listener.certificate
    boundary = platform.roles.boundary
    if boundary and boundary.startswith("arn:") and POLICIES_OF_AWS not in boundary:
        yield boundary
    for service in platform.services.values():
        if service.image.uri:
            yield service.image.uri
        if service.tracing.xray:
            yield service.tracing.xray.image
    if platform.drift_correction and platform.drift_correction.image:
        yield platform.drift_correction.image


def describe_existing(platform: Platform) -> Mapping[str, Any]:
    """Return what the file says exists already, by its type, as JSON has it.

    Types without any are left out, and so is what only AWS knows the name of: `{ssm:/PATH}`.
    """
    services = platform.services.values()
    cluster = platform.cluster.existing_name
    named = {
        "network": _describe_network(platform),
        "clusters": _known([cluster] if cluster else []),
        "roles": _known(arn for s in services for arn in (s.roles.execution, s.roles.task) if arn),
        "policies": _known(arn for s in services for arn in s.policies if POLICIES_OF_AWS not in arn),
        "log_groups": _known(service.logs.existing for service in services if service.logs.existing),
    }
    return {kind: one for kind, one in named.items() if one}


def _describe_network(platform: Platform) -> Mapping[str, Any] | None:
    """Return the VPC and the subnets as the file has them, and the security groups that services name."""
    network = platform.network.existing
    if network is None or not set(_list_ids(network)) <= set(_known(_list_ids(network))):
        return None
    groups = (group for service in platform.services.values() for group in service.security_groups)
    return {**network.model_dump(mode="json"), "groups": _known(groups)}


def _list_ids(network: ExistingNetwork) -> Iterator[str]:
    yield from [network.vpc.id] if network.vpc.id else []
    for tier in network.subnets.values():
        yield from tier.ids


def _known(names: Iterable[str]) -> Sequence[str]:
    return sorted({name for name in names if not is_unresolved(name)})
