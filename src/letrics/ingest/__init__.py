"""Import: readers turn files into rows, mappers turn rows into patches, the importer writes patches in batches."""
