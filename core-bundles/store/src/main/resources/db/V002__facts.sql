-- what acts have done and no receipt holds yet; written in the transaction of the act, taken out in that of the receipt
create table store.fact (
    position bigint generated always as identity not null,
    id uuid not null,
    tenant_id varchar(63),
    environment varchar(63),
    actor varchar(200) not null,
    correlation_id varchar(100) not null,
    occurred_at timestamp with time zone not null,
    action varchar(100) not null,
    subject_type varchar(63) not null,
    subject varchar(500) not null,
    subject_digest varchar(64),
    state_before text,
    state_after text,
    decision varchar(100),
    -- the only index: every act pays for each, and what waits is little and soon gone
    constraint fact_key primary key (position)
);

/* [jooq ignore start] */

-- a queue: what is dead in it is looked over each time somebody takes, so it is cleared away early
alter table store.fact set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

grant select, insert, delete on store.fact to maestro_app;
-- what a taker needs to lock rows with; the value is always generated
grant update (position) on store.fact to maestro_app;

alter table store.fact enable row level security;
create policy tenant_fence on store.fact
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

/* [jooq ignore stop] */
