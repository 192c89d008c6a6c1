package io.maestro.trust;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.model.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What an adapter's configuration schema must not do although JSON Schema allows it: point to other documents, refer in
 * circles, and bring patterns that take for ever.
 */
final class ConfigurationRules {
    private static final int LONGEST_PATTERN = 256;
    private static final Pattern LOCAL = Pattern.compile("#/\\$defs/[A-Za-z0-9_-]{1,63}");
    /** A repeated group that repeats or chooses within: the usual shape of patterns that backtrack without end. */
    private static final Pattern RISKY = Pattern.compile("[*+|}][^()]*\\)\\s*([*+]|\\{\\d+,)");

    private static final Set<String> NAMED = Set.of("properties", "patternProperties", "$defs", "dependentSchemas");
    private static final Set<String> VALUES = Set.of("const", "enum", "default", "examples");
    private static final Set<String> ELSEWHERE =
            Set.of("$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$vocabulary", "definitions");

    private final JsonNode root;
    private final String base;
    private final List<Violation> violations = new ArrayList<>();

    private ConfigurationRules(JsonNode root, String base) {
        this.root = root;
        this.base = base;
    }

    /** What breaks the rules, with pointers that start with {@code base}. */
    static List<Violation> violations(JsonNode schema, String base) {
        ConfigurationRules rules = new ConfigurationRules(schema, base);
        rules.schema(schema, base, false);
        return rules.violations;
    }

    private void schema(JsonNode schema, String at, boolean definition) {
        if (schema.isArray()) {
            for (int i = 0; i < schema.size(); i++) {
                schema(schema.get(i), at + "/" + i, definition);
            }
            return;
        }
        for (var field : schema.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            String here = at + "/" + escaped(name);
            if (ELSEWHERE.contains(name) || (name.equals("$schema") && !at.equals(base))) {
                violate(here, name + " is not taken in a configuration schema");
            } else if (name.equals("$ref")) {
                reference(value, here, definition);
            } else if (name.equals("pattern")) {
                pattern(value.asText(), here);
            } else if (name.equals("writeOnly")
                    && value.asBoolean()
                    && !"string".equals(schema.path("type").asText())) {
                violate(here, "a secret must be of type string");
            } else if (NAMED.contains(name)) {
                named(name, value, here, definition);
            } else if (!VALUES.contains(name) && value.isContainerNode()) {
                schema(value, here, definition);
            }
        }
    }

    private void named(String keyword, JsonNode schemas, String at, boolean definition) {
        for (var field : schemas.properties()) {
            String here = at + "/" + escaped(field.getKey());
            if (keyword.equals("patternProperties")) {
                pattern(field.getKey(), here);
            }
            schema(field.getValue(), here, definition || keyword.equals("$defs"));
        }
    }

    private void reference(JsonNode value, String at, boolean definition) {
        String target = value.asText();
        if (!LOCAL.matcher(target).matches() || !root.at(target.substring(1)).isObject()) {
            violate(at, "must refer to a definition of this schema, as #/$defs/name");
        } else if (definition) {
            violate(at, "a definition must not refer to another");
        }
    }

    private void pattern(String pattern, String at) {
        if (pattern.length() > LONGEST_PATTERN || RISKY.matcher(pattern).find()) {
            violate(
                    at,
                    "the pattern is longer than " + LONGEST_PATTERN
                            + " characters, or a repeated group in it holds a repetition or a choice");
            return;
        }
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            violate(at, "the pattern is malformed");
        }
    }

    private void violate(String pointer, String detail) {
        violations.add(new Violation(Refusals.printable(pointer), detail));
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
