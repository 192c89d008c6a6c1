package io.maestro.policy;

import io.maestro.model.TenantId;
import io.maestro.rego.value.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What decides, as rows; {@link JooqPolicies} has them. Blocks. */
interface PolicyRows {
    /** Goes up with every change. */
    long stamp();

    /** Everything but the packs of tenants, of one moment. */
    Stored load();

    /** The active packs of a tenant. */
    List<StoredPack> packs(TenantId tenant);

    /**
     * An active pack.
     *
     * @param digest of its bundle
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
    record StoredPack(String name, String revision, String digest, byte[] bundle) {}

    /**
     * What decides.
     *
     * @param packs of the installation, by name
     * @param settings of the installation
     * @param tenantSettings by tenant
     * @param tenantPacks digests of the packs of tenants that have some, by tenant
     */
    record Stored(
            long stamp,
            List<StoredPack> packs,
            ObjectValue settings,
            Modes modes,
            Map<String, ObjectValue> tenantSettings,
            Map<String, Modes> tenantModes,
            Map<String, String> tenantPacks) {
        /** The same with another pack of the installation of this name; null takes the one that is there away. */
        Stored withPack(String name, @Nullable StoredPack pack) {
            List<StoredPack> all = new ArrayList<>(packs);
            all.removeIf(one -> one.name().equals(name));
            if (pack != null) {
                all.add(pack);
            }
            return new Stored(stamp, List.copyOf(all), settings, modes, tenantSettings, tenantModes, tenantPacks);
        }

        /** The same with other settings of the installation. */
        Stored withSettings(ObjectValue other) {
            return new Stored(stamp, packs, other, modes, tenantSettings, tenantModes, tenantPacks);
        }

        /** The same with other modes of the installation. */
        Stored withModes(Modes other) {
            return new Stored(stamp, packs, settings, other, tenantSettings, tenantModes, tenantPacks);
        }
    }
}
