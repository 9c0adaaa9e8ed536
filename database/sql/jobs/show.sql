-- A job with the counts of its scenes, in one look. Who follows its progress needs neither document nor cache report, which
-- may be megabytes. What was read of the document stands in only where what was sent is not there.
SELECT "jobId", "userId", "projectId", type, status, phase, stage, progress, "parentJobId", "sceneId", "sceneIndex",
  "isCached", CASE WHEN $<isWhole> AND sent_movie IS NULL THEN submission END AS submission,
  CASE WHEN $<isWhole> THEN sent_movie END AS "sentMovie",
  "outputKey", "outputExpiredAt", error, "errorDetail", "mediaData",
  CASE WHEN $<isWhole> THEN "cacheReport" END AS "cacheReport",
  version, "startedAt", "endedAt", "createdAt", "updatedAt",
  scene_counts("jobId") AS children
FROM job_rows JOIN (SELECT job_id, sent_movie FROM jobs) AS sent ON job_id = "jobId"
WHERE "jobId" = $<jobId> AND "userId" = $<userId>
