"""An engine of one process, asked by others on the same machine through a Unix socket.

A server process has the index in memory. Commands ask it instead of loading a separate index.
"""
