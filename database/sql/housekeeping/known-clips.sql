SELECT key FROM scene_clips WHERE key = ANY ($<keys>::text[])
