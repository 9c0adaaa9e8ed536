-- Submissions of one user wait for each other, so that counts and look-ups below stay true until the commit.
SELECT user_id FROM users WHERE user_id = $<userId> FOR NO KEY UPDATE
