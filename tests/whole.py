"""Plan and apply the whole default platform on the embedded AWS of this process."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from support import act, connection

from desired_state import DEFAULT_FILE, Platform, load
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.blueprint.priorities import give_priorities
from reconciler.model.plan import Outcome, Plan
from reconciler.model.spec import Live, Spec
from reconciler.plan import plan
from reconciler.read_twice import read_and_compare
from reconciler.resources import KINDS

ENVIRONMENT = "dev123"


def default() -> Platform:
    return load(DEFAULT_FILE, ENVIRONMENT, environ={})


def varied(folder: Path, further: int = 0, memory: int = 512, route: str = "") -> Platform:
    """Return the default platform with `further` services, and `memory` MiB for each task.

    `route` is the body of each, with PRIORITY for a number of its own; an empty one has no routes.
    """
    file = folder / "platform.yaml"
    bodies = (route.replace("PRIORITY", str(100 + number)) for number in range(further))
    services = "".join(f"  further-{number}: {body or '{}'}\n" for number, body in enumerate(bodies))
    written = DEFAULT_FILE.read_text().replace("services:\n", f"services:\n{services}")
    file.write_text(written.replace("memory: 512\n", f"memory: {memory}\n"))
    return load(file, ENVIRONMENT, environ={})


def in_network(folder: Path, network: str) -> Platform:
    """Return the default platform in another network, given as the file has it."""
    file = folder / "platform.yaml"
    before, _, after = DEFAULT_FILE.read_text().partition("network:")
    file.write_text(f"{before}network: {network}\ncluster:{after.partition('cluster:')[2]}")
    return load(file, ENVIRONMENT, environ={})


def with_name(folder: Path) -> Platform:
    """Return the default platform with HTTPS for one host of the zone example.com, and HTTP that redirects."""
    file = folder / "platform.yaml"
    listeners = "{https: {port: 443, certificate: auto}, http: {port: 80, redirect: https}}"
    before, _, after = DEFAULT_FILE.read_text().partition("load_balancer:")
    balancer = f"dns: {{zone: example.com}}\nload_balancer: {{listeners: {listeners}}}\nservice_defaults:"
    written = before + balancer + after.partition("service_defaults:")[2]
    file.write_text(written.replace("{priority: 1, paths", "{priority: 1, hosts: [api.example.com], paths"))
    return load(file, ENVIRONMENT, environ={})


def planned(platform: Platform) -> Plan:
    """Plan as the command line does, reading the facts included."""
    stack = Stack(platform.stack, platform.suffix)
    with open_reads(connection(), stack) as first:
        specs = give_priorities(first, blueprint(platform, facts.read_facts(first, platform)))
        compare = partial(_compare, specs, stack)
        todo, _ = read_and_compare(first.for_specs(specs), KINDS, compare)
    return todo


def _compare(specs: Sequence[Spec], stack: Stack, live: Sequence[Live[Any]]) -> Plan:
    return plan(KINDS, specs, live, stack.name, specs)


def applied(platform: Platform, **options: Any) -> Outcome:
    """Plan and apply. Nothing may fail or be held."""
    outcome = act(planned(platform), Stack(platform.stack, platform.suffix), **options)
    assert not {**outcome.failed, **outcome.skipped, **outcome.held}
    return outcome
