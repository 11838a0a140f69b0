"""Documentation pages, generated from the field catalogue, the error table, the record structs and the program."""
