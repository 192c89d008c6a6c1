package io.maestro.adapters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.maestro.api.adapters.Definitions.Setting;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.model.DefinitionId;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.Retry;
import io.maestro.model.TypeName;
import io.maestro.model.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Problems and manifests as the JSON that stands in the database. */
final class Documents {
    private static final Duration LONGEST_DELAY = Duration.ofDays(365);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Documents() {}

    /** A document that came from outside; what is no JSON is a text. */
    static JsonNode foreign(String text) {
        try {
            JsonNode read = MAPPER.readTree(text);
            return read.isMissingNode() ? MAPPER.getNodeFactory().textNode(text) : read;
        } catch (JsonProcessingException e) {
            // the schema will say what it should be; the library's message may quote a secret
            return MAPPER.getNodeFactory().textNode(text);
        }
    }

    static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored document is not JSON", e);
        }
    }

    static String text(AdapterManifest manifest) {
        ObjectNode node = MAPPER.createObjectNode()
                .put("id", manifest.id().toString())
                .put("type", manifest.type().value())
                .put("contractVersion", manifest.contractVersion())
                .put("description", manifest.description())
                .put("owner", manifest.owner())
                .put("licence", manifest.licence());
        node.putObject("risk")
                .put("level", manifest.risk().level())
                .put("dataSensitivity", manifest.risk().dataSensitivity())
                .put("requiresApproval", manifest.risk().requiresApproval());
        ObjectNode permissions = node.putObject("permissions");
        manifest.permissions().network().forEach(permissions.putArray("network")::add);
        permissions.put("files", manifest.permissions().files());
        manifest.permissions().packages().forEach(permissions.putArray("packages")::add);
        node.set("configuration", tree(manifest.configuration().text()));
        node.set("document", tree(manifest.document().text()));
        return node.toString();
    }

    static AdapterManifest manifest(String text) {
        JsonNode node = tree(text);
        JsonNode risk = node.path("risk");
        JsonNode permissions = node.path("permissions");
        return new AdapterManifest(
                DefinitionId.parse(node.path("id").asText()),
                new TypeName(node.path("type").asText()),
                node.path("contractVersion").asText(),
                node.path("description").asText(),
                node.path("owner").asText(),
                node.path("licence").asText(),
                new AdapterManifest.Risk(
                        risk.path("level").asText(),
                        risk.path("dataSensitivity").asText(),
                        risk.path("requiresApproval").asBoolean()),
                new Json(node.path("configuration").toString()),
                new AdapterManifest.Permissions(
                        texts(permissions.path("network")),
                        permissions.path("files").asBoolean(),
                        texts(permissions.path("packages"))),
                new Json(node.path("document").toString()));
    }

    /** What a configuration of the adapter takes. */
    static List<Setting> settings(AdapterManifest manifest) {
        return SchemaSettings.of(tree(manifest.configuration().text()));
    }

    static String text(Problem problem) {
        ObjectNode node = MAPPER.createObjectNode()
                .put("code", storable(problem.code()))
                .put("category", problem.category().name())
                .put("status", problem.status())
                .put("title", storable(problem.title()))
                .put("detail", storable(problem.detail()));
        String fix = problem.fix();
        if (fix != null) {
            node.put("fix", storable(fix));
        }
        if (problem.retry() instanceof Retry.After after) {
            // an adapter may ask for more than a number of milliseconds holds
            Duration delay = after.delay();
            Duration most = delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
            node.put("retryAfterMillis", most.isNegative() ? 0 : most.toMillis());
        }
        ArrayNode violations = node.putArray("violations");
        problem.violations()
                .forEach(violation -> violations
                        .addObject()
                        .put("pointer", storable(violation.pointer()))
                        .put("detail", storable(violation.detail())));
        if (!problem.members().isEmpty()) {
            ObjectNode members = node.putObject("members");
            problem.members().forEach((name, value) -> members.set(storable(name), storable(tree(value.text()))));
        }
        return node.toString();
    }

    static Problem problem(String text) {
        JsonNode node = tree(text);
        List<Violation> violations = new ArrayList<>();
        node.path("violations")
                .forEach(violation -> violations.add(new Violation(
                        violation.path("pointer").asText(),
                        violation.path("detail").asText())));
        return new Problem(
                node.path("code").asText(),
                ProblemCategory.valueOf(node.path("category").asText()),
                node.path("status").asInt(),
                node.path("title").asText(),
                node.path("detail").asText(),
                node.hasNonNull("fix") ? node.path("fix").asText() : null,
                violations,
                node.has("retryAfterMillis")
                        ? Retry.after(
                                Duration.ofMillis(node.path("retryAfterMillis").asLong()))
                        : Retry.never(),
                members(node.path("members")));
    }

    private static Map<String, Json> members(JsonNode node) {
        Map<String, Json> members = new HashMap<>();
        node.properties()
                .forEach(member ->
                        members.put(member.getKey(), new Json(member.getValue().toString())));
        return members;
    }

    /** The same with each text in it storable; what stands there escaped is a text only once it was read. */
    private static JsonNode storable(JsonNode node) {
        return switch (node) {
            case TextNode text -> TextNode.valueOf(storable(text.textValue()));
            case ArrayNode array -> {
                ArrayNode clean = MAPPER.createArrayNode();
                array.forEach(item -> clean.add(storable(item)));
                yield clean;
            }
            case ObjectNode object -> {
                ObjectNode clean = MAPPER.createObjectNode();
                object.properties()
                        .forEach(member -> clean.set(storable(member.getKey()), storable(member.getValue())));
                yield clean;
            }
            default -> node;
        };
    }

    /** PostgreSQL's text has no zero character and no half of a surrogate pair; names from outside may. */
    static String storable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? 0xFFFD : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
