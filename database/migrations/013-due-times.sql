-- What is due at once is due now. Rounded to a millisecond, now() may lie half of one in the future, and who asks at once
-- finds nothing.
DROP VIEW webhook_delivery_rows;
ALTER TABLE webhook_deliveries
  ALTER COLUMN retried_since TYPE timestamptz,
  ALTER COLUMN next_attempt_at TYPE timestamptz;
ALTER TABLE webhook_listeners ALTER COLUMN next_progress_at TYPE timestamptz;

CREATE VIEW webhook_delivery_rows AS SELECT
  delivery_id AS "deliveryId", user_id AS "userId", job_id AS "jobId", url, event, progress, children,
  media_data AS "mediaData", error, occurred_at AS "occurredAt", status, attempts AS "attemptCount",
  CASE WHEN status = 'pending' THEN next_attempt_at END AS "nextAttemptAt",
  delivered_at AS "deliveredAt", created_at AS "createdAt"
FROM webhook_deliveries;
