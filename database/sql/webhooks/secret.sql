SELECT generation, created_at AS "createdAt" FROM webhook_secrets WHERE user_id = $<userId>
