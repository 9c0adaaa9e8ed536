SELECT user_id AS "userId" FROM users WHERE user_id = $<userId>
