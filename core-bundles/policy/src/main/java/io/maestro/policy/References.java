package io.maestro.policy;

import io.maestro.rego.syntax.Literal;
import io.maestro.rego.syntax.Literal.Expression;
import io.maestro.rego.syntax.Module;
import io.maestro.rego.syntax.Rule;
import io.maestro.rego.syntax.Term;
import io.maestro.rego.value.StringValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a piece of policy refers to, as far as its text tells.
 *
 * @param inputs paths within the input document; the empty one stands for all of it
 * @param documents paths below {@code data}, those of the rules of its own package included; {@link #ANY} stands for a part
 *     that only running it tells
 * @param functions the names of called functions
 */
record References(Set<List<String>> inputs, Set<List<String>> documents, Set<String> functions) {
    /** Any part of a path. */
    static final String ANY = "*";

    /** Of one rule of a file. */
    static References of(Module module, Rule rule) {
        Reader reader = new Reader(module);
        reader.rule(rule);
        return reader.found();
    }

    private static final class Reader {
        private final List<String> own;
        private final Map<String, List<String>> imports = new HashMap<>();
        private final Set<List<String>> inputs = new HashSet<>();
        private final Set<List<String>> documents = new HashSet<>();
        private final Set<String> functions = new HashSet<>();

        Reader(Module module) {
            own = module.packagePath();
            module.imports().forEach(one -> imports.put(one.name(), one.path()));
        }

        References found() {
            return new References(Set.copyOf(inputs), Set.copyOf(documents), Set.copyOf(functions));
        }

        void rule(Rule rule) {
            rule.path().forEach(this::term);
            if (rule.arguments() != null) {
                rule.arguments().forEach(this::term);
            }
            if (rule.member() != null) {
                term(rule.member());
            }
            for (Rule.Alternative alternative : rule.alternatives()) {
                if (alternative.value() != null) {
                    term(alternative.value());
                }
                alternative.body().forEach(this::literal);
            }
        }

        private void literal(Literal literal) {
            for (Literal.With with : literal.withs()) {
                term(with.target());
                term(with.value());
            }
            switch (literal.expression()) {
                case Expression.Plain(Term term) -> term(term);
                case Expression.Some _ -> {}
                case Expression.SomeIn(Term key, Term value, Term domain) -> {
                    if (key != null) {
                        term(key);
                    }
                    term(value);
                    term(domain);
                }
                case Expression.Every(var _, var _, Term domain, List<Literal> body) -> {
                    term(domain);
                    body.forEach(this::literal);
                }
            }
        }

        private void term(Term term) {
            switch (term) {
                case Term.Constant _, Term.Operator _ -> {}
                case Term.Variable variable -> path(List.of(variable.name()));
                case Term.Ref ref -> ref(ref);
                case Term.ArrayTerm array -> array.members().forEach(this::term);
                case Term.SetTerm set -> set.members().forEach(this::term);
                case Term.ObjectTerm object ->
                    object.entries().forEach(entry -> {
                        term(entry.key());
                        term(entry.value());
                    });
                case Term.Comprehension comprehension -> {
                    if (comprehension.key() != null) {
                        term(comprehension.key());
                    }
                    term(comprehension.value());
                    comprehension.body().forEach(this::literal);
                }
                case Term.Call call -> call(call);
                case Term.Template template ->
                    template.parts().forEach(part -> {
                        if (part instanceof Term.Part.Hole(Literal literal)) {
                            literal(literal);
                        }
                    });
            }
        }

        private void call(Term.Call call) {
            function(call.operator());
            List<Term> arguments = call.arguments();
            boolean get = call.operator() instanceof Term.Ref ref && known(ref).equals(List.of("object", "get"));
            if (get
                    && arguments.get(0) instanceof Term.Variable whole
                    && arguments.get(1) instanceof Term.Constant(var _, StringValue member)) {
                // the same as whole.member, with something else where that is undefined
                path(List.of(whole.name(), member.value()));
                arguments.subList(1, arguments.size()).forEach(this::term);
            } else {
                arguments.forEach(this::term);
            }
        }

        private void function(Term operator) {
            switch (operator) {
                case Term.Variable variable -> {
                    functions.add(variable.name());
                    path(List.of(variable.name()));
                }
                case Term.Ref ref -> {
                    functions.add(String.join(".", known(ref)));
                    ref(ref);
                }
                default -> {}
            }
        }

        private void ref(Term.Ref ref) {
            List<String> known = known(ref);
            if (known.isEmpty()) {
                term(ref.head());
            } else {
                path(known);
            }
            ref.path().forEach(this::term);
        }

        /** The path of a reference, as far as it can be told without running it. */
        private static List<String> known(Term.Ref ref) {
            List<String> known = new ArrayList<>();
            if (ref.head() instanceof Term.Variable head) {
                known.add(head.name());
                for (Term part : ref.path()) {
                    known.add(part instanceof Term.Constant(var _, StringValue text) ? text.value() : ANY);
                }
            }
            return known;
        }

        private void path(List<String> names) {
            List<String> imported = imports.get(names.getFirst());
            if (imported != null) {
                List<String> full = new ArrayList<>(imported);
                full.addAll(names.subList(1, names.size()));
                names = full;
            }
            if (names.getFirst().equals("input")) {
                int unknown = names.indexOf(ANY);
                inputs.add(List.copyOf(names.subList(1, unknown < 0 ? names.size() : unknown)));
            } else if (names.getFirst().equals("data")) {
                documents.add(List.copyOf(names.subList(1, names.size())));
            } else {
                List<String> local = new ArrayList<>(own);
                local.addAll(names);
                documents.add(local);
            }
        }
    }
}
