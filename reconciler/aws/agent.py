"""The name that runs of this program give to AWS with each call."""

PROGRAM = "ecs-reconciler"


def join_agents(client: str | bytes, run: str) -> str:
    """Return the user agent of a call, given that of its client (in bytes by botocore) and that of a run."""
    said = client.decode() if isinstance(client, bytes) else client
    return f"{said} {run}".strip()


def agent_of(version: str, stack: str, run: str) -> str:
    """Return what a run adds to the user agent of its calls."""
    return f"{PROGRAM}/{version} ({stack}; {run})"
