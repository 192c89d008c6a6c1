package io.maestro.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.secrets.SecretName;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts JSON together from files, standard input and single values on the command line. */
final class Configuration {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Configuration() {}

    /** The file, then the single values over it, then the secrets, then the names of secrets that the server has. */
    static ObjectNode of(
            Terminal terminal,
            @Nullable String file,
            List<String> values,
            List<String> secrets,
            List<String> references) {
        ObjectNode configuration = file == null ? JsonNodeFactory.instance.objectNode() : file(terminal, file);
        return changed(configuration, terminal, values, secrets, references);
    }

    /** The configuration in a file; {@code -} for standard input. */
    static ObjectNode file(Terminal terminal, String file) {
        if (!(document(terminal, file.equals("-") ? "-" : "@" + file) instanceof ObjectNode read)) {
            throw Failure.usage("the configuration in " + file + " is no JSON object", "Write { \"key\": value }.");
        }
        return read;
    }

    /** This configuration, with the single values over it, then the secrets, then the names of secrets. */
    static ObjectNode changed(
            ObjectNode configuration,
            Terminal terminal,
            List<String> values,
            List<String> secrets,
            List<String> references) {
        for (String pair : values) {
            configuration.set(key(pair), value(after(pair)));
        }
        for (String pair : secrets) {
            configuration.put(key(pair), Secrets.value(terminal, after(pair)));
        }
        for (String pair : references) {
            configuration.putObject(key(pair)).put("$secret", new SecretName(after(pair)).value());
        }
        return configuration;
    }

    /** A JSON document: as written, {@code @FILE}, or {@code -} for standard input. */
    static JsonNode document(Terminal terminal, String source) {
        String text = source.equals("-")
                ? Secrets.standardInput(terminal)
                : source.startsWith("@") ? Secrets.file(Path.of(source.substring(1))) : source;
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw Failure.usage(
                    "the JSON is malformed: " + Output.clean(String.valueOf(e.getOriginalMessage())),
                    "Check quotes, commas and braces.");
        }
    }

    private static JsonNode value(String text) {
        boolean json = text.equals("true")
                || text.equals("false")
                || text.equals("null")
                || NUMBER.matcher(text).matches()
                || text.startsWith("{")
                || text.startsWith("[")
                || text.startsWith("\"");
        if (!json) {
            return JsonNodeFactory.instance.textNode(text);
        }
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.textNode(text);
        }
    }

    private static String key(String pair) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            throw Failure.usage("\"" + Output.clean(pair) + "\" is no pair", "Write KEY=VALUE.");
        }
        return pair.substring(0, equals);
    }

    private static String after(String pair) {
        return pair.substring(pair.indexOf('=') + 1);
    }
}
