"""What is known and what follows from it: canonical tables, store, SQL models, metrics, campaign."""
