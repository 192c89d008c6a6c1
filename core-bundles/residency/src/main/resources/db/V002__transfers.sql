-- what is moved from one instance to another, and how far it is
create table residency.transfer (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    id uuid not null,
    source varchar(63) not null,
    target varchar(63) not null,
    region varchar(63) not null,
    kind varchar(63),
    state varchar(16) not null,
    moved_items bigint not null,
    moved_bytes bigint not null,
    attempts int not null,
    problem varchar(1000),
    not_before timestamp with time zone not null,
    started_at timestamp with time zone not null,
    started_by varchar(200) not null,
    ended_at timestamp with time zone,
    constraint transfer_key primary key (tenant_id, environment, id)
);

create index transfer_list on residency.transfer (tenant_id, environment, started_at, id);

/* [jooq ignore start] */

alter table residency.transfer
    add constraint transfer_state check (state in ('running', 'done', 'failed', 'cancelled'));
create unique index transfer_running_source on residency.transfer (tenant_id, environment, source) where state = 'running';
create index transfer_due on residency.transfer (not_before) where state = 'running';

grant select, insert, update, delete on residency.transfer to maestro_app;

alter table residency.transfer enable row level security;
create policy tenant_fence on residency.transfer
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

/* [jooq ignore stop] */
