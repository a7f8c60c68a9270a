"""outputs: addresses and names of what stands."""

from reconciler.cli.signals import stoppable
from reconciler.commands.terminal import document, show, tell
from reconciler.errors import RunRefused
from reconciler.run import Target, open_session


def outputs(target: Target, *, as_json: bool) -> int:
    """0: told; raises `RunRefused` if nothing stands."""
    with stoppable(tell), open_session(target) as session:
        found = session.outputs(session.living())
    if not found:
        raise RunRefused(f"nothing of {session.platform.stack} is deployed yet: apply it first")
    if as_json:
        document(found)
    else:
        show(listed(found))
    return 0


def listed(found: dict[str, str]) -> str:
    """One per line, values aligned."""
    width = max(map(len, found), default=0)
    return "".join(f"{name:{width}}  {value}\n" for name, value in found.items())
