-- a token has any number of roles
alter table identity.token add column roles varchar(30) array;

update identity.token set roles = array[role];

alter table identity.token alter column roles set not null;

alter table identity.token drop column role;
