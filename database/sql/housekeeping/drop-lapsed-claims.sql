DELETE FROM clip_claims WHERE lapses_at < now() - interval '1 hour'
