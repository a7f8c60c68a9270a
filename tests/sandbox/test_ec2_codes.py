"""Every code of AWS's page of EC2's error codes that a caller may meet has a probe, or a row in the docs."""

import re
from pathlib import Path

from refusals.ec2 import CODES, PROBES

DOCUMENT = (Path(__file__).parents[2] / "docs/sandbox.md").read_text()
SECTION = DOCUMENT.partition("## EC2's codes that are not played")[2]
PLAYED = {probe.code for probe in PROBES}


def test_each_code_has_a_probe_or_a_row() -> None:
    listed = {
        code
        for row in re.findall(r"^\| (`.+?) \|", SECTION, re.MULTILINE)
        for code in re.findall(r"`([^`]+)`", row)
    }
    assert sorted({*CODES} - PLAYED - listed) == []
    assert sorted(listed & PLAYED) == []
    assert sorted(PLAYED - {*CODES}) == []
