-- Finds the imports that can still be undone by the time of their last change, however many older ones there are.
CREATE INDEX import_undoable ON import (updated_at) WHERE undoable;
