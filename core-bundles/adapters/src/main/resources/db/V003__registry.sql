-- what lists are filtered and sorted by, taken out of the manifest; owner_folded is the owner in lower case
alter table adapters.adapter_definition add column risk varchar(16);
alter table adapters.adapter_definition add column owner_folded varchar(2000);
alter table adapters.adapter_definition add column pre_release boolean;

/* [jooq ignore start] */

update adapters.adapter_definition
    set risk = manifest -> 'risk' ->> 'level',
        owner_folded = left(lower(manifest ->> 'owner'), 1000),
        pre_release = version like '%-%';

alter table adapters.adapter_definition alter column risk set not null;
alter table adapters.adapter_definition alter column owner_folded set not null;
alter table adapters.adapter_definition alter column owner_folded type varchar(2000) collate "C";
alter table adapters.adapter_definition alter column pre_release set not null;
alter table adapters.adapter_definition alter column type type varchar(63) collate "C";
alter table adapters.adapter_instance alter column adapter type varchar(63) collate "C";
alter table adapters.adapter_instance alter column environment type varchar(63) collate "C";

create index adapter_definition_by_type on adapters.adapter_definition (type, name, version_order);
create index adapter_definition_by_publisher on adapters.adapter_definition (publisher, name, version_order);
create index adapter_definition_by_risk on adapters.adapter_definition (risk, name, version_order);
create index adapter_definition_by_owner on adapters.adapter_definition (owner_folded, name, version_order);
create index adapter_definition_by_age on adapters.adapter_definition (created_at, name, version_order);

drop index adapters.adapter_instance_of_definition;
create index adapter_instance_of_definition
    on adapters.adapter_instance (adapter, version, tenant_id, environment, instance);
create index adapter_instance_by_name on adapters.adapter_instance (tenant_id, instance, environment);
create index adapter_instance_by_change on adapters.adapter_instance (tenant_id, updated_at, instance, environment);
create index adapter_instance_by_adapter on adapters.adapter_instance (tenant_id, adapter, instance, environment);
create index adapter_instance_in_use on adapters.adapter_instance (tenant_id, environment, adapter, version);
create index instance_observation_by_state on adapters.instance_observation (node, tenant_id, observed);

/* [jooq ignore stop] */
