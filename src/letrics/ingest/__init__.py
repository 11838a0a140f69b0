"""Import and export: files are read into rows, rows mapped to patches, patches written in batches; and back."""
