-- Asked several times a second: without it every listener that ever was is read.
CREATE INDEX webhook_listeners_busy ON webhook_listeners (progress_until) WHERE progress_until IS NOT NULL;
