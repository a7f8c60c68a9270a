"""The default platform, and files near it: all that can change, what must be replaced, requests that move."""

from pathlib import Path

from desired_state import DEFAULT_FILE, Platform, load

# crash/prerequisites.py provides the certificate, the zone, the client secret and the tag `v2`.
CHANGED = """
tags: {team: payments}
drift_correction: {every: 24h, correct: security, events: true}
roles: {boundary: "arn:aws:iam::aws:policy/PowerUserAccess", max_session: 2h}
network: {zones: 3, subnets: {private: {prefix: 20}}, nat: per_zone, endpoints: [s3, logs], flow_logs: {}, ipv6: true}
cluster:
  container_insights: disabled
  capacity_providers: {FARGATE: {base: 2, weight: 1}, FARGATE_SPOT: {weight: 1}}
discovery: {ttl: 10}
dns: {zone: example.com}
load_balancer:
  idle_timeout: 30
  ingress: [10.0.0.0/8, 192.168.0.0/16]
  drop_invalid_headers: true
  http2: false
  listeners:
    http:
      port: 443
      certificate: arn:aws:iam::123456789012:server-certificate/crash
      ssl_policy: ELBSecurityPolicy-TLS13-1-3-2021-06
      default: {status: 503, content_type: text/plain, body: Away}
    extra: {port: 8443, redirect: {port: 80, protocol: HTTP}}
service_defaults:
  cpu: 512
  memory: 1024
  ephemeral_storage: 30
  stop_timeout: 1m
  image: {keep: 5, scan_on_push: false, immutable_tags: true}
  logs: {retention_days: 14, kms: "arn:aws:kms:us-east-1:123456789012:key/crash"}
  tracing: {xray: {retention_days: 5}}
  environment: {LOG_LEVEL: debug}
  permissions: [{actions: ["s3:GetObject"], resources: ["*"]}]
  deployment: {minimum_healthy_percent: 100, maximum_percent: 150, circuit_breaker: enabled, breaker_threshold: 3}
  scaling: {min: 2, max: 6, cpu: 60, memory: null, scale_in_cooldown: 90, scale_out_cooldown: 30}
services:
  api-gateway:
    architecture: ARM64
    execute_command: true
    routes:
      - priority: 7
        hosts: [api.example.com]
        methods: [GET]
        headers: {X-Env: blue}
        query: {v: 2}
        source: [10.0.0.0/8]
        sticky: 1h
        auth:
          oidc:
            issuer: https://login.example.com
            authorization_endpoint: https://login.example.com/authorize
            token_endpoint: https://login.example.com/token
            user_info_endpoint: https://login.example.com/info
            client_id: crash
            secret: crash/login
    health_check: {path: /healthy, interval: 20, timeout: 4, healthy: 3, unhealthy: 2, grace_period: 90}
    deregistration_delay: 10
    slow_start: 30
    scaling: {requests: 500, schedules: {night: {cron: 0 22 * * ? *, timezone: Europe/Berlin, min: 1, max: 4}}}
    policies: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
    tags: {team: gateway}
  order-processor:
    image: {tag: v2}
    entrypoint: /tini --
    command: serve
    user: "1000:1000"
    working_directory: /srv
    read_only: true
    init: true
    ulimits: {nofile: 20000}
    drop_capabilities: [ALL]
    scaling: null
    desired_count: 3
    routes: [{priority: 2, paths: ["/orders/*"]}]
  market-data: null
  payments:
    new: true
    ports: {http: 9000, admin: 9001, dns: {port: 53, protocol: udp}}
    algorithm: least_outstanding_requests
    routes:
      - {priority: 1, paths: ["/pay/*"], methods: [POST]}
      - {paths: ["/admin/*"], port: admin}
      - {paths: ["/closed/*"], fixed_response: {status: 410}}
      - {hosts: [old.example.com], redirect: {host: new.example.com}}
"""

# AWS can change none of these in place: each is deleted and created again.
REPLACED = """
discovery: {namespace: "elsewhere-{environment}.local"}
load_balancer: {scheme: internal}
services:
  api-gateway: {port: 9090}
"""

# Requests move to target groups of other services: of one with a new name, and of one that had no route.
MOVED = """
services:
  api-gateway: null
  market-data: {routes: [{priority: 2, paths: ["/data/*"]}], port: 9090}
  gateway: {new: true, port: 8081, routes: [{priority: 1, paths: ["/api/*", "/"]}]}
"""

# Small platforms in other networks than the default one.
SMALL = """
platform: shop
environment: crash
suffix: crash
region: us-east-1
network: NETWORK
service_defaults: {cpu: 256, memory: 512}
services:
  web: {routes: [{priority: 1, paths: ["/*"]}]}
"""
HOSTED = """
dns: {zone: example.com}
services:
  web: {routes: [{priority: 1, hosts: [example.com, shop.example.com]}]}
"""
PRIVATE = "{subnets: {public: {}, private: {prefix: 20}}, nat: one, endpoints: [s3, logs], flow_logs: {}}"
INSIDE = """{existing: {
  vpc: {tags: {Owner: others}},
  subnets: {public: {tags: {Tier: public}}, private: {tags: {Tier: private}}}}}"""

# Services behind an internal load balancer beside a public one, and one behind both.
BALANCED = """
platform: shop
environment: crash
suffix: crash
region: us-east-1
load_balancers:
  public: {}
  internal: {scheme: internal, ingress: [10.0.0.0/16], listeners: {http: {port: 8000}}}
service_defaults: {cpu: 256, memory: 512}
services:
  web: {routes: [{priority: 1, paths: ["/*"]}]}
  orders:
    port: 8081
    routes:
      - {priority: 1, paths: ["/orders/*"], load_balancer: internal}
      - {priority: 2, paths: ["/orders/*"], load_balancer: public}
  admin: {routes: [{priority: 2, paths: ["/admin/*"], load_balancer: internal}]}
"""


# Connections by TCP, UDP and both, beside requests.
CONNECTED = """
platform: shop
environment: crash
suffix: crash
region: us-east-1
load_balancers:
  tcp: {type: network, cross_zone: true, listeners: {sql: {port: 5432}, tls: {port: 5433, certificate: CERTIFICATE}}}
  dns: {type: network, scheme: internal, listeners: {dns: {port: 53, protocol: TCP_UDP}, plain: {port: 54, protocol: UDP}}}
service_defaults: {cpu: 256, memory: 512}
services:
  db:
    ports: {sql: 5432, http: 8080}
    routes:
      - {load_balancer: tcp, listener: sql}
      - {load_balancer: tcp, listener: tls}
      - {priority: 1, paths: ["/*"], port: http}
  names:
    ports: {dns: {port: 53, protocol: udp}, dns-tcp: 53, health: 8081}
    routes:
      - {load_balancer: dns, listener: dns, port: dns}
      - {load_balancer: dns, listener: plain, port: dns}
    health_check: {port: health, protocol: HTTP}
""".replace("CERTIFICATE", "arn:aws:iam::123456789012:server-certificate/crash")


NAMED = """
platform: shop
environment: crash
suffix: crash
region: us-east-1
dns: {zone: example.com}
load_balancer: {listeners: {https: {port: 443, certificate: auto}, http: {port: 80, redirect: https}}}
service_defaults: {cpu: 256, memory: 512}
services:
  web: {routes: [{priority: 1, hosts: [HOSTS]}]}
"""


def default() -> Platform:
    return load(DEFAULT_FILE, "crash", environ={})


def changed(folder: Path) -> Platform:
    return _with(folder / "changed", CHANGED)


def replaced(folder: Path) -> Platform:
    return _with(folder / "replaced", REPLACED)


def moved(folder: Path) -> Platform:
    return _with(folder / "moved", MOVED)


def in_private_subnets(folder: Path) -> Platform:
    return _small(folder / "private", PRIVATE)


def behind_two(folder: Path) -> Platform:
    """Return a platform with an internal and a public load balancer."""
    return _alone(folder / "balanced", BALANCED)


def inside_existing(folder: Path) -> Platform:
    """Return a platform in the network that crash/existing.py makes."""
    return _small(folder / "inside", INSIDE)


def with_names(folder: Path, *hosts: str) -> Platform:
    """Return a platform with HTTPS for these hosts in the zone of the prerequisites."""
    return _alone(folder / hosts[-1], NAMED.replace("HOSTS", ", ".join(f"'{host}'" for host in hosts)))


def named(folder: Path) -> Platform:
    """Return a platform with hosts in the zone of the prerequisites, over HTTP."""
    small = SMALL.replace("network: NETWORK\n", "").partition("services:")[0]
    return _alone(folder / "named", small + HOSTED)


def behind_network_balancers(folder: Path) -> Platform:
    folder.mkdir()
    (folder / "platform.yaml").write_text(CONNECTED)
    return load(folder / "platform.yaml", environ={})


def _small(folder: Path, network: str) -> Platform:
    return _alone(folder, SMALL.replace("NETWORK", network))


def _alone(folder: Path, file: str) -> Platform:
    folder.mkdir()
    (folder / "platform.yaml").write_text(file)
    return load(folder / "platform.yaml", environ={})


def _with(folder: Path, overlay: str) -> Platform:
    (folder / "environments").mkdir(parents=True)
    (folder / "platform.yaml").write_text(DEFAULT_FILE.read_text())
    (folder / "environments" / "crash.yaml").write_text(overlay)
    return load(folder / "platform.yaml", "crash", environ={})
