package io.maestro.api.residency;

import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Tells where a tenant's data lies, and what was refused. Blocks on the database; any thread. */
@ProviderType
public interface StorageLocations {
    /** Where there is anything of the tenant, by environment, region, instance and kind. */
    List<Location> locations(TenantId tenant);

    /** Writes that were denied, newest first; kept for 400 days, but of a tenant only the newest 100,000. */
    Page<DeniedWrite> deniedWrites(TenantId tenant, Denials which, PageRequest page);

    /**
     * What an instance keeps of one kind.
     *
     * @param items how many
     * @param bytes how many these are together
     * @param unsettled how many further objects are being written, or are about to be deleted
     */
    record Location(
            Environment environment,
            Region region,
            InstanceId instance,
            Kind kind,
            long items,
            long bytes,
            long unsettled) {}

    /**
     * Which denied writes; what is null does not matter.
     *
     * @param region where the data had to stay
     * @param from not before
     * @param until before
     */
    record Denials(
            @Nullable Environment environment,
            @Nullable Region region,
            @Nullable Instant from,
            @Nullable Instant until) {
        /** All of them. */
        public static final Denials ALL = new Denials(null, null, null, null);
    }

    /**
     * A write that was denied. There is a security event of the same correlation id.
     *
     * @param id ascending within the tenant
     * @param action {@code data.put}, {@code storage-route.put}, {@code transfer.start} or {@code transfer.copy}
     * @param kind null where it is about all kinds
     * @param key null where it is not about one item
     * @param region where the data had to stay
     * @param instance where it would have gone
     * @param keptIn where that keeps its data, as it says itself; null when it does not say
     * @param decision of the policy about it
     * @param code of the problem
     * @param detail of the problem
     */
    record DeniedWrite(
            long id,
            Instant at,
            Environment environment,
            String action,
            @Nullable Kind kind,
            @Nullable String key,
            Region region,
            InstanceId instance,
            @Nullable String keptIn,
            String principal,
            String correlationId,
            @Nullable UUID decision,
            String code,
            String detail) {}
}
