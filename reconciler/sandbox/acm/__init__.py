"""Certificate Manager of the embedded AWS."""
