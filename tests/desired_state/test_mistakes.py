from pathlib import Path

import pytest
from platform_files import HEAD

ROWS = (Path(__file__).parent / "mistakes.txt").read_text().strip().split("\n\n")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.partition("\n> ")[0][:60])
def test_every_mistake_is_told_where_it_is_and_what_would_be_right(files, row):
    """Each row of mistakes.txt has the lines that follow HEAD and, after >, the mistakes in them."""
    text, *expected = row.split("\n> ")
    assert files.mistakes(f"{HEAD}{text}\n") == [f"platform.yaml:{line}" for line in expected]


def test_all_mistakes_are_told_at_once_and_in_order(files):
    text = """platform: Shop
platfrom: shop
region: us-east
network: {cidr: 10.0.0.0/30}
services:
  api:
    cpu: 300
    cpu: 512
    memory: 512
    routes: [{priority: 1, paths: [/], listener: htp}, {priority: x}]
  web:
"""
    assert [": ".join(line.split(": ")[:2]) for line in files.mistakes(text)] == [
        "platform.yaml:1:1: environment",
        "platform.yaml:1:1: platform",
        "platform.yaml:2:1: platfrom",
        "platform.yaml:3:1: region",
        "platform.yaml:4:11: network.cidr",
        "platform.yaml:8:5: services.api.cpu",
        "platform.yaml:9:5: services.api.memory",
        "platform.yaml:10:40: services.api.routes[0].listener",
        "platform.yaml:10:57: services.api.routes[1].priority",
        "platform.yaml:11:3: services.web",
    ]


def test_too_many_tags_leave_no_room_for_those_of_the_engine(files):
    tags = ", ".join(f"t{n}: v" for n in range(48))
    assert files.mistakes(f"{HEAD}tags: {{{tags}}}") == [
        "platform.yaml:4:1: tags: 48 tags are too many: 46 at most"
    ]
