import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from reconciler.sandbox import process
from reconciler.sandbox.launch import wait_until
from reconciler.sandbox.process import SandboxError
from reconciler.sandbox.state_file import server_lives

SETTINGS = {"profile": "calm", "speed": 1, "seed": 0, "images": True, "log": ""}
ECHOED = {"token": "t", "proof": "t", "pid": 1, "now": 0}


@pytest.fixture(scope="module", autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Use a state directory of this module's own, and stop all servers started in it."""
    directory, children = tmp_path_factory.mktemp("state"), list[subprocess.Popen[bytes]]()

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *words: Any, **options: Any) -> None:
            super().__init__(*words, **options)
            children.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECONCILER_STATE_DIR", str(directory))
        patch.setattr("reconciler.sandbox.launch.subprocess.Popen", Noted)
        try:
            yield directory
        finally:
            for child in children:
                child.kill()
            for child in children:
                child.wait()


def client(endpoint: str, service: str = "ecs", **options: Any) -> Any:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "y"}
    return boto3.client(
        service, endpoint_url=endpoint, region_name="us-east-1", config=Config(**options), **keys
    )


def cluster_names(endpoint: str) -> list[str]:
    ecs = client(endpoint)
    ecs.create_cluster(clusterName="c")
    return [arn.rpartition("/")[2] for arn in ecs.list_clusters()["clusterArns"]]


def test_it_starts_once_answers_boto3_and_is_emptied() -> None:
    process.stop()
    started = process.start("real", speed=0)
    assert started.running
    assert started.pid != os.getpid()
    assert process.start("real", speed=0) == started
    assert process.ensure_started() == started.endpoint
    assert cluster_names(started.endpoint) == ["c"]
    process.reset()
    assert process.status() == started
    assert cluster_names(started.endpoint) == ["c"]
    with pytest.raises(
        SandboxError, match=r"with other settings: profile real, not calm; images yes, not no\."
    ):
        process.start("calm", speed=0, images=False)


def test_emptied_it_gives_the_same_ids_again() -> None:
    ec2, ids = client(process.ensure_started(), "ec2"), []
    for _ in range(2):
        process.reset()
        ids.append(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])
    assert ids[0] == ids[1]


def test_its_time_can_be_moved() -> None:
    endpoint = process.ensure_started()
    process.advance(60)
    assert process.ensure_started() == endpoint


def test_a_stop_leaves_nothing_running(state: Path) -> None:
    process.ensure_started()
    assert process.stop() is True
    assert process.status().running is False
    assert process.stop() is False
    assert not (state / "sandbox.json").exists()


def test_a_killed_server_is_started_anew_and_what_was_lost_is_told(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process.stop()
    (state / "sandbox.json").unlink(missing_ok=True)  # of the test before, as is what `stop` has said of it
    capsys.readouterr()
    process.ensure_started()
    killed, its_log = process.status(), (state / "sandbox.log").read_text()
    assert not capsys.readouterr().err
    os.kill(int(str(killed.pid)), signal.SIGKILL)
    assert process.status().running is False
    process.ensure_started()
    assert process.status().pid != killed.pid
    kept = state / "sandbox.log.old"
    said = f"The embedded AWS (pid {killed.pid}) ended unexpectedly; what was in it is lost. Its log: {kept}\n"
    assert capsys.readouterr().err == said
    assert kept.read_text() == its_log


@pytest.mark.parametrize("content", ["garbage", "{", "{}", '{"pid": 1}'])
def test_a_broken_file_is_told_with_its_path(
    content: str, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process.stop()
    (state / "sandbox.json").write_text(content)
    assert process.stop() is False
    err = capsys.readouterr().err
    assert err.startswith(f"{state / 'sandbox.json'} does not say which embedded AWS runs")
    assert err.endswith("pgrep -f reconciler.sandbox.server, and end it by hand.\n")
    assert process.stop() is False
    assert not capsys.readouterr().err


def test_a_start_tells_of_a_broken_file_too(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    process.stop()
    (state / "sandbox.json").write_text("garbage")
    assert process.start().running
    assert "sandbox.json does not say which embedded AWS runs" in capsys.readouterr().err


def test_two_starts_at_once_make_one_server() -> None:
    process.stop()
    with ThreadPoolExecutor() as pool:
        first, second = pool.map(lambda _: process.start(), range(2))
    assert first == second


def test_a_start_that_is_killed_leaves_no_server(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    process.stop()
    (state / "sandbox.json").unlink(missing_ok=True)
    starter = subprocess.Popen(
        [sys.executable, "-c", "from reconciler.sandbox import process; process.start()"]
    )
    wait_until(lambda: children_of(starter.pid) != "", "The starter starts nothing.")
    starter.kill()
    starter.wait()
    wait_until(lambda: not server_lives(), "The server of nobody does not end.")
    assert not (state / "sandbox.json").exists()
    capsys.readouterr()
    assert process.start().running
    assert not capsys.readouterr().err


def children_of(pid: int) -> str:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()


def test_a_server_that_is_slow_to_answer_is_waited_for_and_no_second_one_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process.stop()
    started = process.start()
    monkeypatch.setattr("reconciler.sandbox.server_client.ANSWERS_WITHIN", 0.1)
    os.kill(int(str(started.pid)), signal.SIGSTOP)
    assert process.status().running is False
    with ThreadPoolExecutor() as pool:
        found = pool.submit(process.ensure_started)
        with pytest.raises(FutureTimeout):
            found.result(timeout=0.5)
        os.kill(int(str(started.pid)), signal.SIGCONT)
        assert found.result() == started.endpoint


@pytest.mark.parametrize("speed", [-1, float("inf"), float("-inf"), float("nan"), 1e300])
def test_time_that_cannot_pass_is_refused(speed: float) -> None:
    with pytest.raises(SandboxError, match="is no speed"):
        process.start(speed=speed)
    with pytest.raises(SandboxError, match="cannot advance"):
        process.advance(speed)


@pytest.mark.parametrize("port", [-1, 0, 80, 65536])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(SandboxError, match=f"{port} is no port"):
        process.start(port=port)


def test_it_has_what_files_name_until_it_is_emptied() -> None:
    endpoint, arn = process.ensure_started(), "arn:aws:acm:us-east-1:210987654321:certificate/a"
    acm, sts = client(endpoint, "acm"), client(endpoint, "sts")
    process.give([arn], "210987654321")
    process.give(["ghcr.io/shop/web:1"], None)
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "ISSUED"
    assert sts.get_caller_identity()["Account"] == "210987654321"
    process.reset()
    with pytest.raises(ClientError, match="ResourceNotFound"):
        acm.describe_certificate(CertificateArn=arn)
    assert sts.get_caller_identity()["Account"] == "123456789012"


def test_a_server_that_fails_is_not_told_to_be_started() -> None:
    process.ensure_started()
    with pytest.raises(SandboxError, match="has failed at this: planted"):
        process.plant([{"type": "nothing of the kind"}], None, "us-east-1")


def test_a_page_can_neither_read_nor_reset_it_nor_write_a_file_through_it(state: Path) -> None:
    endpoint = process.ensure_started()
    assert cluster_names(endpoint) == ["c"]
    its_files = {*state.iterdir()}
    for path in ("/", "/moto-api/data.json", "/moto-api/reset", "//moto-api/recorder/start-recording"):
        for headers in ({}, {"Origin": "http://evil.example"}):
            with pytest.raises(HTTPError, match="403") as refused:
                urlopen(Request(f"{endpoint}{path}", b"x", headers))  # noqa: S310
            assert "Access-Control-Allow-Origin" not in refused.value.headers
            refused.value.close()
    assert cluster_names(endpoint) == ["c"]
    assert {*state.iterdir()} == its_files


def test_what_the_server_cannot_do_is_told_in_the_clients_format() -> None:
    ecs = client(process.ensure_started(), retries={"total_max_attempts": 1})
    with pytest.raises(ClientError, match="does not know this call") as refusal:
        ecs.submit_task_state_change(cluster="c")
    assert refusal.value.response["Error"]["Code"] == "UnknownOperationException"


def test_a_file_of_a_dead_process_is_not_believed(state: Path) -> None:
    process.stop()
    stale = {"pid": 1, "port": 9, "token": "t", **SETTINGS}
    (state / "sandbox.json").write_text(json.dumps(stale))
    assert process.status().running is False
    with pytest.raises(SandboxError, match="is not running"):
        process.reset()


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"pid": 1, "port": "x", "token": "t"}', '{"pid": 1, "port": 9, "token": 3}']
)
def test_a_file_that_is_no_record_is_as_none(state: Path, text: str) -> None:
    process.stop()
    (state / "sandbox.json").write_text(text)
    assert process.status().running is False


@pytest.mark.parametrize(
    ("name", "make"), [("json", os.mkdir), ("log", os.mkdir), ("lock", os.mkdir), ("lock", os.mkfifo)]
)
def test_what_is_in_a_files_place_is_told_with_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, make: Callable[[str], None]
) -> None:
    directory = tmp_path / "state"
    directory.mkdir(mode=0o700)
    make(f"{directory}/sandbox.{name}")
    monkeypatch.setenv("RECONCILER_STATE_DIR", str(directory))
    with pytest.raises(SandboxError, match=rf"{directory}/sandbox\.{name} cannot be"):
        process.start()


def test_a_program_that_repeats_what_it_is_sent_is_not_taken_for_the_server(state: Path) -> None:
    class Echo(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({name.lower(): value for name, value in self.headers.items()} | ECHOED).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    process.stop()
    with HTTPServer(("127.0.0.1", 0), Echo) as impostor:
        Thread(target=impostor.serve_forever, daemon=True).start()
        record = {"pid": 1, "port": impostor.server_port, "token": "t", **SETTINGS}
        (state / "sandbox.json").write_text(json.dumps(record))
        assert process.status().running is False
        impostor.shutdown()


def test_others_can_neither_read_its_token_nor_its_log_nor_manage_it(state: Path) -> None:
    process.stop()
    (state / "sandbox.log").unlink(missing_ok=True)
    started = process.start()
    token = json.loads((state / "sandbox.json").read_text())["token"]
    assert token not in Path(f"/proc/{started.pid}/cmdline").read_text()
    assert [(state / name).stat().st_mode & 0o077 for name in ("sandbox.json", "sandbox.log")] == [0, 0]
    request = Request(f"{started.endpoint}/sandbox-api/stop", method="POST", headers={"X-Sandbox-Proof": token})  # noqa: S310
    with pytest.raises(HTTPError, match="403") as refused:
        urlopen(request)  # noqa: S310
    refused.value.close()
    assert process.status() == started


def test_a_folder_that_others_can_write_to_is_refused_and_nothing_in_it_is_believed(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.start()
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "sandbox.json").write_bytes((state / "sandbox.json").read_bytes())
    (theirs / "sandbox.lock").symlink_to(tmp_path / "precious")
    (tmp_path / "precious").write_text("mine")
    theirs.chmod(0o1777)
    monkeypatch.setenv("RECONCILER_STATE_DIR", str(theirs))
    assert process.status().running is False
    with pytest.raises(SandboxError, match=f"{theirs} is open to other users"):
        process.ensure_started()
    assert (tmp_path / "precious").read_text() == "mine"


def test_what_others_could_replace_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = tmp_path / "shared"
    (shared / "state").mkdir(parents=True, mode=0o700)
    shared.chmod(0o777)
    monkeypatch.setenv("RECONCILER_STATE_DIR", str(shared / "state"))
    with pytest.raises(SandboxError, match=f"{shared} can be written to by other users"):
        process.start()


def test_the_state_directory_is_made_for_the_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONCILER_STATE_DIR", str(tmp_path / "new" / "state"))
    assert process.stop() is False
    assert [part.stat().st_mode & 0o777 for part in (tmp_path / "new", tmp_path / "new" / "state")] == [
        0o700
    ] * 2
    (tmp_path / "new" / "state" / "sandbox.lock").unlink()
    (tmp_path / "new" / "state").chmod(0o755)
    assert process.stop() is False
    assert (tmp_path / "new" / "state").stat().st_mode & 0o777 == 0o700


def test_no_link_in_the_state_directory_is_followed(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.ensure_started()
    directory, precious = tmp_path / "state", tmp_path / "precious"
    directory.mkdir(mode=0o700)
    precious.write_text("mine")
    monkeypatch.setenv("RECONCILER_STATE_DIR", str(directory))
    (directory / "sandbox.json").symlink_to(state / "sandbox.json")
    (directory / "sandbox.log").symlink_to(precious)
    assert process.status().running is False
    (directory / "sandbox.lock").symlink_to(precious)
    with pytest.raises(SandboxError, match=r"sandbox\.lock cannot be opened"):
        process.stop()
    (directory / "sandbox.lock").unlink()
    (directory / "sandbox.json.new").symlink_to(precious)
    assert process.start().running
    assert process.stop()
    assert precious.read_text() == "mine"


def test_what_is_in_the_users_home_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process.stop()
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[not closed")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert process.start().running


def test_a_taken_port_is_told_with_the_servers_own_words(state: Path) -> None:
    process.stop()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SandboxError, match="already in use") as error:
            process.start(port=port)
    assert str(state / "sandbox.log") in error.value.remedy


def test_without_moto_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    process.stop()
    monkeypatch.setattr("reconciler.sandbox.launch.find_spec", lambda _: None)
    with pytest.raises(SandboxError, match="needs moto") as error:
        process.start()
    assert "pip install 'ecs-reconciler[sandbox]'" in error.value.remedy


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(SandboxError, match="no profile 'wild'"):
        process.start("wild")


def test_the_process_module_itself_needs_no_moto() -> None:
    code = "import sys; sys.modules['moto'] = None; import reconciler.sandbox.process"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_user_with_keys_of_its_own_is_refused_what_its_policy_lacks() -> None:
    endpoint = process.ensure_started()
    iam = client(endpoint, "iam")
    statement = {"Effect": "Allow", "Action": "ecs:List*", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    iam.create_user(UserName="alice")
    iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    ecs = boto3.client(
        "ecs",
        "us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    assert "clusterArns" in ecs.list_clusters()
    with pytest.raises(ClientError, match="alice is not authorized to perform: ecs:CreateCluster on resource"):
        ecs.create_cluster(clusterName="c")
