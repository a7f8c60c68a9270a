"""`sandbox`, in this process, about an embedded AWS in another one."""

import json
from collections.abc import Iterator

import boto3
import pytest
from support import SHOP

from reconciler.cli import main
from reconciler.sandbox import process


@pytest.fixture(autouse=True, scope="module")
def _state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Use a state directory of this module's own, and stop what is still running in the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECONCILER_STATE_DIR", str(tmp_path_factory.mktemp("state")))
        yield
        process.stop()


@pytest.fixture
def endpoint(capsys: pytest.CaptureFixture[str]) -> str:
    """Start the embedded AWS by `sandbox start`, and return its endpoint."""
    assert main(["sandbox", "start", "--speed", "0"]) == 0
    return capsys.readouterr().out.removeprefix("The embedded AWS (calm) answers at ").rstrip()


def test_one_that_runs_shows_its_endpoint_and_settings(endpoint, capsys):
    assert main(["sandbox", "status"]) == 0
    shown = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert main(["sandbox", "status", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["running"], found["endpoint"], found["profile"]) == (True, endpoint, "calm")
    assert shown == {name: str(value) for name, value in found.items()}


def test_one_with_other_settings_is_not_taken_for_the_one_to_start(endpoint, capsys):
    assert main(["sandbox", "start", "--speed", "0", "--profile", "harsh"]) == 1
    told = f"✗ The embedded AWS is already running at {endpoint}, with other settings: profile calm, not harsh."
    assert capsys.readouterr().err.startswith(told)


def test_a_reset_leaves_nothing_in_it(endpoint, capsys):
    ecs = boto3.client(
        "ecs", "us-east-1", endpoint_url=endpoint, aws_access_key_id="x", aws_secret_access_key="x"
    )
    ecs.create_cluster(clusterName="c")
    assert main(["sandbox", "reset"]) == 0
    assert capsys.readouterr().out == "The embedded AWS is empty.\n"
    assert ecs.list_clusters()["clusterArns"] == []


def test_it_has_what_a_file_names_and_each_file_its_account_and_partition(endpoint, tmp_path, capsys):
    arn, account = "arn:aws-cn:acm:cn-north-1:210987654321:certificate/a", "210987654321"
    secure = f"load_balancer: {{listeners: {{web: {{port: 443, certificate: '{arn}'}}}}}}\n"
    chinese = SHOP.replace("us-east-1", "cn-north-1") + f"account: '{account}'\n" + secure
    for name, text in (("chinese", chinese), ("usual", SHOP)):
        (tmp_path / name).write_text(text)
        assert main(["plan", str(tmp_path / name), "--sandbox"]) == 2
    assert not capsys.readouterr().err
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "endpoint_url": endpoint}
    found = boto3.client("acm", "cn-north-1", **keys).describe_certificate(CertificateArn=arn)
    assert found["Certificate"]["Status"] == "ISSUED"
    caller = boto3.client("sts", "cn-north-1", **keys).get_caller_identity()["Arn"]
    assert caller == f"arn:aws-cn:iam::{account}:root"


@pytest.mark.parametrize("speed", ["inf", "1e300"])
def test_a_speed_that_is_none_is_refused_in_words(speed, capsys):
    assert main(["sandbox", "start", "--speed", speed]) == 1
    assert "is no speed" in capsys.readouterr().err


def test_one_that_was_stopped_can_only_be_started(endpoint, capsys):
    said = []
    for command in ("stop", "stop", "status", "reset"):
        code = main(["sandbox", command])
        said.append((code, *capsys.readouterr()))
    gone = "The embedded AWS has stopped; its contents are gone.\n"
    nothing = "The embedded AWS is not running.\n"
    refusal = "✗ The embedded AWS is not running.\n  Start it: sandbox start.\n"
    assert said == [(0, gone, ""), (0, nothing, ""), (0, nothing, ""), (1, "", refusal)]
