-- Without document and cache report, which may be megabytes: most who look for a job ask for something else of it.
SELECT "jobId", "userId", "projectId", type, status, phase, stage, progress, "parentJobId", "sceneId", "sceneIndex",
  "isCached", NULL AS submission, "outputKey", "outputExpiredAt", error, "errorDetail", "mediaData", NULL AS "cacheReport",
  version, "startedAt", "endedAt", "createdAt", "updatedAt"
FROM job_rows WHERE "jobId" = $<jobId> AND "userId" = $<userId>
