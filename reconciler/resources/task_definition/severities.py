"""How bad it is that a task definition drifts: tasks get other rights, or run something else."""

from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.resources.drifting import Severities
from reconciler.resources.task_definition.spec import TaskDefinition

# Parameters that take a container's isolation away, and the volumes that it may share.
ISOLATION = (
    "privileged",
    "linuxParameters",
    "dockerSecurityOptions",
    "pidMode",
    "ipcMode",
    "networkMode",
)
# Fields of a container that say what it may read and do.
OF_SECURITY = ("secrets", "user", "readonly_root_filesystem", "dropped_capabilities")


def judge(_live: TaskDefinition, _want: TaskDefinition, diff: ValueDiff) -> Severity | None:
    match diff.where:
        case ("containers", _, "image") | ("containers", _):
            return Severity.AVAILABILITY
        case ("containers", _, field, *_) if field in OF_SECURITY:
            return Severity.SECURITY
        case ("others", key) | ("containers", _, "others", key):
            return Severity.SECURITY if key in ISOLATION else None
    return None


SEVERITIES = Severities(dict.fromkeys(("execution_role", "task_role"), Severity.SECURITY), judge=judge)
