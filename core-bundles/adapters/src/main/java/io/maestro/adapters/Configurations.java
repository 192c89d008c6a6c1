package io.maestro.adapters;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.ClasspathSchemaLoader;
import com.networknt.schema.resource.InputStreamSource;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Violation;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks configurations against the schemas of definitions. Both are bounded: a configuration in size and depth before it
 * is looked at, and a schema loads nothing from anywhere.
 */
final class Configurations {
    static final int LARGEST = 64 << 10;
    private static final int LONGEST_TEXT = 16 << 10;
    private static final int MOST_VIOLATIONS = 50;
    private static final ClasspathSchemaLoader META_SCHEMAS = new ClasspathSchemaLoader();

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(32)
                            .maxStringLength(LONGEST_TEXT)
                            .maxNumberLength(100)
                            .maxNameLength(256)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            factory -> factory.schemaLoaders(loaders -> loaders.add(Configurations::onlyMetaSchemas)));

    /** The configuration as a tree when it obeys the schema, or {@link AdapterProblem#CONFIGURATION_INVALID}. */
    ObjectNode check(Json schema, Json configuration) {
        ObjectNode tree = parse(configuration);
        check(schema, tree);
        return tree;
    }

    /** Returns when the configuration obeys the schema. */
    void check(Json schema, ObjectNode tree) {
        List<Violation> violations;
        try {
            violations = compile(schema).validate(tree).stream()
                    .sorted(Comparator.comparing(
                            message -> message.getInstanceLocation().toString()))
                    .limit(MOST_VIOLATIONS)
                    .map(Configurations::violation)
                    .toList();
        } catch (JsonSchemaException e) {
            throw Problem.of(
                            AdapterProblem.CONFIGURATION_INVALID,
                            "the configuration schema in the adapter's manifest cannot be used",
                            "Ask the adapter's publisher for a version with a sound JSON Schema 2020-12 that refers to"
                                    + " nothing outside itself.")
                    .asException(e);
        }
        if (!violations.isEmpty()) {
            throw invalid(violations);
        }
    }

    private JsonSchema compile(Json schema) {
        return schemas.getSchema(
                schema.text(),
                InputFormat.JSON,
                SchemaValidatorsConfig.builder()
                        .pathType(PathType.JSON_POINTER)
                        .formatAssertionsEnabled(true)
                        .regularExpressionFactory(BoundedPattern::new)
                        .locale(Locale.ENGLISH)
                        .build());
    }

    /** The configuration as a tree when it keeps within the bounds. */
    static ObjectNode parse(Json configuration) {
        String text = configuration.text();
        if (text.length() > LARGEST) {
            throw invalid(List.of(new Violation("", "is larger than " + LARGEST + " characters")));
        }
        try {
            JsonNode tree = MAPPER.readTree(text);
            if (!(tree instanceof ObjectNode object)) {
                throw invalid(List.of(new Violation("", "is not a JSON object")));
            }
            if (!Documents.storable(text).equals(text) || hasUnstorable(object)) {
                throw invalid(List.of(new Violation("", "has a text with a zero character or half a character")));
            }
            return object;
        } catch (JsonProcessingException e) {
            throw invalid(List.of(Wire.violation(e)));
        }
    }

    private static boolean hasUnstorable(JsonNode node) {
        if (node.isTextual()) {
            return !Documents.storable(node.textValue()).equals(node.textValue());
        }
        if (node.isObject()) {
            for (var property : node.properties()) {
                if (!Documents.storable(property.getKey()).equals(property.getKey())
                        || hasUnstorable(property.getValue())) {
                    return true;
                }
            }
            return false;
        }
        for (JsonNode item : node) {
            if (hasUnstorable(item)) {
                return true;
            }
        }
        return false;
    }

    private static Violation violation(ValidationMessage message) {
        String pointer = message.getInstanceLocation().toString();
        String property = message.getProperty();
        if (property != null) {
            // about a property that is missing or too many: point at it and not at the object around it
            pointer = pointer + "/" + property.replace("~", "~0").replace("/", "~1");
        }
        return new Violation(pointer, message.getError() == null ? message.getMessage() : message.getError());
    }

    private static ProblemException invalid(List<Violation> violations) {
        Violation first = violations.getFirst();
        String place = first.pointer().isEmpty() ? "the configuration" : first.pointer();
        String more = violations.size() == 1 ? "" : ", and " + (violations.size() - 1) + " more";
        return Problem.of(
                        AdapterProblem.CONFIGURATION_INVALID,
                        place + ": " + first.detail() + more,
                        "Mend each place; the definition shows its configuration schema.")
                .with(violations)
                .asException();
    }

    private static @Nullable InputStreamSource onlyMetaSchemas(AbsoluteIri iri) {
        if (iri.toString().startsWith("classpath:draft/")) {
            return META_SCHEMAS.getSchema(iri);
        }
        throw new JsonSchemaException("a schema must not refer to " + iri);
    }
}
