"""What does a segment hold, and how is it written? A segment is the immutable index of some records.

`segment` defines it, `segment_writer` makes it from columns. Each of its parts serves one kind of clause: `postings`
(terms to records), `range_index` (times and numbers), `hash_index` (unique keys such as domains), `bitset_rows`
(frequent terms as plain bits). `join_postings` writes postings of contacts by the terms of their companies.
"""
