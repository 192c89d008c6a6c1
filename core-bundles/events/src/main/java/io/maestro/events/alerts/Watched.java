package io.maestro.events.alerts;

import io.maestro.api.events.Alerts.Severity;
import io.maestro.events.alerts.Rule.Finding;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A rule that holds for an instance, or did until a moment ago.
 *
 * @param since since when it has held
 * @param phaseSince since when it has been in its phase
 */
record Watched(Key key, TypeName type, Severity severity, Phase phase, String text, Instant since, Instant phaseSince) {
    /** Which rule, of which instance. */
    record Key(Scope scope, InstanceId instance, String rule) {}

    /** How far it has come. */
    enum Phase {
        /** It holds, but not for long enough. */
        PENDING,
        /** It is an alert. */
        RAISED,
        /** It is one, though it seems to be over. */
        CLEARING;

        /** Whether people see it. */
        boolean raised() {
            return this != PENDING;
        }
    }

    /** What it is after another look; null when there is nothing to watch any more. */
    static @Nullable Watched next(
            @Nullable Watched before, Key key, TypeName type, Rule rule, Finding finding, String text, Instant now) {
        if (before == null) {
            return finding == Finding.WRONG
                    ? new Watched(key, type, rule.severity(), Phase.PENDING, text, now, now).passed(rule, finding, now)
                    : null;
        }
        return before.saying(finding == Finding.WRONG ? text : before.text())
                .turned(finding, now)
                .passed(rule, finding, now);
    }

    private Watched saying(String fresh) {
        return new Watched(key, type, severity, phase, fresh, since, phaseSince);
    }

    private Watched in(Phase fresh, Instant now) {
        return new Watched(key, type, severity, fresh, text, since, now);
    }

    /** What was found may turn it round. */
    private Watched turned(Finding finding, Instant now) {
        return switch (phase) {
            case PENDING -> this;
            case RAISED -> finding == Finding.RIGHT ? in(Phase.CLEARING, now) : this;
            // it was not over: it is raised still, and nobody is told anew
            case CLEARING -> finding == Finding.RIGHT ? this : in(Phase.RAISED, now);
        };
    }

    /** Time passes. */
    private @Nullable Watched passed(Rule rule, Finding finding, Instant now) {
        return switch (phase) {
            case PENDING ->
                finding == Finding.WRONG
                        ? phaseSince.plus(rule.holding()).isAfter(now) ? this : in(Phase.RAISED, now)
                        : null;
            case RAISED -> this;
            case CLEARING -> phaseSince.plus(rule.over()).isAfter(now) ? this : null;
        };
    }
}
