WITH moment AS (SELECT $<now>::timestamptz AT TIME ZONE 'UTC' AS utc),
start AS (
  SELECT date_trunc('month', utc) AT TIME ZONE 'UTC' AS month, date_trunc('day', utc) AT TIME ZONE 'UTC' AS day
  FROM moment
)
SELECT
  (SELECT coalesce(sum(minutes), 0) FROM usage_records, start
    WHERE user_id = $<userId> AND booked_at >= start.month) AS "minutesThisMonth",
  (SELECT coalesce(sum(minutes), 0) FROM usage_records, start
    WHERE user_id = $<userId> AND booked_at >= start.day) AS "minutesToday",
  (SELECT count(*)::integer FROM jobs
    WHERE user_id = $<userId> AND is_active AND parent_job_id IS NULL) AS "activeJobs"
