package io.maestro.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.trust.TrustProblem;
import io.maestro.model.ProblemException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * Reads the YAML of adapter manifests: one document, no anchors, no tags, no key twice, and only what JSON has. Plain words
 * are booleans, null or numbers as in JSON, everything else is text; so {@code no} is a word and not a boolean.
 */
final class ManifestYaml {
    private static final int DEEPEST = 32;
    private static final int MOST = 10_000;
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d{0,17})");
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9]\\d{0,17})\\.\\d{1,18}([eE][+-]?\\d{1,2})?");

    private final Iterator<Event> events;
    private int count;

    private ManifestYaml(Iterator<Event> events) {
        this.events = events;
    }

    /** The document, or a {@link TrustProblem#MANIFEST_INVALID} that names the line. */
    static JsonNode parse(byte[] yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Math.max(yaml.length, 1));
        options.setNestingDepthLimit(DEEPEST);
        options.setAllowDuplicateKeys(false);
        try {
            return new ManifestYaml(new Yaml(options)
                            .parse(new StringReader(text(yaml)))
                            .iterator())
                    .document();
        } catch (MarkedYAMLException e) {
            throw malformed(
                    e.getProblem(),
                    e.getProblemMark() == null ? 0 : e.getProblemMark().getLine());
        } catch (YAMLException e) {
            throw malformed(String.valueOf(e.getMessage()), 0);
        }
    }

    private static String text(byte[] yaml) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(yaml)).toString();
        } catch (CharacterCodingException e) {
            throw malformed("the text is not UTF-8", 0);
        }
    }

    private JsonNode document() {
        next(Event.ID.StreamStart);
        next(Event.ID.DocumentStart);
        JsonNode document = node(events.next(), 0);
        next(Event.ID.DocumentEnd);
        next(Event.ID.StreamEnd);
        return document;
    }

    private void next(Event.ID wanted) {
        Event event = events.next();
        if (!event.is(wanted)) {
            throw malformed("there must be exactly one document", line(event));
        }
    }

    private JsonNode node(Event event, int depth) {
        count++;
        if (depth > DEEPEST || count > MOST) {
            throw malformed("the document is too deep or has too many values", line(event));
        }
        if (event instanceof AliasEvent || (event instanceof NodeEvent node && node.getAnchor() != null)) {
            throw malformed("anchors and aliases are not taken", line(event));
        }
        return switch (event) {
            case MappingStartEvent start -> {
                refuseTag(start.getTag(), event);
                yield mapping(depth);
            }
            case SequenceStartEvent start -> {
                refuseTag(start.getTag(), event);
                yield sequence(depth);
            }
            case ScalarEvent scalar -> {
                refuseTag(scalar.getTag(), event);
                yield scalar(scalar);
            }
            default -> throw malformed("there must be exactly one document", line(event));
        };
    }

    private ObjectNode mapping(int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            if (!(event instanceof ScalarEvent key) || key.getAnchor() != null || key.getTag() != null) {
                throw malformed("keys are plain words", line(event));
            }
            requireStorable(key);
            if (object.has(key.getValue())) {
                throw malformed("the key \"" + key.getValue() + "\" is there twice", line(event));
            }
            object.set(key.getValue(), node(events.next(), depth + 1));
        }
        return object;
    }

    private ArrayNode sequence(int depth) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
            array.add(node(event, depth + 1));
        }
        return array;
    }

    private static JsonNode scalar(ScalarEvent scalar) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        String value = scalar.getValue();
        requireStorable(scalar);
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return nodes.textNode(value);
        }
        return switch (value) {
            case "", "~", "null" -> nodes.nullNode();
            case "true" -> nodes.booleanNode(true);
            case "false" -> nodes.booleanNode(false);
            default -> {
                if (INTEGER.matcher(value).matches()) {
                    yield nodes.numberNode(Long.parseLong(value));
                }
                yield DECIMAL.matcher(value).matches()
                        ? nodes.numberNode(new BigDecimal(value))
                        : nodes.textNode(value);
            }
        };
    }

    /** Escapes can make characters that no database and no terminal takes. */
    private static void requireStorable(ScalarEvent scalar) {
        if (scalar.getValue().codePoints().anyMatch(ManifestYaml::isUnstorable)) {
            throw malformed("a text has a control character or half a character", line(scalar));
        }
    }

    private static boolean isUnstorable(int c) {
        return (Character.isISOControl(c) && c != '\n' && c != '\t') || Character.getType(c) == Character.SURROGATE;
    }

    private static void refuseTag(@Nullable String tag, Event event) {
        if (tag != null) {
            throw malformed("tags are not taken", line(event));
        }
    }

    private static int line(Event event) {
        return event.getStartMark() == null ? 0 : event.getStartMark().getLine();
    }

    private static ProblemException malformed(String detail, int line) {
        return Refusals.at(
                TrustProblem.MANIFEST_INVALID,
                ManifestReader.ENTRY,
                ManifestReader.ENTRY + " cannot be read at line " + (line + 1) + ": " + Refusals.printable(detail),
                "Write plain YAML: one document without anchors, aliases and tags, each key once.");
    }
}
