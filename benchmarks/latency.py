"""Measure the commands on the default platform with 50 ms added to every AWS call; see README.md beside this.

Each command runs in a process of its own, against a private embedded AWS.
"""

import os

from metered import Metered, run_metered
from private import ON_DEV, private_aws

LATENCY = 0.05  # seconds added to every call
LONG = 1.0  # seconds: so long that the calls which follow each other are all that counts
ROUNDS = 3  # the quickest one counts, since other programs can only make a run slower
PLAN, FRESH = "plan, empty", "apply --no-wait, fresh"
COMMANDS = {
    "--help": ("--help",),
    "plan, nothing there": ("plan", *ON_DEV),
    FRESH: ("apply", "--yes", "--no-wait", *ON_DEV),
    PLAN: ("plan", *ON_DEV),
    "apply, empty": ("apply", "--yes", *ON_DEV),
    "destroy": ("destroy", "--yes", *ON_DEV),
}


def run_all() -> dict[str, Metered]:
    """Run all commands in rounds, and return the readings of the quickest run of each."""
    best: dict[str, Metered] = {}
    for name, words in list(COMMANDS.items()) * ROUNDS:
        found = run_metered(words, LATENCY)
        if name not in best or found.wall < best[name].wall:
            best[name] = found
    return best


def count_chain_of_plan() -> int:
    """Count the reads of an empty plan that follow each other: by how much longer calls prolong it."""
    run_metered(COMMANDS[FRESH])
    longer = run_metered(COMMANDS[PLAN], 2 * LONG).wall - run_metered(COMMANDS[PLAN], LONG).wall
    return round(longer / LONG)


def count_chain_of_apply() -> int:
    """Count the calls of a fresh apply that must follow each other, without settling steps."""
    # A child's memory is never told to be less than its parent's, so the engine is imported after the runs.
    from desired_state import DEFAULT_FILE, load  # noqa: PLC0415
    from reconciler.blueprint import blueprint  # noqa: PLC0415
    from reconciler.blueprint.facts import Facts  # noqa: PLC0415
    from reconciler.plan import plan  # noqa: PLC0415
    from reconciler.resources import KINDS  # noqa: PLC0415

    platform = load(DEFAULT_FILE, "dev123", environ={})
    specs = tuple(blueprint(platform, Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))))
    chains: dict[str, int] = {}
    for change in plan(KINDS, specs, (), platform.stack, specs).changes:  # dependencies come first
        before = max((chains[key] for key in change.after), default=0)
        chains[change.key] = before + sum(not step.settling for step in change.steps)
    return max(chains.values())


def main() -> None:
    with private_aws():
        best = run_all()
        chains = {PLAN: count_chain_of_plan()}
    chains[FRESH] = count_chain_of_apply()
    print(f"{'':24}{'wall':>8}{'CPU':>8}{'calls':>7}{'at once':>9}{'memory':>10}")
    for name, m in best.items():
        print(f"{name:24}{m.wall:6.2f} s{m.cpu:6.2f} s{m.total:7}{m.most:9}{m.mib:6.0f} MiB")
    for name, chain in chains.items():
        bound = chain * LATENCY
        took = best[name].wall / bound
        print(f"{name}: {chain} calls follow each other, {bound:.2f} s; the whole takes {took:.1f} times that")
    print("load of the machine over 1, 5 and 15 minutes: {:.1f}, {:.1f}, {:.1f}".format(*os.getloadavg()))


if __name__ == "__main__":
    main()
