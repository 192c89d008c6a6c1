package io.maestro.adapters;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.model.AdapterVersion;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a configuration of an older version of an adapter becomes one of a newer: what the newer one's manifest says under
 * {@code migrations}. Works on configurations as they are kept, so that of a secret only the reference moves.
 */
record ConfigurationMigration(List<Step> steps) {
    /** The configuration fits as it is. */
    static final ConfigurationMigration NONE = new ConfigurationMigration(List.of());

    ConfigurationMigration {
        steps = List.copyOf(steps);
    }

    /** One change of a configuration. */
    sealed interface Step {
        /** For people. */
        String line();
    }

    /** What stands at one place goes to another; nothing happens when nothing stands there. */
    record Moved(JsonPointer from, JsonPointer to) implements Step {
        @Override
        public String line() {
            return "move " + from + " to " + to;
        }
    }

    /** A value is put at a place. */
    record Put(JsonPointer at, JsonNode value) implements Step {
        @Override
        public String line() {
            return "set " + at + " to " + value;
        }
    }

    /** What stands at a place is taken away. */
    record Taken(JsonPointer at) implements Step {
        @Override
        public String line() {
            return "remove " + at;
        }
    }

    /** The first of the manifest's migrations that is for this older version. */
    static ConfigurationMigration of(AdapterManifest newer, AdapterVersion older) {
        JsonNode document = Documents.tree(newer.document().text());
        for (JsonNode migration : document.path("migrations")) {
            if (VersionRange.parse(migration.path("from").asText()).contains(older)) {
                List<Step> steps = new ArrayList<>();
                migration.path("steps").forEach(step -> steps.add(step(step)));
                return new ConfigurationMigration(steps);
            }
        }
        return NONE;
    }

    private static Step step(JsonNode step) {
        if (step.has("move")) {
            return new Moved(
                    pointer(step.path("move").path("from")),
                    pointer(step.path("move").path("to")));
        }
        if (step.has("set")) {
            return new Put(
                    pointer(step.path("set").path("at")), step.path("set").path("value"));
        }
        return new Taken(pointer(step.path("remove").path("at")));
    }

    private static JsonPointer pointer(JsonNode text) {
        return JsonPointer.compile(text.asText());
    }

    /** The steps for people. */
    List<String> lines() {
        return steps.stream().map(Step::line).toList();
    }

    /** The configuration for the newer version. */
    ObjectNode forth(ObjectNode older) {
        ObjectNode migrated = older.deepCopy();
        for (Step step : steps) {
            switch (step) {
                case Moved moved -> move(migrated, moved.from(), moved.to());
                case Put put -> put(migrated, put.at(), put.value());
                case Taken taken -> {
                    var _ = take(migrated, taken.at());
                }
            }
        }
        return migrated;
    }

    /** The configuration for the older version; empty when a step has lost something that only the older one had. */
    Optional<ObjectNode> back(ObjectNode newer) {
        ObjectNode before = newer.deepCopy();
        for (Step step : steps.reversed()) {
            switch (step) {
                case Moved moved -> move(before, moved.to(), moved.from());
                case Put put -> {
                    if (!take(before, put.at()).equals(put.value())) {
                        return Optional.empty();
                    }
                }
                case Taken _ -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(before);
    }

    /** Whether {@link #back} gives this very configuration again. */
    boolean isReversible(ObjectNode older) {
        return back(forth(older)).filter(older::equals).isPresent();
    }

    private static void move(ObjectNode tree, JsonPointer from, JsonPointer to) {
        JsonNode value = take(tree, from);
        if (value.isMissingNode()) {
            return;
        }
        if (!tree.at(to).isMissingNode()) {
            throw blocked(to, "is taken already, so that " + from + " cannot move there");
        }
        put(tree, to, value);
    }

    /** What stood there; missing when nothing did. An object that is empty without it goes as well. */
    private static JsonNode take(ObjectNode tree, JsonPointer at) {
        JsonNode value = tree.at(at);
        if (!value.isMissingNode() && tree.at(at.head()) instanceof ObjectNode parent) {
            parent.remove(at.last().getMatchingProperty());
            if (parent.isEmpty() && !at.head().matches()) {
                var _ = take(tree, at.head());
            }
        }
        return value;
    }

    private static void put(ObjectNode tree, JsonPointer at, JsonNode value) {
        ObjectNode parent = tree;
        JsonPointer rest = at;
        while (!rest.tail().matches()) {
            JsonNode child = parent.path(rest.getMatchingProperty());
            if (child.isMissingNode()) {
                parent = parent.putObject(rest.getMatchingProperty());
            } else if (child instanceof ObjectNode object) {
                parent = object;
            } else {
                throw blocked(at, "lies within something that is no object");
            }
            rest = rest.tail();
        }
        parent.set(rest.getMatchingProperty(), value.deepCopy());
    }

    private static ProblemException blocked(JsonPointer at, String why) {
        return Problem.of(
                        AdapterProblem.CONFIGURATION_INVALID,
                        at + ": " + why,
                        "Give the whole configuration for the new version with the upgrade.")
                .with(List.of(new Violation(at.toString(), why)))
                .asException();
    }
}
