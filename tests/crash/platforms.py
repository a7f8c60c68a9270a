"""The default platform, and one in which every field that can change has changed."""

from pathlib import Path

from desired_state import DEFAULT_FILE, Platform, load

CHANGED = """
tags: {team: payments}
cluster:
  container_insights: disabled
  capacity_providers: {FARGATE: {base: 2, weight: 1}, FARGATE_SPOT: {weight: 1}}
discovery: {ttl: 10}
load_balancer:
  idle_timeout: 30
  ingress: [10.0.0.0/8, 192.168.0.0/16]
  listeners:
    http: {port: 80, default: {status: 503, content_type: text/plain, body: Away}}
    extra: {port: 8443, redirect: {port: 80, protocol: HTTP}}
service_defaults:
  cpu: 512
  memory: 1024
  image: {keep: 5, scan_on_push: false}
  logs: {retention_days: 14}
  tracing: {xray: {retention_days: 5}}
  environment: {LOG_LEVEL: debug}
  permissions: [{actions: ["s3:GetObject"], resources: ["*"]}]
  deployment: {minimum_healthy_percent: 100, maximum_percent: 150, circuit_breaker: enabled}
  scaling: {min: 2, max: 6, cpu: 60, memory: null, scale_in_cooldown: 90, scale_out_cooldown: 30}
services:
  api-gateway:
    routes: [{priority: 7, paths: ["/v2/*"]}]
    health_check: {path: /healthy, interval: 20, timeout: 4, healthy: 3, unhealthy: 2, grace_period: 90}
    deregistration_delay: 10
  market-data: null
  payments:
    port: 9000
    routes: [{priority: 1, paths: ["/pay/*"]}]
"""


def default() -> Platform:
    return load(DEFAULT_FILE, "crash", environ={})


def changed(folder: Path) -> Platform:
    (folder / "environments").mkdir()
    (folder / "platform.yaml").write_text(DEFAULT_FILE.read_text())
    (folder / "environments" / "crash.yaml").write_text(CHANGED)
    return load(folder / "platform.yaml", "crash", environ={})
