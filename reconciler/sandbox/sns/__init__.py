"""SNS: what Publish refuses."""
