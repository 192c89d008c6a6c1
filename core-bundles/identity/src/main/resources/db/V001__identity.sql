create schema identity;

-- a token of the installation has no tenant, so the tenant cannot lead the key; the fence below does not need it to
create table identity.token (
    id varchar(32) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    tenant_id varchar(63),
    environment varchar(63),
    name varchar(100) not null,
    role varchar(30) not null,
    hash varchar(64) not null,
    created_at timestamp with time zone not null,
    created_by varchar(200) not null,
    expires_at timestamp with time zone not null,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    constraint token_key primary key (id)
);

create index token_list on identity.token (tenant_id, created_at, id);

create table identity.security_event (
    id bigint generated always as identity not null,
    occurred_at timestamp with time zone not null,
    rule varchar(50) not null,
    principal varchar(200),
    tenant_id varchar(63),
    environment varchar(63),
    address varchar(100) not null,
    method varchar(20) not null,
    resource varchar(500) not null,
    correlation_id varchar(100) not null,
    constraint security_event_key primary key (id)
);

/* [jooq ignore start] */

grant usage on schema identity to maestro_app;
grant select, insert, update on identity.token to maestro_app;
grant select, insert, delete on identity.security_event to maestro_app;

alter table identity.token enable row level security;
create policy tenant_fence on identity.token
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

-- whoever oversteps must not see what was noted of it
alter table identity.security_event enable row level security;
create policy platform_only on identity.security_event
    using (current_setting('maestro.platform', true) = 'on')
    with check (current_setting('maestro.platform', true) = 'on');

/* [jooq ignore stop] */
