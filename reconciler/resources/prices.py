"""About what resources cost a month: list prices of us-east-1 for 730 hours, as published in June 2026."""

IN_REGION = "us-east-1"
AS_OF = "June 2026"

NAT_GATEWAY = 32.85  # USD; 0.045 an hour (and as much a GB)
PUBLIC_ADDRESS = 3.65  # USD; 0.005 an hour, in use or not
ENDPOINT_IN_ZONE = 7.30  # USD; 0.01 an hour for an interface endpoint in each zone (and 0.01 a GB)
