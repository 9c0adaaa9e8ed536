-- Nothing where the delivery was removed meanwhile.
INSERT INTO webhook_attempts (delivery_id, number, started_at, duration_ms, http_status, error)
SELECT delivery_id, $<attempt>, $<startedAt>, $<durationMs>, $<httpStatus>, $<error>
FROM webhook_deliveries WHERE delivery_id = $<deliveryId>
ON CONFLICT DO NOTHING
