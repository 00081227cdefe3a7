"""What runs: the command line, the steps, and their Prefect flows."""
