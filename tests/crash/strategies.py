"""Hypothesis strategies for platform files: small ones, with most of what a file can ask for."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from desired_state import Platform, load

HEAD = {"platform": "shop", "environment": "crash", "suffix": "{environment}", "region": "us-east-1"}
NAMES = ("web", "orders", "quotes", "users")
PORTS = st.sampled_from(
    (
        *({"port": port} for port in (8080, 8081, 9000)),
        {"ports": {"http": 8080, "admin": 9001}},
        {"ports": {"dns": {"port": 53, "protocol": "udp"}, "http": 8081, "admin": 9000}},
    )
)
POLICIES = st.sampled_from(([], ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]))
SCHEDULES = st.dictionaries(
    st.sampled_from(("night", "morning")),
    st.fixed_dictionaries(
        {"cron": st.sampled_from(("0 22 * * ? *", "0 6 ? * MON-FRI *")), "min": st.just(1), "max": st.just(2)}
    ),
    max_size=2,
)
SIZES = st.sampled_from(((256, 512), (256, 1024), (512, 1024)))
PERCENTS = st.sampled_from(((50, 200), (100, 200), (0, 100)))
DAYS = st.sampled_from((1, 7, 14))
TAGS = st.dictionaries(st.sampled_from(("team", "cost")), st.sampled_from(("a", "b")), max_size=2)
RANGES = st.lists(st.sampled_from(("0.0.0.0/0", "10.0.0.0/8", "192.168.0.0/16")), min_size=1, unique=True)
RESPONSES = st.fixed_dictionaries(
    {"status": st.sampled_from((404, 503)), "body": st.sampled_from(("Away", "No"))}
)
REDIRECTS = st.fixed_dictionaries({"port": st.just(443), "protocol": st.just("HTTPS")})


@dataclass(frozen=True)
class Change:
    """A platform file, the file that it is changed to, and the seed of the faults."""

    first: Mapping[str, Any]
    second: Mapping[str, Any]
    seed: int


@st.composite
def services(draw: st.DrawFn, number: int, listeners: tuple[str, ...]) -> dict[str, Any]:
    cpu, memory = draw(SIZES)
    least, most = draw(PERCENTS)
    found: dict[str, Any] = {
        "cpu": cpu,
        "memory": memory,
        **draw(PORTS),
        "tags": draw(TAGS),
        "policies": draw(POLICIES),
        "desired_count": draw(st.integers(1, 3)),
        "logs": {"retention_days": draw(DAYS)},
        "environment": draw(st.dictionaries(st.sampled_from(("MODE", "LEVEL")), st.sampled_from(("x", "y")))),
        "deployment": {
            "minimum_healthy_percent": least,
            "maximum_percent": most,
            "circuit_breaker": draw(st.sampled_from(("rollback", "enabled", "off"))),
        },
    }
    if draw(st.booleans()):
        found["tracing"] = {"xray": {"retention_days": draw(DAYS)}}
    if draw(st.booleans()):
        metrics = draw(st.sampled_from(({"cpu": 70}, {"memory": 80}, {"cpu": 50, "memory": 60})))
        found["scaling"] = {"min": 1, "max": draw(st.integers(3, 6)), "schedules": draw(SCHEDULES), **metrics}
    if draw(st.booleans()):
        found["permissions"] = [{"actions": ["s3:GetObject"], "resources": ["*"]}]
    if draw(st.booleans()):
        found |= draw(routed(number, listeners, "ports" in found))
        if "scaling" in found and len(found["routes"]) == 1 and draw(st.booleans()):
            found["scaling"]["requests"] = draw(st.sampled_from((100, 500)))
    return found


OTHER_CONDITIONS = st.sampled_from(
    ({}, {"methods": ["GET"]}, {"headers": {"X-Env": ["blue"]}}, {"query": {"v": ["1"]}, "source": ["::/0"]})
)


@st.composite
def routed(draw: st.DrawFn, number: int, listeners: tuple[str, ...], several: bool) -> dict[str, Any]:
    """Draw the settings of a service behind the load balancer, which perhaps listens on several ports."""
    priority = number + 1 + draw(st.sampled_from((0, 10, 20)))
    place = draw(st.sampled_from(({}, {"priority": priority})))  # else one that is free
    route: dict[str, Any] = {**place, "listener": draw(st.sampled_from(listeners))}
    admin = {**route, "paths": [f"/{number}/admin"], "port": "admin"}
    admin |= {"priority": priority + 100} if place else {}
    further = [admin] if several and draw(st.booleans()) else []
    route |= draw(st.sampled_from(({}, {"sticky": 3600}, {"sticky": 0})))
    paths = draw(st.lists(st.sampled_from(("a/*", "b", "c/*")), min_size=1, max_size=2, unique=True))
    route |= draw(OTHER_CONDITIONS)
    return {
        "routes": [route | {"paths": [f"/{number}/{path}" for path in paths]}, *further],
        "deregistration_delay": draw(st.sampled_from((5, 30))),
        "health_check": {
            "path": draw(st.sampled_from(("/", "/health"))),
            "interval": draw(st.sampled_from((10, 30))),
        },
    }


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    listeners: dict[str, Any] = {"http": {"port": 80, "default": draw(RESPONSES)}}
    if draw(st.booleans()):
        port = draw(st.sampled_from((8000, 8443)))
        listeners["extra"] = {"port": port} | draw(
            st.one_of(
                st.builds(lambda r: {"default": r}, RESPONSES), st.builds(lambda r: {"redirect": r}, REDIRECTS)
            )
        )
    spot = draw(st.sampled_from(({}, {"FARGATE_SPOT": {"weight": 4}})))
    return {
        **HEAD,
        "tags": draw(TAGS),
        "network": {"zones": draw(st.integers(2, 3))},
        "cluster": {
            "container_insights": draw(st.sampled_from(("enabled", "enhanced", "disabled"))),
            "capacity_providers": {"FARGATE": {"base": draw(st.integers(0, 1)), "weight": 1}, **spot},
        },
        "discovery": {"ttl": draw(st.sampled_from((10, 30)))},
        "load_balancer": {
            "listeners": listeners,
            "idle_timeout": draw(st.sampled_from((30, 60))),
            "ingress": draw(RANGES),
        },
        "services": {
            name: draw(services(number, tuple(listeners)))
            for number, name in enumerate(NAMES)
            if draw(st.booleans())
        },
        "dashboard": draw(st.booleans()),
    }


CHANGES = st.builds(Change, files(), files(), st.integers(0, 2**32 - 1))


def load_platform(file: Mapping[str, Any]) -> Platform:
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        path = Path(folder) / "platform.yaml"
        path.write_text(json.dumps(file))  # JSON is YAML
        return load(path, environ={})
