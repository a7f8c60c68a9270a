"""What a platform file names and no run makes: certificates, a boundary, images of others, what exists."""

from collections.abc import Iterator, Mapping
from typing import Any

from desired_state.platform import Platform

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
    """Return what the file says exists already, by its type, as JSON has it. Types without any are left out."""
    services = platform.services.values()
    network, cluster = platform.network.existing, platform.cluster.existing_name
    groups = sorted({group for service in services for group in service.security_groups})
    roles = {arn for service in services for arn in (service.roles.execution, service.roles.task) if arn}
    policies = {arn for service in services for arn in service.policies if POLICIES_OF_AWS not in arn}
    named = {
        "network": network and {**network.model_dump(mode="json"), "groups": groups},
        "clusters": [cluster] if cluster else [],
        "roles": sorted(roles),
        "policies": sorted(policies),
        "log_groups": sorted({service.logs.existing for service in services if service.logs.existing}),
    }
    return {kind: one for kind, one in named.items() if one}
