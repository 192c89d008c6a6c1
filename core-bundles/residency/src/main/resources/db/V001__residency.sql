create schema if not exists residency;

-- where the items of a region and kind go; declares the region of the instance
create table residency.route (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    region varchar(63) not null,
    kind varchar(63) not null,
    instance varchar(63) not null,
    created_at timestamp with time zone not null,
    created_by varchar(200) not null,
    constraint route_key primary key (tenant_id, environment, region, kind)
);

-- where bytes are to lie, lie, or lay: intended until the write is settled, settled while an item refers to it, leaving
-- once none does and the bytes have to go. Each write has an object of its own, so that none is ever overwritten
create table residency.placement (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    id uuid not null,
    kind varchar(63) not null,
    item_key varchar(300) not null,
    region varchar(63) not null,
    instance varchar(63) not null,
    content_type varchar(255) not null,
    state varchar(16) not null,
    size bigint not null,
    digest varchar(64),
    state_since timestamp with time zone not null,
    not_before timestamp with time zone not null,
    constraint placement_key primary key (tenant_id, environment, id)
);

-- what there is, and which placement has its bytes
create table residency.item (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    kind varchar(63) not null,
    item_key varchar(300) not null,
    placement uuid not null,
    stored_at timestamp with time zone not null,
    stored_by varchar(200) not null,
    constraint item_key primary key (tenant_id, environment, kind, item_key),
    constraint item_placement foreign key (tenant_id, environment, placement)
        references residency.placement (tenant_id, environment, id)
);

-- writes that were denied; never changed
create table residency.denial (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    id bigint generated always as identity not null,
    denied_at timestamp with time zone not null,
    action varchar(63) not null,
    kind varchar(63),
    item_key varchar(300),
    region varchar(63) not null,
    instance varchar(63) not null,
    kept_in varchar(63),
    principal varchar(200) not null,
    correlation_id varchar(100) not null,
    decision uuid,
    code varchar(63) not null,
    detail varchar(1000) not null,
    constraint denial_key primary key (tenant_id, environment, id)
);

create index route_of_instance on residency.route (tenant_id, environment, instance);
create index placement_of_instance on residency.placement (tenant_id, environment, instance, state);
create index item_of_placement on residency.item (tenant_id, environment, placement);
create index denial_list on residency.denial (tenant_id, id);
create index denial_age on residency.denial (denied_at);

/* [jooq ignore start] */

alter table residency.item alter column item_key type varchar(300) collate "C";
alter table residency.placement alter column item_key type varchar(300) collate "C";
alter table residency.placement add constraint placement_state check (state in ('intended', 'settled', 'leaving'));
alter table residency.placement add constraint placement_whole check (state <> 'settled' or digest is not null);
create index placement_unsettled on residency.placement (state, not_before) where state <> 'settled';

grant usage on schema residency to maestro_app;
grant select, insert, update, delete on residency.route, residency.placement, residency.item to maestro_app;
grant select, insert, delete on residency.denial to maestro_app;

alter table residency.route enable row level security;
create policy tenant_fence on residency.route
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

alter table residency.placement enable row level security;
create policy tenant_fence on residency.placement
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

alter table residency.item enable row level security;
create policy tenant_fence on residency.item
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

alter table residency.denial enable row level security;
create policy tenant_fence on residency.denial
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

/* [jooq ignore stop] */
