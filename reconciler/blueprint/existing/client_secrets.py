"""Client secrets of log-ins: which version of each is the present one. Their values are not asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

from desired_state.auth import ClientSecret
from desired_state.mistakes import Mistake
from desired_state.platform import Platform
from desired_state.tree import KeyPath
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.found import Found

UNKNOWN = ("ResourceNotFoundException",)
PRESENT = "AWSCURRENT"  # the stage of the version that is in force


def read_client_secrets(reads: Reads, platform: Platform) -> Iterator[Found | Mistake]:
    """Yield the ARN and the present version of each client secret, or what is wrong with it."""
    named = list_client_secrets(platform)
    ids = sorted({secret.secret for secret in named.values()})
    answers = dict(zip(ids, reads.map(lambda own_id: _ask(reads, own_id), ids), strict=True))
    for where, secret in named.items():
        found = answers[secret.secret]
        stages = found.get("VersionIdsToStages") or {}
        version = next((own_id for own_id, all_of_it in stages.items() if PRESENT in all_of_it), None)
        if not found:  # it is not named, as a person may have written the secret itself
            yield platform.mistake(where, f"names no secret that Secrets Manager has in {reads.aws.region}")
        elif found.get("DeletedDate"):
            yield platform.mistake(where, "is to be deleted; restore it, or name another one")
        elif version is None:
            yield platform.mistake(where, "has no value yet")
        else:
            yield Found(where, {"id": found["ARN"], "arn": found["ARN"], "version": version})


def list_client_secrets(platform: Platform) -> Mapping[KeyPath, ClientSecret]:
    """Return the client secrets that routes name, by their places in the file."""
    return {
        ("services", name, "routes", index, "auth", "oidc", "secret"): route.auth.oidc.secret
        for name, service in platform.services.items()
        for index, route in enumerate(service.routes)
        if route.auth and route.auth.oidc
    }


def _ask(reads: Reads, own_id: str) -> Mapping[str, Any]:
    return reads.ask("secretsmanager", "describe_secret", "@", UNKNOWN, SecretId=own_id) or {}
