-- The least recently used first: those for which there is no room below the bound, and those that nobody has used for long.
SELECT key, kind, bytes::double precision AS bytes
FROM (SELECT key, kind, bytes, used_at, sum(bytes) OVER (ORDER BY used_at DESC, key) AS bytes_up_to FROM scene_clips) AS clip
WHERE (bytes_up_to > $<bytesMax> OR used_at < now() - make_interval(secs => $<ageSecondsMax>))
  AND used_at < now() - make_interval(secs => $<restSeconds>)
ORDER BY used_at, key
LIMIT $<limit>
