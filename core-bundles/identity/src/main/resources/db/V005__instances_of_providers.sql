-- what the instance behind a provider was when somebody who may grant the provider's roles agreed to it; without it the
-- provider is asked nothing
alter table identity.provider add column instance_fingerprint varchar(64);
