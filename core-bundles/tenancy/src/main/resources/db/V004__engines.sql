-- the engines that have ever told what they keep of tenants: a tenant is gone when none of them has anything left, and one that
-- does not run cannot say so
create table tenancy.engine (
    name varchar(63) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    constraint engine_key primary key (name)
);

/* [jooq ignore start] */

-- each keeps its rows in a schema of its own name: one that does not start after this upgrade is known all the same
insert into tenancy.engine
    select part from tenancy.offboarding_part where part <> 'tenancy'
    union
    select nspname from pg_namespace where nspname in ('adapters', 'identity', 'policy', 'residency', 'secrets');

grant select, insert on tenancy.engine to maestro_app;

/* [jooq ignore stop] */
