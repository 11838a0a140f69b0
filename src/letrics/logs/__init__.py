"""Logs: the form of log lines, the request that a line belongs to, and the security log."""
