-- items that a transfer could not move yet, so that it goes on with the others first
create table residency.transfer_failure (
    tenant_id varchar(63) not null,
    environment varchar(63) not null,
    transfer uuid not null,
    placement uuid not null,
    kind varchar(63) not null,
    item_key varchar(300) not null,
    failures int not null,
    problem varchar(300) not null,
    constraint transfer_failure_key primary key (tenant_id, environment, transfer, placement),
    constraint transfer_failure_transfer foreign key (tenant_id, environment, transfer)
        references residency.transfer (tenant_id, environment, id) on delete cascade
);

/* [jooq ignore start] */

grant select, insert, update, delete on residency.transfer_failure to maestro_app;

alter table residency.transfer_failure enable row level security;
create policy tenant_fence on residency.transfer_failure
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));

/* [jooq ignore stop] */
