-- versions that were uninstalled: the same bytes may come back under the name and version, other bytes never
create table adapters.adapter_tombstone (
    name varchar(63) not null,
    version varchar(64) not null,
    digest varchar(64) not null,
    removed_at timestamp with time zone not null,
    removed_by varchar(200) not null,
    constraint adapter_tombstone_key primary key (name, version)
);

-- the nodes on this database, with when each was last able to say that it is there; by the database's clock
create table adapters.node (
    node varchar(200) not null,
    started_at timestamp with time zone not null,
    seen_at timestamp with time zone not null,
    constraint node_key primary key (node)
);

-- which instance of that name, and which revision of its row, an observation answers
alter table adapters.instance_observation add column incarnation bigint;
alter table adapters.instance_observation add column revision bigint;

/* [jooq ignore start] */

create index adapter_tombstone_by_age on adapters.adapter_tombstone (removed_at);
create index instance_observation_of_node on adapters.instance_observation (node);

grant select, insert, update, delete on adapters.adapter_tombstone, adapters.node to maestro_app;

/* [jooq ignore stop] */
