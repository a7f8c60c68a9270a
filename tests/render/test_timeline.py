from toys import LOOK, Time

from reconciler.apply.events import EventKind, ProgressEvent
from reconciler.model.plan import Change, Op
from reconciler.model.references import Address
from reconciler.model.steps import Call, Wait
from reconciler.render.timeline import Recorder, find_critical_path

MAKE, SETTLE = Call("toys", "make", {}), Wait("toys", "ready", {}, LOOK, settling=True)


def change(name, *steps, after=()):
    return Change(name, Address("t", name), Op.CREATE, (), steps or (MAKE,), frozenset(after), {}, "")


def recorded(*told, begun=0.0):
    """Record these events; a number lets this many seconds pass."""
    time = Time()
    recorder = Recorder(lambda: time.at)
    for what in told:
        if isinstance(what, ProgressEvent):
            recorder(what)
        else:
            time.rest(what)
    return recorder.spans(begun)


def done(of):
    return ProgressEvent(EventKind.STEP, of), ProgressEvent(EventKind.DONE, of)


NET, SIDE, WEB = change("net"), change("side"), change("web", MAKE, SETTLE, after=["net", "side"])
TOP = change("top", after=["web"])


def test_a_change_is_timed_from_its_beginning_to_its_end():
    (span,) = recorded(3, ProgressEvent(EventKind.BEGUN, NET), 2, *done(NET), begun=1.0)
    assert (span.begin, span.freed, span.end, span.how) == (2, 4, 4, EventKind.DONE)


def test_what_settles_frees_the_others_before_it_ends():
    (span,) = recorded(
        ProgressEvent(EventKind.BEGUN, WEB), 2, ProgressEvent(EventKind.STEP, WEB), 50, *done(WEB)
    )
    assert (span.freed, span.end) == (2, 52)


def test_what_it_waited_for_is_summed_up_the_longest_first():
    busy, held = (ProgressEvent(EventKind.WAITING, NET, text) for text in ("busy", "held by x"))
    (span,) = recorded(ProgressEvent(EventKind.BEGUN, NET), busy, 1, held, 5, busy, 2, *done(NET))
    assert span.waits == (("held by x", 5), ("busy", 3))


def test_where_aws_says_nothing_the_step_is_told():
    (span,) = recorded(
        ProgressEvent(EventKind.BEGUN, NET), ProgressEvent(EventKind.WAITING, NET), 1, *done(NET)
    )
    assert span.waits == (("toys.make", 1),)


def test_a_change_that_did_not_end_is_there():
    (span,) = recorded(ProgressEvent(EventKind.BEGUN, NET), 7)
    assert (span.end, span.how) == (7, None)


def test_a_change_for_which_nothing_is_left_to_do_begins_as_it_ends():
    (span,) = recorded(7, ProgressEvent(EventKind.DONE, NET))
    assert (span.begin, span.end, span.how) == (7, 7, EventKind.DONE)


def test_the_critical_path_goes_back_from_the_last_end_by_what_was_waited_for():
    spans = recorded(
        *(ProgressEvent(EventKind.BEGUN, NET), ProgressEvent(EventKind.BEGUN, SIDE)),
        *(1, *done(SIDE), 9, *done(NET)),
        *(ProgressEvent(EventKind.BEGUN, WEB), 5, ProgressEvent(EventKind.STEP, WEB)),
        *(ProgressEvent(EventKind.BEGUN, TOP), 20, *done(WEB), 10, *done(TOP)),
    )
    legs = [(leg.span.change.key, leg.span.begin, leg.until) for leg in find_critical_path(spans)]
    assert legs == [("net", 0, 10), ("web", 10, 15), ("top", 15, 45)]


def test_an_apply_of_nothing_has_no_critical_path():
    assert find_critical_path(recorded()) == ()
