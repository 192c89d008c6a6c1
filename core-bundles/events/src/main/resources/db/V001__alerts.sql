create schema if not exists events;

-- what each node watches at this moment: a rule that holds, or held until just now, for an instance
create table events.alert (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    instance varchar(63) not null,
    rule varchar(63) not null,
    node varchar(200) not null,
    type varchar(63) not null,
    severity varchar(16) not null,
    phase varchar(16) not null,
    text varchar(500) not null,
    since timestamp with time zone not null,
    phase_since timestamp with time zone not null,
    seen_at timestamp with time zone not null,
    constraint alert_key primary key (tenant_id, environment, instance, rule, node)
);

/* [jooq ignore start] */

grant usage on schema events to maestro_app;
grant select, insert, update, delete on events.alert to maestro_app;

alter table events.alert enable row level security;
create policy tenant_fence on events.alert
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

/* [jooq ignore stop] */
