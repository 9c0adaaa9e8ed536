-- Null: no limit.
ALTER TABLE plans ADD COLUMN requests_per_minute integer DEFAULT 120 CHECK (requests_per_minute > 0);
UPDATE plans SET requests_per_minute = NULL WHERE plan = 'unlimited';

-- Held against the user's minutes while the job is active; so whatever ends a job gives them back, once.
ALTER TABLE jobs ADD COLUMN reserved_minutes double precision NOT NULL DEFAULT 0 CHECK (reserved_minutes >= 0);

-- The answer is kept, not the job: a key promises one job for a day, also where that job was removed meanwhile.
ALTER TABLE idempotency_keys
  DROP CONSTRAINT idempotency_keys_job_id_fkey,
  ADD COLUMN job_status text NOT NULL DEFAULT 'queued',
  ADD COLUMN is_new boolean NOT NULL DEFAULT true;
DROP INDEX idempotency_keys_of_job;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- When each key was used within its window, oldest first. Unlogged: a crash may forget a minute of requests, and an update
-- for every request costs no journal. Half-empty pages let Postgres update in place.
CREATE UNLOGGED TABLE request_windows (
  key_id text PRIMARY KEY REFERENCES api_keys ON DELETE CASCADE,
  taken_at timestamptz[] NOT NULL
) WITH (fillfactor = 50);

CREATE OR REPLACE VIEW plan_rows AS SELECT
  plan, minutes_per_month AS "minutesPerMonth", minutes_per_day AS "minutesPerDay",
  jobs_at_once AS "jobsAtOnce", film_seconds_max AS "filmSecondsMax", width_max AS "widthMax",
  height_max AS "heightMax", has_api AS "hasApi", retention_days AS "retentionDays",
  requests_per_minute AS "requestsPerMinute"
FROM plans;
