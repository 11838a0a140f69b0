"""Export of records to JSON Lines, CSV, Parquet or Excel workbooks in constant memory, for files and for HTTP."""
