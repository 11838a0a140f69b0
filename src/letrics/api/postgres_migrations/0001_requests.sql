-- Requests with an Idempotency-Key, for 24 hours, as in the SQLite file. key is the SHA-256 of the caller and the key,
-- head that of the request without its body, body_digest that of its body. owner is the run of the request. Times are
-- milliseconds since 1970-01-01T00:00Z. A request is running until running_until; if that is NULL, it has a response.
-- headers are a JSON array of pairs, response is the body of the response, compressed with zlib.
CREATE TABLE request (
    key BYTEA PRIMARY KEY,
    head BYTEA NOT NULL,
    owner BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    running_until BIGINT,
    body_digest BYTEA,
    body_size BIGINT,
    request_id TEXT,
    status BIGINT,
    media_type TEXT,
    headers BYTEA,
    response BYTEA
);

CREATE INDEX request_by_time ON request (created_at);
