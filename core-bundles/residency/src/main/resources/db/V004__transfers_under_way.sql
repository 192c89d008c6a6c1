-- of who works on it until not_before, new for each taking: who renews a lease or gives it back must not touch one that somebody else has by now
alter table residency.transfer add column lease uuid;
