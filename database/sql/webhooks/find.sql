SELECT * FROM webhook_delivery_rows WHERE "userId" = $<userId> AND "deliveryId" = $<deliveryId>
