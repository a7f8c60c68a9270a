"""Lag in ECR: GetLifecyclePolicy misses the first policy of a repository."""

from typing import Any

from moto.ecr.exceptions import LifecyclePolicyNotFoundException
from moto.ecr.models import ECRBackend

from reconciler.sandbox.lag.freshness import make_fresh, read_misses
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(ECRBackend, "put_lifecycle_policy", _put_fresh_policy)
    wrap(ECRBackend, "get_lifecycle_policy", _get_policy)


def _put_fresh_policy(
    original: Any, ecr: Any, registry_id: str, repository_name: str, lifecycle_policy_text: str
) -> Any:
    had_one = ecr._get_repository(repository_name, registry_id).lifecycle_policy
    answer = original(ecr, registry_id, repository_name, lifecycle_policy_text)
    if not had_one:
        make_fresh(ecr, "lifecycle", repository_name)
    return answer


def _get_policy(original: Any, ecr: Any, registry_id: str, repository_name: str) -> Any:
    answer = original(ecr, registry_id, repository_name)
    if read_misses(ecr, "lifecycle", repository_name):
        raise LifecyclePolicyNotFoundException(repository_name, registry_id or ecr.account_id)
    return answer
