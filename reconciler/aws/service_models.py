"""Load botocore's descriptions of AWS's services."""

from functools import cache

from botocore.loaders import Loader, create_loader


@cache
def loader() -> Loader:
    """Return the loader that clients and the plan's validation share: EC2's model takes 25 MiB and 0.1 s."""
    return create_loader()
