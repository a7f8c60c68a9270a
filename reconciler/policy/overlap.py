"""Which other stacks have names that policies take for this stack's."""

from desired_state.platform import Platform
from reconciler.rights.use import Use


def find_overlap(use: Use, platform: Platform) -> str:
    """Return what the holder of a use's policy could do to stacks with a longer suffix; empty if nothing.

    Passing a role, and registering and deleting revisions, are fenced by names alone: a family has no tags, and
    those of a role that is passed do not count reliably.
    (IAM user guide, "Grant a user permissions to pass a role".)
    """
    deeds = {
        Use.APPLY: "pass its roles to tasks, and register and delete revisions of its task definitions",
        Use.CORRECT: "pass its roles to tasks, and register revisions of its task definitions",
        Use.DESTROY: "delete revisions of its task definitions",
    }
    if use not in deeds:
        return ""
    end = f"-{platform.suffix}"
    return (
        f"names that end in `{end}` are this stack's where IAM looks at no tags. If another stack in the account has "
        f"a suffix that ends so, such as `x{end}`, the holder could {deeds[use]}."
    )
