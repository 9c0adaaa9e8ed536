SELECT "jobId", status FROM job_rows
WHERE "userId" = $<userId> AND "projectId" = $<projectId> AND "documentHash" = $<documentHash>
  AND "isActive" AND "parentJobId" IS NULL
ORDER BY "createdAt" DESC LIMIT 1
