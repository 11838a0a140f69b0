-- Requests with an Idempotency-Key, for 24 hours. key is the SHA-256 of the caller and the key, head that of the request
-- without its body, body_digest that of its body. owner is the run of the request. Times are milliseconds since
-- 1970-01-01T00:00Z. A request is running until running_until; if that is NULL, it has a response. headers are a JSON
-- array of pairs, response is the body of the response, compressed with zlib.
CREATE TABLE request (
    key BLOB PRIMARY KEY,
    head BLOB NOT NULL,
    owner BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    running_until INTEGER,
    body_digest BLOB,
    body_size INTEGER,
    request_id TEXT,
    status INTEGER,
    media_type TEXT,
    headers BLOB,
    response BLOB
) STRICT;

CREATE INDEX request_by_time ON request (created_at);
