-- What housekeeping looks for by age.
CREATE INDEX scene_history_by_age ON scene_history (rendered_at);
CREATE INDEX jobs_without_output ON jobs (ended_at) WHERE parent_job_id IS NULL AND NOT is_active AND output_key IS NULL;
