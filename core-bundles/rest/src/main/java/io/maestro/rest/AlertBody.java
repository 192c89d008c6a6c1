package io.maestro.rest;

import io.maestro.api.events.Alerts.Alert;
import io.maestro.api.events.Alerts.Severity;
import java.time.Instant;

/**
 * Something that is wrong with an instance for longer than a moment.
 *
 * @param node which node sees it
 * @param since since when the rule has held
 */
record AlertBody(
        String tenant,
        String environment,
        String instance,
        String type,
        String rule,
        Severity severity,
        String node,
        String text,
        Instant since) {
    static AlertBody of(Alert alert) {
        return new AlertBody(
                alert.scope().tenant().value(),
                alert.scope().environment().value(),
                alert.instance().value(),
                alert.type().value(),
                alert.rule(),
                alert.severity(),
                alert.node(),
                alert.text(),
                alert.since());
    }
}
