INSERT INTO users (user_id, email, plan) VALUES ($<userId>, $<email>, $<plan>) ON CONFLICT (user_id) DO NOTHING
