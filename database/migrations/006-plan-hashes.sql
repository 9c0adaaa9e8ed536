-- What the stored files of a job's plan must be: bytes that come back otherwise are not used.
CREATE TABLE plan_hashes (
  job_id text PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
  plan_sha256 text NOT NULL,
  sources_sha256 text NOT NULL
);
