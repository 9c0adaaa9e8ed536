-- Several processes may start at once; the others wait here until the first has finished.
SELECT pg_advisory_xact_lock(hashtext('scenemill migrations'))
