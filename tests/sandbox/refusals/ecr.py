"""Refused calls of ECR."""

from collections.abc import Mapping
from typing import Any

from makers import client_of

from refusals.probe import Probe

OPERATIONS = ("CreateRepository", "DeleteRepository")


def repository(**fields: Any) -> Mapping[str, Any]:
    client_of("ecr").create_repository(repositoryName="repo")
    return {"repositoryName": "repo"} | fields


PROBES = [
    Probe("CreateRepository", "RepositoryAlreadyExistsException", repository),
    Probe("DeleteRepository", "RepositoryNotEmptyException", repository),
    Probe("DeleteRepository", "RepositoryNotFoundException", lambda: {"repositoryName": "absent"}),
]
