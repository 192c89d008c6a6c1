package io.maestro.policy;

import io.maestro.rego.value.ObjectValue;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * All that decides at one time. Replaced whole when anything of it changes.
 *
 * @param stamp of the rows that it was made from
 * @param digest tells the installation's packs from others
 * @param main the unit whose word is needed
 * @param more units of the installation that can only be against it
 * @param data what packs of the installation know beside the input
 * @param modes of the installation's rules
 * @param ofTenants what is known of tenants with packs of their own, by tenant
 * @param opened the units of those tenants that were asked about, by tenant; a bounded copy for speed
 * @param memo what was decided already and lasts
 */
record Active(
        long stamp,
        String digest,
        Unit main,
        List<Unit> more,
        ObjectValue data,
        Modes modes,
        Map<String, OfTenant> ofTenants,
        ConcurrentMap<String, Opened> opened,
        Memo memo) {
    /**
     * What is known of a tenant with packs of its own.
     *
     * @param digest tells its packs from others
     * @param data what they know beside the input
     */
    record OfTenant(String digest, ObjectValue data, Modes modes) {}

    /** A tenant's unit. */
    record Opened(String digest, Unit unit) {}

    /** One that has opened no tenant's unit, and decided nothing. */
    static Active of(
            long stamp,
            String digest,
            Unit main,
            List<Unit> more,
            ObjectValue data,
            Modes modes,
            Map<String, OfTenant> ofTenants) {
        return new Active(
                stamp,
                digest,
                main,
                List.copyOf(more),
                data,
                modes,
                Map.copyOf(ofTenants),
                new ConcurrentHashMap<>(),
                new Memo());
    }

    /** Keeps what another one has opened and is still the same. */
    void adopt(Active former) {
        former.opened.forEach((tenant, unit) -> {
            OfTenant known = ofTenants.get(tenant);
            if (known != null && known.digest().equals(unit.digest())) {
                opened.put(tenant, unit);
            }
        });
    }
}
