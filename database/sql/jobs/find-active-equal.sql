-- Not one that is about to be cancelled: whoever sends its document again wants a film.
SELECT job_id AS "jobId", status FROM jobs
WHERE user_id = $<userId> AND project_id = $<projectId> AND document_hash = $<documentHash>
  AND is_active AND parent_job_id IS NULL AND cancel_asked_at IS NULL
ORDER BY created_at DESC LIMIT 1
