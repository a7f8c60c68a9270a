"""IAM of the embedded AWS."""
