-- Enters one request into the window of a key, or gives no row where the window is full. The row's lock makes requests of
-- one key take turns, whichever process they came to; the clock is the database's, which all processes share.
INSERT INTO request_windows AS request_window (key_id, taken_at) VALUES ($<keyId>, ARRAY[clock_timestamp()])
ON CONFLICT (key_id) DO UPDATE SET taken_at = ARRAY(
  SELECT taken FROM unnest(request_window.taken_at) AS taken
  WHERE taken > clock_timestamp() - make_interval(secs => $<windowSeconds>)
) || clock_timestamp()
WHERE (
  SELECT count(*) FROM unnest(request_window.taken_at) AS taken
  WHERE taken > clock_timestamp() - make_interval(secs => $<windowSeconds>)
) < $<requestsMax>
RETURNING cardinality(taken_at) AS taken
