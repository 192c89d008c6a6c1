-- a tenant that has gone keeps its row, so that its name is never given again
alter table tenancy.tenant add column state varchar(16) default 'active' not null;
alter table tenancy.tenant add column revision bigint default 1 not null;

-- while an environment is looked through before it is deleted, nothing may be put into it
alter table tenancy.environment add column closing boolean default false not null;

create table tenancy.member (
    tenant_id varchar(63) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    principal varchar(300) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    display_name varchar(200) not null,
    roles varchar(500) not null,
    environment varchar(63),
    revision bigint not null,
    created_at timestamp with time zone not null,
    updated_at timestamp with time zone not null,
    constraint member_key primary key (tenant_id, principal),
    constraint member_tenant foreign key (tenant_id) references tenancy.tenant (tenant_id),
    constraint member_environment foreign key (tenant_id, environment) references tenancy.environment (tenant_id, name)
);

create table tenancy.offboarding (
    tenant_id varchar(63) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    requested_at timestamp with time zone not null,
    requested_by varchar(200) not null,
    correlation_id varchar(100) not null,
    finished_at timestamp with time zone,
    constraint offboarding_key primary key (tenant_id),
    constraint offboarding_tenant foreign key (tenant_id) references tenancy.tenant (tenant_id)
);

-- the engines that were there when it began; it is finished when each of them is done
create table tenancy.offboarding_part (
    tenant_id varchar(63) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    part varchar(63) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    done_at timestamp with time zone,
    constraint offboarding_part_key primary key (tenant_id, part),
    constraint offboarding_part_of foreign key (tenant_id) references tenancy.offboarding (tenant_id)
);

create index member_by_environment on tenancy.member (tenant_id, environment);

/* [jooq ignore start] */

create index tenant_leaving on tenancy.tenant (tenant_id) where state <> 'active';

grant delete on tenancy.environment to maestro_app;
grant select, insert, update, delete on tenancy.member to maestro_app;
grant select, insert, update on tenancy.offboarding, tenancy.offboarding_part to maestro_app;

alter table tenancy.member enable row level security;
create policy tenant_fence on tenancy.member
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

alter table tenancy.offboarding enable row level security;
create policy tenant_fence on tenancy.offboarding
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

alter table tenancy.offboarding_part enable row level security;
create policy tenant_fence on tenancy.offboarding_part
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

/* [jooq ignore stop] */
