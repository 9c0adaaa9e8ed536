-- When a caller asked for the end of a job that its workflow has yet to bring about: an equal submission must not be given it.
ALTER TABLE jobs ADD COLUMN cancel_asked_at timestamptz(3);
