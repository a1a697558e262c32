-- Counters are deleted by their age.
CREATE INDEX refusal_counts_hour ON refusal_counts (hour);
