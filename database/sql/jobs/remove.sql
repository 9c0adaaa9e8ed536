-- Scene jobs, outbox row and idempotency keys go with it; booked minutes stay.
DELETE FROM jobs WHERE job_id = $<jobId> AND user_id = $<userId> AND parent_job_id IS NULL AND NOT is_active
