package io.maestro.rest;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Plan;
import io.maestro.api.adapters.Plan.ConfigurationChange;
import io.maestro.api.adapters.Plan.Effects;
import io.maestro.api.adapters.Plan.Permissions;
import io.maestro.api.adapters.Plan.Policy;
import io.maestro.api.adapters.Plan.Undo;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.Reason;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.TenantId;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an act changes that no adapter has a part in: who may do what, and what the policy is. Planned only, done, or done
 * only as planned.
 *
 * @param action as its receipt names it
 * @param subject what it is done to
 * @param tenant whose it is; null for the installation's
 * @param before null when there was nothing
 * @param after empty when there is nothing any more
 * @param gained rights that somebody has after it and did not have before
 * @param lost alike
 */
record ChangePlan(
        String action,
        String subject,
        @Nullable TenantId tenant,
        @Nullable Json before,
        Json after,
        List<String> gained,
        List<String> lost,
        @Nullable Undo undo,
        List<String> notes) {

    /** Does what is left to do. */
    @FunctionalInterface
    interface Work {
        Response run();
    }

    /**
     * The plan, or what the act has made.
     *
     * @param dryRun the query parameter
     * @param plan the query parameter
     * @param change looked into only when somebody asks for it, or holds to it; writes nothing
     */
    static Response answer(
            @Nullable String dryRun,
            @Nullable String plan,
            ContainerRequestContext request,
            Supplier<ChangePlan> change,
            Work work) {
        if (Query.flag("dryRun", dryRun)) {
            return Response.ok(PlanBody.of(change.get().plan(Caller.foreseen(request))))
                    .build();
        }
        Digest expected = PlanBody.expected(plan);
        if (expected != null) {
            Plan now = change.get().plan(Caller.foreseen(request));
            if (!now.digest().equals(expected)) {
                throw Problem.of(
                                AdapterProblem.PLAN_CHANGED,
                                "the plan of " + now.action() + " of " + now.subject() + " is now " + now.digest()
                                        + ", not " + expected,
                                "Compare the plan below with the one that you have seen, and agree to it by its digest.")
                        .with(Map.of("plan", canonical(now)))
                        .asException();
            }
        }
        PolicyCheck.settle(request);
        return work.run();
    }

    private Plan plan(Decision decision) {
        Plan undigested = plan(decision, new Digest("0".repeat(64)));
        return plan(decision, Digest.sha256(canonical(undigested).text()));
    }

    private Plan plan(Decision decision, Digest digest) {
        List<String> tenants = tenant == null ? List.of() : List.of(tenant.value());
        boolean same = before != null && before.equals(after);
        return new Plan(
                action,
                subject,
                null,
                null,
                new Effects(List.of(), List.of(), List.of(), List.of(), List.of(), tenants),
                new Permissions(gained, lost, List.of(), List.of()),
                same ? null : new ConfigurationChange(before, after, List.of(), undo != null),
                new Policy(decision.outcome(), decision.reasons(), approvals(decision)),
                same ? null : undo,
                notes,
                digest);
    }

    private static List<String> approvals(Decision decision) {
        return decision.reasons().stream()
                .filter(reason -> reason.kind() == Reason.Kind.APPROVAL)
                .map(Reason::rule)
                .distinct()
                .sorted()
                .toList();
    }

    /** What counts of a plan: not the texts of the policy's reasons. */
    private static Json canonical(Plan plan) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("action", plan.action());
        members.put("subject", plan.subject());
        members.put("tenants", plan.effects().tenantsTouched());
        ConfigurationChange change = plan.configuration();
        if (change != null) {
            members.put("before", change.before());
            members.put("after", change.after());
        }
        members.put("gained", plan.permissions().gained());
        members.put("lost", plan.permissions().lost());
        members.put("outcome", Wire.word(plan.policy().outcome()));
        members.put(
                "rules",
                plan.policy().reasons().stream()
                        .map(reason -> reason.kind() + " " + reason.rule() + " " + reason.mode())
                        .distinct()
                        .sorted()
                        .toList());
        Undo undo = plan.undo();
        members.put("undo", undo == null ? null : undo.action());
        members.put("notes", plan.notes());
        return Json.object(members);
    }
}
