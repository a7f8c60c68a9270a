"""What a file may say in one word or number is the same as its long form."""

import json
from collections.abc import Iterator

import pytest
from platform_files import HEAD

from desired_state import Platform
from desired_state.part import SHORT_FORM
from desired_state.places import Place, find_place_below
from desired_state.schema import Schema, find_rule_below, get_schema
from desired_state.short_forms import SHORT_FORMS

LISTENER = "load_balancer: {listeners: {http: {port: 80, redirect: %s}, plain: {port: 81}}}"
VARIABLES = "services: {api: {environment: {A: %s}}}"
SIZES = ("512M", "512m", "512Mi", "512 MiB", "512MB", "0.5G", ".5 GB")
ROUTED = "services: {api: {%s, routes: [{priority: 1, paths: [/]}]}}"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("services: {api: {command: gunicorn app}}", "services: {api: {command: [gunicorn, app]}}"),
        (
            "services: {api: {command: sh -c 'echo \"a b\"'}}",
            "services: {api: {command: [sh, -c, 'echo \"a b\"']}}",
        ),
        ("services: {api: {entrypoint: tini -g --}}", "services: {api: {entrypoint: [tini, -g, '--']}}"),
        (
            "services: {api: {env_file: 's3://shop/a.env'}}",
            "services: {api: {env_file: ['s3://shop/a.env']}}",
        ),
        ("services: {api: {user: 1000}}", "services: {api: {user: '1000'}}"),
        ("services: {api: {user: 1000:1000}}", "services: {api: {user: '1000:1000'}}"),
        ("services: {api: {routes: [/api/*]}}", "services: {api: {routes: [{paths: [/api/*]}]}}"),
        (
            "services: {api: {routes: [{headers: {X-Env: blue}, query: {v: 2, debug: true}}]}}",
            "services: {api: {routes: [{headers: {X-Env: [blue]}, query: {v: ['2'], debug: ['true']}}]}}",
        ),
        (
            "services: {api: {routes: [{paths: [/], headers: {X-Env: [1, 1.50]}}]}}",
            "services: {api: {routes: [{paths: [/], headers: {X-Env: ['1', '1.50']}}]}}",
        ),
        ("services: {api: {ephemeral_storage: 50G}}", "services: {api: {ephemeral_storage: 50}}"),
        (
            "services: {api: {ulimits: {nofile: 9000}}}",
            "services: {api: {ulimits: {nofile: {soft: 9000}}}}",
        ),
        (
            "services: {api: {secrets: {A: /shop/db}}}",
            "services: {api: {secrets: {A: {value_from: /shop/db}}}}",
        ),
        ("service_defaults: {command: a b}\nservices: {api: {}}", "services: {api: {command: [a, b]}}"),
        ("services: {api: {image: postgres:16}}", "services: {api: {image: {uri: 'postgres:16'}}}"),
        (
            "services: {api: {capacity_providers: FARGATE}}",
            "services: {api: {capacity_providers: {FARGATE: {weight: 1}}}}",
        ),
        (
            "cluster: {capacity_providers: FARGATE_SPOT}",
            "cluster: {capacity_providers: {FARGATE_SPOT: {weight: 1}}}",
        ),
        (LISTENER % "https", LISTENER % "{}"),
        (LISTENER % "https", LISTENER % "{protocol: HTTPS, port: 443}"),
        (ROUTED % "deregistration_delay: 5m", ROUTED % "deregistration_delay: 300"),
        (ROUTED % "deregistration_delay: 0s", ROUTED % "deregistration_delay: 0"),
        (
            ROUTED % "health_check: {interval: 1m30s, timeout: 20s, grace_period: 2h}",
            ROUTED % "health_check: {interval: 90, timeout: 20, grace_period: 7200}",
        ),
        *((f"services: {{api: {{memory: {size}}}}}", "services: {api: {memory: 512}}") for size in SIZES),
        ("services: {api: {cpu: .25 vCPU}}", "services: {api: {cpu: 256}}"),
        ("services: {api: {cpu: 1 vcpu, memory: 2G}}", "services: {api: {cpu: 1024, memory: 2048}}"),
        (
            "service_defaults: {tracing: {xray: {memory: 64M}}}",
            "service_defaults: {tracing: {xray: {memory: 64}}}",
        ),
        ("discovery: {ttl: 1d}", "discovery: {ttl: 86400}"),
        ("load_balancer: {idle_timeout: 1h}", "load_balancer: {idle_timeout: 3600}"),
        (
            "services: {api: {container_health_check: {command: curl -f localhost || exit 1}}}",
            "services: {api: {container_health_check: {command: [CMD-SHELL, 'curl -f localhost || exit 1']}}}",
        ),
        (
            "services: {api: {scaling: {max: 2, cpu: 50, scale_in_cooldown: 1m, scale_out_cooldown: 10s}}}",
            "services: {api: {scaling: {max: 2, cpu: 50, scale_in_cooldown: 60, scale_out_cooldown: 10}}}",
        ),
        (
            "services: {api: {container_health_check: {command: [CMD, a], start_period: 5m, timeout: 1m}}}",
            "services: {api: {container_health_check: {command: [CMD, a], start_period: 300, timeout: 60}}}",
        ),
        (
            VARIABLES % "1.10, B: 0x1F, C: true, D: 012, E: .inf",
            VARIABLES % "'1.10', B: '0x1F', C: 'true', D: '012', E: '.inf'",
        ),
        (VARIABLES % "2020-01-01, B: no", VARIABLES % "'2020-01-01', B: 'no'"),
    ],
    ids=lambda value: value[:50],
)
def test_a_short_form_is_the_same_as_the_long_one(files, short, long):
    assert files.load(f"{HEAD}{short}\n") == files.load(f"{HEAD}{long}\n")


@pytest.mark.parametrize("size", ["1K", "1.2345G", "G", ".M", "512.0", "-1G", "1e3M"])
def test_what_is_no_size_in_whole_mebibytes_is_told_so(files, size):
    (mistake,) = files.mistakes(f"{HEAD}services: {{api: {{memory: {size}}}}}\n")
    assert mistake.endswith("is not a whole number of MiB, or a size such as 512M or 2G")


@pytest.mark.parametrize(
    ("cpu", "units"), [("0.25", 256), (".5", 512), ("1", 1024), ("2.0", 2048), ("16", 16384)]
)
def test_a_number_of_vcpus_is_answered_with_their_units(files, cpu, units):
    (mistake,) = files.mistakes(f"{HEAD}services: {{api: {{cpu: {cpu}}}}}\n")
    assert mistake.endswith(f"of which 1024 are one vCPU; did you mean {units}?")


@pytest.mark.parametrize(
    ("base", "over", "strategy"),
    [
        ("FARGATE", "FARGATE_SPOT", {"FARGATE_SPOT": (0, 1)}),
        ("{FARGATE: {base: 1, weight: 1}}", "FARGATE_SPOT", {"FARGATE_SPOT": (0, 1)}),
        ("FARGATE", "{FARGATE_SPOT: {weight: 4}}", {"FARGATE": (0, 1), "FARGATE_SPOT": (0, 4)}),
    ],
)
def test_a_short_form_in_an_overlay_is_all_that_there_is(files, base, over, strategy):
    text = f"cluster: {{capacity_providers: {base}}}\n"
    cluster = files.load(HEAD + text, dev=f"cluster: {{capacity_providers: {over}}}\n").cluster
    found = {name: (share.base, share.weight) for name, share in cluster.capacity_providers.items()}
    assert found == strategy


def test_the_image_of_a_service_ends_that_of_the_defaults_in_its_short_form_too(files):
    base = "service_defaults: {image: {tag: v1}}\nservices: {db: {image: 'postgres:16'}, api: {}}\n"
    services = files.load(HEAD + base, dev="services: {api: {image: {tag: v2}}}").services
    assert (services["db"].image.uri, services["db"].image.tag) == ("postgres:16", None)
    assert (services["api"].image.uri, services["api"].image.tag) == (None, "v2")


def test_a_value_of_a_short_form_has_the_line_of_its_key(files):
    platform = files.load(HEAD + "services:\n  api:\n    image: postgres:16\n")
    assert platform.position("services", "api", "image", "uri") == f"{files.path}:6"


def test_editors_are_told_of_short_forms():
    properties = Platform.model_json_schema()["$defs"]["Service"]["properties"]
    for key in ("command", "deregistration_delay"):
        assert '{"type": "string"}' in json.dumps(properties[key]["anyOf"])


def forms(
    schema: Schema, rule: Schema, place: Place, seen: tuple[str, ...] = ()
) -> Iterator[tuple[object, ...]]:
    """Yield each key with the short forms that the schema for editors and the loader have for it."""
    keys = [*rule.get("properties", ()), *(["any"] if find_rule_below(schema, rule, "any") else [])]
    for key in [*keys, *([0] if "items" in rule else [])]:
        below, found = find_rule_below(schema, rule, key), find_place_below(place, key)
        assert found, (*seen, key)
        yield (*seen, key), below.get(SHORT_FORM), found.form
        yield from forms(schema, below, found, (*seen, key))


def test_the_loader_knows_a_short_form_wherever_editors_are_told_of_one():
    schema = get_schema(Platform)
    told = list(forms(schema, schema, Place(Platform)))
    assert {form for _, form, _ in told} == {None, *SHORT_FORMS}
    assert [different for different in told if different[1] != different[2]] == []
