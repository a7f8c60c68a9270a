"""`destroy`: delete everything that carries the stack's tags."""

from typing import TYPE_CHECKING

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import run
from reconciler.cli.options import (
    Calls,
    Debug,
    Env,
    File,
    Json,
    LeaseWait,
    LogLevel,
    Sandbox,
    ShowValues,
    Yes,
)
from reconciler.cli.signals import stoppable
from reconciler.cli.target import find_target
from reconciler.cli.terminal import print_message

if TYPE_CHECKING:
    from desired_state import Platform
    from reconciler.cli.changes import ApplyOptions
    from reconciler.target import Target

NOT_DELETED = (
    "Not deleted: revisions of task definitions, until AWS has deleted them; AWS's service-linked roles; {insights}"
    "the DynamoDB table of leases, which other stacks use too (`lease uninstall` deletes it)."
)

INSIGHTS = (
    "Container Insights' own log group /aws/ecs/containerinsights/{cluster}/performance, if it was made; "
)


def destroy(
    file: File = None,
    env: Env = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    lease_wait: LeaseWait = None,
    json: Json = False,
    calls: Calls = False,
    show_values: ShowValues = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Delete everything that carries the stack's tags. Exit code 130: stopped."""

    def command() -> int:
        from reconciler.cli.changes import ApplyOptions
        from reconciler.plan.safety import Consent

        options = ApplyOptions(
            consent=Consent(yes=yes),
            lease_wait=lease_wait or 0,
            calls=calls,
            show_values=show_values,
            as_json=json,
        )
        return destroy_target(find_target(file, env, sandbox=sandbox), options)

    return run(command, log_level, as_json=json, debug=debug)


def destroy_target(target: "Target", options: "ApplyOptions") -> ExitCode:
    """Plan and delete. Print the outcome, and what is never deleted from AWS."""
    from reconciler.cli.changes import exit_code, make_changes, print_outcome, writing
    from reconciler.cli.reading import show_reading
    from reconciler.run import Purpose, clear_record, open_session

    with (
        stoppable(print_message) as stop,
        show_reading(target.tally, stop) as reading,
        open_session(target, writing("destroy", options, stop, reading), purpose=Purpose.DESTROY) as session,
    ):
        plan = session.plan(destroy=True)
        reading.end()
        ended = make_changes(session, plan, options, stop)
        code = exit_code(ended.outcome)
        if code == ExitCode.DONE:
            clear_record(session)
    print_outcome(plan, ended, options, outputs={})
    if plan.changes and code == ExitCode.DONE:
        print_message(_list_not_deleted(session.platform))
    return code


def _list_not_deleted(platform: "Platform") -> str:
    """Say what AWS keeps of the stack. What an existing cluster has is no part of it."""
    ours = platform.cluster.existing is None
    return NOT_DELETED.format(insights=INSIGHTS.format(cluster=platform.cluster_name) if ours else "")
