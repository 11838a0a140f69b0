"""Records out of the store into JSON Lines, CSV or Parquet, in constant memory: for files and for HTTP."""
