"""How does an index stay up to date with the log, and when is it saved?"""
