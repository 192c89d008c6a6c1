-- the revision in which the configuration of an instance changed last
alter table adapters.adapter_instance add column configured bigint;

/* [jooq ignore start] */

update adapters.adapter_instance set configured = revision;

alter table adapters.adapter_instance alter column configured set not null;

/* [jooq ignore stop] */
