-- Contacts that a person merged into another one, so that this can be undone. kept, gone: their nums; gone_id: the id that
-- the latter had. kept_*: the state of the contact that stays, before the merge and after it; kept_keys: the keys that the
-- merge gave to it, as rows of merged_key. company, external, document: those of the other one. former_ids, keys: JSON list
-- of its former ids, and the keys that merges before gave to it.
CREATE TABLE contact_merge (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kept INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    gone_id TEXT NOT NULL,
    merged_at TEXT NOT NULL,
    kept_company INTEGER NOT NULL,
    kept_external INTEGER NOT NULL,
    kept_before BLOB NOT NULL,
    kept_company_after INTEGER NOT NULL,
    kept_after BLOB NOT NULL,
    kept_keys BLOB NOT NULL,
    company INTEGER NOT NULL,
    external INTEGER NOT NULL,
    document BLOB NOT NULL,
    former_ids BLOB NOT NULL,
    keys BLOB NOT NULL
) STRICT;
CREATE INDEX contact_merge_kept ON contact_merge (kept);

-- Keys that a contact has from the contacts merged into it, and that its own values do not give it.
CREATE TABLE merged_key (
    num INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    PRIMARY KEY (num, hash, mark)
) STRICT, WITHOUT ROWID;
