SELECT * FROM plan_rows ORDER BY "filmSecondsMax", plan
