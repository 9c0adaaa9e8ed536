-- That a job has ended is told by a name of its own as well: who waits for it need not ask first what has changed. The
-- trigger's name comes behind that of the one that tells the change itself: Postgres fires them in the order of their names.
CREATE FUNCTION tell_job_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('job_ends', job_id) FROM changed_jobs WHERE parent_job_id IS NULL AND NOT is_active;
  RETURN NULL;
END $$;
CREATE TRIGGER job_updates_told_ends AFTER UPDATE ON jobs
  REFERENCING NEW TABLE AS changed_jobs FOR EACH STATEMENT EXECUTE FUNCTION tell_job_ends();
