"""The context of one service's specs: its settings, and the parts that services share."""

from dataclasses import dataclass
from typing import Any

from desired_state.names import Names
from desired_state.service import Service
from reconciler.blueprint.cluster import Cluster
from reconciler.blueprint.context import Context
from reconciler.blueprint.load_balancing import LoadBalancing
from reconciler.blueprint.network_parts import Network
from reconciler.model.references import Ref
from reconciler.model.spec import S


@dataclass(frozen=True)
class SharedParts:
    """The specs and Refs that the services of a platform share."""

    network: Network
    cluster: Cluster
    load_balancing: LoadBalancing


@dataclass(frozen=True)
class ServiceContext:
    """One service of a platform, and the parts that it shares with the others."""

    context: Context
    shared: SharedParts
    name: str
    """The service's name in the file."""

    @property
    def settings(self) -> Service:
        """The service's settings in the file."""
        return self.context.platform.services[self.name]

    @property
    def names(self) -> Names:
        """The names of all resources."""
        return self.context.names

    @property
    def execution_role(self) -> Ref:
        """The ARN of the role that ECS starts its tasks with, this stack's own or one that exists."""
        own, existing = self.shared.cluster.execution_role, self.settings.roles.execution
        return Ref("iam_role", existing, "arn", by_id=True) if existing else own

    def spec(self, spec: type[S], name: str, *, protect: bool | None = None, **fields: Any) -> S:
        """Return a spec that belongs to the service. See `Context.spec`."""
        return self.context.spec(spec, name, service=self.name, protect=protect, **fields)
