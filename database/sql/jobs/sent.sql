-- What was sent, to be sent once more.
SELECT submission, sent_movie AS "sentMovie" FROM jobs WHERE job_id = $<jobId> AND user_id = $<userId>
