"""Policies of repositories: the file knows none, and one may let others pull images, or push their own."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.resources.iam_policy import as_list, parse_document

NO_POLICY = ("RepositoryPolicyNotFoundException", "RepositoryNotFoundException")
EVERYBODY = "*"


def read_principals(reads: Reads, name: str, account: str) -> frozenset[str]:
    """Return whom the repository's policy lets in, except services of AWS's and the account itself.

    AWS is asked only for a drift report: a plan leaves the policy alone.
    """
    if not reads.seeks_foreign:
        return frozenset()
    text = reads.ask("ecr", "get_repository_policy", "policyText", NO_POLICY, repositoryName=name)
    return frozenset(find_principals(parse_document(text), account)) if text else frozenset()


def find_principals(document: Mapping[str, Any], account: str) -> Iterator[str]:
    """Yield whom a policy lets in; services of AWS's and the account itself are left out."""
    for statement in as_list(document.get("Statement")):
        if statement.get("Effect") != "Allow":
            continue
        principal = statement.get("Principal", EVERYBODY)  # with NotPrincipal, it is nearly everybody
        named = principal.get("AWS", ()) if isinstance(principal, Mapping) else principal
        for each in map(str, as_list(named)):
            if each != account and f":{account}:" not in each:
                yield each
