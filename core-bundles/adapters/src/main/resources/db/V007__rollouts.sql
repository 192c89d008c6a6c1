-- what each instance was in turn; the highest number is what it is
create table adapters.instance_version (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    instance varchar(63) not null,
    number bigint not null,
    adapter varchar(63) not null,
    version varchar(64) not null,
    configuration jsonb not null,
    since timestamp with time zone not null,
    actor varchar(200) not null,
    why varchar(16) not null,
    constraint instance_version_key primary key (tenant_id, environment, instance, number),
    constraint instance_version_instance foreign key (tenant_id, environment, instance)
        references adapters.adapter_instance (tenant_id, environment, instance) on delete cascade
);

-- one act that takes instances of one adapter to another version, or none of them
create table adapters.rollout (
    id uuid not null,
    adapter varchar(63) not null,
    version varchar(64) not null,
    state varchar(16) not null,
    wanted jsonb not null,
    step integer not null,
    report jsonb,
    problem jsonb,
    cancelled boolean not null,
    actor varchar(200) not null,
    started_at timestamp with time zone not null,
    ended_at timestamp with time zone,
    node varchar(200),
    leased_until timestamp with time zone,
    constraint rollout_key primary key (id)
);

-- the instances of a rollout, with what they were and what they are to be
create table adapters.rollout_member (
    tenant_id varchar(63) not null,
    rollout uuid not null,
    environment varchar(63) not null,
    instance varchar(63) not null,
    incarnation bigint not null,
    revision bigint not null,
    from_version varchar(64) not null,
    from_configuration jsonb not null,
    to_configuration jsonb not null,
    decision varchar(64),
    state varchar(16) not null,
    problem jsonb,
    constraint rollout_member_key primary key (tenant_id, rollout, environment, instance),
    constraint rollout_member_rollout foreign key (rollout) references adapters.rollout (id) on delete cascade
);

/* [jooq ignore start] */

insert into adapters.instance_version
    (tenant_id, environment, instance, number, adapter, version, configuration, since, actor, why)
    select tenant_id, environment, instance, 1, adapter, version, configuration, updated_at, updated_by, 'earlier'
    from adapters.adapter_instance;

alter table adapters.rollout
    add constraint rollout_state check (state in ('trying', 'committing', 'done', 'rolled-back', 'cancelled'));
alter table adapters.rollout_member
    add constraint rollout_member_state check (state in ('waiting', 'trying', 'moved', 'back', 'skipped'));

-- one at a time per adapter
create unique index rollout_running on adapters.rollout (adapter) where state in ('trying', 'committing');
create index rollout_list on adapters.rollout (adapter, started_at, id);
create index rollout_member_of on adapters.rollout_member (rollout);

grant select, insert, update, delete on adapters.instance_version to maestro_app;
grant select, insert, update, delete on adapters.rollout to maestro_app;
grant select, insert, update, delete on adapters.rollout_member to maestro_app;

alter table adapters.instance_version enable row level security;
create policy tenant_fence on adapters.instance_version
    using (current_setting('maestro.platform', true) = 'on'
        or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on'
        or tenant_id = current_setting('maestro.tenant', true));

alter table adapters.rollout_member enable row level security;
create policy tenant_fence on adapters.rollout_member
    using (current_setting('maestro.platform', true) = 'on'
        or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on'
        or tenant_id = current_setting('maestro.tenant', true));

-- a rollout goes through tenants, so it is the installation's affair
alter table adapters.rollout enable row level security;
create policy platform_only on adapters.rollout
    using (current_setting('maestro.platform', true) = 'on')
    with check (current_setting('maestro.platform', true) = 'on');

/* [jooq ignore stop] */
