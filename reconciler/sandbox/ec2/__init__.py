"""EC2 of the embedded AWS: networks."""
