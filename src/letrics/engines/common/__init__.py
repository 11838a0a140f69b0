"""What several engines have in common: decoding of documents, and what makes suggestions."""
