"""The style checks: constants, names, commits, and phrases of prose. phrases.toml and names.toml hold their data."""
