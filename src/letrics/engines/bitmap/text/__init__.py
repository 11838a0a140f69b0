"""Which records contain a string? From folded text to tokens, and from a requested string to the texts that contain
it.

`tokenizer` splits text, `word_dictionary` gives words their ids, `forward_index` keeps each distinct text as a
sequence of them. `text_index` resolves a requested string, with `ngram_index` for parts of words and `shingles` for
adjacent words.
"""
