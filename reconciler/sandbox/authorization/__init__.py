"""What callers may do: IAM's policies, evaluated for each call to the embedded AWS by anybody but the root."""
