"""How are matches distributed? Counts of the values of a field over the records that match a query."""
