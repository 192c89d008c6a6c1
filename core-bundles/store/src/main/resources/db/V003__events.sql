-- what happened, for those who follow it live; a copy for some days, written in the transaction that made it happen.
-- transaction and position are the order in which it is read: a transaction is shown once no earlier one is under way
create table store.event (
    transaction bigint not null,
    position bigint generated always as identity not null,
    id uuid not null,
    tenant_id varchar(63),
    environment varchar(63),
    occurred_at timestamp with time zone not null,
    action varchar(100) not null,
    actor varchar(200),
    correlation_id varchar(100),
    subject_type varchar(63) not null,
    subject varchar(500) not null,
    detail text,
    -- the only index, and one that grows at its end: every act pays for it
    constraint event_key primary key (transaction, position)
);

-- up to where events have been dropped; whoever has read less far has missed some
create table store.event_floor (
    id int not null,
    transaction bigint not null,
    position bigint not null,
    constraint event_floor_key primary key (id)
);

insert into store.event_floor (id, transaction, position) values (1, 0, 0);

/* [jooq ignore start] */

alter table store.event alter column transaction set default pg_current_xact_id()::text::bigint;

grant select, insert, delete on store.event to maestro_app;
grant select, update on store.event_floor to maestro_app;

alter table store.event enable row level security;
create policy tenant_fence on store.event
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

alter table store.event_floor enable row level security;
create policy platform_only on store.event_floor
    using (current_setting('maestro.platform', true) = 'on')
    with check (current_setting('maestro.platform', true) = 'on');

/* [jooq ignore stop] */
