"""Accounts: users, passwords, sessions and API tokens. They identify the caller of a request and its permissions."""
