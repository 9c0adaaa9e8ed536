-- Every change of a scene takes its parent first: so no two wait for each other, and sums see what was committed.
SELECT job_id AS "jobId" FROM jobs
WHERE job_id = (SELECT parent_job_id FROM jobs WHERE job_id = $<sceneJobId>) FOR NO KEY UPDATE
