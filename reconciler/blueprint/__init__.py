"""Turn a platform into the specs of its resources. Pure."""

from collections.abc import Iterable, Iterator

from desired_state.platform import Platform
from reconciler.blueprint.cluster import cluster
from reconciler.blueprint.context import Context
from reconciler.blueprint.drift_correction import drift_correction
from reconciler.blueprint.drift_events import drift_events
from reconciler.blueprint.facts import Facts
from reconciler.blueprint.load_balancing import load_balancing
from reconciler.blueprint.monitoring import dashboard
from reconciler.blueprint.names import names
from reconciler.blueprint.network import network
from reconciler.blueprint.service import service_specs
from reconciler.blueprint.service_context import ServiceContext, SharedParts
from reconciler.model.spec import Spec
from reconciler.resources.image import Image


def blueprint(platform: Platform, facts: Facts) -> list[Spec]:
    """Return the specs of all resources of the platform. It must have a region (`Platform.with_region`)."""
    context = Context(platform, facts)
    net = network(context)
    ecs = cluster(context, net)
    balancing = load_balancing(context, net)
    shared = SharedParts(net, ecs, balancing)
    contexts = [ServiceContext(context, shared, name) for name in platform.services]
    services = [*_each_image_once(spec for service in contexts for spec in service_specs(service))]
    monitoring = [dashboard(context, balancing)] if platform.dashboard else []
    hears = platform.drift_correction is not None and platform.drift_correction.events
    events = drift_events(context) if hears else ()
    records = names(context, balancing.specs)
    specs = [*net.specs, *ecs.specs, *balancing.specs, *records, *services, *monitoring, *events]
    job = drift_correction(context, net, ecs, specs) if platform.drift_correction else ()
    return [*specs, *job]


def _each_image_once(specs: Iterable[Spec]) -> Iterator[Spec]:
    """Leave out the images that services have in common: several may run one of a repository that exists."""
    seen = set[str]()
    for spec in specs:
        if not isinstance(spec, Image) or spec.name not in seen:
            yield spec
        if isinstance(spec, Image):
            seen.add(spec.name)
