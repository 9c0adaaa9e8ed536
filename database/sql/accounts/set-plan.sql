UPDATE users SET plan = $<plan> WHERE user_id = $<userId>
