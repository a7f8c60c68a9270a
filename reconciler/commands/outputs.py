"""outputs: addresses and names of what stands."""

from reconciler.cli.signals import stoppable
from reconciler.commands.terminal import document, show, tell
from reconciler.errors import Refused
from reconciler.run import Where, view


def outputs(where: Where, *, as_json: bool) -> int:
    """0: told; raises `Refused` if nothing stands."""
    with stoppable(tell), view(where) as seen:
        found = seen.outputs(seen.living())
    if not found:
        raise Refused(f"nothing of {seen.platform.stack} is deployed yet: apply it first")
    if as_json:
        document(found)
    else:
        show(listed(found))
    return 0


def listed(found: dict[str, str]) -> str:
    """One per line, values aligned."""
    width = max(map(len, found), default=0)
    return "".join(f"{name:{width}}  {value}\n" for name, value in found.items())
