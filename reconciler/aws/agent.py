"""The name that runs of this program give to AWS with each call."""

PROGRAM = "ecs-reconciler"


def agent_of(version: str, stack: str, run: str) -> str:
    """Return what a run adds to the user agent of its calls (`user_agent_extra` of botocore)."""
    return f"{PROGRAM}/{version} ({stack}; {run})"
