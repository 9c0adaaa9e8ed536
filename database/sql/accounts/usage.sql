-- One statement, so that a job that ends just now is seen either as reserved or as booked.
WITH moment AS (SELECT coalesce($<now>::timestamptz, now()) AT TIME ZONE 'UTC' AS utc),
start AS (
  SELECT date_trunc('month', utc) AT TIME ZONE 'UTC' AS month, date_trunc('day', utc) AT TIME ZONE 'UTC' AS day
  FROM moment
),
active AS (
  SELECT count(*)::integer AS jobs, coalesce(sum(reserved_minutes), 0) AS minutes
  FROM jobs WHERE user_id = $<userId> AND is_active AND parent_job_id IS NULL
)
SELECT
  (SELECT coalesce(sum(minutes), 0) FROM usage_records, start
    WHERE user_id = $<userId> AND booked_at >= start.month) AS "minutesThisMonth",
  (SELECT coalesce(sum(minutes), 0) FROM usage_records, start
    WHERE user_id = $<userId> AND booked_at >= start.day) AS "minutesToday",
  active.minutes AS "minutesReserved",
  active.jobs AS "activeJobs"
FROM active
