-- the bytes of the artifacts, in parts of bounded size, for nodes that do not have them as a file
create table adapters.artifact_part (
    digest varchar(64) not null,
    number integer not null,
    bytes bytea not null,
    constraint artifact_part_key primary key (digest, number),
    constraint artifact_part_definition foreign key (digest)
        references adapters.adapter_definition (digest) on delete cascade
);

/* [jooq ignore start] */

-- jars are compressed already
alter table adapters.artifact_part alter column bytes set storage external;

grant select, insert, delete on adapters.artifact_part to maestro_app;

-- no tenant has any business with the bytes of an adapter
alter table adapters.artifact_part enable row level security;
create policy platform_only on adapters.artifact_part
    using (current_setting('maestro.platform', true) = 'on')
    with check (current_setting('maestro.platform', true) = 'on');

/* [jooq ignore stop] */
