package io.maestro.api.tenancy;

import io.maestro.model.Actor;
import io.maestro.model.TenantId;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How tenants leave: all access is refused at once, then each of the {@link TenantHoldings} erases what it has, then the
 * tenant is forgotten but for its name, which is never given again. Survives a crash at any point. Any thread.
 */
@ProviderType
public interface Offboarding {
    /** What would go, and changes nothing. Blocks; {@link TenancyProblem#TENANT_UNKNOWN}. */
    Departure plan(TenantId tenant);

    /**
     * Begins, and erases what can be erased at once; the rest follows by itself. Beginning again goes on, and tells so
     * when nothing is left. Blocks.
     *
     * @param confirmation the tenant's name, typed again
     * @throws io.maestro.model.ProblemException {@link TenancyProblem#OFFBOARDING_UNCONFIRMED}, {@link
     *     TenancyProblem#TENANT_UNKNOWN}
     */
    Departure begin(TenantId tenant, String confirmation, Actor actor);

    /** How far it is, long after its end too. Blocks; {@link TenancyProblem#OFFBOARDING_UNKNOWN}. */
    Departure departure(TenantId tenant);

    /**
     * Whether all access to the tenant is refused. From memory; a node learns within seconds what another one began, and at
     * once what it began itself.
     */
    boolean leaving(TenantId tenant);

    /**
     * A tenant on its way out.
     *
     * @param parts by name
     */
    record Departure(TenantId tenant, Stage stage, List<Part> parts) {
        /** Copies the list. */
        public Departure {
            parts = List.copyOf(parts);
        }
    }

    /** How far a departure is. */
    enum Stage {
        /** Nothing has happened. */
        PLANNED,
        /** Access is refused, and data goes. */
        RUNNING,
        /** Nothing is left. */
        FINISHED
    }

    /**
     * What one engine has of the tenant.
     *
     * @param name of the engine
     * @param done whether nothing is left
     * @param holdings how much there is now, by kind
     */
    record Part(String name, boolean done, Map<String, Long> holdings) {
        /** Copies the map. */
        public Part {
            holdings = Map.copyOf(holdings);
        }
    }
}
