SELECT trace_parent AS "traceParent", users.plan
FROM outbox JOIN jobs USING (job_id) JOIN users USING (user_id)
WHERE job_id = $<jobId>
