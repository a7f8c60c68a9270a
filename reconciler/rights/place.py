"""Where a policy's resources are, and the names that they have there."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from desired_state.doors import SINGULAR
from desired_state.load_balancer import APPLICATION, NETWORK
from desired_state.names import FLOW_LOGS, JOB, Names
from desired_state.platform import Platform

_KINDS = {APPLICATION: "app", NETWORK: "net"}  # of load balancers, as their ARNs have it


@dataclass(frozen=True)
class Place:
    """A stack in an account and a region, and the patterns that the names of its resources match."""

    words: Mapping[str, str]
    names: Mapping[str, Sequence[str]]  # the same, of words for several

    def fill(self, text: str) -> str:
        """Return the text with its {words} filled in, but for those for several names, and {ssm:/NAME}."""
        return re.sub(
            r"\{(\w+)\}", lambda match: match[0] if match[1] in self.names else self.words[match[1]], text
        )

    def fill_each(self, text: str) -> Iterator[str]:
        """Yield the text with each of the names that it is about."""
        word = next((word for word in self.names if f"{{{word}}}" in text), None)
        if word is None:
            yield self.fill(text)
        else:
            for name in self.names[word]:
                yield from self.fill_each(text.replace(f"{{{word}}}", name))

    def arn(self, service: str, end: str) -> str:
        """Return the ARN, filled as by `fill`, given all of it or its end; `*` is every resource."""
        if end == "*" or end.startswith("arn:"):
            return self.fill(end)
        region = "" if service == "iam" else "{region}"
        return self.fill(f"arn:{{partition}}:{service}:{region}:{{account}}:{end}")


def place_of(platform: Platform, *, partition: str, region: str, account: str) -> Place:
    """Return the place of a platform.

    The patterns also match names of services that have left the file, but for those that nothing tells apart
    from names of others: of these, the ones in the file are listed.
    """
    names = platform.names
    words = {
        "partition": partition,
        "region": region,
        "account": account,
        "stack": platform.stack,
        "suffix": platform.suffix,
        "cluster": platform.cluster_name,
        "flow_logs_role": names.flow_logs_role,
        "schedule_role": names.schedule_role,
        "schedule": names.schedule_group,
        "letters": names.dead_letters,
        "events": names.drift_events,
        "dashboard": names.dashboard,
        "namespace": platform.discovery.namespace,
    }
    return Place(words, _list_names(platform, names))


def _list_names(platform: Platform, names: Names) -> Mapping[str, Sequence[str]]:
    services = [*platform.services, *([JOB] if platform.drift_correction else [])]
    further = [FLOW_LOGS] if platform.network.flow_logs else []
    streams = [*services, *(f"xray-{name}" for name in services), *further]
    own = {names.service(name) for name, service in platform.services.items() if service.name}
    return {
        "service": (*_match(platform, names.service, services), *sorted(own)),
        "family": _match(platform, names.family, services),
        "role": (*_match(platform, names.task_role, services), names.execution_role),
        "repository": _match(platform, names.repository, services),
        "log_group": _match(platform, names.log_group, streams),
        "balancer": tuple(dict.fromkeys(_list_balancers(platform, names))),
    }


def _list_balancers(platform: Platform, names: Names) -> Iterator[str]:
    """Yield the load balancers that exist, and those of the stack's own, each as its ARN has it: app/NAME."""
    existing = {key: one.existing for key, one in platform.declared_balancers.items()}
    kinds = {key: _KINDS[one.type] for key, one in platform.declared_balancers.items()}
    singular = _name_in(existing.get(SINGULAR)) or names.load_balancer()
    yield f"{kinds.get(SINGULAR, _KINDS[APPLICATION])}/{singular}"
    own = [key for key in platform.load_balancers if not existing[key]]
    yield from (f"app/{name}" for key in platform.load_balancers if (name := _name_in(existing[key])))
    for type_, kind in _KINDS.items():
        if of_kind := [key for key in own if kinds[key] == kind]:
            matched = _match(platform, partial(names.load_balancer_of, type_), of_kind)
            yield from (f"{kind}/{name}" for name in matched)
    yield from sorted(
        f"{kinds[key]}/{names.load_balancer(key)}" for key in own if platform.load_balancers[key].name
    )


def _name_in(arn: str | None) -> str:
    """Return the name in the ARN of a load balancer; nothing for None."""
    return arn.split("/")[2] if arn else ""


def _match(platform: Platform, name: Callable[[str], str], of: Iterable[str]) -> tuple[str, ...]:
    """Return the names, as one pattern if its own text tells them apart from names of others."""
    pattern = name("*")
    is_apart = any(part in pattern for part in (platform.suffix, platform.environment))
    return (pattern,) if is_apart else tuple(name(one) for one in of)
