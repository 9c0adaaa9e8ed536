INSERT INTO jobs (job_id, user_id, project_id, type, submission, sent_movie, document_hash, reserved_minutes)
VALUES ($<jobId>, $<userId>, $<projectId>, 'render.movie', $<submission:json>, $<sentMovie:json>, $<documentHash>, $<minutes>)
