package io.maestro.rego.value;

import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads and writes the YAML that has the same meaning as some JSON. Makes no Java objects, expands no endless aliases. */
public final class Yaml {
    private static final int MOST_CHARACTERS = 4 << 20;
    private static final int MOST_NODES = 200_000;
    private static final int MOST_NESTING = 100;

    private int nodes;

    private Yaml() {}

    /**
     * Reads one document; an empty one is null.
     *
     * @throws IllegalArgumentException when it is none, or too large
     */
    public static Value read(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setNestingDepthLimit(MOST_NESTING);
        options.setMaxAliasesForCollections(1_000);
        options.setCodePointLimit(MOST_CHARACTERS);
        try {
            Node root = new org.yaml.snakeyaml.Yaml(options).compose(new StringReader(text));
            return root == null ? NullValue.NULL : new Yaml().value(root, 0);
        } catch (YAMLException e) {
            String message = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(
                    "no YAML: " + message.lines().findFirst().orElse(""), e);
        }
    }

    private Value value(Node node, int depth) {
        if (++nodes > MOST_NODES || depth > MOST_NESTING) {
            throw new IllegalArgumentException("the YAML is too large once its aliases are expanded");
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case SequenceNode sequence -> {
                List<Value> members = new ArrayList<>();
                for (Node member : sequence.getValue()) {
                    members.add(value(member, depth + 1));
                }
                yield ArrayValue.keeping(members);
            }
            case MappingNode mapping -> {
                Map<Value, Value> members = new HashMap<>();
                for (NodeTuple member : mapping.getValue()) {
                    Value key = value(member.getKeyNode(), depth + 1);
                    members.put(
                            key instanceof StringValue ? key : StringValue.of(key.json()),
                            value(member.getValueNode(), depth + 1));
                }
                yield ObjectValue.keeping(members);
            }
            default -> throw new IllegalArgumentException("no YAML that JSON could say");
        };
    }

    private static Value scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        if (!scalar.isPlain()) {
            return StringValue.of(text);
        }
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return NullValue.NULL;
        }
        if (tag.equals(Tag.BOOL)) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true", "yes", "on" -> BoolValue.TRUE;
                default -> BoolValue.FALSE;
            };
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            try {
                String plain = text.replace("_", "");
                return plain.startsWith("0x")
                        ? NumberValue.of(new BigInteger(plain.substring(2), 16))
                        : NumberValue.parse(plain.startsWith("+") ? plain.substring(1) : plain);
            } catch (NumberFormatException e) {
                return StringValue.of(text);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("the number is out of bounds", e);
            }
        }
        return StringValue.of(text);
    }

    /** Writes block style with sorted keys. */
    public static String write(Value value) {
        StringBuilder out = new StringBuilder();
        write(out, value, 0, false);
        return out.toString();
    }

    private static void write(StringBuilder out, Value value, int indent, boolean inline) {
        switch (value) {
            case ObjectValue object
            when object.size() > 0 -> {
                boolean first = inline;
                for (Value key : object.keys()) {
                    out.append(first ? "" : " ".repeat(indent));
                    first = false;
                    out.append(text(key instanceof StringValue string ? string.value() : key.json()))
                            .append(':');
                    member(out, object.at(key), indent, object.at(key) instanceof ArrayValue ? 0 : 2);
                }
            }
            case ArrayValue array when array.size() > 0 -> list(out, array.members(), indent, inline);
            case SetValue set when set.size() > 0 -> list(out, set.sorted(), indent, inline);
            case StringValue string -> out.append(text(string.value())).append('\n');
            default -> out.append(value.json()).append('\n');
        }
    }

    private static void list(StringBuilder out, List<Value> members, int indent, boolean inline) {
        boolean first = inline;
        for (Value member : members) {
            out.append(first ? "" : " ".repeat(indent)).append("- ");
            first = false;
            write(out, member, indent + 2, true);
        }
    }

    private static void member(StringBuilder out, Value value, int indent, int more) {
        boolean block = value.isCollection() && value.weight() > 1;
        out.append(block ? '\n' : ' ');
        write(out, value, indent + more, false);
    }

    private static String text(String text) {
        boolean plain = !text.isEmpty() && text.length() < 200;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain &= (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || c == '_'
                    || c == '/'
                    || c == '.'
                    || (i > 0 && ((c >= '0' && c <= '9') || c == '-' || c == ' '));
        }
        boolean word = switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "false", "null", "yes", "no", "on", "off", "y", "n", ".inf", ".nan", "." -> true;
            default -> text.endsWith(" ") || text.startsWith(".");
        };
        return plain && !word ? text : StringValue.of(text).json();
    }
}
