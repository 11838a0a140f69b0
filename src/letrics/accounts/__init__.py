"""Accounts: users, their passwords and their API tokens. Who is calling, and what they may do."""
