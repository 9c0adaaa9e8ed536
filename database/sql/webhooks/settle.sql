-- A success counts whenever it comes; a failure only where no later attempt has begun. The last attempt is at the very end of
-- the time for retries.
UPDATE webhook_deliveries SET
  status = CASE
    WHEN $<isDelivered> THEN 'delivered'
    WHEN now() >= retried_since + $<retryMs> * interval '1 millisecond' THEN 'failed'
    ELSE 'pending'
  END,
  delivered_at = CASE WHEN $<isDelivered> THEN now() ELSE delivered_at END,
  next_attempt_at = least(
    now() + $<pauseMs> * interval '1 millisecond',
    greatest(now(), retried_since + $<retryMs> * interval '1 millisecond')
  ),
  leased_until = NULL
WHERE delivery_id = $<deliveryId> AND ($<isDelivered> OR (attempts = $<attempt> AND status = 'pending'))
