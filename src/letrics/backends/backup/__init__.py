"""Backups of a home directory: complete copies in files, of either database and restored into either."""
