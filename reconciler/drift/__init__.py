"""One round of drift: what differs, how bad it is, who changed it, and what of it may be corrected."""
