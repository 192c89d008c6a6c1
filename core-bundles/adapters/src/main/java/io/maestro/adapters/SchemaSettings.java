package io.maestro.adapters;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.adapters.Definitions.Setting;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a configuration takes, read from its schema: properties by name, those of nested objects too. Follows local
 * references and {@code allOf}; what only holds under a condition is not told here.
 */
final class SchemaSettings {
    private static final int DEEPEST = 16;
    private static final int MOST = 500;

    /** A schema that holds itself several times over would else grow without end. */
    private static final int STEPS = 5_000;

    private final JsonNode root;
    private final Map<String, Boolean> secrets = new LinkedHashMap<>();
    private final Set<String> required = new HashSet<>();
    private int steps;

    private SchemaSettings(JsonNode root) {
        this.root = root;
    }

    /** The settings in the order of the schema; of a hostile schema at most the first {@value #MOST}. */
    static List<Setting> of(JsonNode schema) {
        SchemaSettings settings = new SchemaSettings(schema);
        settings.collect(schema, JsonPointer.empty(), 0);
        // a property may be required in one place and described in another
        return settings.secrets.entrySet().stream()
                .map(one -> new Setting(one.getKey(), settings.required.contains(one.getKey()), one.getValue()))
                .toList();
    }

    private void collect(JsonNode schema, JsonPointer at, int depth) {
        if (depth > DEEPEST || ++steps > STEPS) {
            return;
        }
        if (schema.path("$ref").isTextual()) {
            collect(resolve(schema.path("$ref").textValue()), at, depth + 1);
        }
        schema.path("allOf").forEach(part -> collect(part, at, depth + 1));
        schema.path("required")
                .forEach(name -> required.add(at.appendProperty(name.asText()).toString()));
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            if (secrets.size() >= MOST) {
                return;
            }
            JsonPointer place = at.appendProperty(property.getKey());
            // what one part of the schema marks, the others do not take back
            secrets.merge(place.toString(), secret(property.getValue(), 0), Boolean::logicalOr);
            collect(property.getValue(), place, depth + 1);
        }
    }

    private boolean secret(JsonNode schema, int depth) {
        if (depth > DEEPEST) {
            return false;
        }
        return schema.path("writeOnly").asBoolean()
                || (schema.path("$ref").isTextual()
                        && secret(resolve(schema.path("$ref").textValue()), depth + 1));
    }

    private JsonNode resolve(String reference) {
        return reference.startsWith("#/") ? root.at(reference.substring(1)) : root.path("\0");
    }
}
