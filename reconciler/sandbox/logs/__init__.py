"""CloudWatch Logs of the embedded AWS."""
