package io.maestro.rest;

import io.maestro.api.adapters.Plan;
import io.maestro.api.adapters.Plan.Effects;
import io.maestro.api.adapters.Plan.Permissions;
import io.maestro.api.policy.Outcome;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.rest.DecisionBodies.ReasonBody;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan as it crosses the wire.
 *
 * @param digest what {@code ?plan=} takes, so that the act is done only as planned
 */
record PlanBody(
        String action,
        String subject,
        @Nullable String from,
        @Nullable String to,
        EffectsBody effects,
        PermissionChangeBody permissions,
        @Nullable ConfigurationChangeBody configuration,
        PlannedDecision policy,
        @Nullable UndoBody undo,
        List<String> notes,
        String digest) {

    static PlanBody of(Plan plan) {
        Plan.ConfigurationChange change = plan.configuration();
        Plan.Undo undo = plan.undo();
        return new PlanBody(
                plan.action(),
                plan.subject(),
                plan.from() == null ? null : plan.from().toString(),
                plan.to() == null ? null : plan.to().toString(),
                EffectsBody.of(plan.effects()),
                PermissionChangeBody.of(plan.permissions()),
                change == null
                        ? null
                        : new ConfigurationChangeBody(
                                change.before(), change.after(), change.steps(), change.reversible()),
                new PlannedDecision(
                        plan.policy().outcome(),
                        plan.policy().reasons().stream().map(ReasonBody::of).toList(),
                        plan.policy().approvals()),
                undo == null ? null : new UndoBody(undo.action(), undo.command()),
                plan.notes(),
                plan.digest().toString());
    }

    /** The digest that the query parameter {@code plan} names; null when it was left out. */
    static @Nullable Digest expected(@Nullable String plan) {
        return Query.of(plan, Digest::parse);
    }

    record EffectsBody(
            List<String> bundlesInstalled,
            List<String> bundlesRemoved,
            List<String> instancesOpened,
            List<String> instancesClosed,
            List<String> instancesSwitched,
            List<String> tenantsTouched) {
        static EffectsBody of(Effects effects) {
            return new EffectsBody(
                    effects.bundlesInstalled(),
                    effects.bundlesRemoved(),
                    effects.instancesOpened(),
                    effects.instancesClosed(),
                    effects.instancesSwitched(),
                    effects.tenantsTouched());
        }
    }

    record PermissionChangeBody(
            List<String> gained, List<String> lost, List<String> importsGained, List<String> importsLost) {
        static PermissionChangeBody of(Permissions permissions) {
            return new PermissionChangeBody(
                    permissions.gained(), permissions.lost(), permissions.importsGained(), permissions.importsLost());
        }
    }

    record ConfigurationChangeBody(@Nullable Json before, Json after, List<String> steps, boolean reversible) {}

    record PlannedDecision(Outcome outcome, List<ReasonBody> reasons, List<String> approvals) {}

    record UndoBody(String action, String command) {}
}
