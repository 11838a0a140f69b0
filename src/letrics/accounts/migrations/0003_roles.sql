-- Roles in the place of the mark "admin", and how long ago a session's user proved who they are.
ALTER TABLE user ADD COLUMN role TEXT NOT NULL DEFAULT 'viewer' CHECK (role IN ('viewer', 'editor', 'admin'));
UPDATE user SET role = 'admin' WHERE admin;
ALTER TABLE user DROP COLUMN admin;

-- When a token lost scopes because its owner's role does not have them; NULL if it never did.
ALTER TABLE token ADD COLUMN lowered_at INTEGER;
UPDATE token SET scopes = 'read', lowered_at = CAST(unixepoch('subsec') * 1000 AS INTEGER)
WHERE scopes LIKE '%write%' AND revoked_at IS NULL AND user_id IN (SELECT id FROM user WHERE role = 'viewer');

-- The role of an invitation, and the admin who made it; NULL if it was made on the command line.
ALTER TABLE link ADD COLUMN role TEXT CHECK (role IN ('viewer', 'editor', 'admin'));
ALTER TABLE link ADD COLUMN invited_by INTEGER REFERENCES user (id) ON DELETE CASCADE;
UPDATE link SET role = CASE WHEN admin THEN 'admin' ELSE 'viewer' END WHERE purpose = 'invitation';
ALTER TABLE link DROP COLUMN admin;

-- An admin's invitations end with their role, so that none remains as a way back in.
CREATE VIEW valid_link AS SELECT * FROM link
WHERE invited_by IS NULL OR invited_by IN (SELECT id FROM user WHERE role = 'admin' AND disabled_at IS NULL);

ALTER TABLE session ADD COLUMN authenticated_at INTEGER NOT NULL DEFAULT 0;
UPDATE session SET authenticated_at = created_at;
