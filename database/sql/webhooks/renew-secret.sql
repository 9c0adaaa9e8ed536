INSERT INTO webhook_secrets AS secret (user_id, generation, created_at) VALUES ($<userId>, 1, now())
ON CONFLICT (user_id) DO UPDATE SET generation = secret.generation + 1, created_at = now()
RETURNING generation, created_at AS "createdAt"
