package io.maestro.testing.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One endpoint of the API.
 *
 * @param verb {@code GET}, …
 * @param path with its parameters in braces
 * @param operation its name
 * @param action the right that it needs; empty when it is open to all
 * @param mediaType of the body that it takes; empty when it takes none
 * @param queries the names of its query parameters
 */
public record Endpoint(
        String verb, String path, String operation, String action, Optional<String> mediaType, List<String> queries) {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-zA-Z]+)}");

    private static final Map<String, String> USUAL = Map.of(
            "environment", "dev",
            "instance", "files",
            "version", "1.0.0",
            "fingerprint", "ab".repeat(32),
            "operation", "echo");

    /** All endpoints of a description, in its order. */
    public static List<Endpoint> of(Path openApi) {
        try {
            return of(new JsonMapper().readTree(Files.readAllBytes(openApi)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All endpoints of a description as a server answers it. */
    public static List<Endpoint> of(JsonNode openApi) {
        List<Endpoint> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : openApi.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> verb : path.getValue().properties()) {
                JsonNode operation = verb.getValue();
                JsonNode content = operation.at("/requestBody/content");
                found.add(new Endpoint(
                        verb.getKey().toUpperCase(Locale.ROOT),
                        path.getKey(),
                        operation.path("operationId").asText(),
                        operation.path("x-maestro-action").asText(),
                        content.properties().stream().findFirst().map(Map.Entry::getKey),
                        queries(operation)));
            }
        }
        if (found.isEmpty()) {
            throw new AssertionError("the OpenAPI document names no endpoint");
        }
        return found;
    }

    private static List<String> queries(JsonNode operation) {
        List<String> names = new ArrayList<>();
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("query")) {
                names.add(parameter.path("name").asText());
            }
        }
        return names;
    }

    /** Whether its path names a tenant. */
    public boolean ofTenant() {
        return path.contains("{tenant}");
    }

    /** Whether it is a GET. */
    public boolean reads() {
        return verb.equals("GET");
    }

    /** The names of the parameters in its path, in order. */
    public List<String> parameters() {
        return PARAMETER.matcher(path).results().map(found -> found.group(1)).toList();
    }

    /** Whether anybody may call it without a token. */
    public boolean open() {
        return action.isEmpty();
    }

    /** The path with these parameters, and usual ones for those not named. */
    public String path(Map<String, String> parameters) {
        String filled = path;
        for (Map<String, String> values : List.of(parameters, USUAL)) {
            for (Map.Entry<String, String> value : values.entrySet()) {
                filled = filled.replace("{" + value.getKey() + "}", value.getValue());
            }
        }
        return PARAMETER.matcher(filled).replaceAll("storage");
    }

    /**
     * A request to it that gets past the guards and, where it takes a document, no further: its body is empty. A body that
     * nobody reads would have the server break the connection.
     */
    public HttpRequest.Builder request(URI base, Map<String, String> parameters) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path(parameters)));
        mediaType.filter(type -> !type.equals("*/*")).ifPresent(type -> request.header("Content-Type", type));
        return request.method(verb, BodyPublishers.noBody());
    }

    @Override
    public String toString() {
        return verb + " " + path;
    }
}
