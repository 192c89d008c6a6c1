-- by which decision an approval was used: parts of one act share it, other acts do not
alter table policy.approval add column used_by uuid;

-- the key of the digests that bind approvals, sealed by the master key: a copy of the database alone must not let anybody
-- try secrets against them
create table policy.binding_key (
    id int not null,
    sealed bytea not null,
    created_at timestamp with time zone not null,
    constraint binding_key_by_id primary key (id)
);

/* [jooq ignore start] */

grant select, insert, update on policy.binding_key to maestro_app;
alter table policy.binding_key enable row level security;
alter table policy.binding_key force row level security;
create policy platform_only on policy.binding_key
    using (current_setting('maestro.platform', true) = 'on')
    with check (current_setting('maestro.platform', true) = 'on');

/* [jooq ignore stop] */
