"""Tests of the command line, the steps and the flow."""
