create schema provenance;

-- chains never shrink and rows never change: the application may add and look, nothing else
create table provenance.receipt (
    chain varchar(70) /* [jooq ignore start] */ collate "C" /* [jooq ignore stop] */ not null,
    sequence bigint not null,
    id uuid not null,
    tenant_id varchar(63),
    environment varchar(63),
    body text not null,
    hash varchar(64) not null,
    previous_hash varchar(64),
    signature varchar(88) not null,
    key_id varchar(64) not null,
    signer varchar(20) not null,
    actor varchar(200) not null,
    action varchar(100) not null,
    subject_type varchar(63) not null,
    subject varchar(500) not null,
    occurred_at timestamp with time zone not null,
    sealed_at timestamp with time zone not null,
    constraint receipt_key primary key (chain, sequence),
    constraint receipt_id unique (id),
    constraint receipt_sequence check (sequence > 0)
);

create index receipt_sealed on provenance.receipt (chain, sealed_at);
create index receipt_subject on provenance.receipt (chain, subject_type, subject, sequence);

-- the public halves; the private ones are files of nodes, or with a signer
create table provenance.signing_key (
    id varchar(64) not null,
    public_key varchar(100) not null,
    origin varchar(10) not null,
    node varchar(100),
    created_at timestamp with time zone not null,
    valid_from timestamp with time zone,
    retired_at timestamp with time zone,
    constraint signing_key_key primary key (id)
);

-- where each chain ends, as of the transaction that sealed last. Nothing is sealed onto a chain that ends elsewhere. The hash of a chain without receipts is null
create table provenance.chain_end (
    chain varchar(70) not null,
    sequence bigint not null,
    hash varchar(64),
    constraint chain_end_key primary key (chain)
);

/* [jooq ignore start] */

grant usage on schema provenance to maestro_app;
grant select, insert on provenance.receipt to maestro_app;
grant select, insert on provenance.signing_key to maestro_app;
grant update (valid_from, retired_at) on provenance.signing_key to maestro_app;
grant select, insert, update on provenance.chain_end to maestro_app;

alter table provenance.receipt enable row level security;
create policy tenant_fence on provenance.receipt
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on');

-- public halves are for everybody; only the installation adds and retires
alter table provenance.signing_key enable row level security;
create policy for_all on provenance.signing_key
    using (true)
    with check (current_setting('maestro.platform', true) = 'on');

alter table provenance.chain_end enable row level security;
create policy platform_only on provenance.chain_end
    using (current_setting('maestro.platform', true) = 'on')
    with check (current_setting('maestro.platform', true) = 'on');

/* [jooq ignore stop] */
