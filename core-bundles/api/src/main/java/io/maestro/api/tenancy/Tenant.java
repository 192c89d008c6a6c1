package io.maestro.api.tenancy;

import io.maestro.model.TenantId;
import java.time.Instant;

/**
 * The boundary of isolation, data and billing.
 *
 * @param id its name
 * @param displayName what people call it
 * @param state whether it is at home here
 * @param revision goes up with each change
 * @param createdAt when it was created
 */
public record Tenant(TenantId id, String displayName, State state, long revision, Instant createdAt) {
    /** Whether a tenant is at home here. One that has gone is not known any more. */
    public enum State {
        /** It is. */
        ACTIVE,
        /** It is being offboarded: all access is refused while its data goes. */
        LEAVING
    }
}
