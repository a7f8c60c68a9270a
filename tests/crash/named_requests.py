"""Clients that ask by a name, follow redirects, and look at certificates, at every moment of a run."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from fnmatch import fnmatchcase
from typing import Any

from moto.acm import acm_backends
from moto.elbv2 import elbv2_backends
from support import REGION

from crash.requests import ACCOUNT, empty_groups, watched
from reconciler.sandbox.ecs.rollout import catch_up

PORTS = {"http": 80, "https": 443}


def reached(*addresses: str) -> AbstractContextManager[None]:
    """Fail unless these addresses, such as http://shop.example.com/, are answered all the while."""
    return watched(lambda: (problem for address in addresses for problem in _ask(address)))


def _ask(address: str) -> Iterator[str]:
    """Yield why a request is not answered by a task."""
    catch_up()
    scheme, _, rest = address.partition("://")
    host, _, path = rest.partition("/")
    listener = next((one for one in _listeners() if int(one.port) == PORTS[scheme]), None)
    if listener is None:
        yield f"{address}: nothing listens"
        return
    if scheme == "https" and not _is_trusted(listener.certificate, host):
        yield f"{address}: {listener.certificate} is not for it"
    rules = sorted(
        (rule for rule in listener.rules.values() if not rule.is_default), key=lambda r: int(r.priority)
    )
    rule = next((rule for rule in rules if _matches(rule, host, f"/{path}")), None)
    if rule is not None:
        yield from (f"{address}: {group} has no healthy target" for group in empty_groups(rule))
    elif listener.default_actions[0].type == "redirect" and scheme == "http":
        yield from _ask(f"https://{rest}")
    else:
        yield f"{address}: no rule"


def _listeners() -> Iterator[Any]:
    for balancer in elbv2_backends[ACCOUNT][REGION].load_balancers.values():
        yield from balancer.listeners.values()


def _is_trusted(arn: str, host: str) -> bool:
    """Tell whether a certificate is issued, and for this host."""
    found = acm_backends[ACCOUNT][REGION]._certificates.get(arn)
    names = found.domains if found is not None and found.status == "ISSUED" else []
    return host in names or f"*.{host.partition('.')[2]}" in names


def _matches(rule: Any, host: str, path: str) -> bool:
    """Tell whether all conditions of a rule are met."""
    asked = {"host-header": host, "path-pattern": path}
    return all(
        any(fnmatchcase(asked[one["Field"]], pattern) for pattern in _values(one)) for one in rule.conditions
    )


def _values(condition: Any) -> list[str]:
    configs = (condition.get(name, {}).get("Values") for name in ("HostHeaderConfig", "PathPatternConfig"))
    return list(condition.get("Values") or next(filter(None, configs)))
