-- Companies without a domain that rows merged into the company `kept`, which has one. num: the former num of the company that
-- is gone. import: the import of the row, NULL outside an import.
CREATE TABLE merged_company (num INTEGER PRIMARY KEY, kept INTEGER NOT NULL, import INTEGER) STRICT;
CREATE INDEX merged_company_kept ON merged_company (kept);
