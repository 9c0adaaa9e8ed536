UPDATE jobs SET progress = greatest(progress, $<progress>), stage = $<stage>
WHERE job_id = $<sceneJobId> AND is_active AND (progress < $<progress> OR stage IS DISTINCT FROM $<stage>)
