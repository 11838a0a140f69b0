-- Which company has which LinkedIn page and, of companies known by it alone, which name (letrics.identity.company_keys).
-- The step of this migration (letrics.store.sqlite.company_key_table) adds the pages of the companies that are stored.
CREATE TABLE company_key (
    hash INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    num INTEGER NOT NULL,
    PRIMARY KEY (hash, mark, num)
) STRICT, WITHOUT ROWID;
CREATE INDEX company_key_num ON company_key (num);

-- Ids that companies had before they got a domain; they still find the company. The column domain of a company without a
-- domain has its id.
CREATE TABLE former_company_id (id TEXT PRIMARY KEY, num INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX former_company_id_num ON former_company_id (num);
