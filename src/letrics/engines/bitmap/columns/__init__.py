"""What is known about each record? The values of every record by number, from which segments are written.

`table` holds the columns of one record type, `column` and `list_column` store them, `term_dictionary` gives each
distinct value of a field its id, and `decode` reads the values from stored documents.
"""
