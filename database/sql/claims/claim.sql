-- A later attempt at the same clip takes it from an earlier one, which may only be slow to hear that it was given up.
INSERT INTO clip_claims (key, holder, attempt, lapses_at)
VALUES ($<key>, $<holder>, $<attempt>, now() + make_interval(secs => $<seconds>))
ON CONFLICT (key) DO UPDATE SET
  holder = excluded.holder, attempt = excluded.attempt, lapses_at = excluded.lapses_at
WHERE clip_claims.lapses_at <= now()
  OR (clip_claims.holder = excluded.holder AND clip_claims.attempt <= excluded.attempt)
