SELECT delivery_id AS "deliveryId", number, started_at AS "startedAt", duration_ms AS "durationMs",
  http_status AS "httpStatus", error
FROM webhook_attempts WHERE delivery_id = ANY ($<deliveryIds>::text[])
ORDER BY delivery_id, number
