package io.maestro.testing.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Compares answers with the OpenAPI document: whether the status is described, the media type is the one, and the JSON is what its
 * schema says, with no member that the schema does not know. Any thread.
 */
public final class DescribedAnswers {
    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode document;
    private final List<Described> operations = new ArrayList<>();
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

    /** Which were answered with success, as {@code VERB /path}. */
    private final Set<String> succeeded = ConcurrentHashMap.newKeySet();

    private record Described(String verb, Pattern path, String template, JsonNode operation) {}

    /** Compares with this document. */
    public static DescribedAnswers of(Path openApi) {
        try {
            return new DescribedAnswers(JSON.readTree(Files.readAllBytes(openApi)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares with this document. */
    public DescribedAnswers(JsonNode openApi) {
        document = openApi.deepCopy();
        close(document);
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> verb : path.getValue().properties()) {
                operations.add(new Described(
                        verb.getKey().toUpperCase(Locale.ROOT),
                        pattern(path.getKey()),
                        path.getKey(),
                        verb.getValue()));
            }
        }
    }

    /** A reader has to bear members that it does not know; the writer has to describe all that it writes. */
    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("properties") && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        schema.forEach(DescribedAnswers::close);
    }

    private static Pattern pattern(String template) {
        List<String> parts = new ArrayList<>();
        for (String part : template.split("/", -1)) {
            // the key of an object may have slashes
            String any = part.equals("{key}") ? ".+" : "[^/]+";
            parts.add(part.startsWith("{") ? any : Pattern.quote(part));
        }
        return Pattern.compile(String.join("/", parts));
    }

    /**
     * How an answer is not what the document says; empty when it is. Requests that no operation is described for are
     * nobody's answers.
     *
     * @param target path and query, as sent
     * @param mediaType as answered, with its parameters; empty when there is none
     */
    public List<String> deviations(String verb, String target, int status, String mediaType, byte[] body) {
        String path = target.replaceFirst("[?#].*", "");
        Optional<Described> found = operations.stream()
                .filter(one ->
                        one.verb().equals(verb) && one.path().matcher(path).matches())
                .min((one, other) -> Long.compare(parameters(one), parameters(other)));
        if (found.isEmpty()) {
            return List.of();
        }
        Described operation = found.get();
        String which = verb + " " + operation.template() + " answered " + status;
        if (status < 300) {
            succeeded.add(verb + " " + operation.template());
        }
        JsonNode responses = operation.operation().path("responses");
        String key = responses.has(Integer.toString(status)) ? Integer.toString(status) : "default";
        JsonNode response = resolved(responses.path(key));
        if (response.isMissingNode() || (status < 400 && key.equals("default"))) {
            return List.of(which + ", which is not described");
        }
        return body(which, operation.template() + " " + verb + " " + key, response, mediaType, body);
    }

    private List<String> body(String which, String id, JsonNode response, String mediaType, byte[] body) {
        JsonNode content = response.path("content");
        if (content.isEmpty()) {
            return body.length == 0 ? List.of() : List.of(which + " with a body that is not described");
        }
        String type = mediaType.replaceFirst(";.*", "").strip();
        JsonNode described = content.path(content.has(type) ? type : "*/*");
        if (described.isMissingNode()) {
            return List.of(which + " with " + (type.isEmpty() ? "no media type" : type) + ", which is not described");
        }
        JsonNode schema = described.path("schema");
        if (!(type.equals("application/json") || type.endsWith("+json")) || schema.isMissingNode()) {
            return List.of();
        }
        List<String> deviations = new ArrayList<>();
        try {
            for (ValidationMessage message : schema(id + " " + type, schema).validate(JSON.readTree(body))) {
                deviations.add(which + ": " + message.getMessage());
            }
        } catch (IOException e) {
            deviations.add(which + " with what is no JSON: " + e.getMessage());
        }
        return deviations;
    }

    private JsonSchema schema(String id, JsonNode schema) {
        return schemas.computeIfAbsent(id, any -> {
            ObjectNode root = JSON.createObjectNode();
            root.set("components", document.path("components"));
            root.putArray("allOf").add(schema);
            SchemaValidatorsConfig asserting = SchemaValidatorsConfig.builder()
                    .formatAssertionsEnabled(true)
                    .build();
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(root, asserting);
        });
    }

    private JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").asText();
        return reference.isEmpty() ? node : document.at(reference.substring(1));
    }

    private static long parameters(Described operation) {
        return operation.template().chars().filter(one -> one == '{').count();
    }

    /** The operations that were answered with success up to now, as {@code VERB /path}. */
    public Set<String> succeeded() {
        return Set.copyOf(succeeded);
    }
}
