"""Pages of the embedded AWS's lists."""
