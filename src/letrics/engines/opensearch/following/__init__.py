"""How the indexes of a cluster follow the log: one process of all hosts feeds them."""
