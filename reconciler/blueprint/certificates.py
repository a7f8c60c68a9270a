"""The certificates that are requested for listeners."""

from collections.abc import Collection, Iterator

from desired_state.certificates import list_auto_doors, list_names
from desired_state.doors import Door
from desired_state.load_balancer import AUTO, Listener
from reconciler.blueprint.context import Context
from reconciler.blueprint.zone_tag import format_zone
from reconciler.model.references import Ref
from reconciler.resources.certificate import Certificate
from reconciler.resources.certificate.spec import order_names
from reconciler.resources.dns_zones import ZONES

NAMED_AT_MOST = 3  # names in one line of a plan


def certificates(context: Context) -> Iterator[Certificate]:
    """Yield a certificate for each listener whose certificate is requested."""
    for door in list_auto_doors(context.platform):
        yield _certificate(context, door)


def certificate_of(context: Context, door: Door, settings: Listener) -> Ref | str | None:
    """Return the certificate of a listener; an ARN if a person gives it."""
    if settings.certificate == AUTO:
        return Ref(Certificate.kind, context.names.listener(door))
    return settings.certificate


def _certificate(context: Context, door: Door) -> Certificate:
    """Return the certificate. Its tags say where its records are, as they may be deleted without the file."""
    name, names = context.names.listener(door), list_names(context.platform, door)
    made = context.spec(Certificate, name, names=names, why=_describe_names(names))
    return made.model_copy(update={"tags": {**made.tags, ZONES: format_zone(context)}})


def _describe_names(names: Collection[str]) -> str:
    """Return what the certificate is for, and that it takes a while, in a few words."""
    first, more = order_names(names)[:NAMED_AT_MOST], len(names) - NAMED_AT_MOST
    others = f" and {more} more" if more > 0 else ""
    return f"for {', '.join(first)}{others}; waits until ACM has issued it, half an hour at most"
