create schema if not exists store;

-- which scripts ran, of every engine; written by the migrations only
create table store.migration (
    schema varchar(63) not null,
    name varchar(200) not null,
    checksum varchar(64) not null,
    ran_at timestamp with time zone not null,
    constraint migration_key primary key (schema, name)
);

-- requests with an Idempotency-Key, for 24 hours; without a status while they are being worked on
create table store.idempotent_request (
    principal varchar(200) not null,
    key varchar(255) not null,
    request varchar(64) not null,
    claimed_at timestamp with time zone not null,
    status int,
    location varchar(2000),
    body bytea,
    constraint idempotent_request_key primary key (principal, key)
);

create index idempotent_request_age on store.idempotent_request (claimed_at);

/* [jooq ignore start] */

-- The role that requests run as: not the owner, so row-level security binds it. Roles belong to the whole server, so it
-- may be there already, or be made at this very moment for another database.
do $$
begin
    if not exists (select from pg_roles where rolname = 'maestro_app') then
        begin
            create role maestro_app nologin;
        exception when duplicate_object or unique_violation then
            null;
        end;
    end if;
    if not (select rolsuper from pg_roles where rolname = current_user) then
        begin
            execute format('grant maestro_app to %I', current_user);
        exception when insufficient_privilege then
            -- good enough when an administrator granted it; else the pool's first connection says so
            if not pg_has_role('maestro_app', 'member') then
                raise;
            end if;
        end;
    end if;
end
$$;

grant usage on schema store to maestro_app;
grant select, insert, update, delete on store.idempotent_request to maestro_app;

alter table store.idempotent_request enable row level security;
create policy platform_only on store.idempotent_request
    using (current_setting('maestro.platform', true) = 'on')
    with check (current_setting('maestro.platform', true) = 'on');

/* [jooq ignore stop] */
