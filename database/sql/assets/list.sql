SELECT * FROM asset_rows
WHERE "userId" = $<userId> AND "projectId" = $<projectId>
  AND ($<sha256>::text IS NULL OR sha256 = $<sha256>)
  AND ($<beforeAt>::timestamptz IS NULL OR ("createdAt", "assetId") < ($<beforeAt>::timestamptz, $<beforeId>::text))
ORDER BY "createdAt" DESC, "assetId" DESC
LIMIT $<limit>
