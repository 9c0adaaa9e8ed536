-- Seconds until the oldest request leaves the window of a key.
SELECT greatest(0, extract(epoch FROM min(taken) + make_interval(secs => $<windowSeconds>) - clock_timestamp()))::float8
  AS "waitSeconds"
FROM request_windows, unnest(taken_at) AS taken
WHERE key_id = $<keyId> AND taken > clock_timestamp() - make_interval(secs => $<windowSeconds>)
