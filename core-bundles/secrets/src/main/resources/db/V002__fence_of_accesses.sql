/* [jooq ignore start] */

-- the same fence as everywhere; and on top of it, what nobody gets past: accesses are taken away by the installation only, and
-- only when they are old
drop policy tenant_reads on secrets.secret_access;
drop policy tenant_writes on secrets.secret_access;
drop policy platform_sweeps on secrets.secret_access;

create policy tenant_fence on secrets.secret_access
    using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
    with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));
create policy only_old_ones_go on secrets.secret_access as restrictive for delete
    using (current_setting('maestro.platform', true) = 'on' and accessed_at < now() - interval '89 days');

/* [jooq ignore stop] */
