"""Lag outside EC2: what a service does not show, or does not accept, of a thing that was made a moment ago."""

from functools import partial
from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
from moto.core.exceptions import JsonRESTError
from moto.ecr.exceptions import LifecyclePolicyNotFoundException
from moto.ecr.models import ECRBackend
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.exceptions import ELBClientError, ListenerNotFoundError, TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse
from moto.servicediscovery.models import ServiceDiscoveryBackend

from reconciler.sandbox.lag.freshness import make_fresh, missed, refused
from reconciler.sandbox.world import current, wrap


def install() -> None:
    """What is new is not shown to every read for a while, where AWS has it so (docs/sandbox.md)."""
    wrap(EC2ContainerServiceResponse, "create_service", _note_service)
    wrap(EC2ContainerServiceResponse, "describe_services", _services)
    wrap(IAMBackend, "create_role", _note_role)
    wrap(IamResponse, "get_role", _role)
    wrap(IAMBackend, "list_roles", _roles)
    wrap(IAMBackend, "get_account_authorization_details", _details)
    wrap(ECRBackend, "put_lifecycle_policy", _note_lifecycle)
    wrap(ECRBackend, "get_lifecycle_policy", _lifecycle)
    wrap(ELBv2Backend, "create_load_balancer", _load_balancer)
    wrap(ELBv2Backend, "create_listener", _note_listener)
    wrap(ELBv2Backend, "create_target_group", _note_group)
    wrap(ELBv2Backend, "create_rule", _rule)
    wrap(ELBv2Backend, "describe_target_groups", _groups)
    wrap(ServiceDiscoveryBackend, "create_service", _note_discovery)
    for action, around in _DISCOVERY:
        wrap(ServiceDiscoveryBackend, action, around)
    wrap(ApplicationAutoscalingBackend, "register_scalable_target", _target)
    wrap(ApplicationAutoscalingBackend, "put_scaling_policy", _policy)


def _note_service(original: Any, response: Any) -> Any:
    known = set(response.ecs_backend.services)
    answer = original(response)
    for key in set(response.ecs_backend.services) - known:
        make_fresh(response.ecs_backend, "service", key)
    return answer


def _services(original: Any, response: Any) -> Any:
    """A service made a moment ago may be MISSING still (terraform waits for two minutes)."""
    answer = original(response)
    ecs, found = response.ecs_backend, []
    for service in answer.result["services"]:
        cluster = service["clusterArn"].rpartition("/")[2]
        if missed(ecs, "service", f"{cluster}:{service['serviceName']}"):
            answer.result["failures"].append({"arn": service["serviceArn"], "reason": "MISSING"})
        else:
            found.append(service)
    answer.result["services"] = found
    return answer


def _note_role(original: Any, iam: Any, role_name: str, *args: Any, **kwargs: Any) -> Any:
    role = original(iam, role_name, *args, **kwargs)
    make_fresh(iam, "role", role_name)
    return role


def _role(original: Any, response: Any) -> Any:
    """Only this read: moto asks for the role in every other call too, and a delete would take the answer for done."""
    name = response._get_param("RoleName")
    if missed(response.backend, "role", name):
        raise NotFoundException(f"The role with name {name} cannot be found.")
    return original(response)


def _roles(original: Any, iam: Any, *args: Any, **kwargs: Any) -> Any:
    roles, marker = original(iam, *args, **kwargs)
    return [role for role in roles if not missed(iam, "role", role.name)], marker


def _details(original: Any, iam: Any, policy_filter: list[str]) -> Any:
    details = original(iam, policy_filter)
    return {**details, "roles": [role for role in details["roles"] if not missed(iam, "role", role.name)]}


def _note_lifecycle(
    original: Any, ecr: Any, registry_id: str, repository_name: str, lifecycle_policy_text: str
) -> Any:
    had_one = ecr._get_repository(repository_name, registry_id).lifecycle_policy
    answer = original(ecr, registry_id, repository_name, lifecycle_policy_text)
    if not had_one:
        make_fresh(ecr, "lifecycle", repository_name)
    return answer


def _lifecycle(original: Any, ecr: Any, registry_id: str, repository_name: str) -> Any:
    answer = original(ecr, registry_id, repository_name)
    if missed(ecr, "lifecycle", repository_name):
        raise LifecyclePolicyNotFoundException(repository_name, registry_id or ecr.account_id)
    return answer


def _load_balancer(original: Any, elb: Any, **wanted: Any) -> Any:
    """A subnet or a group made a moment ago may be unknown here (terraform, Ansible: SubnetNotFound)."""
    for subnet_id in wanted["subnet_ids"]:
        if refused(elb.ec2_backend, "subnet", subnet_id):
            raise ELBClientError("SubnetNotFound", f"The subnet ID '{subnet_id}' does not exist")
    for group_id in wanted["security_groups"]:
        if refused(elb.ec2_backend, "sg", group_id):
            raise ELBClientError("InvalidSecurityGroup", f"Security group '{group_id}' does not exist")
    return original(elb, **wanted)


def _note_listener(original: Any, elb: Any, **wanted: Any) -> Any:
    """A target group made a moment ago may be unknown here, a listener to its first rule."""
    for action in wanted["actions"]:
        if refused(elb, "group", str(action.get("TargetGroupArn"))):
            raise TargetGroupNotFoundError
    listener = original(elb, **wanted)
    make_fresh(elb, "listener", listener.arn)
    return listener


def _note_group(original: Any, elb: Any, name: str, **wanted: Any) -> Any:
    known = set(elb.target_groups)
    group = original(elb, name, **wanted)
    if group.arn not in known:
        make_fresh(elb, "group", group.arn)
    return group


def _rule(original: Any, elb: Any, **wanted: Any) -> Any:
    if refused(elb, "listener", wanted["listener_arn"]):
        raise ListenerNotFoundError
    return original(elb, **wanted)


def _groups(original: Any, elb: Any, balancer_arn: str | None, arns: list[str], names: list[str] | None) -> Any:
    found = original(elb, balancer_arn, arns, names)
    seen = [group for group in found if not missed(elb, "group", group.arn)]
    if len(seen) < len(found) and (arns or names):
        raise TargetGroupNotFoundError
    return seen


def _note_discovery(original: Any, discovery: Any, **wanted: Any) -> Any:
    service = original(discovery, **wanted)
    make_fresh(discovery, "discovery", service.id)
    return service


def _seen(kind: str, original: Any, discovery: Any) -> Any:
    return [item for item in original(discovery) if not missed(discovery, kind, item.id)]


_DISCOVERY = (("list_services", partial(_seen, "discovery")), ("list_namespaces", partial(_seen, "namespace")))


def _target(original: Any, scaling: Any, namespace: str, r_id: str, dimension: str, **wanted: Any) -> Any:
    """A service made a moment ago may be unknown here, a target to its first policy (terraform retries two minutes)."""
    key = r_id.removeprefix("service/").replace("/", ":")
    if refused(scaling.ecs_backend, "service", key):
        raise JsonRESTError("ValidationException", f"ECS service doesn't exist: {r_id}")
    known = r_id in scaling.targets.get(dimension, {})
    target = original(scaling, namespace, r_id, dimension, **wanted)
    if not known:
        make_fresh(scaling, "target", r_id)
    return target


def _policy(original: Any, scaling: Any, **wanted: Any) -> Any:
    if current().profile.lag and refused(scaling, "target", wanted["resource_id"]):
        message = f"No scalable target found for resource ID: {wanted['resource_id']}"
        raise JsonRESTError("ObjectNotFoundException", message)
    return original(scaling, **wanted)
