package io.maestro.rego.compile;

import io.maestro.rego.compile.RuleGroup.Kind;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.RegoError;
import io.maestro.rego.syntax.Module;
import io.maestro.rego.syntax.Rule;
import io.maestro.rego.syntax.Term;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the rules of all modules stand below {@code data}. */
public final class RuleTree {
    /** A definition with the module that it stands in. */
    record Source(Module module, Rule rule, int skipped) {
        /** The part of its path below its group's node. */
        List<Term> tail() {
            return rule.path().subList(skipped, rule.path().size());
        }
    }

    /** One name in the tree. */
    public static final class Node {
        private final List<String> path;
        private final @Nullable Node parent;
        private final Map<Value, Node> children = new LinkedHashMap<>();
        private final List<Source> sources = new ArrayList<>();
        private @Nullable RuleGroup group;
        private boolean isPackage;

        private Node(List<String> path, @Nullable Node parent) {
            this.path = path;
            this.parent = parent;
        }

        public List<String> path() {
            return path;
        }

        public @Nullable Node parent() {
            return parent;
        }

        /** Empty where a group stands. */
        public Map<Value, Node> children() {
            return children;
        }

        public @Nullable Node child(Value key) {
            return children.get(key);
        }

        public @Nullable RuleGroup group() {
            return group;
        }

        /** All groups from here down. */
        public void collect(Collection<RuleGroup> groups) {
            if (group != null) {
                groups.add(group);
            }
            children.values().forEach(child -> child.collect(groups));
        }

        private Node make(String name) {
            return children.computeIfAbsent(StringValue.of(name), _ -> {
                List<String> below = new ArrayList<>(path);
                below.add(name);
                return new Node(List.copyOf(below), this);
            });
        }
    }

    private final Node root = new Node(List.of(), null);
    private final List<RuleGroup> groups = new ArrayList<>();
    private final List<RegoError> errors;

    private RuleTree(List<RegoError> errors) {
        this.errors = errors;
    }

    /** Places all rules, and adds to the errors what cannot stand together. */
    static RuleTree of(Collection<Module> modules, List<RegoError> errors) {
        RuleTree tree = new RuleTree(errors);
        for (Module module : modules) {
            Node node = tree.root;
            for (String name : module.packagePath()) {
                node = node.make(name);
            }
            node.isPackage = true;
            for (Rule rule : module.rules()) {
                tree.place(node, module, rule);
            }
        }
        tree.group(tree.root);
        return tree;
    }

    public Node root() {
        return root;
    }

    public List<RuleGroup> groups() {
        return groups;
    }

    /** The group at a path that begins below {@code data}; null when there is none. */
    public @Nullable RuleGroup find(List<String> path) {
        Node node = node(path);
        return node == null ? null : node.group();
    }

    /** The node at a path; null when there is none. */
    public @Nullable Node node(List<String> path) {
        Node node = root;
        for (String name : path) {
            node = node.child(StringValue.of(name));
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    /** Lets go of the syntax, which nothing needs once the rules are resolved and checked. */
    void forget() {
        forget(root);
        groups.forEach(RuleGroup::forget);
    }

    private static void forget(Node node) {
        node.sources.clear();
        node.children.values().forEach(RuleTree::forget);
    }

    private void place(Node packageNode, Module module, Rule rule) {
        Node node = packageNode;
        int count = 0;
        for (Term part : rule.path()) {
            if (!(part instanceof Term.Constant(var _, StringValue name))) {
                break;
            }
            node = node.make(name.value());
            count++;
        }
        node.sources.add(new Source(module, rule, count));
    }

    private void group(Node node) {
        if (node.sources.isEmpty()) {
            List.copyOf(node.children.values()).forEach(this::group);
            return;
        }
        if (node.isPackage) {
            error(
                    node.sources.getFirst(),
                    ErrorCode.TYPE,
                    "package " + name(node) + " conflicts with rule " + name(node));
            return;
        }
        boolean open = node.sources.stream().anyMatch(source -> !source.tail().isEmpty());
        List<Source> sources = new ArrayList<>(node.sources);
        if (!node.children.isEmpty()) {
            if (!open) {
                conflict(node);
                return;
            }
            absorb(node, node, sources);
        }
        Source first = sources.getFirst();
        Kind kind = kind(sources);
        for (Source source : sources) {
            check(source, first, kind);
        }
        List<Source> defaults =
                sources.stream().filter(source -> source.rule().isDefault()).toList();
        if (defaults.size() > 1) {
            Source second = defaults.get(1);
            error(second, ErrorCode.TYPE, "multiple default rules " + name(node) + " found");
        }
        List<Term> arguments = first.rule().arguments();
        node.group = new RuleGroup(groups.size(), node, kind, arguments == null ? 0 : arguments.size(), sources);
        groups.add(node.group);
    }

    /** A rule with a variable in its path owns all that stands below. */
    private void absorb(Node owner, Node node, List<Source> sources) {
        for (Node child : node.children.values()) {
            if (child.isPackage) {
                conflict(owner);
            }
            for (Source source : child.sources) {
                int moved = child.path.size() - owner.path.size();
                sources.add(new Source(source.module(), source.rule(), source.skipped() - moved));
            }
            absorb(owner, child, sources);
        }
        node.children.clear();
    }

    private static Kind kind(List<Source> sources) {
        Rule first = sources.getFirst().rule();
        if (first.arguments() != null) {
            return Kind.FUNCTION;
        }
        if (sources.stream().anyMatch(source -> !source.tail().isEmpty())) {
            return Kind.PARTIAL_OBJECT;
        }
        return first.member() != null ? Kind.PARTIAL_SET : Kind.COMPLETE;
    }

    private void check(Source source, Source first, Kind kind) {
        Rule rule = source.rule();
        List<Term> arguments = rule.arguments();
        List<Term> firsts = first.rule().arguments();
        boolean fits = (arguments != null) == (kind == Kind.FUNCTION)
                && switch (kind) {
                    case FUNCTION -> firsts != null && arguments != null && arguments.size() == firsts.size();
                    case COMPLETE -> rule.member() == null;
                    case PARTIAL_SET -> rule.member() != null;
                    case PARTIAL_OBJECT -> !source.tail().isEmpty();
                };
        if (!fits) {
            error(source, ErrorCode.TYPE, "conflicting rules " + shown(source) + " found");
        } else if (rule.isDefault() && !source.tail().isEmpty()) {
            error(source, ErrorCode.COMPILE, "a default rule has no variable in its name: " + rule.name());
        }
    }

    private void conflict(Node node) {
        List<String> below = new ArrayList<>();
        boolean[] packages = new boolean[1];
        names(node, below, packages);
        Source source = node.sources.getFirst();
        String others = below.stream().limit(3).collect(Collectors.joining(", "));
        error(
                source,
                ErrorCode.TYPE,
                packages[0]
                        ? "package " + others + " conflicts with rule " + shown(source)
                        : "rule " + shown(source) + " conflicts with " + others);
    }

    private static void names(Node node, List<String> below, boolean[] packages) {
        for (Node child : node.children.values()) {
            if (child.isPackage || !child.sources.isEmpty()) {
                packages[0] |= child.isPackage;
                below.add(name(child));
            }
            names(child, below, packages);
        }
    }

    private void error(Source source, ErrorCode code, String message) {
        errors.add(new RegoError(code, source.rule().at(), message));
    }

    private static String shown(Source source) {
        return "data." + String.join(".", source.module().packagePath()) + "."
                + source.rule().name();
    }

    private static String name(Node node) {
        return "data." + String.join(".", node.path);
    }
}
