UPDATE jobs SET progress = greatest(progress, $<progress>), stage = $<stage>
WHERE job_id = $<jobId> AND is_active AND (progress < $<progress> OR stage IS DISTINCT FROM $<stage>)
