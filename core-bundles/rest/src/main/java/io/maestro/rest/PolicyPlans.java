package io.maestro.rest;

import io.maestro.api.adapters.Plan.Undo;
import io.maestro.api.policy.PolicyPacks.Revision;
import io.maestro.api.policy.PolicyPacks.Turn;
import io.maestro.api.policy.PolicySettings.Kept;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans of what changes the policy. */
final class PolicyPlans {
    private PolicyPlans() {}

    /** Which revision of a pack decides. */
    static ChangePlan pack(String action, @Nullable TenantId tenant, String name, Turn turn) {
        Revision before = turn.before();
        Revision after = turn.after();
        boolean removed = action.equals("policy-pack.remove");
        return new ChangePlan(
                action,
                name,
                tenant,
                before == null ? null : shown(before),
                after == null ? Json.EMPTY_OBJECT : shown(after),
                List.of(),
                List.of(),
                removed ? null : undo(tenant, name, before),
                removed
                        ? List.of("All its revisions go with it; what it forbade is no longer forbidden.")
                        : List.of(
                                "What it allows and forbids differently is told by a simulation, before it decides."));
    }

    private static Undo undo(@Nullable TenantId tenant, String name, @Nullable Revision before) {
        return before == null
                ? new Undo("policy-pack.remove", "maestro policy remove" + of(tenant) + " " + name)
                : new Undo(
                        "policy-pack.rollback",
                        "maestro policy rollback" + of(tenant) + " --revision " + quoted(before.revision()) + " "
                                + name);
    }

    private static Json shown(Revision revision) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("revision", revision.revision());
        members.put("digest", revision.digest());
        members.put("key", revision.key());
        members.put("tests", revision.tests());
        return Json.object(members);
    }

    /** Settings as a whole. */
    static ChangePlan settings(@Nullable TenantId tenant, Kept before, Json after) {
        return new ChangePlan(
                "policy-settings.put",
                subject(tenant),
                tenant,
                before.document(),
                after,
                List.of(),
                List.of(),
                new Undo(
                        "policy-settings.put",
                        "echo " + quoted(before.document().text()) + " | maestro policy settings set" + of(tenant)
                                + " -"),
                List.of());
    }

    /** Modes as a whole; no single command puts all of them back. */
    static ChangePlan modes(@Nullable TenantId tenant, Kept before, Json after) {
        return new ChangePlan(
                "policy-modes.put",
                subject(tenant),
                tenant,
                before.document(),
                after,
                List.of(),
                List.of(),
                null,
                List.of("To take it back, put the document before again, or set and clear the modes one by one."));
    }

    private static String subject(@Nullable TenantId tenant) {
        return tenant == null ? "platform" : tenant.value();
    }

    private static String of(@Nullable TenantId tenant) {
        return tenant == null ? "" : " --tenant " + tenant;
    }

    /** As one word of a shell. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
