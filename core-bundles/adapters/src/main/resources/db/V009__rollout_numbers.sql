-- what a running rollout sees of the old and the new version, told by the node that runs it
alter table adapters.rollout add column seen jsonb;
