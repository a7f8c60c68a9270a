"""Request rates of the embedded AWS."""
