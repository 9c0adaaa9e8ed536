-- Deliveries that are due, leased to the caller. One user's slow receivers hold a bounded share of all sends. The final event
-- waits while a progress event of its job is under way.
WITH busy AS (
  SELECT user_id, count(*) AS sends FROM webhook_deliveries
  WHERE status = 'pending' AND leased_until > now()
  GROUP BY user_id
), due AS (
  SELECT delivery_id, coalesce(sends, 0)
    + row_number() OVER (PARTITION BY user_id ORDER BY next_attempt_at, delivery_id) AS place
  FROM webhook_deliveries AS delivery LEFT JOIN busy USING (user_id)
  WHERE status = 'pending' AND next_attempt_at <= now() AND (leased_until IS NULL OR leased_until <= now())
    AND NOT EXISTS (
      SELECT FROM webhook_listeners AS listener
      WHERE listener.job_id = delivery.job_id AND listener.progress_until > now()
    )
), chosen AS (
  SELECT delivery_id FROM webhook_deliveries AS delivery JOIN due USING (delivery_id)
  WHERE place <= $<perUserMax>
    -- Looked at again once the row is locked: another process may have been first.
    AND status = 'pending' AND (leased_until IS NULL OR leased_until <= now())
  ORDER BY next_attempt_at, delivery_id
  LIMIT $<limit>
  FOR UPDATE OF delivery SKIP LOCKED
)
UPDATE webhook_deliveries AS delivery SET
  leased_until = now() + $<leaseMs> * interval '1 millisecond',
  attempts = attempts + 1
FROM chosen WHERE delivery.delivery_id = chosen.delivery_id
RETURNING delivery.delivery_id AS "deliveryId", user_id AS "userId", job_id AS "jobId", url, event AS status,
  progress, children, media_data AS "mediaData", error, occurred_at AS "occurredAt", attempts AS attempt,
  attempts - attempts_before AS retry,
  -- Null where the film or the whole job was removed meanwhile.
  (SELECT output_key FROM jobs WHERE jobs.job_id = delivery.job_id) AS "outputKey"
