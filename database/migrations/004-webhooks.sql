-- It was never filled: what is told of a job is kept in columns now, and outlives the job.
DROP TABLE webhook_deliveries;

-- Jobs with a callbackUrl. Beside the document: to read one field of a large JSON text is to read all of it.
CREATE TABLE webhook_listeners (
  job_id text PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
  url text NOT NULL,
  -- Progress is told now and then while a job runs, and not again where it was not heard.
  progress_count integer NOT NULL DEFAULT 0,
  next_progress_at timestamptz(3) NOT NULL DEFAULT now(),
  -- While one is under way; the final event waits for it, so that it comes last.
  progress_until timestamptz(3)
);

-- The final event of a job, written in the transaction that ends it.
CREATE TABLE webhook_deliveries (
  delivery_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  -- Not a reference: a job that was removed meanwhile is told of all the same. Unique: a job ends once.
  job_id text NOT NULL UNIQUE,
  url text NOT NULL,
  event text NOT NULL CHECK (event IN ('done', 'failed', 'cancelled')),
  progress double precision NOT NULL,
  children json NOT NULL,
  media_data json,
  error text,
  occurred_at timestamptz(3) NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
  -- Counted when one begins.
  attempts integer NOT NULL DEFAULT 0,
  -- Of these, made before the last time that somebody asked to send it again.
  attempts_before integer NOT NULL DEFAULT 0,
  -- Retries end a while after this; a resend begins anew.
  retried_since timestamptz(3) NOT NULL DEFAULT now(),
  next_attempt_at timestamptz(3) NOT NULL DEFAULT now(),
  -- A process that dies while it sends lets go of the delivery when this has passed.
  leased_until timestamptz(3),
  delivered_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (retried_since) WHERE status <> 'pending';
CREATE INDEX webhook_deliveries_of_user ON webhook_deliveries (user_id, created_at DESC, delivery_id DESC);

CREATE TABLE webhook_attempts (
  delivery_id text NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
  number integer NOT NULL,
  started_at timestamptz(3) NOT NULL,
  duration_ms integer NOT NULL CHECK (duration_ms >= 0),
  -- Of the answer; null where there was none.
  http_status integer,
  error text,
  PRIMARY KEY (delivery_id, number)
);

-- Secrets are made from this number and a key of the installation; none lies in the database.
CREATE TABLE webhook_secrets (
  user_id text PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  generation integer NOT NULL,
  created_at timestamptz(3) NOT NULL
);

CREATE VIEW webhook_delivery_rows AS SELECT
  delivery_id AS "deliveryId", user_id AS "userId", job_id AS "jobId", url, event, progress, children,
  media_data AS "mediaData", error, occurred_at AS "occurredAt", status, attempts AS "attemptCount",
  CASE WHEN status = 'pending' THEN next_attempt_at END AS "nextAttemptAt",
  delivered_at AS "deliveredAt", created_at AS "createdAt"
FROM webhook_deliveries;
