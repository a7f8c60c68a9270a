"""Check every planned step against botocore's service models, before anything runs, and without AWS."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import jmespath
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel, ServiceModel
from botocore.validate import ParamValidator
from jmespath.exceptions import JMESPathError

from reconciler.aws.secret_values import name_secrets
from reconciler.aws.service_models import loader
from reconciler.errors import Invalid
from reconciler.model.plan import Change
from reconciler.model.references import RUN, Ref, resolve, walk
from reconciler.model.steps import BlockerQuery, Call, Rollout, Step, Wait

SAMPLE_ID = "arn:aws:service:us-east-1:123456789012:thing/of-a-plausible-length"  # stands for every Ref


def check(changes: Iterable[Change]) -> None:
    """Raise `Invalid` if the models refuse a step."""
    if found := problems(changes):
        raise Invalid("\n".join(found))


def problems(changes: Iterable[Change]) -> list[str]:
    """Return the problems that the models find: `vpc.main: ec2.create_vpc: Missing required parameter …`."""
    return [f"{change.address}: {found}" for change in changes for found in _check_change(change)]


def _check_change(change: Change) -> Iterator[str]:
    outputs = set(change.outputs)
    for step in change.steps:
        yield from _check_step(step)
        own = (ref for ref in _refs_of_step(step) if not ref.by_id and ref.address == change.address)
        for attr in sorted(
            {ref.attr for ref in own} - outputs - {RUN}
        ):  # a wait for it would be left out in silence
            yield f"{step.title}: no step before it has the output {attr}"
        outputs |= step.outputs.keys()


def _refs_of_step(step: Step) -> Iterator[Ref]:
    yield from walk(step.params)
    if isinstance(step, Call):
        yield from walk(step.remedy)


def _check_step(step: Step) -> Iterator[str]:
    yield from _check_queries(step.blockers)
    match step:
        case Call():
            yield from _check_params(step.service, step.operation, step.params)
            yield from _check_outputs(step.title, {**step.outputs, "warnings": step.warnings or "@"})
        case Wait():
            yield from _check_params(step.service, xform_name(step.model["operation"]), step.params)
            yield from _check_outputs(step.title, {**step.outputs, "why": step.why or "@"})
        case Rollout() if missing := {"cluster", "service", "deployment"} - step.params.keys():
            yield f"rollout: without {', '.join(sorted(missing))}"


def _check_queries(queries: Iterable[BlockerQuery]) -> Iterator[str]:
    for query in queries:
        value = [SAMPLE_ID] if query.parameter.endswith("[]") else SAMPLE_ID
        given = {query.parameter.removesuffix("[]"): value} if query.parameter else {}
        yield from _check_params(query.service, query.operation, {**query.params, **given})
        yield from _check_outputs(f"{query.service}.{query.operation}", {"blockers": query.path})
        yield from _check_queries((query.source,) if query.source else ())


def _check_params(service: str, operation: str, params: Mapping[str, Any]) -> Iterator[str]:
    where = f"{service}.{operation}"
    try:
        model = _operation_model(service, operation)
    except UnknownServiceError:
        yield f"{where}: botocore knows no such service"
        return
    if model is None:
        yield f"{where}: botocore knows no such operation"
    elif model.input_shape:
        resolved = name_secrets(resolve(dict(params), lambda _ref: SAMPLE_ID))
        report = ParamValidator().validate(resolved, model.input_shape)
        if report.has_errors():
            yield f"{where}: {report.generate_report()}"
    elif params:
        yield f"{where}: takes no parameters"


def _check_outputs(where: str, outputs: Mapping[str, str]) -> Iterator[str]:
    for name, path in outputs.items():
        try:
            jmespath.compile(path)
        except JMESPathError as e:
            yield f"{where}: output {name}: {e}"


@cache
def _operation_model(service: str, name: str) -> OperationModel | None:
    model, names = _service_model(service)
    return model.operation_model(names[name]) if name in names else None


@cache
def _service_model(service: str) -> tuple[ServiceModel, dict[str, str]]:
    """Return the model of a service, and the API's operation names by boto3's method names."""
    model = ServiceModel(loader().load_service_model(service, "service-2"), service)
    return model, {xform_name(name): name for name in model.operation_names}
