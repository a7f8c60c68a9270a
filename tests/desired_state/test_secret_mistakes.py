"""A mistake of the file does not repeat a secret that is in the wrong place, or written wrongly."""

import json

import pytest
from platform_files import HEAD
from secrets_table import PLANTED

from desired_state.secrecy import find_secrets

VARIABLES = "services: {{api: {{environment: {{{}}}}}}}"


@pytest.mark.parametrize(
    "text",
    [
        VARIABLES.format("DB_PASSWORD: *hunter2"),
        VARIABLES.format("DB_PASSWORD: !hunter2"),
        VARIABLES.format("DB_PASSWORD: !hunter2 x"),
        VARIABLES.format("DB_PASSWORD: !!int hunter2"),
        VARIABLES.format("DB_PASSWORD: [hunter2]"),
        VARIABLES.format("DB_PASSWORD: {value: hunter2}"),
        VARIABLES.format('DB_PASSWORD: "hunter2'),
        VARIABLES.format('DB_PASSWORD: "hun\\qter2"'),
        VARIABLES.format("DB_PASSWORD: @hunter2"),
        VARIABLES.format('"DB_PASSWORD=hunter2": ""'),
        VARIABLES.format('"DB_PASSWORD hunter2": x'),
        VARIABLES.format('"set DB PASSWORD hunter2": x'),
        VARIABLES.format("DB_PASSWORD hunter2"),
        VARIABLES.format("DB_PASSWORD:hunter2"),
        "services: {api: {environment: DB_PASSWORD hunter2}}",
        "services: {api: {DB_PASSWORD hunter2: x}}",
        "services: {DB_PASSWORD hunter2: {}}",
        "tags: {DB_PASSWORD hunter2*: x}",
        VARIABLES.format("DB_PASSWORD: hunter2, DB_PASSWORD: hunter2"),
        "services:\n  api:\n    environment:\n      DB_PASSWORD: hunter2: x",
        "services:\n  api:\n    environment:\n      DB_PASSWORD: *hunter2",
        "services: {api: {environment: DB_PASSWORD=hunter2}}",
        "services: {api: {environment: [DB_PASSWORD=hunter2]}}",
        'services: {api: {command: "serve --password=\'hunter2"}}',
        "services: {api: {command: [serve, --password, 80914052]}}",
        "services: {api: {secrets: {DB_PASSWORD: hunter2}}}",
        "services: {api: {secrets: {SESSION: hunter2}}}",
        "services: {api: {secrets: {SESSION: {secret: 'hunter2 x'}}}}",
        "services: {api: {secrets: {SESSION: {value_from: hunter2}}}}",
        "services: {api: {secrets: hunter2}}",
        "services: {api: {password: hunter2}}",
        "password: hunter2",
        "services: {api: {image: {uri: 'https://shop:hunter2@registry/api x'}}}",
        f"services: {{api: {{image: {{uri: 'https://shop:{'hunter2' * 20}@registry/api x'}}}}}}",
        "services: {api: {cpu: 'redis://:hunter2@cache'}}",
    ],
)
def test_a_secret_is_not_repeated(files, text):
    (mistake, *_) = files.mistakes(f"{HEAD}{text}\n")
    assert not [secret for secret in ("hunter2", "hunter", "80914052") if secret in mistake]


@pytest.mark.parametrize(("name", "value", "shown"), PLANTED)
def test_no_secret_of_the_table_is_repeated(files, name, value, shown):
    quoted = json.dumps(value)
    variable = f"services: {{api: {{environment: {{{json.dumps(name)}: {{a: {quoted}}}}}}}}}"
    places = [variable] + [f"services: {{api: {{{key}: {quoted}}}}}" for key in ("unknown", "cpu", "routes")]
    secrets = {*find_secrets("", value)} | ({*find_secrets(name, value)} if name != "command" else set())
    told = files.mistakes(HEAD + variable)
    assert not [secret for secret in secrets if any(secret in line for line in told)]
    for place in places:
        told = files.mistakes(HEAD + place)
        assert told
        assert not [secret for secret in find_secrets("", value) if any(secret in line for line in told)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "services: {api: {command: [serve, --port, 80]}}",
            '80 is not a string to YAML; write it in quotes: "80"',
        ),
        ("services: {api: {secrets: {DB: /shop/ db}}}", "'/shop/ db' is not right: the ARN"),
        ("services: {api: {image: {uri: ' my-secrets:1'}}}", "' my-secrets:1' is not right"),
        ("services: {api: {cpu: large}}", "'large' is not one of 256"),
    ],
)
def test_what_is_harmless_is_repeated(files, text, told):
    (mistake,) = files.mistakes(f"{HEAD}{text}\n")
    assert told in mistake
