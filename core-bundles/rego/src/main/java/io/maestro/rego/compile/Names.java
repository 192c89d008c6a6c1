package io.maestro.rego.compile;

import io.maestro.rego.builtins.Builtin;
import io.maestro.rego.syntax.Module;
import io.maestro.rego.syntax.Rule;
import io.maestro.rego.syntax.Term;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a name means in a module when no body declares it. Full paths begin with {@code data} or {@code input}. */
final class Names {
    private final Map<String, List<String>> globals = new HashMap<>();
    private final Map<String, Builtin> builtins;
    private final RuleTree tree;
    private final MetadataChain metadata;
    private final Map<Value, Form.Const> constants = new HashMap<>();

    private Names(Map<String, Builtin> builtins, RuleTree tree, MetadataChain metadata) {
        this.builtins = builtins;
        this.tree = tree;
        this.metadata = metadata;
        globals.put("data", List.of("data"));
        globals.put("input", List.of("input"));
    }

    static Names of(
            Module module,
            Collection<Module> all,
            Map<String, Builtin> builtins,
            RuleTree tree,
            MetadataChain metadata) {
        Names names = new Names(builtins, tree, metadata);
        for (Module other : all) {
            if (other.packagePath().equals(module.packagePath())) {
                for (Rule rule : other.rules()) {
                    names.own(module.packagePath(), rule);
                }
            }
        }
        for (Module.Import imported : module.imports()) {
            names.globals.put(imported.name(), imported.path());
        }
        return names;
    }

    /** For a query, which stands in no package. */
    static Names ofQuery(Map<String, Builtin> builtins, RuleTree tree, MetadataChain metadata) {
        return new Names(builtins, tree, metadata);
    }

    private void own(List<String> packagePath, Rule rule) {
        if (rule.path().getFirst() instanceof Term.Constant(var _, StringValue name)) {
            List<String> path = new ArrayList<>(List.of("data"));
            path.addAll(packagePath);
            path.add(name.value());
            globals.put(name.value(), List.copyOf(path));
        }
    }

    /** A constant; the same text is kept once, as a module says the same names again and again. */
    Form.Const constant(Value value) {
        return value instanceof StringValue ? constants.computeIfAbsent(value, Form.Const::new) : new Form.Const(value);
    }

    RuleTree tree() {
        return tree;
    }

    MetadataChain metadata() {
        return metadata;
    }

    /** The full path of a name; null when it is none of the module's. */
    @Nullable
    List<String> global(String name) {
        return globals.get(name);
    }

    @Nullable
    Builtin builtin(String name) {
        return builtins.get(name);
    }

    /** The full path of a constant reference of which the first part is a name of the module; null otherwise. */
    @Nullable
    List<String> globalPath(Term term) {
        List<String> parts = parts(term);
        List<String> prefix = parts == null ? null : globals.get(parts.getFirst());
        if (prefix == null || parts == null) {
            return null;
        }
        List<String> path = new ArrayList<>(prefix);
        path.addAll(parts.subList(1, parts.size()));
        return path;
    }

    /** A variable or reference made of names and strings only; null for anything else. */
    static @Nullable List<String> parts(Term term) {
        if (term instanceof Term.Variable(var _, String name)) {
            return List.of(name);
        }
        if (!(term instanceof Term.Ref(var _, Term.Variable(var _, String head), List<Term> path))) {
            return null;
        }
        List<String> parts = new ArrayList<>(List.of(head));
        for (Term part : path) {
            if (!(part instanceof Term.Constant(var _, Value value)) || !(value instanceof StringValue text)) {
                return null;
            }
            parts.add(text.value());
        }
        return parts;
    }
}
