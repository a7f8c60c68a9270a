"""`rehearse`: apply, plan and destroy on an embedded AWS of this process, before AWS sees any of it."""

from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import run
from reconciler.cli.options import Calls, Debug, Env, File, Json, LogLevel, ShowValues
from reconciler.cli.signals import stoppable
from reconciler.cli.target import find_target
from reconciler.cli.terminal import print_json, print_message, print_text

if TYPE_CHECKING:
    from reconciler.render.rehearsal import Rehearsal
    from reconciler.target import Target


def rehearse(
    file: File = None,
    env: Env = None,
    json: Json = False,
    calls: Calls = False,
    show_values: ShowValues = False,
    log_level: LogLevel = "error",
    debug: Debug = False,
) -> int:
    """Rehearse an apply and a destroy on a private embedded AWS.

    It reports how they would go and how long they would take. AWS itself is neither read nor changed.
    """

    def command() -> int:
        target = find_target(file, env, sandbox=False)
        return show_rehearsal(target, calls=calls, show_values=show_values, as_json=json)

    return run(command, log_level, as_json=json, debug=debug)


def show_rehearsal(target: "Target", *, calls: bool, show_values: bool, as_json: bool) -> ExitCode:
    """Rehearse and print the result. Any problem is a failure."""
    from reconciler.cli.reading import draw_until_stopped
    from reconciler.render.reading import describe_rehearsing
    from reconciler.render.rehearsal_json import rehearsal_document
    from reconciler.render.rehearsal_text import rehearsal_text

    with stoppable(print_message) as stop, draw_until_stopped(lambda: describe_rehearsing(target.tally), stop):
        rehearsal = rehearse_target(target)
    if as_json:
        print_json(rehearsal_document(rehearsal, calls=calls, show_values=show_values))
    else:
        print_text(rehearsal_text(rehearsal, calls=calls, show_values=show_values))
    return ExitCode.FAILED if rehearsal.problems else ExitCode.DONE


def rehearse_target(target: "Target") -> "Rehearsal":
    """Rehearse in simulated time, with the durations and limits of the profile `real`.

    What only AWS knows has stand-ins, as AWS is asked nothing. Raises `RunRefused` without moto.
    """
    from desired_state.elsewhere import find_named_elsewhere, list_existing
    from desired_state.load import fill_from_aws, load
    from desired_state.stand_ins import choose_stand_ins
    from reconciler import rehearsal
    from reconciler.aws.client import enclosed
    from reconciler.aws.clock import Clock
    from reconciler.aws.enclosure import ACCOUNT
    from reconciler.errors import RunRefused
    from reconciler.target import SANDBOX_REGION, find_file

    if find_spec("moto") is None:  # it is an extra
        raise RunRefused(
            "rehearse needs moto, which is not installed\nInstall it: pip install 'ecs-reconciler[sandbox]'"
        )
    from reconciler.sandbox import REAL
    from reconciler.sandbox.planted import plant
    from reconciler.sandbox.private import private

    platform = load(find_file(target), target.environment, region=SANDBOX_REGION)
    stand_ins = choose_stand_ins(platform, platform.account or ACCOUNT)
    platform = fill_from_aws(platform, stand_ins) if platform.is_open else platform
    given = frozenset(find_named_elsewhere(platform))
    with private(REAL, given=given, account=platform.account) as clock:
        region = platform.region or SANDBOX_REGION
        if existing := list_existing(platform):
            plant(existing, platform.account, region)
        aws = enclosed(region)
        aws.tally = target.tally
        done = rehearsal.rehearse(platform, aws, Clock(clock.now, clock.advance))
    named = ", ".join(f"{one} ({stand_ins[one.text]})" for one in sorted(platform.references))
    note = f"stand-ins, as AWS was not asked: {named}"
    return replace(done, notes=(*done.notes, note)) if named else done
