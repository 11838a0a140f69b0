"""Web pages: sign-in, explorer, overview, settings, administration and documentation."""
