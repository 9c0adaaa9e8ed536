-- That a job has ended is told by a name of its own as well, after the change itself: who waits for it need not ask first
-- what has changed. A server of an earlier version hears the change, as before.
CREATE OR REPLACE FUNCTION tell_job_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('job_changes', changed.id)
  FROM (
    SELECT job_id AS id FROM changed_jobs
    UNION
    SELECT parent_job_id FROM changed_jobs WHERE parent_job_id IS NOT NULL
  ) AS changed;
  PERFORM pg_notify('job_ends', job_id) FROM changed_jobs WHERE parent_job_id IS NULL AND NOT is_active;
  RETURN NULL;
END $$;
