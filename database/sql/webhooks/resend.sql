-- The same message once more, at once, with all its retries before it; one that is being sent is left to that.
UPDATE webhook_deliveries SET
  status = 'pending', retried_since = now(), next_attempt_at = now(), attempts_before = attempts
WHERE delivery_id = $<deliveryId> AND user_id = $<userId>
