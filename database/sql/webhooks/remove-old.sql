DELETE FROM webhook_deliveries WHERE delivery_id IN (
  SELECT delivery_id FROM webhook_deliveries
  WHERE status <> 'pending' AND retried_since < now() - $<keepDays> * interval '1 day'
  LIMIT $<limit>
)
