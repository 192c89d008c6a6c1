package io.maestro.rego.compile;

import io.maestro.rego.compile.Form.Body;
import io.maestro.rego.error.Location;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All definitions under one path of {@code data}. */
public final class RuleGroup {
    /** What the definitions make together. */
    public enum Kind {
        /** One value. */
        COMPLETE,
        /** A value for each list of arguments. */
        FUNCTION,
        /** A set of what the definitions find. */
        PARTIAL_SET,
        /** An object of what the definitions find, perhaps of objects and sets. */
        PARTIAL_OBJECT
    }

    /** One definition, with the package that it stands in. */
    public record Definition(boolean isDefault, String module, List<Alternative> alternatives) {}

    /**
     * One value with its body.
     *
     * @param slots how many variables
     * @param names of the variables, by slot
     * @param tail the rest of the rule's path, below that of the group
     * @param member what it puts into a set; null otherwise
     */
    public record Alternative(
            Location at,
            int slots,
            List<String> names,
            List<Form> tail,
            @Nullable Form member,
            Form value,
            Body body) {}

    private final int id;
    private final List<String> path;
    private final Kind kind;
    private final int arity;
    private final Location at;
    private List<RuleTree.Source> sources;
    private final List<Definition> definitions = new ArrayList<>();
    private final RuleTree.Node node;
    private @Nullable Definition defaults;

    RuleGroup(int id, RuleTree.Node node, Kind kind, int arity, List<RuleTree.Source> sources) {
        this.id = id;
        this.node = node;
        this.path = node.path();
        this.kind = kind;
        this.arity = arity;
        this.sources = List.copyOf(sources);
        this.at = sources.getFirst().rule().at();
    }

    public int id() {
        return id;
    }

    public RuleTree.Node node() {
        return node;
    }

    /** Below {@code data}. */
    public List<String> path() {
        return path;
    }

    public Kind kind() {
        return kind;
    }

    /** How many arguments a function takes; 0 for other rules. */
    public int arity() {
        return arity;
    }

    public List<Definition> definitions() {
        return definitions;
    }

    public @Nullable Definition defaults() {
        return defaults;
    }

    /** Where the first of them stands. */
    public Location at() {
        return at;
    }

    /** Lets go of what is only needed to compile. */
    void forget() {
        sources = List.of();
    }

    List<RuleTree.Source> sources() {
        return sources;
    }

    void add(Definition definition) {
        if (definition.isDefault()) {
            defaults = definition;
        } else {
            definitions.add(definition);
        }
    }

    /** As a policy would write it. */
    public String name() {
        return path.stream()
                .map(part ->
                        plain(part) ? "." + part : "[" + StringValue.of(part).json() + "]")
                .collect(Collectors.joining("", "data", ""));
    }

    private static boolean plain(String part) {
        return !part.isEmpty()
                && part.chars().allMatch(c -> c == '_' || (c < 128 && Character.isLetterOrDigit(c)))
                && !Character.isDigit(part.charAt(0));
    }

    /** The keys of its path as values. */
    public List<Value> keys() {
        return path.stream().<Value>map(StringValue::of).toList();
    }
}
