SELECT * FROM webhook_delivery_rows
WHERE "userId" = $<userId>
  AND ($<jobId>::text IS NULL OR "jobId" = $<jobId>)
  AND ($<status>::text IS NULL OR status = $<status>)
  AND ($<beforeAt>::timestamptz IS NULL OR ("createdAt", "deliveryId") < ($<beforeAt>::timestamptz, $<beforeId>::text))
ORDER BY "createdAt" DESC, "deliveryId" DESC
LIMIT $<limit>
