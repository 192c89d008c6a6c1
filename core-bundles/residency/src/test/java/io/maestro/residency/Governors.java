package io.maestro.residency;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.identity.Oversteps;
import io.maestro.api.identity.Rule;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The policy and the record of attempts, as the engine sees them: says no as the built-in pack does, and remembers. */
final class Governors implements Governance, Oversteps {
    /** The regions of a tenant; a tenant that is not here may be anywhere. */
    final Map<TenantId, Set<String>> regions = new ConcurrentHashMap<>();

    /** All decisions, and whether they allowed. */
    final Map<UUID, Boolean> decisions = new ConcurrentHashMap<>();

    final List<PolicyInput> asked = new CopyOnWriteArrayList<>();
    final List<Event> events = new CopyOnWriteArrayList<>();

    /** Whether the policy looks the other way. */
    volatile boolean blind;

    /** Called before each answer. */
    volatile Runnable before = () -> {};

    record Event(Rule rule, Scope scope, String principal, String correlationId, String resource) {}

    @Override
    public Decision decide(PolicyInput input) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Decision require(PolicyInput input) {
        before.run();
        asked.add(input);
        JsonNode configuration = tree(input, "configuration");
        JsonNode data = tree(input, "data");
        String region =
                configuration.path("region").asText(data.path("declaredRegion").asText());
        Set<String> allowed = regions.get(input.tenant());
        boolean fits = input.entryPoint() == EntryPoint.DATA_RESIDENCY
                && region.equals(data.path("region").asText())
                && (allowed == null || allowed.contains(region));
        UUID id = UUID.randomUUID();
        decisions.put(id, fits || blind);
        if (!fits && !blind) {
            throw Problem.of(PolicyProblem.POLICY_DENIED, "the data would leave its region", "Store it there.")
                    .with(Map.of("decisionId", new Json("\"" + id + "\"")))
                    .asException();
        }
        return new Decision(id, Outcome.ALLOW, List.of());
    }

    private static JsonNode tree(PolicyInput input, String member) {
        return Documents.tree(
                input.more().getOrDefault(member, Json.EMPTY_OBJECT).text());
    }

    @Override
    public void use(PolicyInput input, Decision decision) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void refused(Rule rule, Scope scope, Actor actor, String resource) {
        events.add(new Event(rule, scope, actor.id(), actor.correlationId(), resource));
    }
}
