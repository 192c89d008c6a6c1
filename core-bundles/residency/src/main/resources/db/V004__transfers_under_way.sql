-- whether not_before is the end of a lease: who renews it must not put off what has just been given back
alter table residency.transfer add column under_way boolean not null default false;
