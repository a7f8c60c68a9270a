"""The certificates that are requested for listeners."""

from collections.abc import Iterator

from desired_state.certificates import AUTO, list_auto_listeners, list_names
from desired_state.load_balancer import Listener
from reconciler.blueprint.context import Context
from reconciler.blueprint.zone_tag import find_zones
from reconciler.model.references import Ref
from reconciler.resources.certificate import Certificate
from reconciler.resources.dns_zones import ZONES


def certificates(context: Context) -> Iterator[Certificate]:
    """Yield a certificate for each listener whose certificate is requested."""
    for listener in list_auto_listeners(context.platform):
        yield _certificate(context, listener)


def certificate_of(context: Context, name: str, settings: Listener) -> Ref | str | None:
    """Return the certificate of the listener with this name in the file; an ARN if a person gives it."""
    if settings.certificate == AUTO:
        return Ref(Certificate.kind, context.names.listener(name))
    return settings.certificate


def _certificate(context: Context, listener: str) -> Certificate:
    """Return the certificate. Its tags say where its records are, as they may be deleted without the file."""
    name, names = context.names.listener(listener), list_names(context.platform, listener)
    made = context.spec(Certificate, name, names=names)
    return made.model_copy(update={"tags": {**made.tags, ZONES: find_zones(context)}})
