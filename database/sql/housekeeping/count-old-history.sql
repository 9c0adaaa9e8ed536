-- How many are too old, or too many.
SELECT greatest(
  (SELECT count(*) FROM scene_history WHERE rendered_at < now() - make_interval(secs => $<ageSecondsMax>)),
  (SELECT count(*) - $<rowsMax> FROM scene_history),
  0
)::integer AS rows
