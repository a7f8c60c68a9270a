"""What a platform file names and no run makes: certificates, and images in registries of others."""

from collections.abc import Iterator

from desired_state.platform import Platform


def find_named_elsewhere(platform: Platform) -> Iterator[str]:
    """Yield the ARNs of the certificates and the URIs of the images that must be there before an apply."""
    for listener in platform.listeners.values():
        if listener.certificate:
            yield listener.certificate
    for service in platform.services.values():
        if service.image.uri:
            yield service.image.uri
        if service.tracing.xray:
            yield service.tracing.xray.image
