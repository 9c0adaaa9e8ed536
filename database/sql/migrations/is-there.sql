SELECT to_regclass('jobs') IS NOT NULL AS "isThere"
