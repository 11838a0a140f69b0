"""How is a query executed? Clauses are bound to the ids of an index, and their bitmaps are combined in order of cost.

`binder` resolves the values of a query to ids and runs it on every segment. `nodes` are the bound clauses. `executor`
runs them on one segment: the node with the fewest matches first, exclusions last. Where reading columns for a few
matches costs less than reading postings, `doc_values_filter` does that; `bitset_conjunction` combines many frequent
terms as plain bits; `join` goes from companies to their contacts; `query_cache` keeps the bitmaps of nodes seen before.
"""
