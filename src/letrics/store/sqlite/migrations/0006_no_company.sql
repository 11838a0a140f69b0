-- The num that contacts without a company have as their company; no company has it. NULL until there is such a contact.
ALTER TABLE log ADD COLUMN no_company INTEGER;
