-- A job with the counts of its scenes, in one look. Who follows its progress needs neither document nor cache report, which
-- may be megabytes.
SELECT "jobId", "userId", "projectId", type, status, phase, stage, progress, "parentJobId", "sceneId", "sceneIndex",
  "isCached", CASE WHEN $<isWhole> THEN submission END AS submission, "outputKey", "outputExpiredAt", error, "errorDetail", "mediaData",
  CASE WHEN $<isWhole> THEN "cacheReport" END AS "cacheReport",
  version, "startedAt", "endedAt", "createdAt", "updatedAt",
  scene_counts("jobId") AS children
FROM job_rows WHERE "jobId" = $<jobId> AND "userId" = $<userId>
