-- while an environment is looked through before it is deleted, nothing may be put into it; by which deletion
alter table tenancy.environment add column closed_by uuid;

/* [jooq ignore start] */

-- by none that goes on; the next deletion takes its place
update tenancy.environment set closed_by = gen_random_uuid() where closing;

/* [jooq ignore stop] */

alter table tenancy.environment drop column closing;
