"""How is the index saved? One memory-mapped file of named sections with checksums.

`composite_file` defines the file, `serializer` maps columns and segments to its sections, and `bitmap_store` reads
compressed bitmaps from it on demand, with a cache of decompressed ones.
"""
