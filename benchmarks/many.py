"""Platform files of many services."""

from pathlib import Path

DEFAULT_FILE = Path(__file__).parents[1] / "desired_state" / "platform.yaml"
PRESENT = 3  # services of the default platform
MOST_ON_DASHBOARD = 247  # two widgets each, and five of the platform
SERVICES_PER_ROUTE = 4  # one in four has a route: a load balancer has 100 rules at most, by AWS's default


def write_platform(folder: Path, number: int, memory: int = 512) -> Path:
    """Write the default platform with so many services; the last one's tasks have so many MiB."""
    added = [_write_service(n) for n in range(number - PRESENT)]
    added[-1] = f"  further-{len(added) - 1}: {{memory: {memory}}}\n"
    file = folder / "platform.yaml"
    # Two subnets of 251 addresses are too small for 600 tasks, and a dashboard has 500 widgets at most.
    text = DEFAULT_FILE.read_text().replace("prefix: 24", "prefix: 20")
    text = text.replace("dashboard: true", "dashboard: false") if number > MOST_ON_DASHBOARD else text
    file.write_text(text.replace("\nservices:\n", f"\nservices:\n{''.join(added)}"))
    return file


def _write_service(number: int) -> str:
    if number % SERVICES_PER_ROUTE:
        return f"  further-{number}: {{}}\n"
    return f"  further-{number}: {{routes: [{{priority: {number + 2}, paths: [/further-{number}/*]}}]}}\n"
