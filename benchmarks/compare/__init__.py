"""Measures two commits in one run, alternately, through the command line and the HTTP API that both have."""
