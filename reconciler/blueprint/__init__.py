"""From a platform in a person's words to resources in AWS's words. Pure."""

from desired_state.platform import Platform
from reconciler.blueprint.cluster import cluster
from reconciler.blueprint.context import Context
from reconciler.blueprint.facts import Facts
from reconciler.blueprint.load_balancing import load_balancing
from reconciler.blueprint.monitoring import dashboard
from reconciler.blueprint.network import network
from reconciler.blueprint.service import service
from reconciler.blueprint.service_context import ServiceContext, SharedParts
from reconciler.model.spec import Spec


def blueprint(platform: Platform, facts: Facts) -> list[Spec]:
    """Every resource that the platform consists of. Its region must be known (`Platform.with_region`)."""
    context = Context(platform, facts)
    net = network(context)
    ecs = cluster(context, net)
    balancing = load_balancing(context, net)
    shared = SharedParts(net, ecs, balancing)
    services = [spec for name in platform.services for spec in service(ServiceContext(context, shared, name))]
    monitoring = [dashboard(context, balancing)] if platform.dashboard else []
    return [*net.specs, *ecs.specs, *balancing.specs, *services, *monitoring]
