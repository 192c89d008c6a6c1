package io.maestro.api.events;

import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** What is wrong with instances for longer than a moment, on any node. Blocks on the database; any thread. */
@ProviderType
public interface Alerts {
    /** Alerts that are raised, by tenant, environment, instance, rule and node. */
    Page<Alert> alerts(Filter filter, PageRequest page);

    /** The rules, as they hold for each type of adapter. */
    List<RuleOfType> rules();

    /** Which alerts are wanted; null for any. */
    record Filter(
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            @Nullable InstanceId instance) {
        /** Those of all tenants. */
        public static Filter all() {
            return new Filter(null, null, null);
        }

        /** All of a tenant. */
        public static Filter of(TenantId tenant) {
            return new Filter(tenant, null, null);
        }
    }

    /** How bad it is. */
    enum Severity {
        /** To be looked at. */
        WARNING,
        /** To be looked at now. */
        CRITICAL
    }

    /**
     * An alert.
     *
     * @param rule which rule holds
     * @param node which node sees it
     * @param text what is wrong, in one sentence
     * @param since since when the rule has held
     * @param raisedAt when it had held for long enough
     */
    record Alert(
            Scope scope,
            InstanceId instance,
            TypeName type,
            String rule,
            Severity severity,
            String node,
            String text,
            Instant since,
            Instant raisedAt) {}

    /**
     * A rule for one type of adapter.
     *
     * @param rule its name
     * @param type of which instances; null for those of all types that have none of their own
     * @param raisedWhen when it holds, in words
     * @param holding for how long before it is raised
     * @param clearedWhen when it is over, in words
     * @param over for how long before it is cleared
     */
    record RuleOfType(
            String rule,
            @Nullable TypeName type,
            Severity severity,
            String raisedWhen,
            Duration holding,
            String clearedWhen,
            Duration over) {}
}
