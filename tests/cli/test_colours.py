"""Results on a terminal, and elsewhere."""

import re

from terminals import run_on_terminal

from reconciler.cli import main

DRAWN = re.compile(r"\x1b\[\?25l.*\x1b\[2K", re.DOTALL)  # while a slow machine reads, and erased then
GREEN, BOLD, END = "\x1b[32m", "\x1b[1m", "\x1b[0m"


def test_on_a_terminal_a_plan_has_bold_headings_and_the_colours_of_what_is_done(file, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    code, shown = run_on_terminal("plan", str(file))
    assert code == 2
    assert f"{BOLD}network{END}\n" in shown
    assert f"{GREEN}  + vpc.vpc-shop-dev{END}\n" in shown


def test_colours_change_no_words(file, capsys, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    _, plain = run_on_terminal("plan", str(file))
    assert main(["plan", str(file)]) == 2
    plain = DRAWN.sub("", plain)
    assert plain == capsys.readouterr().out
    monkeypatch.delenv("NO_COLOR")
    _, coloured = run_on_terminal("plan", str(file))
    for code in (GREEN, BOLD, END):
        coloured = coloured.replace(code, "")
    assert DRAWN.sub("", coloured) == plain
