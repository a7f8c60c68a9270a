"""Compare the CPU time of a plan with that of a boto3 script of the same calls; see README.md beside this.

Both are whole processes, from the start of the interpreter to its end, and take turns on one embedded AWS.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROUNDS = 10  # the quickest one counts, since other programs can only make a run slower
PLAN = (sys.executable, "-m", "reconciler", "plan")


def record(file: str, *words: str) -> int:
    """Run the command line, and write its AWS calls to the file as they are sent, page by page."""
    from botocore import handlers, xform_name  # noqa: PLC0415

    from reconciler.cli import main  # noqa: PLC0415

    calls = []

    def note(params, model, **_) -> None:  # noqa: ANN001, ANN003 - as botocore calls it
        service = model.service_model.service_name
        calls.append({"service": service, "operation": xform_name(model.name), "params": dict(params)})

    handlers.BUILTIN_HANDLERS.append(("before-parameter-build.*.*", note))
    code = main(words)
    Path(file).write_text(json.dumps(calls))
    return code


def compare(calls: str, endpoint: str) -> dict[str, dict[str, float]]:
    """Return what the plan and the script used in the round in which each took the least CPU."""
    from private import ON_DEV, run_used  # noqa: PLC0415

    run_used((sys.executable, "-m", "reconciler", "apply", "--yes", "--no-wait", *ON_DEV))
    run_used((sys.executable, __file__, calls, "plan", *ON_DEV))
    commands = {
        "plan, empty": (*PLAN, *ON_DEV),
        "boto3 script": (sys.executable, str(HERE / "plain.py"), calls, endpoint),
        "import boto3": (sys.executable, "-c", "import boto3"),  # the least that any boto3 program takes
    }
    best: dict[str, dict[str, float]] = {}
    for name, words in [*commands.items()] * ROUNDS:
        used = run_used(words)
        if name not in best or used["cpu"] < best[name]["cpu"]:
            best[name] = used
    return best


def main() -> None:
    from private import private_aws  # noqa: PLC0415

    with private_aws() as endpoint, tempfile.NamedTemporaryFile("r") as calls:
        best = compare(calls.name, endpoint)
        recorded = json.load(calls)
    services = len({call["service"] for call in recorded})
    print(f"{len(recorded)} calls of {services} services")
    for name, used in best.items():
        print(f"{name:16}{used['cpu']:6.2f} s CPU{used['wall']:7.2f} s wall{used['mib']:6.0f} MiB")
    ratio = best["plan, empty"]["cpu"] / best["boto3 script"]["cpu"]
    print(f"a plan takes {ratio:.2f} times the CPU of the script")
    print("load of the machine over 1, 5 and 15 minutes: {:.1f}, {:.1f}, {:.1f}".format(*os.getloadavg()))


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    if sys.argv[1:]:
        sys.exit(record(*sys.argv[1:]))
    main()
