"""Normalisation: one module per type of value, which parses it into the form that is stored and compared."""
