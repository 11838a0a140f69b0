"""The figures of the overview: numbers from the handlers of the API, and their charts."""
