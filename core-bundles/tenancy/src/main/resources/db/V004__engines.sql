-- the engines that have ever told what they keep of tenants: a tenant is gone when none of them has anything left, and one that
-- does not run cannot say so
create table tenancy.engine (
    name varchar(63) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    constraint engine_key primary key (name)
);

/* [jooq ignore start] */

insert into tenancy.engine select distinct part from tenancy.offboarding_part where part <> 'tenancy';

grant select, insert on tenancy.engine to maestro_app;

/* [jooq ignore stop] */
