"""What several engines have in common: decoding of documents, suggestions, and the pace at which they are fed."""
