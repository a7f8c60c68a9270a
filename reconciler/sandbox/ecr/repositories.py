"""Lifecycle policies of repositories, checked as ECR does beyond the schema that moto checks."""

import json
from typing import Any

from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.models import ECRBackend

from reconciler.sandbox.world import wrap

_FAILURE = "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: "


def install() -> None:
    wrap(ECRBackend, "put_lifecycle_policy", _put_lifecycle_policy)


def _put_lifecycle_policy(
    original: Any, ecr: Any, registry_id: str, repository_name: str, lifecycle_policy_text: str
) -> Any:
    repository = ecr._get_repository(repository_name, registry_id)
    before = repository.lifecycle_policy
    answer = original(ecr, registry_id, repository_name, lifecycle_policy_text)
    problem = _find_problem(json.loads(lifecycle_policy_text)["rules"])
    if problem:
        repository.lifecycle_policy = before
        raise InvalidParameterException(f"{_FAILURE}{problem}'")
    return answer


def _find_problem(rules: list[dict[str, Any]]) -> str | None:
    """Return the problem of rules that fit the schema, if there is one (ECR user guide, lifecycle policies)."""
    priorities = [rule["rulePriority"] for rule in rules]
    if len(set(priorities)) < len(priorities):
        return "rulePriority must be unique"
    for rule in rules:
        if problem := _find_selection_problem(rule["selection"]):
            return problem
    catch_all = [rule["rulePriority"] for rule in rules if rule["selection"]["tagStatus"] == "any"]
    if catch_all and catch_all != [max(priorities)]:
        return "a rule with tagStatus any must have the highest rulePriority and be the only one"
    if [rule["selection"]["tagStatus"] for rule in rules].count("untagged") > 1:
        return "there can be only one rule with tagStatus untagged"
    return None


def _find_selection_problem(selection: dict[str, Any]) -> str | None:
    lists = [key for key in ("tagPrefixList", "tagPatternList") if selection.get(key)]
    if selection["tagStatus"] == "tagged" and len(lists) != 1:
        return "one of tagPrefixList and tagPatternList is required when tagStatus=tagged"
    if selection["tagStatus"] != "tagged" and lists:
        return f"{lists[0]} is allowed only when tagStatus=tagged"
    if (selection["countType"] == "sinceImagePushed") != ("countUnit" in selection):
        return "countUnit is required for sinceImagePushed and not allowed otherwise"
    return None
