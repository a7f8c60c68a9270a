"""botocore's descriptions of AWS's services."""

from functools import cache

from botocore.loaders import Loader, create_loader


@cache
def loader() -> Loader:
    """One for the clients and for the check of a plan: what EC2 has alone takes 25 MiB and a tenth of a second."""
    return create_loader()
