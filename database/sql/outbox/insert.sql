INSERT INTO outbox (job_id, trace_parent) VALUES ($<jobId>, $<traceParent>)
