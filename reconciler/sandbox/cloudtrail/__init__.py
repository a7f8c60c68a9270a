"""CloudTrail: each call is recorded with its author, and told by LookupEvents, late as on AWS."""
