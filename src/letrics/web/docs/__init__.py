"""The documentation for people: pages made from the catalogue, the error table, the records and the program itself."""
