INSERT INTO scene_clips (key, kind, bytes, sha256, length)
VALUES ($<key>, $<kind>, $<bytes>, $<sha256>, $<length>)
ON CONFLICT (key) DO UPDATE SET
  kind = excluded.kind, bytes = excluded.bytes, sha256 = excluded.sha256, length = excluded.length, used_at = now()
