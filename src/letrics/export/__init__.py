"""Export of records to JSON Lines, CSV or Parquet in constant memory, for files and for HTTP."""
