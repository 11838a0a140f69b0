"""The HTTP API: routes, the envelope, errors, OpenAPI. Pure ASGI, independent of the store and the engine in use."""
