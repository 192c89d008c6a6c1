create schema if not exists policy;

-- goes up with every change of what decides; nodes look at it to learn of the others' changes
create table policy.change (
    id int not null,
    stamp bigint not null,
    constraint change_key primary key (id)
);

insert into policy.change (id, stamp) values (1, 1);

-- settings and modes of the installation
create table policy.platform_document (
    kind varchar(20) not null,
    body text not null,
    revision bigint not null,
    updated_at timestamp with time zone not null,
    updated_by varchar(200) not null,
    constraint platform_document_key primary key (kind)
);

-- settings and modes of tenants
create table policy.tenant_document (
    tenant_id varchar(63) not null,
    kind varchar(20) not null,
    body text not null,
    revision bigint not null,
    updated_at timestamp with time zone not null,
    updated_by varchar(200) not null,
    constraint tenant_document_key primary key (tenant_id, kind)
);

-- packs that were uploaded; those of the installation have no tenant
create table policy.pack (
    id uuid not null,
    tenant_id varchar(63),
    name varchar(63) not null,
    active uuid,
    refused text,
    refused_at timestamp with time zone,
    refused_by varchar(200),
    constraint pack_by_id primary key (id)
);

-- what a pack was and is, to go back to
create table policy.pack_revision (
    id uuid not null,
    pack uuid not null,
    tenant_id varchar(63),
    position bigint generated always as identity not null,
    revision varchar(200) not null,
    digest varchar(64) not null,
    content bytea not null,
    key_id varchar(100) not null,
    tests int not null,
    uploaded_at timestamp with time zone not null,
    uploaded_by varchar(200) not null,
    constraint pack_revision_key primary key (id),
    constraint pack_revision_pack foreign key (pack) references policy.pack (id) on delete cascade
);

create index pack_revision_list on policy.pack_revision (pack, position);

-- who may sign packs
create table policy.pack_key (
    id uuid not null,
    tenant_id varchar(63),
    key_id varchar(100) not null,
    algorithm varchar(10) not null,
    public_key text not null,
    trusted_at timestamp with time zone not null,
    trusted_by varchar(200) not null,
    constraint pack_key_by_id primary key (id)
);

-- what was decided; the installation's decisions have no tenant
create table policy.decision (
    id uuid not null,
    tenant_id varchar(63),
    environment varchar(63),
    decided_at timestamp with time zone not null,
    path varchar(40) not null,
    action varchar(100) not null,
    actor varchar(200) not null,
    correlation_id varchar(100) not null,
    outcome varchar(20) not null,
    reasons text not null,
    bundles text not null,
    input text not null,
    erased text not null,
    times bigint not null,
    nanos bigint not null,
    constraint decision_key primary key (id)
);

create index decision_list on policy.decision (tenant_id, id);
create index decision_request on policy.decision (correlation_id);
create index decision_age on policy.decision (decided_at);

-- acts that wait for a second person
create table policy.approval (
    id uuid not null,
    tenant_id varchar(63),
    environment varchar(63),
    entry_point varchar(40) not null,
    action varchar(100) not null,
    subject_type varchar(63) not null,
    subject varchar(500) not null,
    input_digest varchar(64) not null,
    input text not null,
    reasons text not null,
    state varchar(20) not null,
    requested_by varchar(200) not null,
    requested_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    decided_by varchar(200),
    decided_at timestamp with time zone,
    comment varchar(2000),
    decision uuid not null,
    constraint approval_key primary key (id)
);

create index approval_list on policy.approval (tenant_id, id);

/* [jooq ignore start] */

create unique index pack_name on policy.pack (tenant_id, name) nulls not distinct;
create unique index pack_key_id on policy.pack_key (tenant_id, key_id) nulls not distinct;
-- one open request for one act
create unique index approval_open on policy.approval (tenant_id, requested_by, input_digest) nulls not distinct
    where state = 'pending';

grant usage on schema policy to maestro_app;
grant select, update on policy.change to maestro_app;
grant select, insert, update on policy.platform_document to maestro_app;
grant select, insert, update, delete on policy.tenant_document, policy.pack, policy.pack_revision, policy.pack_key,
    policy.approval to maestro_app;
grant select, insert, delete on policy.decision to maestro_app;
grant update (times) on policy.decision to maestro_app;

do $$
declare
    fenced text;
begin
    foreach fenced in array array['tenant_document', 'pack', 'pack_revision', 'pack_key', 'decision', 'approval'] loop
        execute format('alter table policy.%I enable row level security', fenced);
        execute format('alter table policy.%I force row level security', fenced);
        execute format('create policy tenant_fence on policy.%I using (current_setting(''maestro.platform'', true) = ''on'''
            ' or tenant_id = current_setting(''maestro.tenant'', true)) with check'
            ' (current_setting(''maestro.platform'', true) = ''on'''
            ' or tenant_id = current_setting(''maestro.tenant'', true))', fenced);
    end loop;
end
$$;

-- settings of the installation are the installation's to change, and everybody's to be decided by
alter table policy.platform_document enable row level security;
alter table policy.platform_document force row level security;
create policy platform_only on policy.platform_document
    using (current_setting('maestro.platform', true) = 'on')
    with check (current_setting('maestro.platform', true) = 'on');

/* [jooq ignore stop] */
