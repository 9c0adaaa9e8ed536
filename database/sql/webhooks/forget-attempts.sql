DELETE FROM webhook_attempts WHERE delivery_id = $<deliveryId> AND number <= $<attempt> - $<attemptsMax>
