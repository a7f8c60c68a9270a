"""What `plan` is made of: both sides matched, what is surplus, what conflicts, in which order. Pure."""
