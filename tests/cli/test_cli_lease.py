"""The lease on the command line: who holds it, how it is broken, and what happens without it."""

import json

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from shop_file import changed
from support import Counted, client, connection
from terminals import run_on_terminal

from reconciler import __version__
from reconciler.aws.clock import Clock
from reconciler.aws.lease import Lease, Terms, hold_lease, item, protocol
from reconciler.aws.lease.process import this_process
from reconciler.aws.tally import Tally
from reconciler.cli import main
from reconciler.cli.changes import ApplyOptions, writing
from reconciler.cli.reading import Reading
from reconciler.cli.signals import Stop
from reconciler.errors import LeaseLost
from reconciler.plan.safety import Consent

STACK = "shop/dev/us-east-1"
NOTHING_HELD = f"{STACK}: no run holds the lease\n"


@pytest.fixture
def held(aws, monkeypatch):
    """Let another run hold the lease, which renews it whenever somebody looks."""
    clock = Clock(lambda: 0.0, lambda _seconds: None)
    with hold_lease(connection(), STACK, this_process("destroy", "arn:other"), Terms(clock=clock)) as lease:
        put, beats = item.put_holder, iter(range(1, 99))

        def put_after_a_heartbeat(*args, **kwargs):
            item.put_version(lease.client, STACK, lease.holder.run, next(beats))
            return put(*args, **kwargs)

        monkeypatch.setattr(item, "put_holder", put_after_a_heartbeat)
        monkeypatch.setattr(protocol, "LOOK_EVERY", 0.1)
        yield lease


def record():
    return item.read(client("dynamodb"), STACK)


@pytest.mark.parametrize("command", ["apply", "destroy"])
def test_a_run_that_writes_gives_way_to_one_that_lives(file, held, capsys, command):
    assert main([command, str(file), "--yes"]) == 1
    out, err = capsys.readouterr()
    who = f"destroy of {held.holder.user} on {held.holder.host} (process {held.holder.process}, arn:other), since "
    assert out == ""
    assert f"another run of {STACK} holds the lease: {who}" in err
    assert "waiting up to a minute, to see whether it lives" in err
    assert f"✗ another run of {STACK} is under way: {who}" in err
    assert "--lease-wait 10m" in err
    assert not client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"]


def test_who_holds_it_is_in_the_json_document_too(file, held, capsys):
    assert main(["apply", str(file), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["holder"]["actor"] == "arn:other"


@pytest.mark.parametrize(("command", "code"), [("plan", 2), ("outputs", 1)])
def test_a_run_that_only_reads_takes_none(file, held, capsys, command, code):
    with Counted() as calls:
        assert main([command, str(file)]) == code
    assert not {"UpdateItem", "GetItem"} & calls.keys()


def test_where_something_else_takes_turns_there_is_none(file, held):
    changed(file, "platform: shop", "platform: shop\nlease: false")
    assert main(["apply", str(file), "--yes"]) == 0


def test_it_is_shown_with_the_last_apply(applied, capsys):
    assert main(["lease", "show", str(applied)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{NOTHING_HELD}last apply: 20")
    assert f"with version {__version__}, of the file with digest " in out
    assert main(["lease", "show", str(applied), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["applied"]["actor"].startswith("arn:aws:")
    assert len(shown["applied"]["digest"]) == 64
    assert "resources" not in shown["applied"]  # kilobytes that say nothing to a person
    assert shown["holder"] is None


def test_an_apply_that_found_nothing_to_do_is_recorded_and_one_that_failed_is_not(applied, capsys):
    first = record().applied
    changed(applied, "platform: shop", "platform: shop\ntags: {team: a}")
    assert main(["apply", str(applied), "--yes"]) == 0
    second = record().applied
    assert second.digest != first.digest
    changed(applied, "team: a", "team: b")
    assert main(["apply", str(applied), "--env", "No Good"]) == 1
    assert record().applied == second


def test_nobody_holds_what_was_never_taken(file, capsys):
    assert main(["lease", "show", str(file)]) == 0
    assert capsys.readouterr().out == f"{NOTHING_HELD}last apply: none is recorded\n"


def test_breaking_it_asks_a_person(file, held):
    code, shown = run_on_terminal("lease", "break", str(file), typed=b"no\n")
    assert code == 1
    assert "Break it? Only 'yes' is accepted: " in shown
    assert record().holder == held.holder
    code, shown = run_on_terminal("lease", "break", str(file), typed=b"yes\n")
    assert code == 0
    assert "that run stops before its next write" in shown
    assert record().broken


def test_breaking_it_needs_yes_where_nobody_can_be_asked(file, held, capsys):
    assert main(["lease", "break", str(file)]) == 1
    assert "say yes with --yes" in capsys.readouterr().err
    assert main(["lease", "break", str(file), "--yes"]) == 0
    assert record().broken
    assert main(["lease", "break", str(file), "--yes"]) == 0
    assert capsys.readouterr().out.endswith("There is nothing to break.\n")


def test_a_signal_gives_it_back_with_one_try(aws, monkeypatch):
    """As nobody waits for long at the end of a process."""
    stop = Stop(print)
    terms = writing("apply", ApplyOptions(Consent(), lease_wait=600), stop, Reading(Tally())).terms
    assert (terms.patience, terms.stop) == (600, stop.requested)
    with hold_lease(connection(), STACK, this_process("apply", "arn"), terms) as lease:
        update, tries = item._update, list[object]()

        def fail(*args):
            tries.append(args)
            raise ConnectionClosedError(endpoint_url="https://dynamodb")

        monkeypatch.setattr(item, "_update", fail)
        stop.before_end()
        assert len(tries) == 1
        monkeypatch.setattr(item, "_update", update)
        assert record().holder == lease.holder
        stop.before_end()
        assert record().holder is None


def test_its_table_goes_only_when_asked(applied, capsys):
    assert main(["destroy", str(applied), "--yes"]) == 0
    assert "the DynamoDB table of leases" in capsys.readouterr().err
    assert client("dynamodb").list_tables()["TableNames"] == [item.TABLE]
    assert main(["lease", "uninstall", str(applied)]) == 1
    assert main(["lease", "uninstall", str(applied), "--yes"]) == 0
    assert client("dynamodb").list_tables()["TableNames"] == []
    assert main(["lease", "uninstall", str(applied), "--yes"]) == 0
    assert "is not there" in capsys.readouterr().out


def test_missing_rights_stop_a_run_before_any_write(file, capsys, monkeypatch):
    words = "User: arn:x is not authorized to perform: dynamodb:UpdateItem on resource: arn:y"

    def refuse(*_):
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": words}}, "UpdateItem")

    monkeypatch.setattr(item, "_update", refuse)
    with Counted() as calls:
        assert main(["apply", str(file), "--yes"]) == 1
    said = "Two runs at once cannot be ruled out: allow dynamodb:UpdateItem or write `lease: false`."
    assert said in capsys.readouterr().err
    assert not calls


def test_who_may_not_see_it_is_told_the_right(file, capsys, monkeypatch):
    def refuse(*_):
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetItem")

    monkeypatch.setattr(item, "read", refuse)
    assert main(["lease", "show", str(file)]) == 1
    assert "with the right for dynamodb:GetItem, which is missing" in capsys.readouterr().err


def test_a_lease_that_is_lost_ends_the_run_before_its_next_write(file, capsys, monkeypatch):
    left = iter(range(5))

    def require(_lease, _seconds):
        if next(left, None) is None:
            raise LeaseLost(f"the lease on {STACK} is lost: taken over by apply of bea")

    monkeypatch.setattr(Lease, "require", require)
    assert main(["apply", str(file), "--yes"]) == 1
    out = capsys.readouterr().out
    assert out.count("is lost: taken over by apply of bea") == 1
    assert "do: `lease show` shows who has it" in out
    assert " 1 failed, " in out
