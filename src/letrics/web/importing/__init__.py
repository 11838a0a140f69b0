"""The pages to import files: upload, preview, progress and report."""
