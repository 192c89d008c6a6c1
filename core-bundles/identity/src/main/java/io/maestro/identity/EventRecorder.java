package io.maestro.identity;

import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Rule;
import io.maestro.api.telemetry.LogFields;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.telemetry.ScopedLog;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes security events: at most ten per second of one tenant's principals, and of all strangers together, but for those that
 * an engine has refused.
 */
final class EventRecorder {
    /** The origin of an attempt that only the server's inside noticed. */
    static final Origin WITHIN = new Origin("-", "-", "-", "-");

    /** The same, with what was reached for. */
    static Origin within(String resource) {
        return new Origin("-", "-", resource, "-");
    }

    private static final System.Logger LOG = System.getLogger(EventRecorder.class.getName());
    private static final int PER_SECOND = 10;
    private static final String STRANGERS = "";

    private final JooqSecurityEvents events;
    private final EventLimit limit;
    private final Metrics metrics;

    EventRecorder(JooqSecurityEvents events, Metrics metrics, InstantSource clock) {
        this.events = events;
        this.limit = new EventLimit(PER_SECOND, clock);
        this.metrics = metrics;
    }

    /** Writes it before it returns. Never fails: the refusal stands, whether it can be written down or not. */
    void record(
            Rule rule,
            @Nullable Principal principal,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Origin origin) {
        count(rule, 1);
        String source = principal == null ? STRANGERS : source(principal);
        EventLimit.Verdict verdict = limit.admit(source);
        if (verdict.suppressed() > 0) {
            summarize(source, verdict.suppressed());
        }
        if (verdict.admitted()) {
            write(rule, principal == null ? null : principal.id(), tenant, environment, origin);
        }
    }

    /** Writes it whatever was written before: of a rule whose events are kept apart. Never fails either. */
    void recordAlways(
            Rule rule, String principal, @Nullable TenantId tenant, @Nullable Environment environment, Origin origin) {
        count(rule, 1);
        write(rule, principal, tenant, environment, origin);
    }

    /** A tenant makes itself as many tokens as it likes, so they count together. */
    private static String source(Principal principal) {
        TenantId home = principal.tenant();
        return home == null ? principal.id() : "tenant:" + home.value();
    }

    /** Writes how many events of sources that have fallen silent were not kept. */
    void flush() {
        limit.drain().forEach(this::summarize);
    }

    private void count(Rule rule, long attempts) {
        metrics.counter(
                        "mc_security_events_total",
                        "Attempts to overstep; suppressed tells how many of them were not written down.",
                        "rule",
                        rule.text())
                .add(attempts);
    }

    private void summarize(String source, long suppressed) {
        count(Rule.SUPPRESSED, suppressed);
        write(
                Rule.SUPPRESSED,
                source.equals(STRANGERS) ? null : source,
                null,
                null,
                new Origin("-", "-", suppressed + " more", "-"));
    }

    private void write(
            Rule rule,
            @Nullable String principal,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Origin origin) {
        try {
            events.insert(rule, principal, tenant, environment, origin);
        } catch (RuntimeException e) {
            new ScopedLog(LOG, new LogFields(tenant, environment, null, origin.correlationId()))
                    .log(
                            System.Logger.Level.ERROR,
                            "cannot write the security event " + rule.text() + " of " + principal + ", "
                                    + JooqSecurityEvents.fit(origin.correlationId(), 100),
                            e);
        }
    }
}
