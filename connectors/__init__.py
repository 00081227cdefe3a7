"""Where observations come from: exports and platform APIs."""
