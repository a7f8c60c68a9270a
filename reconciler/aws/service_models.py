"""Load botocore's descriptions of AWS's services."""

import gzip
import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader, Loader, instance_cache


@cache
def loader() -> Loader:
    """Return the loader that clients and the plan's validation share: EC2's model takes 20 MiB and 0.04 s."""
    return _Loader(file_loader=_FileLoader())


def list_regions() -> list[str]:
    """Return the regions of all partitions that botocore knows. No service's model is loaded for it."""
    partitions = loader().load_data("endpoints")["partitions"]
    return sorted({region for partition in partitions for region in partition["regions"]})


class _FileLoader(JSONFileLoader):  # type: ignore[misc]  # botocore is untyped
    """Loads descriptions into dicts, which keep their order too: botocore's OrderedDicts take longer."""

    def load_file(self, file_path: str) -> Any:
        """Return what the file of this path without its suffix holds; None if there is no file."""
        for suffix, open_file in ((".json", open), (".json.gz", gzip.open)):
            with suppress(FileNotFoundError), open_file(file_path + suffix, "rb") as file:
                return json.load(file)
        return None


class _Loader(Loader):  # type: ignore[misc]  # botocore is untyped
    """Knows the services by their directories. Botocore's looks into all 400 for each type of description."""

    @instance_cache  # type: ignore[untyped-decorator]  # botocore is untyped
    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - as botocore calls it
        """Return the services that may have a description of this type."""
        folders = [Path(path) for path in self.search_paths]
        return sorted({found.name for folder in folders if folder.is_dir() for found in folder.iterdir()})
