"""Route 53 of the embedded AWS: zones, records and the changes of them."""
