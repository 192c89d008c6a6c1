alter table identity.token add column revision bigint default 1 not null;
alter table identity.token add column former_hash varchar(64);
alter table identity.token add column former_until timestamp with time zone;

-- who else may say who somebody is; one of the installation has no tenant, so the tenant cannot lead the key
create table identity.provider (
    id varchar(32) not null,
    tenant_id varchar(63),
    name varchar(63) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    display_name varchar(100) not null,
    instance_tenant varchar(63) not null,
    instance_environment varchar(63) not null,
    instance varchar(63) not null,
    roles varchar(30) array not null,
    enabled boolean not null,
    issuer varchar(2048) not null,
    client_id varchar(512) not null,
    scopes varchar(256) array not null,
    audiences varchar(512) array not null,
    login boolean not null,
    revision bigint not null,
    created_at timestamp with time zone not null,
    updated_at timestamp with time zone not null,
    constraint provider_key primary key (id)
);

-- people who logged in with a browser
create table identity.session (
    id varchar(32) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    tenant_id varchar(63),
    provider_id varchar(32) not null,
    provider varchar(63) not null,
    principal varchar(200) not null,
    name varchar(256) not null,
    granted varchar(30) array not null,
    attributes text not null,
    hash varchar(64) not null,
    created_at timestamp with time zone not null,
    last_used_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    ended_at timestamp with time zone,
    constraint session_key primary key (id)
);

create index session_list on identity.session (tenant_id, created_at, id);
create index session_of on identity.session (principal, created_at);
create index session_end on identity.session (expires_at);

-- seals what a browser keeps between the two halves of its login, on whichever node they happen
create table identity.login_key (
    id int not null,
    content bytea not null,
    created_at timestamp with time zone not null,
    constraint login_key_key primary key (id)
);

create index security_event_tenant on identity.security_event (tenant_id, id);
create index security_event_rule on identity.security_event (rule, id);
create index security_event_principal on identity.security_event (principal, id);
create index security_event_time on identity.security_event (occurred_at, id);

/* [jooq ignore start] */

create unique index provider_name on identity.provider (tenant_id, name) nulls not distinct;

grant select, insert, update, delete on identity.provider to maestro_app;
grant select, insert, update, delete on identity.session to maestro_app;
grant select, insert on identity.login_key to maestro_app;

alter table identity.provider enable row level security;
create policy tenant_fence on identity.provider
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

alter table identity.session enable row level security;
create policy tenant_fence on identity.session
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

alter table identity.login_key enable row level security;
create policy platform_only on identity.login_key
    using (current_setting('maestro.platform', true) = 'on')
    with check (current_setting('maestro.platform', true) = 'on');

/* [jooq ignore stop] */
