"""Pages made from the published file."""
