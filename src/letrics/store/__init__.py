"""The log store: records, their lasting numbers and the order of their changes."""
