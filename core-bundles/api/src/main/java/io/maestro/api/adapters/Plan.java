package io.maestro.api.adapters;

import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.Reason;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an act does, computed before it is done. Lists are sorted.
 *
 * @param action as its receipt names it, for example {@code instance.upgrade}
 * @param subject what it is done to: {@code TENANT/ENVIRONMENT/INSTANCE}, or {@code NAME@VERSION}
 * @param from the definition before; null when there is none
 * @param to the definition after; null when there is none
 * @param configuration what becomes of the configuration; null when it stays
 * @param undo the act that takes it back; null when nothing does
 * @param notes what else there is to know, one sentence each
 * @param digest of all of it, but for what differs from node to node ({@link Effects#bundlesInstalled}) and the texts of the
 *     policy's reasons: the same digest is the same plan
 */
public record Plan(
        String action,
        String subject,
        @Nullable DefinitionId from,
        @Nullable DefinitionId to,
        Effects effects,
        Permissions permissions,
        @Nullable ConfigurationChange configuration,
        Policy policy,
        @Nullable Undo undo,
        List<String> notes,
        Digest digest) {
    /** Copies the list. */
    public Plan {
        notes = List.copyOf(notes);
    }

    /**
     * What is started, switched and ended.
     *
     * @param bundlesInstalled bundles that this node installs and keeps, as {@code NAME@VERSION}
     * @param bundlesRemoved bundles that this node takes out, because nothing of them is open any more
     * @param instancesOpened instances that were closed and then are open
     * @param instancesClosed instances that were open and then are closed
     * @param instancesSwitched instances that are open all the time, first as before and then as after
     * @param tenantsTouched whose they are
     */
    public record Effects(
            List<String> bundlesInstalled,
            List<String> bundlesRemoved,
            List<String> instancesOpened,
            List<String> instancesClosed,
            List<String> instancesSwitched,
            List<String> tenantsTouched) {
        /** Copies the lists. */
        public Effects {
            bundlesInstalled = List.copyOf(bundlesInstalled);
            bundlesRemoved = List.copyOf(bundlesRemoved);
            instancesOpened = List.copyOf(instancesOpened);
            instancesClosed = List.copyOf(instancesClosed);
            instancesSwitched = List.copyOf(instancesSwitched);
            tenantsTouched = List.copyOf(tenantsTouched);
        }
    }

    /**
     * What the adapter may do after that it could not before, and the other way round.
     *
     * @param gained hosts as {@code network:HOST}, and {@code files}
     * @param lost alike
     * @param importsGained packages beyond the contract
     * @param importsLost alike
     */
    public record Permissions(
            List<String> gained, List<String> lost, List<String> importsGained, List<String> importsLost) {
        /** Copies the lists. */
        public Permissions {
            gained = List.copyOf(gained);
            lost = List.copyOf(lost);
            importsGained = List.copyOf(importsGained);
            importsLost = List.copyOf(importsLost);
        }
    }

    /**
     * What becomes of a configuration.
     *
     * @param before with references in place of secrets; null when there was none
     * @param after alike, and of a secret whose value was given only that it was
     * @param steps of the migration, in turn; empty when there is none
     * @param reversible whether the steps can be undone without what is kept of the configuration before
     */
    public record ConfigurationChange(@Nullable Json before, Json after, List<String> steps, boolean reversible) {
        /** Copies the list. */
        public ConfigurationChange {
            steps = List.copyOf(steps);
        }
    }

    /**
     * What the policy says to it.
     *
     * @param reasons what rules have against it
     * @param approvals the rules that want a second person
     */
    public record Policy(Outcome outcome, List<Reason> reasons, List<String> approvals) {
        /** Copies the lists. */
        public Policy {
            reasons = List.copyOf(reasons);
            approvals = List.copyOf(approvals);
        }
    }

    /**
     * The act that takes it back.
     *
     * @param action as its receipt would name it
     * @param command the same as a command line
     */
    public record Undo(String action, String command) {}
}
