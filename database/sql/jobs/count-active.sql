SELECT count(*)::integer AS active FROM jobs WHERE user_id = $<userId> AND is_active AND parent_job_id IS NULL
