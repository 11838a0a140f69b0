"""The numbered migrations of the accounts database."""
