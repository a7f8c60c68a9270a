"""Plan and apply the whole default platform on the embedded AWS of this process."""

from pathlib import Path
from typing import Any

from support import act, connection

from desired_state import DEFAULT_FILE, Platform, load
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.model.plan import Outcome, Plan
from reconciler.plan import plan
from reconciler.resources import KINDS
from reconciler.resources.kind import read_all

ENVIRONMENT = "dev123"


def default() -> Platform:
    return load(DEFAULT_FILE, ENVIRONMENT, environ={})


def varied(folder: Path, further: int = 0, memory: int = 512) -> Platform:
    """Return the default platform with this many `further` services, and `memory` MiB for each task."""
    file = folder / "platform.yaml"
    services = "".join(f"  further-{number}: {{}}\n" for number in range(further))
    written = DEFAULT_FILE.read_text().replace("services:\n", f"services:\n{services}")
    file.write_text(written.replace("memory: 512\n", f"memory: {memory}\n"))
    return load(file, ENVIRONMENT, environ={})


def planned(platform: Platform) -> Plan:
    """Plan as the command line does, reading the facts included."""
    stack = Stack(platform.stack, platform.suffix)
    with open_reads(connection(), stack) as first:
        specs = tuple(blueprint(platform, facts.read_facts(first, platform)))
        live = read_all(first.for_specs(specs), KINDS)
    return plan(KINDS, specs, live, stack.name, specs)


def applied(platform: Platform, **options: Any) -> Outcome:
    """Plan and apply. Nothing may fail or be held."""
    outcome = act(planned(platform), Stack(platform.stack, platform.suffix), **options)
    assert not {**outcome.failed, **outcome.skipped, **outcome.held}
    return outcome
