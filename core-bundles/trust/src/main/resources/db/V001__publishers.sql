create schema if not exists trust;

create table trust.publisher (
    name varchar(63) not null,
    created_at timestamp with time zone not null,
    constraint publisher_key primary key (name)
);

-- a key belongs to one publisher for ever; revocation is never taken back
create table trust.signing_key (
    fingerprint varchar(64) not null,
    publisher varchar(63) not null,
    subject varchar(1000) not null,
    certificate varchar(20000) not null,
    not_after timestamp with time zone not null,
    trusted_at timestamp with time zone not null,
    revoked_at timestamp with time zone,
    revoked_reason varchar(500),
    constraint signing_key_key primary key (fingerprint),
    constraint signing_key_publisher foreign key (publisher) references trust.publisher (name)
);

create index signing_key_by_publisher on trust.signing_key (publisher, trusted_at);

/* [jooq ignore start] */

grant usage on schema trust to maestro_app;
grant select, insert on trust.publisher to maestro_app;
grant select, insert, update on trust.signing_key to maestro_app;

/* [jooq ignore stop] */
