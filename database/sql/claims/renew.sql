UPDATE clip_claims SET lapses_at = now() + make_interval(secs => $<seconds>)
WHERE key = $<key> AND holder = $<holder> AND attempt = $<attempt>
