-- Where in a trace a job was submitted, for the process that starts its workflow; null where nobody traces.
ALTER TABLE outbox ADD COLUMN trace_parent text;
