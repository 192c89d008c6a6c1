package io.maestro.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Plan;
import io.maestro.api.adapters.Plan.ConfigurationChange;
import io.maestro.api.adapters.Plan.Effects;
import io.maestro.api.adapters.Plan.Permissions;
import io.maestro.api.adapters.Plan.Policy;
import io.maestro.api.adapters.Plan.Undo;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.Reason;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes plans down, and tells one from another. */
final class Plans {
    private static final Digest NO_DIGEST = new Digest("0".repeat(64));

    private Plans() {}

    /** A plan with its digest. */
    static Plan of(
            String action,
            String subject,
            @Nullable Definition from,
            @Nullable Definition to,
            Effects effects,
            @Nullable ConfigurationChange configuration,
            Decision decision,
            @Nullable Undo undo,
            List<String> notes) {
        Plan plan = new Plan(
                action,
                subject,
                from == null ? null : from.id(),
                to == null ? null : to.id(),
                effects,
                permissions(from, to),
                configuration,
                policy(decision),
                // what changes nothing cannot be taken back
                isIdle(from, to, effects, configuration) ? null : undo,
                notes,
                NO_DIGEST);
        return with(plan, digest(plan));
    }

    /** A plan of all these moves to one definition; what each of them changes in a configuration is in its own plan. */
    static Plan together(String action, Definition to, List<Plan> moves, List<String> notes) {
        Effects effects = new Effects(
                all(moves, plan -> plan.effects().bundlesInstalled()),
                all(moves, plan -> plan.effects().bundlesRemoved()),
                all(moves, plan -> plan.effects().instancesOpened()),
                all(moves, plan -> plan.effects().instancesClosed()),
                all(moves, plan -> plan.effects().instancesSwitched()),
                all(moves, plan -> plan.effects().tenantsTouched()));
        Permissions permissions = new Permissions(
                all(moves, plan -> plan.permissions().gained()),
                all(moves, plan -> plan.permissions().lost()),
                all(moves, plan -> plan.permissions().importsGained()),
                all(moves, plan -> plan.permissions().importsLost()));
        Policy policy = new Policy(
                moves.stream().map(plan -> plan.policy().outcome()).reduce(Outcome.ALLOW, Plans::worse),
                moves.stream()
                        .flatMap(plan -> plan.policy().reasons().stream())
                        .distinct()
                        .toList(),
                all(moves, plan -> plan.policy().approvals()));
        List<String> more = new ArrayList<>(notes);
        more.addAll(all(moves, Plan::notes));
        // with it the digest is of everything that happens to each one
        more.add("Moves: "
                + Digest.sha256(moves.stream()
                        .map(move -> move.subject() + " " + move.digest())
                        .sorted()
                        .collect(Collectors.joining("\n"))));
        String subject = to.id().toString();
        Plan plan = new Plan(action, subject, null, to.id(), effects, permissions, null, policy, null, more, NO_DIGEST);
        return with(plan, digest(plan));
    }

    private static List<String> all(List<Plan> plans, Function<Plan, List<String>> part) {
        return plans.stream()
                .flatMap(plan -> part.apply(plan).stream())
                .distinct()
                .sorted()
                .toList();
    }

    private static Outcome worse(Outcome one, Outcome other) {
        if (one == Outcome.DENY || other == Outcome.DENY) {
            return Outcome.DENY;
        }
        return one == Outcome.ALLOW ? other : one;
    }

    private static boolean isIdle(
            @Nullable Definition from,
            @Nullable Definition to,
            Effects effects,
            @Nullable ConfigurationChange configuration) {
        return from != null
                && to != null
                && from.id().equals(to.id())
                && configuration == null
                && effects.instancesOpened().isEmpty()
                && effects.instancesClosed().isEmpty()
                && effects.instancesSwitched().isEmpty();
    }

    /** The same plan, with what the policy says to it. */
    static Plan with(Plan plan, Policy policy) {
        Plan other = new Plan(
                plan.action(),
                plan.subject(),
                plan.from(),
                plan.to(),
                plan.effects(),
                plan.permissions(),
                plan.configuration(),
                policy,
                plan.undo(),
                plan.notes(),
                NO_DIGEST);
        return with(other, digest(other));
    }

    private static Plan with(Plan plan, Digest digest) {
        return new Plan(
                plan.action(),
                plan.subject(),
                plan.from(),
                plan.to(),
                plan.effects(),
                plan.permissions(),
                plan.configuration(),
                plan.policy(),
                plan.undo(),
                plan.notes(),
                digest);
    }

    /** Why an act is not done that was to follow another plan. */
    static ProblemException changed(Plan now, Digest expected) {
        return Problem.of(
                        AdapterProblem.PLAN_CHANGED,
                        "the plan of " + now.action() + " of " + now.subject() + " is now " + now.digest() + ", not "
                                + expected,
                        "Compare the plan below with the one that you have seen, and agree to it by its digest.")
                .with(Map.of("plan", new Json(canonical(now).toString())))
                .asException();
    }

    private static Policy policy(Decision decision) {
        return new Policy(
                decision.outcome(),
                decision.reasons(),
                decision.reasons().stream()
                        .filter(reason -> reason.kind() == Reason.Kind.APPROVAL)
                        .map(Reason::rule)
                        .distinct()
                        .sorted()
                        .toList());
    }

    private static Permissions permissions(@Nullable Definition from, @Nullable Definition to) {
        Set<String> before = from == null ? Set.of() : wanted(from.manifest());
        Set<String> after = to == null ? Set.of() : wanted(to.manifest());
        Set<String> importsBefore = from == null
                ? Set.of()
                : new TreeSet<>(from.manifest().permissions().packages());
        Set<String> importsAfter = to == null
                ? Set.of()
                : new TreeSet<>(to.manifest().permissions().packages());
        return new Permissions(
                without(after, before),
                without(before, after),
                without(importsAfter, importsBefore),
                without(importsBefore, importsAfter));
    }

    private static Set<String> wanted(AdapterManifest manifest) {
        TreeSet<String> wanted = new TreeSet<>();
        manifest.permissions().network().forEach(host -> wanted.add("network:" + host));
        if (manifest.permissions().files()) {
            wanted.add("files");
        }
        return wanted;
    }

    private static List<String> without(Set<String> all, Set<String> others) {
        List<String> left = new ArrayList<>(all);
        left.removeAll(others);
        return left;
    }

    private static Digest digest(Plan plan) {
        return Digest.sha256(canonical(plan).toString());
    }

    /** What counts of a plan: members in the order of their names, and nothing that differs from node to node. */
    private static JsonNode canonical(Plan plan) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("action", plan.action());
        tree.put("subject", plan.subject());
        tree.put("from", plan.from() == null ? null : plan.from().toString());
        tree.put("to", plan.to() == null ? null : plan.to().toString());
        Effects effects = plan.effects();
        ObjectNode done = tree.putObject("effects");
        put(done, "instancesOpened", effects.instancesOpened());
        put(done, "instancesClosed", effects.instancesClosed());
        put(done, "instancesSwitched", effects.instancesSwitched());
        put(done, "tenantsTouched", effects.tenantsTouched());
        Permissions permissions = plan.permissions();
        ObjectNode allowed = tree.putObject("permissions");
        put(allowed, "gained", permissions.gained());
        put(allowed, "lost", permissions.lost());
        put(allowed, "importsGained", permissions.importsGained());
        put(allowed, "importsLost", permissions.importsLost());
        ConfigurationChange change = plan.configuration();
        if (change != null) {
            ObjectNode configuration = tree.putObject("configuration");
            Json before = change.before();
            configuration.set("before", before == null ? null : Documents.tree(before.text()));
            configuration.set("after", Documents.tree(change.after().text()));
            put(configuration, "steps", change.steps());
            configuration.put("reversible", change.reversible());
        }
        ObjectNode policy = tree.putObject("policy");
        policy.put("outcome", plan.policy().outcome().name());
        put(
                policy,
                "rules",
                plan.policy().reasons().stream()
                        .map(reason -> reason.kind() + " " + reason.rule() + " " + reason.mode())
                        .distinct()
                        .sorted()
                        .toList());
        Undo undo = plan.undo();
        tree.put("undo", undo == null ? null : undo.action());
        put(tree, "notes", plan.notes());
        return sorted(tree);
    }

    private static void put(ObjectNode object, String name, List<String> texts) {
        ArrayNode array = object.putArray(name);
        texts.forEach(array::add);
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            TreeMap<String, JsonNode> members = new TreeMap<>();
            object.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            members.forEach(copy::set);
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(item -> copy.add(sorted(item)));
            return copy;
        }
        return node;
    }
}
