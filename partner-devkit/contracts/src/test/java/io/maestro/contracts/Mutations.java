package io.maestro.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Every small wrong turn a schema can take: what a comparison has to notice. */
final class Mutations {
    private final JsonNode original;
    private final Map<String, JsonNode> mutants = new LinkedHashMap<>();

    private Mutations(JsonNode original) {
        this.original = original;
    }

    /** Mutants by what was done to them. */
    static Map<String, JsonNode> of(JsonNode schema) {
        Mutations mutations = new Mutations(schema);
        mutations.object("");
        return mutations.mutants;
    }

    private void object(String at) {
        JsonNode here = original.at(at);
        mutant("opens " + at, at, node -> node.put("additionalProperties", true));
        mutant(
                "adds to " + at,
                at,
                node -> properties(node).putObject("surprise").put("type", "string"));
        for (String name : names(here.path("properties"))) {
            mutant("drops " + at + "/" + name, at, node -> {
                properties(node).remove(name);
                required(node, name, false);
            });
            mutant("renames " + at + "/" + name, at, node -> {
                properties(node).set(name + "2", properties(node).remove(name));
            });
            boolean required = here.path("required").toString().contains("\"" + name + "\"");
            mutant("flips requirement of " + at + "/" + name, at, node -> required(node, name, !required));
            value(at + "/properties/" + name);
        }
    }

    private void value(String at) {
        JsonNode here = original.at(at);
        mutant("retypes " + at, at, node -> node.put("type", "number"));
        mutant("flips null of " + at, at, Mutations::flipNull);
        for (String word : List.of("format", "enum", "minimum", "maximum")) {
            if (here.has(word)) {
                mutant("drops " + word + " of " + at, at, node -> node.remove(word));
            }
        }
        if (here.has("enum")) {
            mutant("drops a constant of " + at, at, node -> ((ArrayNode) node.get("enum")).remove(0));
            mutant("adds a constant to " + at, at, node -> ((ArrayNode) node.get("enum")).add("surprise"));
        }
        if (here.path("properties").isObject()) {
            object(at);
        }
        for (String inner : List.of("items", "additionalProperties")) {
            if (here.path(inner).isObject()) {
                value(at + "/" + inner);
            }
        }
    }

    private static void flipNull(ObjectNode node) {
        JsonNode type = node.get("type");
        node.set(
                "type",
                type.isArray()
                        ? type.get(0)
                        : JsonNodeFactory.instance.arrayNode().add(type).add("null"));
    }

    private void mutant(String what, String at, Consumer<ObjectNode> change) {
        JsonNode copy = original.deepCopy();
        change.accept((ObjectNode) copy.at(at));
        mutants.put(what, copy);
    }

    private static ObjectNode properties(ObjectNode node) {
        return (ObjectNode) node.get("properties");
    }

    private static void required(ObjectNode node, String name, boolean wanted) {
        ArrayNode required = (ArrayNode) node.get("required");
        for (int i = required.size() - 1; i >= 0; i--) {
            if (required.get(i).asText().equals(name)) {
                required.remove(i);
            }
        }
        if (wanted) {
            required.add(name);
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
