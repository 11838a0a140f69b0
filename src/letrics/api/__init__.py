"""The HTTP API: routes, the envelope, errors, OpenAPI. Pure ASGI; nothing here knows which store or engine it has."""
