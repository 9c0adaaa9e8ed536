UPDATE jobs SET status = 'waiting', phase = 'rendering', stage = 'encoding' WHERE job_id = $<jobId> AND is_active
