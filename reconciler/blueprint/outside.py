"""Values that the file takes from what others keep in AWS: parameters, outputs of stacks, and the account."""

from collections.abc import Iterable, Iterator

from desired_state.discovered import DOMAIN
from desired_state.load import fill_from_aws
from desired_state.mistakes import LoadError, Mistake
from desired_state.platform import Platform
from desired_state.references import Reference
from reconciler.aws.jmes import search
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.namespace import find_name
from reconciler.blueprint.facts import read_caller
from reconciler.blueprint.limits import require_within_limits
from reconciler.model.steps import ErrorMatch

NAMES_AT_ONCE = 10  # SSM API reference, GetParameters
NO_STACK = (ErrorMatch("ValidationError", "does not exist"),)
ENCRYPTED = "SecureString"

Answer = tuple[Reference, str, str]  # what was asked for, its value, and what is wrong with it (empty: nothing)


def complete(reads: Reads, platform: Platform, *, needed: bool = True) -> Platform:
    """Return the platform with the values that only AWS knows. AWS is asked for nothing if it has none.

    Raises `ReadFailed`, `RunRefused` if the credentials are not of the file's account, and `LoadError` for
    values that are not there, or not right where they stand. Unless they are needed, as by a destroy, the
    platform is returned as it is then.
    """
    if not platform.is_open:
        return platform
    account = read_caller(reads, platform.account).account
    answers = _read(reads, platform.references)
    try:
        return _fill(reads, platform, answers, account)
    except LoadError:
        if needed:
            raise
    return platform


def _fill(reads: Reads, platform: Platform, answers: Iterable[Answer], account: str) -> Platform:
    if mistakes := list(_list_mistakes(platform, answers)):
        raise LoadError(mistakes)
    known = {reference.text: value for reference, value, _wrong in answers}
    filled = fill_from_aws(platform, {**known, "account": account})
    if filled.is_open:  # names in a namespace that exists, whose id may be one of these values
        filled = fill_from_aws(platform, {**known, "account": account, DOMAIN: find_name(reads, filled)})
    require_within_limits(filled, reads.aws.partition)
    return filled


def _list_mistakes(platform: Platform, answers: Iterable[Answer]) -> Iterator[Mistake]:
    for reference, _value, wrong in answers:
        for mention in platform.references[reference] if wrong else ():
            yield mention.node.mistake(f"{reference}: {wrong}")


def _read(reads: Reads, references: Iterable[Reference]) -> list[Answer]:
    parameters = sorted(one.name for one in references if one.source == "ssm")
    stacks = sorted({one.stack for one in references if one.source == "cloudformation"})
    found = reads.in_batches(lambda names: _read_parameters(reads, names), parameters, NAMES_AT_ONCE)
    outputs = dict(zip(stacks, reads.map(lambda stack: _read_outputs(reads, stack), stacks), strict=True))
    others = [
        _find_output(reads, one, outputs[one.stack]) for one in references if one.source == "cloudformation"
    ]
    return [*found, *others]


def _read_parameters(reads: Reads, names: list[str]) -> Iterator[Answer]:
    path = "Parameters[].[Name, Type, Value]"
    found = {name: rest for name, *rest in reads.ask("ssm", "get_parameters", path, Names=names)}
    for name in names:
        reference = Reference("ssm", name)
        kind, value = found.get(name, ("", ""))
        if name not in found:
            yield reference, "", f"{reads.aws.region} has no SSM parameter of this name"
        elif kind == ENCRYPTED:
            yield reference, "", "is a SecureString: name it under `secrets`, so that only tasks can read it"
        else:
            yield reference, value, ""


def _read_outputs(reads: Reads, stack: str) -> dict[str, str] | None:
    """Return the outputs of a CloudFormation stack by their keys; None if there is no such stack."""
    path = "Outputs[].[OutputKey, OutputValue]"
    found = reads.pages("cloudformation", "describe_stacks", "Stacks[]", NO_STACK, StackName=stack)
    return dict(search(path, found[0]) or ()) if found else None


def _find_output(reads: Reads, reference: Reference, outputs: dict[str, str] | None) -> Answer:
    if outputs is None:
        return reference, "", f"{reads.aws.region} has no CloudFormation stack {reference.stack}"
    if (value := outputs.get(reference.output)) is not None:
        return reference, value, ""
    there = f"has {', '.join(sorted(outputs))}" if outputs else "has none"
    return reference, "", f"{reference.stack} has no output {reference.output}; it {there}"
