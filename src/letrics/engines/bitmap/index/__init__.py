"""How does the index follow the log? Loading, applying changes, merging, and comparing the result with the log.

`index_writer` owns columns and segments; `merge_policy` decides which segments are merged, `bulk_load` reads the
whole log with two processes and `merger` combines what they read. `index_check` compares an index with one built
from scratch.
"""
