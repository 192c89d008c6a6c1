package io.maestro.rego.compile;

import io.maestro.rego.builtins.Builtin;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoError;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Literal;
import io.maestro.rego.syntax.Module;
import io.maestro.rego.syntax.Rule;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compiles modules to a program, and queries against a program. Any thread. */
public final class Compiler {
    private static final int MOST_ERRORS = 20;

    private final Map<String, Builtin> builtins;

    /** With the built-in functions that policies may call. */
    public Compiler(Map<String, Builtin> builtins) {
        this.builtins = Map.copyOf(builtins);
    }

    /**
     * Compiles modules.
     *
     * @throws RegoException with all errors of the first stage that finds any
     */
    public Program compile(Collection<Module> modules) {
        List<RegoError> errors = new ArrayList<>();
        for (Module module : modules) {
            checkNames(module, errors);
        }
        fail(errors);
        RuleTree tree = RuleTree.of(modules, errors);
        fail(errors);
        MetadataChain metadata = new MetadataChain(modules);
        IdentityHashMap<Module, Names> names = new IdentityHashMap<>();
        for (Module module : modules) {
            names.put(module, Names.of(module, modules, builtins, tree, metadata));
        }
        for (RuleGroup group : tree.groups()) {
            for (RuleTree.Source source : group.sources()) {
                try {
                    Names own = names.get(source.module());
                    if (own == null) {
                        throw new IllegalStateException("a rule stands in a module");
                    }
                    group.add(new RuleResolver(own, group, source).definition());
                } catch (RegoException e) {
                    errors.addAll(e.errors());
                }
            }
        }
        fail(errors);
        RecursionCheck.check(tree, errors);
        fail(errors);
        TypeCheck.check(tree, errors);
        fail(errors);
        tree.forget();
        return new Program(
                modules.stream()
                        .flatMap(module -> module.annotations().stream())
                        .toList(),
                modules.stream().mapToInt(module -> module.rules().size()).sum(),
                tree);
    }

    /**
     * Compiles a query.
     *
     * @throws RegoException with the place in its text
     */
    public Program.Query query(Program program, List<Literal> body) {
        Slots slots = new Slots();
        Scope scope = Scope.ofArguments(slots).inner();
        Names names = Names.ofQuery(builtins, program.tree(), new MetadataChain(List.of()));
        BodyResolver resolver = new BodyResolver(names, null);
        Form.Body goals = new Form.Body(resolver.goals(body, List.of(), scope));
        new SafetyOrder(slots)
                .order(goals, new BitSet(), List.of(), body.getFirst().at());
        List<RegoError> errors = new ArrayList<>();
        TypeCheck.check(goals, errors);
        fail(errors);
        Map<String, Integer> variables = new LinkedHashMap<>();
        scope.names().forEach((name, slot) -> {
            if (!name.startsWith("$")) {
                variables.put(name, slot);
            }
        });
        return new Program.Query(goals, slots.count(), variables);
    }

    private static void checkNames(Module module, List<RegoError> errors) {
        Map<String, Location> imported = new HashMap<>();
        for (Module.Import each : module.imports()) {
            if (imported.putIfAbsent(each.name(), each.at()) != null) {
                errors.add(new RegoError(
                        ErrorCode.COMPILE,
                        each.at(),
                        "import must not shadow import " + String.join(".", each.path())));
            }
            if (each.alias() != null
                    && (each.alias().equals("input") || each.alias().equals("data"))) {
                errors.add(new RegoError(ErrorCode.COMPILE, each.at(), "import must not shadow " + each.alias()));
            }
        }
        for (Rule rule : module.rules()) {
            String first = rule.name().split("[.\\[]", 2)[0];
            if (first.equals("input") || first.equals("data")) {
                errors.add(new RegoError(
                        ErrorCode.COMPILE,
                        rule.at(),
                        "rules must not shadow " + first + " (use a different rule name)"));
            } else if (imported.containsKey(first)) {
                errors.add(new RegoError(ErrorCode.COMPILE, rule.at(), "rule " + first + " conflicts with an import"));
            }
        }
    }

    private static void fail(List<RegoError> errors) {
        if (!errors.isEmpty()) {
            throw new RegoException(errors.stream()
                    .distinct()
                    .sorted(Comparator.comparing(RegoError::location))
                    .limit(MOST_ERRORS)
                    .toList());
        }
    }
}
