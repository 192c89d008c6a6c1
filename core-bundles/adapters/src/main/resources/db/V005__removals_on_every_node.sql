-- when a node removed the folder of a deleted instance. The row stays, for another node may have one too and not be up
alter table adapters.instance_removal add column removed_folder_at timestamp with time zone;

/* [jooq ignore start] */

create index instance_removal_waiting on adapters.instance_removal (incarnation) where removed_folder_at is null;
create index instance_removal_by_incarnation on adapters.instance_removal (incarnation);

/* [jooq ignore stop] */
