package io.maestro.adapters.context;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What is secret in a secret. Some are documents, such as the key file of a service account: a library that fails over one tells the
 * key that stands in it, or a line of that, and never the whole document.
 */
final class SecretParts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern TELLING = Pattern.compile("key|secret|password|token|credential|assertion");
    private static final Pattern ADDRESS = Pattern.compile("https?://.*");

    /** A shorter part may be a word that stands for something else. */
    private static final int SHORTEST = 8;

    /** Armour has lines of 64 or 76 characters, and a last one that is as long as it happens to be. */
    private static final int SHORTEST_LINE = 16;

    private SecretParts() {}

    /** The secret, and what stands in it that must not be told either. */
    static List<String> of(String secret) {
        List<String> parts = new ArrayList<>();
        parts.add(secret);
        if (secret.stripLeading().startsWith("{")) {
            try {
                collect(JSON.readTree(secret), parts);
            } catch (JsonProcessingException e) {
                // no document: it has no parts
                return parts;
            }
        }
        List.copyOf(parts).forEach(part -> collectLines(part, parts));
        return parts;
    }

    private static void collect(JsonNode node, List<String> parts) {
        node.properties().forEach(member -> {
            JsonNode value = member.getValue();
            if (value.isTextual() && isSecret(member.getKey(), value.textValue())) {
                parts.add(value.textValue());
            }
            collect(value, parts);
        });
        if (node.isArray()) {
            node.forEach(element -> collect(element, parts));
        }
    }

    private static boolean isSecret(String name, String value) {
        return value.length() >= SHORTEST
                && !ADDRESS.matcher(value).matches()
                && (isArmoured(value)
                        || TELLING.matcher(name.toLowerCase(Locale.ROOT)).find());
    }

    private static void collectLines(String part, List<String> parts) {
        if (isArmoured(part)) {
            part.lines()
                    .map(String::strip)
                    .filter(line -> line.length() >= SHORTEST_LINE && !line.startsWith("-----"))
                    .forEach(parts::add);
        }
    }

    /** RFC 7468. */
    private static boolean isArmoured(String value) {
        return value.contains("-----BEGIN ");
    }
}
