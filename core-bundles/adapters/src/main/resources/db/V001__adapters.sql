create schema if not exists adapters;

-- the adapter types that this release knows; written at each start
create table adapters.adapter_type (
    name varchar(63) not null,
    contract_version varchar(32) not null,
    constraint adapter_type_key primary key (name)
);

-- one immutable, signed version of an adapter
create table adapters.adapter_definition (
    name varchar(63) not null,
    version varchar(64) not null,
    version_order varchar(400) not null,
    digest varchar(64) not null,
    size bigint not null,
    type varchar(63) not null,
    contract_version varchar(32) not null,
    publisher varchar(63) not null,
    key varchar(64) not null,
    manifest jsonb not null,
    created_at timestamp with time zone not null,
    created_by varchar(200) not null,
    constraint adapter_definition_key primary key (name, version),
    constraint adapter_definition_digest unique (digest),
    constraint adapter_definition_type foreign key (type) references adapters.adapter_type (name)
);

-- a definition configured for one tenant and environment; incarnation tells it from a later one of the same name
create table adapters.adapter_instance (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    instance varchar(63) not null,
    incarnation bigint generated always as identity not null,
    adapter varchar(63) not null,
    version varchar(64) not null,
    configuration jsonb not null,
    secrets bytea,
    wanted varchar(16) not null,
    revision bigint not null,
    created_at timestamp with time zone not null,
    created_by varchar(200) not null,
    updated_at timestamp with time zone not null,
    updated_by varchar(200) not null,
    constraint adapter_instance_key primary key (tenant_id, environment, instance),
    constraint adapter_instance_definition foreign key (adapter, version)
        references adapters.adapter_definition (name, version)
);

-- folders of deleted instances, until the node has removed them
create table adapters.instance_removal (
    tenant_id varchar(63) not null,
    incarnation bigint not null,
    environment varchar(63) not null,
    instance varchar(63) not null,
    removed_at timestamp with time zone not null,
    removed_by varchar(200) not null,
    constraint instance_removal_key primary key (tenant_id, incarnation)
);

-- what each node observed last; for people and other nodes, this node asks itself
create table adapters.instance_observation (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    instance varchar(63) not null,
    node varchar(200) not null,
    observed varchar(16) not null,
    problem jsonb,
    observed_at timestamp with time zone not null,
    constraint instance_observation_key primary key (tenant_id, environment, instance, node),
    constraint instance_observation_instance foreign key (tenant_id, environment, instance)
        references adapters.adapter_instance (tenant_id, environment, instance) on delete cascade
);

-- refused artifacts, the newest thousand; their bytes are not kept
create table adapters.quarantined_artifact (
    id bigint generated always as identity not null,
    digest varchar(64),
    size bigint not null,
    name varchar(200),
    version varchar(200),
    source varchar(300) not null,
    actor varchar(200) not null,
    problem jsonb not null,
    refused_at timestamp with time zone not null,
    constraint quarantined_artifact_key primary key (id)
);

/* [jooq ignore start] */

alter table adapters.adapter_definition alter column version_order type varchar(400) collate "C";
alter table adapters.adapter_definition alter column name type varchar(63) collate "C";
alter table adapters.adapter_instance alter column instance type varchar(63) collate "C";
alter table adapters.adapter_instance
    add constraint adapter_instance_wanted check (wanted in ('running', 'stopped'));
create index adapter_definition_list on adapters.adapter_definition (name, version_order);
create index adapter_instance_of_definition on adapters.adapter_instance (adapter, version);

grant usage on schema adapters to maestro_app;
grant select, insert, update, delete on all tables in schema adapters to maestro_app;

alter table adapters.adapter_instance enable row level security;
create policy tenant_fence on adapters.adapter_instance
    using (current_setting('maestro.platform', true) = 'on'
        or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on'
        or tenant_id = current_setting('maestro.tenant', true));

alter table adapters.instance_removal enable row level security;
create policy tenant_fence on adapters.instance_removal
    using (current_setting('maestro.platform', true) = 'on'
        or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on'
        or tenant_id = current_setting('maestro.tenant', true));

alter table adapters.instance_observation enable row level security;
create policy tenant_fence on adapters.instance_observation
    using (current_setting('maestro.platform', true) = 'on'
        or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on'
        or tenant_id = current_setting('maestro.tenant', true));

-- refused artifacts are the installation's affair
alter table adapters.quarantined_artifact enable row level security;
create policy platform_only on adapters.quarantined_artifact
    using (current_setting('maestro.platform', true) = 'on')
    with check (current_setting('maestro.platform', true) = 'on');

/* [jooq ignore stop] */
