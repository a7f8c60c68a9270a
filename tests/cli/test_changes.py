import json
from contextlib import contextmanager

import pytest

from reconciler.cli import changes, main
from reconciler.render.progress import Shown


@pytest.fixture
def seen(monkeypatch):
    """Return the events that a progress listener gets, which raises at each of them."""
    events = []

    def report(event):
        events.append(event)
        raise RuntimeError("no paper")

    @contextmanager
    def shown(secrets, total):
        yield Shown(report)

    monkeypatch.setattr(changes, "show_progress", shown)
    return events


def test_progress_that_fails_is_told_once_and_ends_nothing(file, seen, capsys):
    assert main(["apply", str(file), "--json"]) == 0
    out, err = capsys.readouterr()
    assert len(seen) == 1
    assert err.count('"event": "a bug in this program"') == 1
    changed = json.loads(out)["changes"]
    assert changed
    assert {(change["outcome"], change["seconds"] is None) for change in changed} == {("done", False)}
