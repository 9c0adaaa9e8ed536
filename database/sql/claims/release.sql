DELETE FROM clip_claims WHERE key = $<key> AND holder = $<holder> AND attempt = $<attempt>
