"""One module per kind of fact: how it is read, and the one form in which it is kept and compared."""
