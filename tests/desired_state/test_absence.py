"""Null, and the word `none`, leave out what a key stands for, or are refused; they are never the default."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from desired_state import Platform
from desired_state.balancer_logs import LOGS_OFF
from desired_state.container import Tracing
from desired_state.explain import find_schema
from desired_state.process import Ulimits
from desired_state.tree import KeyPath, format_key

ELB = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/0a"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/a"
SECRET = "arn:aws:ssm:us-east-1:123456789012:parameter/a"
BOUNDARY = "arn:aws:iam::123456789012:policy/a"
ROLE = "arn:aws:iam::123456789012:role/a"
KEY = "arn:aws:kms:us-east-1:123456789012:key/a"
ROUTE = {"priority": 1, "paths": ["/a"], "hosts": ["a.com"], "listener": "plain"}
OTHER_CONDITIONS = {"methods": ["GET"], "headers": {"X-Env": ["blue"]}, "query": {"v": ["1"]}}
ANSWER = {"status": 403, "content_type": "text/html", "body": "No"}
FULL: dict[str, Any] = {  # every key, with a value that is not the default
    "platform": "shop",
    "environment": "dev",
    "suffix": "short",
    "region": "us-east-1",
    "account": "123456789012",
    "network": {
        "cidr": "10.1.0.0/16",
        "zones": 3,
        "subnets": {
            "public": {"prefix": 22},
            "private": {"ranges": ["10.1.64.0/20", "10.1.80.0/20", "10.1.96.0/20"]},
        },
        "nat": "one",
        "endpoints": "auto",
        "ipv6": True,
        "flow_logs": {"retention_days": 14},
    },
    "names": {
        "service": "{service}",
        "family": "{service}-{environment}",
        "repository": "shop/{service}",
        "task_role": "{service}-task",
        "log_group": "/ecs/{service}",
        "cluster": "shop",
        "execution_role": "shop-execution",
        "dashboard": "shop-{suffix}",
        "load_balancers": "{load_balancer}-{suffix}",
    },
    "cluster": {
        "container_insights": "enhanced",
        "capacity_providers": {"FARGATE": {"base": 1, "weight": 2}, "FARGATE_SPOT": {"weight": 3}},
    },
    "discovery": {"namespace": "shop.local", "ttl": 10},
    "load_balancer": {
        "listeners": {
            "secured": {
                "name": "tls",
                "port": 444,
                "certificate": CERTIFICATE,
                "ssl_policy": "ELBSecurityPolicy-2016-08",
            },
            "mutual": {
                "port": 447,
                "certificate": CERTIFICATE,
                "certificates": [f"{CERTIFICATE}2"],
                "trust_store": f"{ELB}:truststore/shop/0a",
            },
            "plain": {"port": 81, "default": {"status": 503, "content_type": "text/html", "body": "Sorry"}},
            "moved": {
                "port": 82,
                "redirect": {
                    "protocol": "HTTP",
                    "port": 81,
                    "host": "b.com",
                    "path": "/b",
                    "query": "c=d",
                    "status": 302,
                },
            },
        },
        "name": "own",
        "scheme": "internal",
        "idle_timeout": 9,
        "deletion_protection": True,
        "ingress": ["10.0.0.0/8"],
        "ingress_descriptions": {"10.0.0.0/8": "office"},
        "drop_invalid_headers": True,
        "http2": True,
        "access_logs": {"bucket": "shop-logs", "prefix": "web"},
        "connection_logs": {"bucket": "shop-logs"},
        "health_check_logs": {"bucket": "shop-logs"},
        "waf": WEB_ACL,
        "attributes": {"client_keep_alive.seconds": "60"},
    },
    "dns": {"zone": "Z0123456789", "role": "arn:aws:iam::123456789012:role/names"},
    "load_balancers": {"inner": {"scheme": "internal", "listeners": {"http": {"port": 83}}}},
    "services": {
        "web": {
            "name": "website",
            "cpu": 512,
            "memory": 2048,
            "port": 81,
            "placement": "public",
            "desired_count": 3,
            "architecture": "ARM64",
            "image": {"tag": "v1", "keep": 3, "scan_on_push": False, "immutable_tags": True},
            "entrypoint": ["/tini"],
            "command": ["serve"],
            "user": "1000:1000",
            "working_directory": "/srv",
            "init": True,
            "stop_timeout": 60,
            "ulimits": {"nofile": {"soft": 9000, "hard": 9999}},
            "drop_capabilities": ["NET_RAW"],
            "ephemeral_storage": 50,
            "environment": {"A": "a"},
            "env_file": ["s3://shop/web.env"],
            "secrets": {"B": {"secret": "shop/api", "key": "token"}, "C": {"value_from": SECRET}},
            "permissions": [
                {
                    "actions": ["s3:*"],
                    "resources": ["*"],
                    "effect": "Deny",
                    "conditions": {"Bool": {"a": ["b"]}},
                }
            ],
            "policies": [BOUNDARY],
            "security_groups": ["sg-12345678"],
            "tags": {"Team": "web"},
            "container_health_check": {
                "command": ["CMD", "true"],
                "interval": 9,
                "timeout": 8,
                "retries": 7,
                "start_period": 6,
            },
            "logs": {"retention_days": 14, "kms": KEY},
            "tracing": {"xray": {"image": "x", "cpu": 9, "memory": 99, "retention_days": 14}},
            "deployment": {
                "minimum_healthy_percent": 50,
                "maximum_percent": 150,
                "circuit_breaker": "enabled",
                "breaker_threshold": "3",
            },
            "scaling": {
                "min": 2,
                "max": 4,
                "cpu": 50,
                "memory": 50,
                "schedules": {
                    "night": {"cron": "0 22 * * ? *", "timezone": "Europe/Berlin", "min": 1, "max": 2}
                },
                "scale_in_cooldown": 9,
                "scale_out_cooldown": 9,
            },
            "capacity_providers": {"FARGATE": {"base": 1, "weight": 9}, "FARGATE_SPOT": {"weight": 8}},
            "execute_command": True,
            "protect": True,
        },
        "api": {
            "routes": [ROUTE],
            "scaling": {"max": 4, "cpu": 50, "requests": 100},
            "health_check": {
                "path": "/health",
                "interval": 9,
                "timeout": 8,
                "healthy": 7,
                "unhealthy": 6,
                "matcher": "204",
                "grace_period": 9,
            },
            "deregistration_delay": 9,
            "slow_start": 30,
        },
        "many": {
            "ports": {"http": {"port": 8080, "protocol": "tcp"}, "dns": {"port": 53, "protocol": "udp"}},
            "routes": [{"priority": 2, "paths": ["/b"], "hosts": ["b.com"], "port": "http", "sticky": 60}],
        },
        "fast": {
            "routes": [
                {"paths": ["/c"], **OTHER_CONDITIONS, "source": ["10.0.0.0/8"]},
                {"hosts": ["old.com"], "redirect": {"host": "new.com"}},
                {"hosts": ["closed.com"], "fixed_response": ANSWER},
            ],
            "algorithm": "weighted_random",
        },
        "quiet": {"ports": {"dns": {"port": 53, "protocol": "udp"}}},
        "pinned": {"image": {"digest": f"sha256:{'0' * 64}"}},
        "hired": {"image": {"uri": "nginx"}, "placement": "public", "read_only": True},
    },
    "roles": {"boundary": BOUNDARY, "max_session": 7200},
    "readable_secrets": [SECRET],
    "dashboard": True,
    "lease": False,
    "tags": {"Team": "shop"},
    "images": {"check": False},
    "drift": {
        "ignore": ["ecs_service.web.desired_count"],
        "windows": ["Mon-Fri 08:00-18:00 Europe/Berlin"],
        "correct": "security",
        "notify": [
            {"sns": "arn:aws:sns:us-east-1:123456789012:ops"},
            {"webhook": {"secret": "hook"}, "key": {"env": "KEY"}, "private": True},
            {"slack": {"secret": "slack"}},
        ],
    },
    "drift_correction": {
        "every": 1800,
        "image": "public.ecr.aws/shop/drift:v1",
        "correct": "security",
        "events": True,
        "notify": [{"slack": {"secret": "slack"}}],
    },
}
SESSION = {
    "scope": "openid email",
    "session_cookie": "LOGIN",
    "session_timeout": 3600,
    "on_unauthenticated": "deny",
    "extra_params": {"prompt": "login"},
}
OIDC = {
    **SESSION,
    "issuer": "https://login.example.com",
    "authorization_endpoint": "https://login.example.com/authorize",
    "token_endpoint": "https://login.example.com/token",
    "user_info_endpoint": "https://login.example.com/info",
    "client_id": "shop",
    "secret": {"secret": "shop/login", "key": "token"},
}
POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_A"
COGNITO = {**SESSION, "user_pool": POOL, "client_id": "shop", "domain": "shop"}
# The keys that exclude others of FULL. The network's are told apart by `existing`.
INSIDE: dict[str, Any] = {
    **FULL,
    "names": {"load_balancer": "shop"},
    "load_balancer": {key: value for key, value in FULL["load_balancer"].items() if key != "name"},
    "load_balancers": {
        **FULL["load_balancers"],
        "net": {"type": "network", "cross_zone": True, "listeners": {"sql": {"port": 84, "protocol": "TCP"}}},
    },
    "services": {
        **FULL["services"],
        "sql": {
            "ports": {"sql": {"port": 5432, "protocol": "tcp"}, "http": {"port": 8080, "protocol": "tcp"}},
            "routes": [{"load_balancer": "net"}],
            "health_check": {"protocol": "HTTP", "port": "http"},
        },
        "inner": {"routes": [{"priority": 3, "paths": ["/c"], "hosts": ["c.com"], "load_balancer": "inner"}]},
        "desk": {
            "routes": [
                {"priority": 4, "paths": ["/d"], "hosts": ["d.com"], "auth": {"oidc": OIDC}},
                {"priority": 5, "paths": ["/e"], "hosts": ["e.com"], "auth": {"cognito": COGNITO}},
            ]
        },
        "theirs": {
            "image": {"repository": "their/web"},
            "roles": {"execution": ROLE, "task": ROLE},
            "logs": {"existing": "/shared/logs"},
        },
    },
    "network": {
        "existing": {
            "vpc": {"id": "vpc-12345678"},
            "subnets": {"public": {"ids": ["subnet-12345678"]}, "private": {"tags": {"Tier": "private"}}},
            "allow": {"route_tables": ["rtb-12345678"], "private_dns": True},
        },
        "endpoints": ["s3", "logs"],
    },
}
BY_TAGS: dict[str, Any] = {
    **FULL,
    "names": {key: value for key, value in FULL["names"].items() if key != "cluster"},
    "cluster": {"existing": "shared", "capacity_providers": FULL["cluster"]["capacity_providers"]},
    "discovery": {"existing": "ns-a", "ttl": 10},
    "load_balancer": {
        "existing": f"{ELB}:loadbalancer/app/theirs/0a",
        "listeners": {"plain": {"existing": f"{ELB}:listener/app/theirs/0a/0b"}},
    },
    "network": {
        "existing": {"vpc": {"tags": {"Name": "main"}}, "subnets": INSIDE["network"]["existing"]["subnets"]}
    },
}
ABSENT: dict[str, Any] = {  # what a platform has for each key that can be absent
    "region": None,
    "account": None,
    "network.subnets.private.ranges": (),
    "network.nat": "none",
    "network.endpoints": (),
    "network.ipv6": False,
    "network.flow_logs": None,
    "network.existing": None,
    "cluster.existing": None,
    "discovery.existing": None,
    "services.theirs.image.repository": None,
    "services.theirs.roles.execution": None,
    "services.theirs.roles.task": None,
    "services.theirs.logs.existing": None,
    "cluster.container_insights": "disabled",
    "cluster.capacity_providers.FARGATE.base": 0,
    "cluster.capacity_providers.FARGATE.weight": 0,
    "cluster.capacity_providers.FARGATE_SPOT.weight": 0,
    "load_balancer.name": None,
    "load_balancer.listeners.secured.name": None,
    "load_balancer.listeners.secured.certificate": None,
    "load_balancer.listeners.mutual.certificates": (),
    "load_balancer.listeners.mutual.trust_store": "none",
    "load_balancer.listeners.plain.default.body": "",
    "load_balancer.listeners.moved.redirect": None,
    "load_balancer.listeners.moved.redirect.query": "",
    "load_balancer.deletion_protection": False,
    "load_balancer.ingress": (),
    "load_balancer.drop_invalid_headers": False,
    "load_balancer.http2": False,
    "dns": None,
    "dns.role": None,
    "load_balancer.access_logs": LOGS_OFF,
    "load_balancer.access_logs.prefix": "",
    "load_balancer.connection_logs": LOGS_OFF,
    "load_balancer.health_check_logs": LOGS_OFF,
    "load_balancer.waf": "none",
    "load_balancer.attributes": {},
    "load_balancers": {},
    "load_balancers.net.cross_zone": False,
    "load_balancers.net.listeners.sql.protocol": "TCP",
    "services.sql.health_check.protocol": None,
    "services.sql.health_check.port": None,
    "roles.boundary": "none",
    "roles.max_session": 3600,
    "services": {},
    "services.web.name": None,
    "services.web.port": None,
    "services.web.placement": None,
    "services.web.image.immutable_tags": False,
    "services.web.entrypoint": (),
    "services.web.command": (),
    "services.web.user": None,
    "services.web.working_directory": None,
    "services.web.init": False,
    "services.web.stop_timeout": None,
    "services.web.ulimits": Ulimits(),
    "services.web.ulimits.nofile": None,
    "services.web.ulimits.nofile.hard": None,
    "services.web.drop_capabilities": (),
    "services.web.ephemeral_storage": None,
    "services.web.environment": {},
    "services.web.env_file": (),
    "services.web.secrets": {},
    "services.web.secrets.B.key": None,
    "services.web.permissions": (),
    "services.web.permissions[0].conditions": {},
    "services.web.policies": (),
    "services.web.security_groups": (),
    "services.web.tags": {},
    "services.web.container_health_check": None,
    "services.web.container_health_check.start_period": 0,
    "services.web.tracing": Tracing(),
    "services.web.tracing.xray": None,
    "services.web.logs.kms": "none",
    "services.web.deployment.circuit_breaker": "off",
    "services.web.scaling": None,
    "services.web.scaling.cpu": None,
    "services.web.scaling.memory": None,
    "services.web.scaling.schedules": {},
    "services.api.scaling": None,
    "services.api.scaling.cpu": None,
    "services.api.scaling.requests": None,
    "services.web.capacity_providers": None,
    "services.web.capacity_providers.FARGATE.base": 0,
    "services.web.capacity_providers.FARGATE.weight": 0,
    "services.web.capacity_providers.FARGATE_SPOT.weight": 0,
    "services.web.execute_command": False,
    "services.web.protect": False,
    "services.hired.placement": None,
    "services.hired.read_only": False,
    "services.api.routes[0].priority": None,
    "services.api.routes[0].paths": (),
    "services.api.routes[0].hosts": (),
    "services.api.routes[0].listener": None,
    "services.inner.routes": (),
    "services.inner.routes[0].paths": (),
    "services.inner.routes[0].hosts": (),
    "services.inner.routes[0].load_balancer": None,
    "services.desk.routes": (),
    **{f"services.desk.routes[{n}].{key}": () for n in (0, 1) for key in ("paths", "hosts")},
    **{f"services.desk.routes[{n}].{key}": None for n in (0, 1) for key in ("priority", "auth")},
    "services.desk.routes[0].auth.oidc.secret.key": None,
    "services.desk.routes[0].auth.oidc.extra_params": {},
    "services.desk.routes[1].auth.cognito.extra_params": {},
    "services.quiet.ports": {},
    "services.many.routes": (),
    "services.many.routes[0].priority": None,
    "services.many.routes[0].paths": (),
    "services.many.routes[0].hosts": (),
    "services.many.routes[0].port": None,
    "services.many.routes[0].sticky": 0,
    "services.api.health_check.grace_period": 0,
    "services.api.deregistration_delay": 0,
    "services.api.slow_start": 0,
    "services.inner.routes[0].priority": None,
    "services.fast.routes[0].paths": (),
    "services.fast.routes[0].methods": (),
    "services.fast.routes[0].headers": {},
    "services.fast.routes[0].query": {},
    "services.fast.routes[0].source": (),
    "services.fast.routes[1].redirect": None,
    "services.fast.routes[2].fixed_response": None,
    "services.fast.routes[2].fixed_response.body": "",
    "services.fast.algorithm": "round_robin",
    "dashboard": False,
    "tags": {},
    "drift_correction": None,
    "drift_correction.image": None,
    "drift_correction.correct": "none",
    "drift_correction.notify": (),
}
AS_WRITTEN = {
    "load_balancers.net.listeners.sql.protocol"
}  # what null means is what is written: others need more
TEXTS = {  # where `none` is a text like any other
    "platform",
    "environment",
    "suffix",
    "discovery.namespace",
    *("names.cluster", "names.execution_role", "names.load_balancer"),
    *("services.web.name", "load_balancer.name", "load_balancer.listeners.secured.name"),
    "load_balancer.listeners.secured.ssl_policy",
    "load_balancer.access_logs.bucket",
    "load_balancer.access_logs.prefix",
    "load_balancer.connection_logs.bucket",
    "load_balancer.health_check_logs.bucket",
    "load_balancer.listeners.moved.redirect.host",
    "services.web.image.tag",
    "services.theirs.logs.existing",
    "services.web.tracing.xray.image",
    "load_balancer.listeners.plain.default.body",
    "load_balancer.listeners.moved.redirect.query",
    "services.api.routes[0].listener",
    "services.inner.routes[0].load_balancer",
    "services.many.routes[0].port",
    "services.sql.health_check.port",
    *(f"services.desk.routes[0].auth.oidc.{key}" for key in ("scope", "session_cookie", "client_id")),
    *(
        f"services.desk.routes[1].auth.cognito.{key}"
        for key in ("scope", "session_cookie", "client_id", "domain")
    ),
    "services.desk.routes[0].auth.oidc.secret.secret",
    "services.fast.routes[1].redirect.host",
    "services.fast.routes[2].fixed_response.body",
    "drift.correct",
}
ELSEWHERE = {  # where null is a mistake because of other keys, which a schema cannot say
    "load_balancer",
    "readable_secrets",
    "services.web.image.tag",
    "services.pinned.image.digest",
    "services.hired.image.uri",
    "services.api.routes",
    *("services.many.ports", "services.sql.ports"),
    *("services.sql.routes", "services.sql.routes[0].load_balancer", "services.sql.health_check"),
    *("services.desk.routes[0].auth.oidc", "services.desk.routes[1].auth.cognito"),
    "services.fast.routes",
    *("services.fast.routes[1].hosts", "services.fast.routes[2].hosts"),
    "services.api.health_check",
    *("services.web.secrets.B.secret", "services.web.secrets.C.value_from"),
    *("load_balancer.existing", "load_balancer.listeners.plain.existing"),
    "load_balancer.listeners.mutual.certificate",
    *("network.existing.vpc.id", "network.existing.vpc.tags"),
    "network.existing.allow",
    *("network.existing.allow.route_tables", "network.existing.allow.private_dns"),
    *("network.existing.subnets.public.ids", "network.existing.subnets.private.tags"),
    *("drift.notify[0].sns", "drift.notify[1].webhook", "drift.notify[1].key", "drift.notify[2].slack"),
    *("drift.notify[1].webhook.secret", "drift.notify[1].key.env", "drift.notify[2].slack.secret"),
    *("drift_correction.notify[0].slack", "drift_correction.notify[0].slack.secret"),
}
SCHEMA = Platform.model_json_schema()


def list_keys(value: Any, where: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of each key of a model that FULL has."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        if key in find_schema(SCHEMA, where).get("properties", {}):
            yield (*where, key)
        yield from list_keys(child, (*where, key))


FILES = [FULL, INSIDE, BY_TAGS]
KEYS = list(dict.fromkeys(where for file in FILES for where in list_keys(file)))
IDS = [format_key(where) for where in KEYS]


def whole(where: KeyPath) -> dict[str, Any]:
    """Return the first file that has this path."""
    return next(file for file in FILES if where in list_keys(file))


def look_up(value: Any, where: KeyPath) -> Any:
    for key in where:
        value = value[key] if isinstance(value, dict | tuple | list) else getattr(value, key)
    return value


def changed(where: KeyPath, value: Any) -> dict[str, Any]:
    """Return the file that has this path, with another value there."""
    file = deepcopy(whole(where))
    look_up(file, where[:-1])[where[-1]] = value
    return file


def test_every_key_of_every_model_is_tried():
    models = {"Platform": SCHEMA, **SCHEMA["$defs"]}
    tried = {find_schema(SCHEMA, where[:-1])["title"] + "." + str(where[-1]) for where in KEYS}
    keys = {f"{name}.{key}" for name, model in models.items() for key in model["properties"]}
    assert keys - tried == {"Platform.service_defaults"}
    assert ABSENT.keys() <= set(IDS)


@pytest.mark.parametrize("where", KEYS, ids=IDS)
@pytest.mark.parametrize("written", [None, "none"])
def test_null_leaves_out_what_a_key_stands_for_or_is_refused(files, where, written):
    name, file = format_key(where), changed(where, written)
    if written and name in TEXTS:
        assert look_up(file, where) == written
    elif name in ABSENT:
        assert name in AS_WRITTEN or look_up(whole(where), where) != ABSENT[name]
        assert look_up(files.load(json.dumps(file)), where) == ABSENT[name]
    else:
        told = files.mistakes(json.dumps(file))
        assert any(format_key(where[: len(where) - up]) in line for up in (0, 1) for line in told)


@pytest.mark.parametrize("where", [where for where in KEYS if not any(isinstance(key, int) for key in where)])
def test_null_in_an_overlay_is_null_in_the_file(files, where):
    overlay = None
    for key in reversed(where):
        overlay = {key: overlay}
    error = files.attempt(json.dumps(whole(where)), "dev", dev=json.dumps(overlay))
    if format_key(where) in ABSENT.keys() - {"services"}:
        assert error is None
        assert (
            look_up(files.load(json.dumps(whole(where)), "dev", dev=json.dumps(overlay)), where)
            == ABSENT[format_key(where)]
        )
    else:
        assert error


@pytest.mark.parametrize("where", KEYS, ids=IDS)
def test_an_editor_is_told_the_same(where):
    file = changed(where, None)
    refused = list(Draft202012Validator(SCHEMA).iter_errors(file))
    assert bool(refused) == (format_key(where) not in ABSENT.keys() | ELSEWHERE)
