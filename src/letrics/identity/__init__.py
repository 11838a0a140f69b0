"""Who is who: decides which stored contact a row describes, and what the row changes."""
