-- Nothing where the id or the address is taken.
INSERT INTO users (user_id, email, plan)
SELECT $<userId>, $<email>, $<plan>
WHERE NOT EXISTS (SELECT FROM users WHERE lower(email) = lower($<email>))
ON CONFLICT (user_id) DO NOTHING
