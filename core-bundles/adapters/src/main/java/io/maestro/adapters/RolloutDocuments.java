package io.maestro.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.adapters.Rollouts.Course;
import io.maestro.api.adapters.Rollouts.Gates;
import io.maestro.api.adapters.Rollouts.Place;
import io.maestro.api.adapters.Rollouts.Step;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a rollout is to do, as the JSON that stands in the database. */
final class RolloutDocuments {
    private RolloutDocuments() {}

    static String text(Course course) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        var steps = tree.putArray("steps");
        for (Step step : course.steps()) {
            ObjectNode one = steps.addObject();
            var tenants = one.putArray("tenants");
            step.tenants().forEach(tenant -> tenants.add(tenant.value()));
            var instances = one.putArray("instances");
            for (Place place : step.instances()) {
                instances
                        .addObject()
                        .put("tenant", place.scope().tenant().value())
                        .put("environment", place.scope().environment().value())
                        .put("instance", place.instance().value());
            }
            one.put("percent", step.percent());
            one.put("holdMillis", step.hold().toMillis());
            one.put("calls", step.calls());
        }
        Gates gates = course.gates();
        tree.putObject("gates")
                .put("errors", gates.errors())
                .put("percentile", gates.percentile())
                .put("slowdown", gates.slowdown())
                .put("slackMillis", gates.slack().toMillis())
                .put("refusals", gates.refusals())
                .put("shadow", gates.shadow())
                .put("differences", gates.differences())
                .put("samples", gates.samples());
        return tree.toString();
    }

    static Course course(AdapterName adapter, AdapterVersion version, String text) {
        JsonNode tree = Documents.tree(text);
        List<Step> steps = new ArrayList<>();
        for (JsonNode step : tree.path("steps")) {
            List<TenantId> tenants = new ArrayList<>();
            step.path("tenants").forEach(tenant -> tenants.add(new TenantId(tenant.asText())));
            List<Place> instances = new ArrayList<>();
            step.path("instances")
                    .forEach(place -> instances.add(new Place(
                            Scope.of(
                                    place.path("tenant").asText(),
                                    place.path("environment").asText()),
                            new InstanceId(place.path("instance").asText()))));
            steps.add(new Step(
                    tenants,
                    instances,
                    step.path("percent").asInt(),
                    Duration.ofMillis(step.path("holdMillis").asLong()),
                    step.path("calls").asInt()));
        }
        JsonNode gates = tree.path("gates");
        return new Course(
                adapter,
                version,
                steps,
                new Gates(
                        gates.path("errors").asDouble(),
                        gates.path("percentile").asDouble(),
                        gates.path("slowdown").asDouble(),
                        Duration.ofMillis(gates.path("slackMillis").asLong()),
                        gates.path("refusals").asDouble(),
                        gates.path("shadow").asBoolean(),
                        gates.path("differences").asDouble(),
                        gates.path("samples").asInt()));
    }
}
