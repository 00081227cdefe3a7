"""Instagram: Meta Business Suite exports."""
