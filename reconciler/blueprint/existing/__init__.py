"""What a file says exists already: it is read once, checked, and referred to; no run changes it."""

from collections.abc import Callable, Iterable

from desired_state.mistakes import LoadError, Mistake
from desired_state.platform import Platform
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.client_secrets import read_client_secrets
from reconciler.blueprint.existing.cluster import read_cluster
from reconciler.blueprint.existing.endpoint_services import read_endpoint_services
from reconciler.blueprint.existing.found import Existing, Found
from reconciler.blueprint.existing.load_balancer import read_load_balancers
from reconciler.blueprint.existing.log_groups import read_log_groups
from reconciler.blueprint.existing.managed_policies import read_managed_policies
from reconciler.blueprint.existing.namespace import read_namespace
from reconciler.blueprint.existing.network import read_network
from reconciler.blueprint.existing.repositories import read_repositories
from reconciler.blueprint.existing.roles import read_roles
from reconciler.blueprint.existing.security_groups import read_security_groups
from reconciler.blueprint.existing.validation import read_validation
from reconciler.blueprint.existing.zone import read_zone

__all__ = ["Existing", "Found", "read_existing"]

READERS: tuple[Callable[[Reads, Platform], Iterable[Found | Mistake]], ...] = (
    read_endpoint_services,
    read_network,
    read_security_groups,
    read_managed_policies,
    read_cluster,
    read_namespace,
    read_load_balancers,
    read_client_secrets,
    read_roles,
    read_log_groups,
    read_repositories,
    read_zone,
    read_validation,
)
"""Functions that read what the file names of one type, and yield what it is, or what is wrong with it."""


def read_existing(reads: Reads, platform: Platform) -> Existing:
    """Return what the file says exists already.

    Raises `ReadFailed`, and `LoadError` with all that is not there or cannot do what the file asks of it.
    """
    answers = [one for found in reads.map(lambda read: list(read(reads, platform)), READERS) for one in found]
    if mistakes := [one for one in answers if isinstance(one, Mistake)]:
        raise LoadError(mistakes)
    return {one.where: one.outputs for one in answers if isinstance(one, Found)}
