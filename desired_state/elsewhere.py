"""What a platform file names and no run makes: certificates, a boundary, and images in registries of others."""

from collections.abc import Iterator

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
