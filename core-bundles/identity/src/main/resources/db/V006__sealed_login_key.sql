-- the key lay open here; from now on it is sealed by the master key, and one that was not is replaced
alter table identity.login_key drop column content;
alter table identity.login_key add column sealed bytea;

/* [jooq ignore start] */

grant update on identity.login_key to maestro_app;

/* [jooq ignore stop] */
