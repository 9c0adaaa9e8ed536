-- Marked as used at most once a minute, in key order and never waiting: so two jobs with the same scenes do not deadlock.
WITH touched AS (
  UPDATE scene_clips SET used_at = now()
  WHERE key IN (
    SELECT key FROM scene_clips
    WHERE key = ANY ($<keys>::text[]) AND used_at < now() - interval '1 minute'
    ORDER BY key FOR NO KEY UPDATE SKIP LOCKED
  )
)
SELECT key, kind, bytes::double precision AS bytes, sha256, length::double precision AS length
FROM scene_clips WHERE key = ANY ($<keys>::text[])
