create schema if not exists secrets;

-- the master keys that wrap something, each with a known text that only it opens; one of them wraps new data keys
create table secrets.master_key (
    id varchar(64) not null,
    proof bytea not null,
    in_charge boolean not null,
    recorded_at timestamp with time zone not null,
    constraint master_key_key primary key (id)
);

-- keys that seal the secrets of one scope, wrapped; the one with the highest version seals new values
create table secrets.data_key (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    version int not null,
    master_key varchar(64) not null,
    wrapped bytea not null,
    created_at timestamp with time zone not null,
    constraint data_key_key primary key (tenant_id, environment, version),
    constraint data_key_master_key foreign key (master_key) references secrets.master_key (id)
);

-- secrets by name; owner is the instance that it comes and goes with
create table secrets.secret (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    name varchar(200) not null,
    version bigint not null,
    owner varchar(63),
    created_at timestamp with time zone not null,
    created_by varchar(200) not null,
    updated_at timestamp with time zone not null,
    updated_by varchar(200) not null,
    constraint secret_key primary key (tenant_id, environment, name)
);

-- which values a secret had; only the current one is still there
create table secrets.secret_version (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    name varchar(200) not null,
    version bigint not null,
    data_key int,
    sealed bytea,
    created_at timestamp with time zone not null,
    created_by varchar(200) not null,
    constraint secret_version_key primary key (tenant_id, environment, name, version),
    constraint secret_version_secret foreign key (tenant_id, environment, name)
        references secrets.secret (tenant_id, environment, name) on delete cascade,
    constraint secret_version_data_key foreign key (tenant_id, environment, data_key)
        references secrets.data_key (tenant_id, environment, version)
);

-- which instance uses which secret; keeps these from being deleted
create table secrets.secret_use (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    instance varchar(63) not null,
    name varchar(200) not null,
    constraint secret_use_key primary key (tenant_id, environment, instance, name),
    constraint secret_use_secret foreign key (tenant_id, environment, name)
        references secrets.secret (tenant_id, environment, name)
);

-- who was given which value, and why; written before it is given, never changed
create table secrets.secret_access (
    tenant_id varchar(63) not null,
    id bigint generated always as identity not null,
    environment varchar(63) not null,
    instance varchar(63) not null,
    name varchar(200) not null,
    version bigint not null,
    purpose varchar(16) not null,
    accessed_at timestamp with time zone not null,
    correlation_id varchar(100) not null,
    constraint secret_access_key primary key (tenant_id, id)
);

create index secret_version_of_data_key on secrets.secret_version (tenant_id, environment, data_key);
create index secret_use_of_secret on secrets.secret_use (tenant_id, environment, name);
create index secret_access_list on secrets.secret_access (tenant_id, environment, id);
create index secret_access_age on secrets.secret_access (accessed_at);

/* [jooq ignore start] */

alter table secrets.secret alter column name type varchar(200) collate "C";
alter table secrets.secret_version alter column name type varchar(200) collate "C";
alter table secrets.secret_use alter column name type varchar(200) collate "C";
create unique index master_key_in_charge on secrets.master_key (in_charge) where in_charge;
alter table secrets.secret_version
    add constraint secret_version_whole check ((data_key is null) = (sealed is null));

grant usage on schema secrets to maestro_app;
grant select, insert, update, delete
    on secrets.master_key, secrets.data_key, secrets.secret, secrets.secret_version, secrets.secret_use to maestro_app;
grant select, insert, delete on secrets.secret_access to maestro_app;

-- a tenant's first secret needs to know which master key wraps its data key
alter table secrets.master_key enable row level security;
create policy known_to_all on secrets.master_key for select using (true);
create policy platform_only on secrets.master_key
    using (current_setting('maestro.platform', true) = 'on')
    with check (current_setting('maestro.platform', true) = 'on');

alter table secrets.data_key enable row level security;
create policy tenant_fence on secrets.data_key
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

alter table secrets.secret enable row level security;
create policy tenant_fence on secrets.secret
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

alter table secrets.secret_version enable row level security;
create policy tenant_fence on secrets.secret_version
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

alter table secrets.secret_use enable row level security;
create policy tenant_fence on secrets.secret_use
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

-- written and read within the tenant; taken away by the installation only, and only when it is old
alter table secrets.secret_access enable row level security;
create policy tenant_reads on secrets.secret_access for select
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));
create policy tenant_writes on secrets.secret_access for insert
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));
create policy platform_sweeps on secrets.secret_access for delete
    using (current_setting('maestro.platform', true) = 'on' and accessed_at < now() - interval '89 days');

/* [jooq ignore stop] */
