"""What did the user probably mean? Values that no record has, similar values to suggest, and completions.

`unmatched` finds requested values without a record and looks for similar ones; `edits` and `deletion_filter` do
that for domains. `existence_cache` remembers the outcome for as long as the index does not change.
"""
