"""rehearse: apply, plan and destroy on an embedded AWS of this process, before AWS sees any of it."""

from importlib.util import find_spec

from desired_state.load import load
from reconciler.apply import Clock
from reconciler.aws.client import enclosed
from reconciler.cli.signals import stoppable
from reconciler.commands.terminal import document, show, tell
from reconciler.errors import RunRefused
from reconciler.rehearsal import rehearse as perform
from reconciler.render.rehearsal import Rehearsal
from reconciler.render.rehearsal_json import rehearsal_document
from reconciler.render.rehearsal_text import rehearsal_text
from reconciler.run import SANDBOX_REGION, Target, default_file


def rehearse(target: Target, *, calls: bool = False, as_json: bool = False) -> int:
    """0: it would come up, stay and go; 1: it would not."""
    with stoppable(tell):
        done = performed(target)
    if as_json:
        document(rehearsal_document(done, calls=calls))
    else:
        show(rehearsal_text(done, calls=calls))
    return 1 if done.problems else 0


def performed(target: Target) -> Rehearsal:
    """Carried out in made-up time, with the usual durations and limits of AWS."""
    if find_spec("moto") is None:
        raise RunRefused(
            "rehearse needs moto, which is not installed\nInstall it: pip install 'ecs-reconciler[sandbox]'"
        )
    from reconciler.sandbox import REAL  # noqa: PLC0415  moto is an extra
    from reconciler.sandbox.private import private  # noqa: PLC0415

    platform = load(target.file or default_file(), target.environment, region=SANDBOX_REGION)
    with private(REAL) as clock:
        return perform(platform, enclosed(platform.region or SANDBOX_REGION), Clock(clock.now, clock.advance))
