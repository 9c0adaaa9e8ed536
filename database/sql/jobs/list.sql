-- Without documents and cache reports: a page of a hundred large ones would not fit into memory.
SELECT "jobId", "userId", "projectId", type, status, phase, stage, progress, "parentJobId", "sceneId", "sceneIndex",
  "isCached", NULL AS submission, "outputKey", "outputExpiredAt", error, "errorDetail", "mediaData", NULL AS "cacheReport",
  version, "startedAt", "endedAt", "createdAt", "updatedAt"
FROM job_rows
WHERE "userId" = $<userId>
  -- Said so that the one or the other index serves: values are part of the text.
  AND ($<hasParent> OR "parentJobId" IS NULL) AND (NOT $<hasParent> OR "parentJobId" IS NOT NULL)
  AND ($<parentJobId>::text IS NULL OR "parentJobId" = $<parentJobId>)
  AND ($<type>::text IS NULL OR type = $<type>)
  AND ($<status>::text IS NULL OR status = $<status>)
  AND ($<beforeAt>::timestamptz IS NULL OR ("createdAt", "jobId") < ($<beforeAt>::timestamptz, $<beforeId>::text))
ORDER BY "createdAt" DESC, "jobId" DESC
LIMIT $<limit>
