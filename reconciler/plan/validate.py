"""Every planned step against botocore's own service model, before anything runs. No client, no AWS."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import jmespath
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel, ServiceModel
from botocore.validate import ParamValidator
from jmespath.exceptions import JMESPathError

from reconciler.aws.service_models import loader
from reconciler.errors import Invalid
from reconciler.model.plan import Change
from reconciler.model.references import Ref, resolve, walk
from reconciler.model.steps import BlockerQuery, Call, Rollout, Step, Wait

SOMETHING = "arn:aws:service:us-east-1:123456789012:thing/of-a-plausible-length"  # what a Ref might become


def check(changes: Iterable[Change]) -> None:
    """Raises `Invalid` if AWS's own models refuse any step."""
    if found := problems(changes):
        raise Invalid("\n".join(found))


def problems(changes: Iterable[Change]) -> list[str]:
    """What they refuse, such as `vpc.main: ec2.create_vpc: Missing required parameter …`."""
    return [f"{change.address}: {found}" for change in changes for found in _change(change)]


def _change(change: Change) -> Iterator[str]:
    named = set(change.outputs)
    for step in change.steps:
        yield from _step(step)
        own = (ref for ref in _held(step) if not ref.foreign and ref.address == change.address)
        for attr in sorted({ref.attr for ref in own} - named):  # a wait for it would be passed over in silence
            yield f"{step.title}: no step before it has the output {attr}"
        named |= step.outputs.keys()


def _held(step: Step) -> Iterator[Ref]:
    yield from walk(step.params)
    if isinstance(step, Call):
        yield from walk(step.remedy)


def _step(step: Step) -> Iterator[str]:
    yield from _blocker_queries(step.blockers)
    match step:
        case Call():
            yield from _params(step.service, step.operation, step.params)
            yield from _outputs(step.title, {**step.outputs, "warnings": step.warnings or "@"})
        case Wait():
            yield from _params(step.service, xform_name(step.model["operation"]), step.params)
            yield from _outputs(step.title, {**step.outputs, "why": step.why or "@"})
        case Rollout():
            if missing := {"cluster", "service", "deployment"} - step.params.keys():
                yield f"rollout: without {', '.join(sorted(missing))}"


def _blocker_queries(queries: Iterable[BlockerQuery]) -> Iterator[str]:
    for query in queries:
        value = SOMETHING if not query.parameter.endswith("[]") else [SOMETHING]
        given = {query.parameter.removesuffix("[]"): value} if query.parameter else {}
        yield from _params(query.service, query.operation, {**query.params, **given})
        yield from _outputs(f"{query.service}.{query.operation}", {"blockers": query.path})
        yield from _blocker_queries((query.source,) if query.source else ())


def _params(service: str, operation: str, params: Mapping[str, Any]) -> Iterator[str]:
    where = f"{service}.{operation}"
    try:
        model = _operation(service, operation)
    except UnknownServiceError:
        yield f"{where}: botocore knows no such service"
        return
    if model is None:
        yield f"{where}: botocore knows no such operation"
    elif model.input_shape:
        plausible = resolve(dict(params), lambda _ref: SOMETHING)
        report = ParamValidator().validate(plausible, model.input_shape)
        if report.has_errors():
            yield f"{where}: {report.generate_report()}"
    elif params:
        yield f"{where}: takes no parameters"


def _outputs(where: str, outputs: Mapping[str, str]) -> Iterator[str]:
    for name, path in outputs.items():
        try:
            jmespath.compile(path)
        except JMESPathError as e:
            yield f"{where}: output {name}: {e}"


@cache
def _operation(service: str, name: str) -> OperationModel | None:
    model, names = _service(service)
    return model.operation_model(names[name]) if name in names else None


@cache
def _service(service: str) -> tuple[ServiceModel, dict[str, str]]:
    """What it can do, by boto3's names for it."""
    model = ServiceModel(loader().load_service_model(service, "service-2"), service)
    return model, {xform_name(name): name for name in model.operation_names}
