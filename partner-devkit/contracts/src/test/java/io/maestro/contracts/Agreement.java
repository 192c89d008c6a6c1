package io.maestro.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares a record with a JSON Schema, property by property, and says where they differ. */
final class Agreement {
    private final List<String> differences = new ArrayList<>();

    private Agreement() {}

    /** Where {@code type} and {@code schema} differ; empty when they agree. */
    static List<String> differences(Class<?> type, JsonNode schema) {
        Agreement agreement = new Agreement();
        agreement.expect("", "type", "object", schema.path("type").asText());
        agreement.record("", type, schema);
        return agreement.differences;
    }

    private void record(String at, Class<?> type, JsonNode schema) {
        Set<String> components = new TreeSet<>();
        Set<String> required = new TreeSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            components.add(component.getName());
            if (!nullable(component.getAnnotatedType())) {
                required.add(component.getName());
            }
            JsonNode property = schema.path("properties").path(component.getName());
            if (!property.isMissingNode()) {
                value(at + "/" + component.getName(), component.getAnnotatedType(), property);
            }
        }
        Set<String> properties = new TreeSet<>();
        schema.path("properties").fieldNames().forEachRemaining(properties::add);
        expect(at, "properties", components, properties);
        expect(at, "required", required, texts(schema.path("required")));
        expect(
                at,
                "additionalProperties",
                "false",
                schema.path("additionalProperties").toString());
    }

    private void value(String at, AnnotatedType annotated, JsonNode schema) {
        Class<?> type = raw(annotated);
        boolean nullable = nullable(annotated);
        if (type == String.class) {
            typed(at, "string", nullable, schema);
            expect(at, "format", "", schema.path("format").asText());
            expect(at, "enum", Set.of(), texts(schema.path("enum")));
        } else if (type == Instant.class) {
            typed(at, "string", nullable, schema);
            expect(at, "format", "date-time", schema.path("format").asText());
        } else if (type == URI.class) {
            typed(at, "string", nullable, schema);
            expect(at, "format", "uri", schema.path("format").asText());
        } else if (type == boolean.class || type == Boolean.class) {
            typed(at, "boolean", nullable, schema);
        } else if (type == int.class || type == Integer.class) {
            typed(at, "integer", nullable, schema);
            bounds(at, schema, Integer.MIN_VALUE, Integer.MAX_VALUE);
        } else if (type == long.class || type == Long.class) {
            typed(at, "integer", nullable, schema);
            bounds(at, schema, Long.MIN_VALUE, Long.MAX_VALUE);
        } else if (type.isEnum()) {
            typed(at, "string", nullable, schema);
            Set<String> constants = new LinkedHashSet<>();
            Arrays.stream(type.getEnumConstants())
                    .map(constant -> ContractJson.constant((Enum<?>) constant))
                    .forEach(constants::add);
            expect(at, "enum", constants, texts(schema.path("enum")));
        } else if (type == List.class) {
            typed(at, "array", nullable, schema);
            value(at + "/*", argument(annotated, 0), schema.path("items"));
        } else if (type == Map.class) {
            typed(at, "object", nullable, schema);
            expect(at, "key", String.class, raw(argument(annotated, 0)));
            value(at + "/*", argument(annotated, 1), schema.path("additionalProperties"));
        } else if (type.isRecord()) {
            typed(at, "object", nullable, schema);
            record(at, type, schema);
        } else {
            differences.add(at + ": no rule for " + type);
        }
    }

    private void typed(String at, String type, boolean nullable, JsonNode schema) {
        JsonNode given = schema.path("type");
        Set<String> types = given.isArray() ? texts(given) : Set.of(given.asText());
        expect(at, "type", nullable ? Set.of(type, "null") : Set.of(type), types);
    }

    private void bounds(String at, JsonNode schema, long least, long most) {
        for (String bound : List.of("minimum", "maximum")) {
            JsonNode given = schema.path(bound);
            if (!given.canConvertToLong() || given.longValue() < least || given.longValue() > most) {
                differences.add(at + ": " + bound + " is " + given + ", not within " + least + " and " + most);
            }
        }
    }

    private void expect(String at, String what, Object java, Object json) {
        if (!java.equals(json)) {
            differences.add(at + ": " + what + " is " + java + " in Java, " + json + " in the schema");
        }
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    static boolean nullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    static Class<?> raw(AnnotatedType type) {
        return type.getType() instanceof ParameterizedType parameterized
                ? (Class<?>) parameterized.getRawType()
                : (Class<?>) type.getType();
    }

    static AnnotatedType argument(AnnotatedType type, int index) {
        return ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments()[index];
    }
}
