/* [jooq ignore start] */

-- a tenant that leaves takes its tokens along
grant delete on identity.token to maestro_app;

/* [jooq ignore stop] */
