"""What a platform file names and no run makes: certificates, a boundary, and images in registries of others."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from desired_state.dns import ZONE_ID
from desired_state.hosts import find_common_domain
from desired_state.part import Part
from desired_state.platform import Platform
from desired_state.references import is_unresolved

POLICIES_OF_AWS = ":iam::aws:policy/"  # in an ARN; they are in every account, or in none


def find_named_elsewhere(platform: Platform) -> Iterator[str]:
    """Yield the ARNs and the URIs of the images that must be there before an apply.

    The ARNs are those of the certificates, and of the permissions boundary unless it is a policy of AWS.
    """
    for listener in platform.doors.values():
        if listener.given_certificate:
            yield listener.given_certificate
        yield from listener.certificates or ()
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


def list_existing(platform: Platform) -> list[dict[str, Any]]:
    """Return what the file says exists already, each with its `type` and with how the file names it.

    A network has its `vpc` (id or None, tags), `subnets` by tier (ids, tags), and the ids of `route_tables`.
    What is in it has that `vpc`: a security group and a namespace with their `id`, a load balancer with its
    `arn` and its `listeners`' ones. A bucket, a cluster, a log group and a repository have their `name`, the
    last also the `tags` of images; a role, a policy, a trust store and a web ACL have their `arn`, and a secret
    its name or ARN as `secret`, with the `keys` that are read of it. A hosted zone has its `name` and `role`,
    and its `id` if the file says that and not the name. What only AWS can name is left out.
    """
    named = [*_list_shared(platform), *_list_of_services(platform)]
    return [one for one in named if not is_unresolved(json.dumps(one))]


def list_values(platform: Platform, values: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the parameters and the stacks that the file refers to, each with its `type`, given their values.

    A parameter has its `name` and `value`, a stack its `name` and `outputs`.
    """
    stacks: dict[str, dict[str, str]] = {}
    for one in platform.references:
        if one.source == "ssm":
            yield {"type": "parameter", "name": one.name, "value": values[one.text]}
        else:
            stacks.setdefault(one.stack, {})[one.output] = values[one.text]
    yield from ({"type": "stack", "name": name, "outputs": outputs} for name, outputs in stacks.items())


def _list_shared(platform: Platform) -> Iterator[dict[str, Any]]:
    if network := platform.network.existing:
        subnets = {tier: _to_plain(chosen) for tier, chosen in network.subnets.items()}
        vpc = _to_plain(network.vpc)
        yield {"type": "network", "vpc": vpc, "subnets": subnets, "route_tables": [*network.allow.route_tables]}
        groups = {group for service in platform.services.values() for group in service.security_groups}
        yield from ({"type": "security_group", "id": group, "vpc": vpc} for group in sorted(groups))
        if platform.discovery.existing:
            yield {"type": "namespace", "id": platform.discovery.existing, "vpc": vpc}
        for balancer in platform.balancers.values():
            if arn := balancer.existing:
                listeners = [one.existing for one in balancer.listeners.values() if one.existing]
                yield {"type": "load_balancer", "arn": arn, "listeners": listeners, "vpc": vpc}
    buckets = {logs.bucket for balancer in platform.balancers.values() for logs in balancer.logs if logs.bucket}
    yield from ({"type": "bucket", "name": name} for name in sorted(buckets))
    stores = {one.trust_store for one in platform.doors.values() if one.trust_store not in (None, "none")}
    yield from ({"type": "trust_store", "arn": arn} for arn in sorted(filter(None, stores)))
    acls = {balancer.waf for balancer in platform.balancers.values() if balancer.waf not in (None, "none")}
    yield from ({"type": "web_acl", "arn": arn} for arn in sorted(filter(None, acls)))
    if name := platform.cluster.existing_name:
        yield {"type": "cluster", "name": name}
    if dns := platform.dns:
        by_id = re.fullmatch(ZONE_ID, dns.zone) is not None
        name = find_common_domain(platform) if by_id else dns.zone
        yield {"type": "zone", "name": name, "id": dns.zone if by_id else None, "role": dns.role}


def _list_of_services(platform: Platform) -> Iterator[dict[str, Any]]:
    services = platform.services.values()
    groups = {service.logs.existing for service in services if service.logs.existing}
    yield from ({"type": "log_group", "name": name} for name in sorted(groups))
    roles = {arn for service in services for arn in (service.roles.execution, service.roles.task) if arn}
    yield from ({"type": "role", "arn": arn} for arn in sorted(roles))
    policies = {arn for service in services for arn in service.policies if POLICIES_OF_AWS not in arn}
    yield from ({"type": "policy", "arn": arn} for arn in sorted(policies))
    yield from _list_client_secrets(platform)
    images = [service.image for service in services if service.image.repository]
    for name in sorted({image.repository or "" for image in images}):
        tags = {image.tag or "latest" for image in images if image.repository == name and not image.digest}
        yield {"type": "repository", "name": name, "tags": sorted(tags)}


def _list_client_secrets(platform: Platform) -> Iterator[dict[str, Any]]:
    routes = (route for service in platform.services.values() for route in service.routes)
    named = [route.auth.oidc.secret for route in routes if route.auth and route.auth.oidc]
    for name in sorted({one.secret for one in named}):
        keys = {one.key for one in named if one.secret == name and one.key}
        yield {"type": "secret", "secret": name, "keys": sorted(keys)}


def _to_plain(chosen: Part) -> Mapping[str, Any]:
    return chosen.model_dump(mode="json")
