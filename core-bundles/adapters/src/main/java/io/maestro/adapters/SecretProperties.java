package io.maestro.adapters;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds the values in a configuration that a schema marks {@code writeOnly}, and puts others in their places. Follows
 * properties, items, local references and the combining keywords; a value that any of them marks is a secret.
 */
final class SecretProperties {
    private static final int DEEPEST = 64;
    private static final List<String> ALTERNATIVES = List.of("allOf", "anyOf", "oneOf");
    private static final List<String> CONDITIONS = List.of("if", "then", "else", "not");

    private final JsonNode root;
    private final ObjectNode found = JsonNodeFactory.instance.objectNode();

    private SecretProperties(JsonNode root) {
        this.root = root;
    }

    /** The secrets in {@code configuration} by their JSON Pointers; where null stands there is none. */
    static ObjectNode find(JsonNode schema, ObjectNode configuration) {
        SecretProperties secrets = new SecretProperties(schema);
        secrets.collect(schema, configuration, JsonPointer.empty(), 0);
        return secrets.found;
    }

    /** Puts values where these JSON Pointers point. */
    static void put(ObjectNode configuration, ObjectNode values) {
        for (Map.Entry<String, JsonNode> secret : values.properties()) {
            JsonPointer pointer = JsonPointer.compile(secret.getKey());
            JsonNode parent = configuration.at(pointer.head());
            if (parent instanceof ObjectNode object) {
                object.set(pointer.last().getMatchingProperty(), secret.getValue());
            } else if (parent instanceof ArrayNode array) {
                array.set(pointer.last().getMatchingIndex(), secret.getValue());
            }
        }
    }

    /** The texts of the secrets, those within objects and arrays too. */
    static List<String> values(JsonNode secrets) {
        List<String> values = new ArrayList<>();
        if (secrets.isContainerNode()) {
            secrets.forEach(item -> values.addAll(values(item)));
        } else {
            values.add(secrets.asText());
        }
        return values;
    }

    private void collect(JsonNode schema, JsonNode value, JsonPointer at, int depth) {
        if (depth > DEEPEST || !schema.isObject() || value.isMissingNode() || value.isNull()) {
            return;
        }
        if (schema.path("writeOnly").asBoolean() && !at.matches()) {
            found.set(at.toString(), value);
            return;
        }
        if (schema.path("$ref").isTextual()) {
            collect(resolve(schema.path("$ref").textValue()), value, at, depth + 1);
        }
        for (String keyword : ALTERNATIVES) {
            schema.path(keyword).forEach(part -> collect(part, value, at, depth + 1));
        }
        for (String keyword : CONDITIONS) {
            collect(schema.path(keyword), value, at, depth + 1);
        }
        if (value.isObject()) {
            collectProperties(schema, value, at, depth);
        } else if (value.isArray()) {
            collectItems(schema, value, at, depth);
        }
    }

    private void collectProperties(JsonNode schema, JsonNode value, JsonPointer at, int depth) {
        JsonNode named = schema.path("properties");
        for (Map.Entry<String, JsonNode> property : value.properties()) {
            JsonPointer place = at.appendProperty(property.getKey());
            if (named.has(property.getKey())) {
                collect(named.path(property.getKey()), property.getValue(), place, depth + 1);
            } else {
                collect(schema.path("additionalProperties"), property.getValue(), place, depth + 1);
            }
            // a pattern is not worth the trouble: what any of them marks is taken
            schema.path("patternProperties").forEach(part -> collect(part, property.getValue(), place, depth + 1));
        }
        schema.path("dependentSchemas").forEach(part -> collect(part, value, at, depth + 1));
    }

    private void collectItems(JsonNode schema, JsonNode value, JsonPointer at, int depth) {
        JsonNode first = schema.path("prefixItems");
        for (int i = 0; i < value.size(); i++) {
            JsonNode part = i < first.size() ? first.path(i) : schema.path("items");
            collect(part, value.path(i), at.appendIndex(i), depth + 1);
        }
    }

    private JsonNode resolve(String reference) {
        if (reference.equals("#")) {
            return root;
        }
        return reference.startsWith("#/") ? root.at(reference.substring(1)) : root.path("\0");
    }
}
