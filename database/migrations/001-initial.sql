-- Times have milliseconds, so that a JavaScript Date holds them exactly and a page cursor can be made from one.

CREATE TABLE plans (
  plan text PRIMARY KEY,
  -- Null: no limit.
  minutes_per_month integer,
  minutes_per_day integer,
  jobs_at_once integer,
  film_seconds_max integer NOT NULL,
  width_max integer NOT NULL,
  height_max integer NOT NULL,
  has_api boolean NOT NULL,
  -- Days that outputs are kept; null: for ever.
  retention_days integer
);

INSERT INTO plans VALUES
  ('free', 30, 5, 1, 600, 1280, 720, false, 7),
  ('pro', 200, NULL, 3, 600, 1920, 1080, true, 30),
  ('business', 600, NULL, 6, 1200, 2560, 1440, true, 90),
  ('enterprise', NULL, NULL, NULL, 7200, 3840, 2160, true, 365),
  -- The engine's own limits still hold.
  ('unlimited', NULL, NULL, NULL, 2147483647, 2147483647, 2147483647, true, NULL);

CREATE TABLE users (
  user_id text PRIMARY KEY,
  email text NOT NULL,
  plan text NOT NULL REFERENCES plans,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE api_keys (
  key_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  secret_hash text NOT NULL,
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3)
);
CREATE INDEX api_keys_of_user ON api_keys (user_id);

CREATE TABLE projects (
  project_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX projects_of_user ON projects (user_id, created_at);

CREATE TABLE assets (
  asset_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  status text NOT NULL DEFAULT 'processing' CHECK (status IN ('processing', 'ready', 'refused')),
  object_key text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  facts json,
  error text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CHECK (status <> 'ready' OR facts IS NOT NULL)
);
CREATE INDEX assets_of_project ON assets (project_id, created_at DESC, asset_id DESC);
CREATE INDEX assets_by_content ON assets (project_id, sha256);

-- Documents are json, not jsonb: they come back in the order in which they were sent, and may hold \u0000.
CREATE TABLE jobs (
  job_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  type text NOT NULL,
  status text NOT NULL DEFAULT 'queued'
    CHECK (status IN ('queued', 'running', 'waiting', 'done', 'failed', 'cancelled')),
  phase text CHECK (phase IN ('planning', 'dispatching', 'rendering', 'assembling', 'uploading')),
  stage text,
  progress double precision NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
  parent_job_id text REFERENCES jobs ON DELETE CASCADE,
  scene_id text,
  scene_index integer,
  weight double precision NOT NULL DEFAULT 0 CHECK (weight >= 0),
  is_cached boolean NOT NULL DEFAULT false,
  attempt integer NOT NULL DEFAULT 0,
  submission json,
  document_hash text,
  output_key text,
  error text,
  error_detail json,
  media_data json,
  cache_report json,
  version integer NOT NULL DEFAULT 1,
  started_at timestamptz(3),
  ended_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  is_active boolean NOT NULL GENERATED ALWAYS AS (status IN ('queued', 'running', 'waiting')) STORED,
  CHECK (status <> 'done' OR progress = 1)
);
CREATE INDEX jobs_of_user ON jobs (user_id, created_at DESC, job_id DESC) WHERE parent_job_id IS NULL;
CREATE INDEX jobs_active_of_user ON jobs (user_id) WHERE parent_job_id IS NULL AND is_active;
CREATE INDEX jobs_of_parent ON jobs (parent_job_id, scene_index) WHERE parent_job_id IS NOT NULL;
CREATE INDEX jobs_of_project ON jobs (project_id);

CREATE TABLE outbox (
  job_id text PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  started_at timestamptz(3)
);
CREATE INDEX outbox_pending ON outbox (created_at) WHERE started_at IS NULL;

CREATE TABLE idempotency_keys (
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  key text NOT NULL,
  body_hash text NOT NULL,
  job_id text NOT NULL REFERENCES jobs ON DELETE CASCADE,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_of_job ON idempotency_keys (job_id);

-- Outlives its job: minutes stay booked when a job is removed.
CREATE TABLE usage_records (
  job_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  minutes double precision NOT NULL CHECK (minutes >= 0),
  booked_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX usage_of_user ON usage_records (user_id, booked_at);

CREATE TABLE scene_clips (
  key text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('picture', 'sound', 'programme')),
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  length bigint NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  used_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX scene_clips_by_use ON scene_clips (used_at);

CREATE TABLE scene_history (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  scene_id text NOT NULL,
  key text NOT NULL,
  source json NOT NULL,
  rendered_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, scene_id)
);

-- Filled by a later version: one row for each event to be delivered to a callbackUrl.
CREATE TABLE webhook_deliveries (
  delivery_id text PRIMARY KEY,
  job_id text NOT NULL REFERENCES jobs ON DELETE CASCADE,
  url text NOT NULL,
  event text NOT NULL,
  payload json NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3) NOT NULL DEFAULT now(),
  delivered_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX webhook_deliveries_of_job ON webhook_deliveries (job_id);
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (next_attempt_at) WHERE delivered_at IS NULL;

CREATE FUNCTION count_job_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER job_change_counted BEFORE UPDATE ON jobs
  FOR EACH ROW EXECUTE FUNCTION count_job_change();

-- One notice for each changed job and its parent; Postgres drops equal ones of the same transaction.
CREATE FUNCTION tell_job_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('job_changes', changed.id)
  FROM (
    SELECT job_id AS id FROM changed_jobs
    UNION
    SELECT parent_job_id FROM changed_jobs WHERE parent_job_id IS NOT NULL
  ) AS changed;
  RETURN NULL;
END $$;
CREATE TRIGGER job_inserts_told AFTER INSERT ON jobs
  REFERENCING NEW TABLE AS changed_jobs FOR EACH STATEMENT EXECUTE FUNCTION tell_job_changes();
CREATE TRIGGER job_updates_told AFTER UPDATE ON jobs
  REFERENCING NEW TABLE AS changed_jobs FOR EACH STATEMENT EXECUTE FUNCTION tell_job_changes();
CREATE TRIGGER job_removals_told AFTER DELETE ON jobs
  REFERENCING OLD TABLE AS changed_jobs FOR EACH STATEMENT EXECUTE FUNCTION tell_job_changes();

-- Rows under the names that the program uses, so that no code translates them.
CREATE VIEW job_rows AS SELECT
  job_id AS "jobId", user_id AS "userId", project_id AS "projectId", type, status, phase, stage, progress,
  parent_job_id AS "parentJobId", scene_id AS "sceneId", scene_index AS "sceneIndex", is_cached AS "isCached",
  submission, output_key AS "outputKey", error, error_detail AS "errorDetail", media_data AS "mediaData",
  cache_report AS "cacheReport", version, started_at AS "startedAt", ended_at AS "endedAt",
  created_at AS "createdAt", updated_at AS "updatedAt", is_active AS "isActive", document_hash AS "documentHash"
FROM jobs;

-- Byte counts become doubles, exact up to 2^53: the driver would hand a bigint over as text.
CREATE VIEW asset_rows AS SELECT
  asset_id AS "assetId", user_id AS "userId", project_id AS "projectId", name, status,
  object_key AS "objectKey", bytes::double precision AS bytes, sha256, facts, error, created_at AS "createdAt"
FROM assets;

CREATE VIEW plan_rows AS SELECT
  plan, minutes_per_month AS "minutesPerMonth", minutes_per_day AS "minutesPerDay",
  jobs_at_once AS "jobsAtOnce", film_seconds_max AS "filmSecondsMax", width_max AS "widthMax",
  height_max AS "heightMax", has_api AS "hasApi", retention_days AS "retentionDays"
FROM plans;
