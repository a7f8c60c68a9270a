from pathlib import Path

import pytest
from shop_file import FILE
from support import let_time_pass, make_lease_table

from reconciler.cli import main


@pytest.fixture
def file(tmp_path: Path, aws: object) -> Path:
    path = tmp_path / "platform.yaml"
    path.write_text(FILE)
    return path


@pytest.fixture
def applied(file: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Apply a platform, some time ago, and return its file."""
    make_lease_table()
    assert main(["apply", str(file), "--yes"]) == 0
    let_time_pass()
    capsys.readouterr()
    return file
