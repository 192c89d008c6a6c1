package io.maestro.rest;

import io.maestro.api.events.Alerts;
import io.maestro.api.events.Alerts.RuleOfType;
import io.maestro.api.events.Alerts.Severity;
import io.maestro.api.identity.Action;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** What is wrong with the instances of all tenants. */
@Path("/alerts")
@Produces(MediaType.APPLICATION_JSON)
public final class AlertsResource {
    private final Alerts alerts;

    AlertsResource(Alerts alerts) {
        this.alerts = alerts;
    }

    /** Lists alerts. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "listAlerts",
            summary = "Lists the alerts that are raised for instances of all tenants, on any node")
    @Answers(value = AlertBody.class, list = true)
    public Object list(@QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(alerts.alerts(Alerts.Filter.all(), ListBody.request(limit, cursor)), AlertBody::of);
    }

    /** Lists the rules. */
    @GET
    @Path("rules")
    @Allows(Action.PLATFORM_READ)
    @Operation(operationId = "listAlertRules", summary = "Lists the rules by which alerts are raised and cleared")
    @Answers(value = RuleBody.class, list = true)
    public Object rules() {
        return new ListBody<>(alerts.rules().stream().map(RuleBody::of).toList(), null);
    }

    /**
     * A rule.
     *
     * @param type of which instances; null for all types without one of their own
     */
    record RuleBody(
            String rule,
            @Nullable String type,
            Severity severity,
            String raisedWhen,
            long holdingSeconds,
            String clearedWhen,
            long overSeconds) {
        static RuleBody of(RuleOfType rule) {
            return new RuleBody(
                    rule.rule(),
                    rule.type() == null ? null : rule.type().value(),
                    rule.severity(),
                    rule.raisedWhen(),
                    rule.holding().toSeconds(),
                    rule.clearedWhen(),
                    rule.over().toSeconds());
        }
    }
}
