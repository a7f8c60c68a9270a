"""Both pages in a browser: nothing runs but the page's own script, and one that is left open stays true."""

from datetime import UTC, datetime

import pytest
from browser import PROGRAM, browser
from reports import ATTACK, STOPPED, TAGGED, damaged, hostile, report

from reconciler.model.correction import Reason, Waiting
from reconciler.model.drift import Severity
from reconciler.render.drift_html import drift_html
from reconciler.watch.board import make_board
from reconciler.watch.listen import Listen
from reconciler.watch.metrics import make_metrics
from reconciler.watch.routes import make_routes
from reconciler.watch.server import serving
from reconciler.watch.status import Contested, Round, RoundOutcome, StackStatus

pytestmark = pytest.mark.skipif(
    PROGRAM is None,
    reason="there is no Chromium here: the pages are not looked at (Debian: apt install chromium)",
)
NOW = datetime.now(UTC).isoformat(timespec="seconds")
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"
WIDE, NARROW = 1280, 360


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    with browser(tmp_path_factory.mktemp("chromium")) as found:
        yield found


@pytest.fixture
def board():
    return make_board("0.9", NOW)


@pytest.fixture
def server(board):
    with serving(Listen("127.0.0.1", 0), make_routes(board, make_metrics(board))) as found:
        yield found


def stack(name, found=None, **more):
    outcome = RoundOutcome.DRIFT if found else RoundOutcome.CLEAN
    good = found or report(stack=name)
    return StackStatus(name, 300, rounds=(Round(NOW, 7, outcome),), last_good=NOW, report=good, **more)


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("found", [damaged(), hostile()], ids=["damaged", "hostile"])
def test_a_report_asks_for_nothing_runs_nothing_and_fits(chromium, tmp_path, found, width):
    file = tmp_path / "report.html"
    file.write_text(drift_html(found), encoding="utf-8")
    chromium.open(file.as_uri(), width=width)
    assert (chromium.complaints, chromium.requested) == ([], [file.as_uri()])
    assert chromium.run("document.querySelectorAll('img, script, b > b, a').length") == 0
    assert chromium.run("document.title !== 'run'")
    assert chromium.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [True, False])
def test_both_pages_are_dark_where_the_reader_wants_it(chromium, tmp_path, dark):
    file = tmp_path / "report.html"
    file.write_text(drift_html(damaged()), encoding="utf-8")
    chromium.open(file.as_uri(), dark=dark)
    light = chromium.run("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0] > 127")
    assert light is not dark


def test_a_printed_report_has_what_is_folded(chromium, tmp_path):
    file = tmp_path / "report.html"
    file.write_text(drift_html(damaged()), encoding="utf-8")
    chromium.open(file.as_uri())
    folded = "document.querySelector('details:not([open]) .difference').checkVisibility()"
    assert not chromium.run(folded)
    chromium.ask("Emulation.setEmulatedMedia", media="print")
    assert chromium.run(folded)
    chromium.ask("Emulation.setEmulatedMedia", media="")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_hostile_words_do_not_run_in_the_page_of_a_watch(chromium, server, board, width):
    contested = Contested(ATTACK, Severity.TAGS, 2, ATTACK, ATTACK)
    waiting = Waiting(ATTACK, Severity.TAGS, Reason.OTHER, ATTACK, ATTACK)
    board.put(
        stack(ATTACK, hostile(), file=ATTACK, file_error=ATTACK, contested=(contested,), waiting=(waiting,))
    )
    chromium.open(server.url, width=width)
    chromium.until("document.querySelector('time.ago').title")
    assert chromium.complaints == []
    assert {*chromium.requested} == {server.url}
    assert chromium.run("document.querySelectorAll('img, main script').length") == 0
    assert chromium.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    "attempt",
    [
        "document.body.setAttribute('style', 'color: red')",
        "document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/'}))",
        "void fetch('http://127.0.0.1:9/').catch(() => 0)",
        "document.body.append(Object.assign(document.createElement('iframe'), {src: 'data:text/html,x'}))",
        "document.body.append(Object.assign(document.createElement('form'), {action: '/', id: 'f'})) || f.submit()",
    ],
    ids=["style", "image", "fetch", "frame", "form"],
)
def test_the_policy_stops_what_the_page_does_not_do(chromium, server, attempt):
    chromium.open(server.url)
    chromium.run(attempt)
    chromium.until("true")
    assert "Content Security Policy" in " ".join(chromium.complaints)


def test_a_page_that_is_left_open_shows_what_is_new_and_stays_where_it_was_read(chromium, server, board):
    names = [f"team-{n}/prod/eu" for n in range(8)]
    for name in names:
        board.put(stack(name, damaged(name)))
    chromium.open(server.url, height=600)
    chromium.until("document.querySelector('time.ago').title")
    folded = f"document.getElementById('stack:{names[1]}')"
    chromium.run(f"{folded}.open = false")
    chromium.run("document.getElementById('name').value = 'team'")
    chromium.run("document.querySelector('details.stack summary').focus()")
    chromium.run("document.querySelector('details.stack').classList.add('same')")
    chromium.run("scrollTo(0, 700)")
    board.put(stack(names[0], report(TAGGED, stack=names[0])))
    board.put(stack(names[7], report(STOPPED, stack=names[7])))
    chromium.run(LOOK)
    chromium.until("document.querySelector('.verdict').textContent.startsWith('8 of 8')")
    chromium.until(f"document.getElementById('stack:{names[0]}').textContent.includes('1 difference')")
    assert chromium.run("scrollY") > 0
    assert chromium.run(f"{folded}.open") is False
    assert chromium.run("document.getElementById('name').value") == "team"
    assert chromium.run("document.activeElement.nodeName") == "SUMMARY"
    order = chromium.run("[...document.querySelectorAll('details.stack')].map(d => d.dataset.key)")
    assert order == [*names[1:7], names[7], names[0]]
    assert chromium.complaints == []


def test_a_stack_that_begins_to_drift_unfolds(chromium, server, board):
    board.put(stack("shop/dev/eu"))
    chromium.open(server.url)
    assert chromium.run("document.querySelector('details.stack').open") is False
    board.put(stack("shop/dev/eu", damaged("shop/dev/eu")))
    chromium.run(LOOK)
    chromium.until("document.querySelector('details.stack').open")
    assert "5 differences" in chromium.run("document.querySelector('details.stack').textContent")
    icon = chromium.run("document.querySelector('link[rel=icon]').href")
    assert "d92d20" in icon
    assert "1 of 1 stack drifts" in chromium.run("document.title")


def test_stacks_are_chosen_by_name_and_by_state(chromium, server, board):
    for n in range(7):
        board.put(stack(f"team-{n}/prod/eu", damaged() if n == 3 else None))
    chromium.open(server.url)
    shown = "[...document.querySelectorAll('details.stack')].filter(d => d.checkVisibility()).length"
    chromium.until("!document.getElementById('choice').hidden")
    chromium.run("document.getElementById('unclean').click()")
    assert chromium.run(shown) == 1
    chromium.run("document.getElementById('unclean').click()")
    assert chromium.run(shown) == 7
    chromium.run("document.getElementById('name').focus()")
    chromium.ask("Input.insertText", text="TEAM-4")
    assert chromium.run(shown) == 1


def test_a_watch_that_has_ended_is_told_and_nothing_is_lost(chromium, board):
    board.put(stack("shop/dev/eu", damaged()))
    with serving(Listen("127.0.0.1", 0), make_routes(board, make_metrics(board))) as server:
        chromium.open(server.url)
        chromium.until("document.querySelector('time.ago').title")
        assert chromium.run("document.getElementById('lost').hidden")
    chromium.run(LOOK)
    chromium.until("!document.getElementById('lost').hidden")
    assert "does not answer" in chromium.run("document.getElementById('lost').textContent")
    assert "5 differences" in chromium.run("document.querySelector('main').textContent")
