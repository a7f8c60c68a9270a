import pytest
from platform_files import Files


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)
