"""The figures of the overview: numbers asked of the API's own handlers, and the pictures they are drawn as."""
