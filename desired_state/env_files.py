"""The variables of services that are in files of their own."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from desired_state.env_file import read_variables
from desired_state.mistakes import LoadError
from desired_state.part import Pattern
from desired_state.tree import Located, Problem, find, put

Variables = Mapping[str, Mapping[str, Located]]  # service -> name -> value

_S3 = r"s3://[a-z0-9][a-z0-9.-]+/[^\s*?]+\.env|arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]+/[^\s*?]+\.env"
EnvFile = Annotated[
    str,
    Pattern(
        rf"(?!s3:|arn:)[^\0\n]+|{_S3}",
        "the name of a file beside this one, or of one in S3 whose key ends in .env, s3://BUCKET/KEY.env",
    ),
]


def is_in_s3(name: str) -> bool:
    """Tell whether ECS reads the file, whenever a task starts; all others are read with the platform file."""
    return re.match("s3:|arn:", name) is not None


def read_env_files(tree: Located) -> tuple[Variables, list[Problem]]:
    """Return the variables in the files that services name, and what is wrong with these.

    A file lies beside the one that names it. Of a name that is there twice the last one counts, as in compose.
    """
    services, problems = find(tree, ("services",)).value, list[Problem]()
    variables: dict[str, dict[str, Located]] = {}
    for service, node in services.items() if isinstance(services, dict) else ():
        named = find(node, ("env_file",)).value
        files = [file for file in named if isinstance(file.value, str)] if isinstance(named, tuple) else []
        for file in files:
            if not is_in_s3(file.value):
                found = _read(file, service, problems)
                variables.setdefault(service, {}).update(found)
    return variables, problems


def _read(file: Located, service: str, problems: list[Problem]) -> dict[str, Located]:
    """Return the variables of a file; add what is wrong with it to the problems."""
    path, where = Path(file.at.path).parent / file.value, ("services", service, "environment")
    try:
        found = list(read_variables(path, where))
    except LoadError as error:
        problems += [Problem(file, f"{file.value}: {mistake.message}") for mistake in error.mistakes]
        return {}
    problems += [item for item in found if isinstance(item, Problem)]
    return {str(item.where[-1]): _keep_braces(item) for item in found if isinstance(item, Located)}


def _keep_braces(variable: Located) -> Located:
    """Return the variable as `environment` would have it: there, a word in braces is a placeholder."""
    text = variable.text.replace("{", "{{")
    return replace(variable, value=text, text=text)


def add_variables(tree: Located, variables: Variables) -> Located:
    """Return the tree with these variables in `environment`, whose own ones outweigh them."""
    for service, found in variables.items():
        where = ("services", service, "environment")
        own = find(tree, where)
        if own.value is None or isinstance(own.value, dict):
            tree = put(tree, where, replace(own, value={**found, **(own.value or {})}))
    return tree
