-- One that was used since it was found cold is kept.
DELETE FROM scene_clips
WHERE key = ANY ($<keys>::text[]) AND used_at < now() - make_interval(secs => $<restSeconds>)
RETURNING key
