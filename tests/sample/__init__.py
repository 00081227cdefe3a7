"""The parts of `tests/make_sample.py`; imports are relative, so that the script runs without an install."""
