package io.maestro.rest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.model.Json;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON Schemas of the wire records: nullable where the record says so, and required unless a request may leave it out. */
final class OpenApiSchemas {
    private final ObjectMapper mapper;
    private final Map<String, ObjectNode> schemas = new TreeMap<>();
    private final Map<String, Class<?>> names = new TreeMap<>();

    OpenApiSchemas(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    ObjectNode all() {
        ObjectNode all = mapper.createObjectNode();
        schemas.forEach(all::set);
        return all;
    }

    /** A reference to the schema of a record; any JSON for a document. */
    ObjectNode reference(Class<?> type) {
        if (type == Json.class) {
            return mapper.createObjectNode().put("description", "A JSON document.");
        }
        String name = type.getSimpleName().replaceAll("Body$", "");
        Class<?> other = names.putIfAbsent(name, type);
        if (other != null && other != type) {
            throw new IllegalStateException(other + " and " + type + " would have one name in the API");
        }
        if (other == null) {
            schemas.put(name, record(type));
        }
        return mapper.createObjectNode().put("$ref", "#/components/schemas/" + name);
    }

    ObjectNode list(Class<?> type, boolean prefixes) {
        ObjectNode list = mapper.createObjectNode().put("type", "object");
        list.putArray("required").add("items").add("next");
        ObjectNode properties = list.putObject("properties");
        properties.putObject("items").put("type", "array").set("items", reference(type));
        if (prefixes) {
            ObjectNode given = properties.putObject("prefixes");
            given.putArray("type").add("array").add("null");
            given.putObject("items").put("type", "string");
        }
        properties.putObject("next").putArray("type").add("string").add("null");
        return list;
    }

    ObjectNode text() {
        return mapper.createObjectNode().put("type", "string");
    }

    ObjectNode bytes() {
        return mapper.createObjectNode().put("type", "string").put("format", "binary");
    }

    static @Nullable String example(Class<?> type) {
        Schema schema = type.getAnnotation(Schema.class);
        return schema == null ? null : schema.example();
    }

    private ObjectNode record(Class<?> type) {
        // taken up front, so that a record that holds itself does not turn in circles
        ObjectNode schema = mapper.createObjectNode().put("type", "object");
        boolean request =
                type.getSimpleName().startsWith("New") || type.getSimpleName().equals("Revocation");
        boolean omitsNull = type.isAnnotationPresent(JsonInclude.class);
        ArrayNode required = mapper.createArrayNode();
        ObjectNode properties = mapper.createObjectNode();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getAccessor().isAnnotationPresent(JsonIgnore.class)) {
                continue;
            }
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            ObjectNode property = property(component.getAnnotatedType());
            if (nullable && !omitsNull) {
                nullable(property);
            }
            properties.set(name(component), property);
            if (!nullable || (!request && !omitsNull)) {
                required.add(name(component));
            }
        }
        schema.set("required", required);
        schema.set("properties", properties);
        if (request) {
            schema.put("additionalProperties", false);
        } else if (type == ProblemBody.class) {
            // extension members (RFC 9457 §3.2), such as the plan that is not the one any more
            schema.put("additionalProperties", true);
        }
        return schema;
    }

    private static String name(RecordComponent component) {
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        return named == null ? component.getName() : named.value();
    }

    private ObjectNode property(AnnotatedType annotated) {
        ObjectNode property = property(annotated.getType());
        if (annotated instanceof AnnotatedParameterizedType generic
                && generic.getAnnotatedActualTypeArguments()[0].isAnnotationPresent(Nullable.class)
                && property.get("items") instanceof ObjectNode items) {
            nullable(items);
        }
        return property;
    }

    private ObjectNode property(Type type) {
        ObjectNode node = mapper.createObjectNode();
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                node.put("type", "array").set("items", property(arguments[0]));
            } else if (generic.getRawType() == Map.class) {
                node.put("type", "object").set("additionalProperties", property(arguments[1]));
            } else {
                throw new IllegalStateException("no schema for " + type);
            }
            return node;
        }
        return switch (type) {
            case Class<?> c when c == String.class -> node.put("type", "string");
            case Class<?> c
            when c == Instant.class -> node.put("type", "string").put("format", "date-time");
            case Class<?> c when c == boolean.class || c == Boolean.class -> node.put("type", "boolean");
            case Class<?> c
            when c == int.class || c == Integer.class ->
                node.put("type", "integer").put("format", "int32");
            case Class<?> c
            when c == long.class || c == Long.class ->
                node.put("type", "integer").put("format", "int64");
            case Class<?> c
            when c == double.class || c == Double.class ->
                node.put("type", "number").put("format", "double");
            case Class<?> c
            when c.isEnum() -> {
                ArrayNode values = node.put("type", "string").putArray("enum");
                Arrays.stream(c.getEnumConstants()).forEach(v -> values.add(Wire.word((Enum<?>) v)));
                yield node;
            }
            case Class<?> c when c.isRecord() && c == Json.class -> reference(c);
            case Class<?> c when c.isRecord() -> reference(c);
            default -> throw new IllegalStateException("no schema for " + type);
        };
    }

    private static void nullable(ObjectNode property) {
        if (property.has("$ref")) {
            String reference = property.get("$ref").asText();
            property.removeAll();
            ArrayNode either = property.putArray("anyOf");
            either.addObject().put("$ref", reference);
            either.addObject().put("type", "null");
        } else if (property.has("type")) {
            String type = property.get("type").asText();
            property.putArray("type").add(type).add("null");
            if (property.get("enum") instanceof ArrayNode values) {
                values.addNull();
            }
        }
    }
}
