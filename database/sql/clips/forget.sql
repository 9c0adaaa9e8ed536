DELETE FROM scene_clips WHERE key = $<key>
