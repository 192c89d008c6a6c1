-- whose an adapter name is: the publisher of its first version
create table adapters.adapter_name (
    name varchar(63) not null,
    publisher varchar(63) not null,
    constraint adapter_name_key primary key (name)
);

/* [jooq ignore start] */

insert into adapters.adapter_name (name, publisher)
    select distinct on (name) name, publisher from adapters.adapter_definition order by name, created_at, version;

grant select, insert on adapters.adapter_name to maestro_app;

/* [jooq ignore stop] */
