-- The movie as its sender wrote it, with their notes and without defaults, for whoever asks for the job; `submission` holds what
-- was read of it. Null for jobs from before.
ALTER TABLE jobs ADD COLUMN sent_movie json;
