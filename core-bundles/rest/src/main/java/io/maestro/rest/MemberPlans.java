package io.maestro.rest;

import io.maestro.api.adapters.Plan.Undo;
import io.maestro.api.tenancy.Members.Grant;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Plans of what changes who may do what within a tenant. */
final class MemberPlans {
    private MemberPlans() {}

    /**
     * A grant given, changed or taken away.
     *
     * @param before null when the principal is no member yet
     * @param after null when it is none any more
     */
    static ChangePlan change(TenantId tenant, String principal, @Nullable Grant before, @Nullable Grant after) {
        List<String> gained = rights(after);
        gained.removeAll(rights(before));
        List<String> lost = rights(before);
        lost.removeAll(rights(after));
        return new ChangePlan(
                after == null ? "member.remove" : before == null ? "member.add" : "member.change",
                principal,
                tenant,
                before == null ? null : shown(before),
                after == null ? Json.EMPTY_OBJECT : shown(after),
                gained,
                lost,
                undo(tenant, principal, before, after == null),
                List.of());
    }

    /** Roles with where they hold, sorted. */
    private static List<String> rights(@Nullable Grant grant) {
        TreeSet<String> rights = new TreeSet<>();
        if (grant != null) {
            Environment environment = grant.environment();
            grant.roles()
                    .forEach(role ->
                            rights.add("role:" + Wire.word(role) + (environment == null ? "" : "@" + environment)));
        }
        return new ArrayList<>(rights);
    }

    private static Json shown(Grant grant) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("displayName", grant.displayName());
        members.put("roles", grant.roles().stream().map(Wire::word).sorted().toList());
        members.put("environment", grant.environment());
        return Json.object(members);
    }

    private static Undo undo(TenantId tenant, String principal, @Nullable Grant before, boolean removed) {
        String of = " --tenant " + tenant;
        String who = " " + PolicyPlans.quoted(principal);
        if (before == null) {
            return new Undo("member.remove", "maestro member remove" + of + who);
        }
        StringBuilder command = new StringBuilder("maestro member put").append(of);
        before.roles().stream()
                .map(Wire::word)
                .sorted()
                .forEach(role -> command.append(" --role ").append(role));
        Environment environment = before.environment();
        if (environment != null) {
            command.append(" --environment ").append(environment);
        }
        command.append(" --display-name ").append(PolicyPlans.quoted(before.displayName()));
        return new Undo(
                removed ? "member.add" : "member.change", command.append(who).toString());
    }
}
