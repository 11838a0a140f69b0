"""Generated parts of the manual, as Markdown: tables of fields, operations, errors, limits, commands and settings."""
