create schema tenancy;

-- names sort by bytes, so that pages mean the same on every server
create table tenancy.tenant (
    tenant_id varchar(63) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    display_name varchar(200) not null,
    created_at timestamp with time zone not null,
    constraint tenant_key primary key (tenant_id)
);

create table tenancy.environment (
    tenant_id varchar(63) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    name varchar(63) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    created_at timestamp with time zone not null,
    constraint environment_key primary key (tenant_id, name),
    constraint environment_tenant foreign key (tenant_id) references tenancy.tenant (tenant_id)
);

/* [jooq ignore start] */

grant usage on schema tenancy to maestro_app;
grant select, insert, update on tenancy.tenant, tenancy.environment to maestro_app;

alter table tenancy.tenant enable row level security;
create policy tenant_fence on tenancy.tenant
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

alter table tenancy.environment enable row level security;
create policy tenant_fence on tenancy.environment
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

/* [jooq ignore stop] */
