-- Scene jobs, outbox row, plan hashes and listener go with it; booked minutes and deliveries stay.
DELETE FROM jobs WHERE job_id = $<jobId> AND parent_job_id IS NULL AND NOT is_active AND output_key IS NULL
