package io.maestro.policy;

import io.maestro.api.policy.PolicyProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Violation;
import io.maestro.rego.Capabilities;
import io.maestro.rego.Policy;
import io.maestro.rego.Rego;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Annotation;
import io.maestro.rego.syntax.Module;
import io.maestro.rego.syntax.Parser;
import io.maestro.rego.syntax.Rule;
import io.maestro.rego.syntax.Term;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A pack as it is written.
 *
 * @param name as its decisions name it
 * @param revision as its manifest says
 * @param modules source text by file name
 * @param data what comes with it, below {@code data}
 */
record PackText(String name, String revision, Map<String, String> modules, ObjectValue data) {
    private static final Set<String> NEVER_THE_SAME = Set.of(
            "time.now_ns",
            "rand.intn",
            "uuid.rfc4122",
            "opa.runtime",
            "http.send",
            "net.lookup_ip_addr",
            "io.jwt.decode_verify");
    private static final int MOST_VIOLATIONS = 50;

    /** Copies the map. */
    PackText {
        modules = Map.copyOf(modules);
    }

    /** Compiles it, tests included when there are any. */
    Policy compiled(Capabilities capabilities) {
        try {
            return Rego.compile(modules, capabilities);
        } catch (RegoException e) {
            throw refused(e);
        }
    }

    /** The same without its tests. */
    PackText withoutTests() {
        Map<String, String> rest = new HashMap<>(modules);
        rest.keySet().removeIf(file -> file.endsWith("_test.rego"));
        return new PackText(name, revision, rest, data);
    }

    private ProblemException refused(RegoException e) {
        List<Violation> violations = e.errors().stream()
                .limit(MOST_VIOLATIONS)
                .map(error -> new Violation(error.location().toString(), error.message()))
                .toList();
        return Problem.of(
                        PolicyProblem.POLICY_PACK_REFUSED,
                        "the pack \"" + name + "\" cannot be compiled: "
                                + e.errors().getFirst(),
                        "Mend each place; `maestro policy check` shows the same.")
                .with(violations)
                .asException(e);
    }

    /** Where a rule is written. */
    record Place(String file, int row, Set<List<String>> inputs) {}

    /** Where the rules are written, by the id in their metadata, and what of the input each reads itself. */
    Map<String, Place> places() {
        Map<String, Place> places = new TreeMap<>();
        for (Module module : parsed()) {
            for (Annotation annotation : module.annotations()) {
                id(annotation).ifPresent(id -> {
                    Set<List<String>> inputs = new HashSet<>();
                    int row = annotation.row() == 0 ? annotation.at().row() : annotation.row();
                    for (Rule rule : module.rules()) {
                        if (rule.at().row() == row) {
                            inputs.addAll(References.of(module, rule).inputs());
                        }
                    }
                    places.putIfAbsent(id, new Place(module.file(), row, Set.copyOf(inputs)));
                });
            }
        }
        return places;
    }

    private static Optional<String> id(Annotation annotation) {
        return annotation.content().get("custom") instanceof ObjectValue custom
                        && custom.get("id") instanceof StringValue id
                ? Optional.of(id.value())
                : Optional.empty();
    }

    /** A rule with its full path, as far as its text tells. */
    private record Located(List<String> path, References references) {}

    /**
     * Whether a document has the same value for inputs that differ only in what differs each time. Looks at its rules, at
     * those that these refer to, and so on; what only running tells may be anything.
     *
     * @param path of the document
     */
    boolean isLasting(List<String> path) {
        List<Located> rest = new ArrayList<>();
        for (Module module : parsed()) {
            for (Rule rule : module.rules()) {
                rest.add(new Located(path(module, rule), References.of(module, rule)));
            }
        }
        Set<List<String>> seen = new HashSet<>();
        List<List<String>> wanted = new ArrayList<>(List.of(path));
        while (!wanted.isEmpty()) {
            List<String> next = wanted.removeLast();
            for (Located rule : seen.add(next) ? List.copyOf(rest) : List.<Located>of()) {
                if (meets(rule.path(), next)) {
                    if (!isLasting(rule.references())) {
                        return false;
                    }
                    rest.remove(rule);
                    wanted.addAll(rule.references().documents());
                }
            }
        }
        return true;
    }

    private static boolean isLasting(References references) {
        return references.functions().stream().noneMatch(NEVER_THE_SAME::contains)
                && references.inputs().stream()
                        .noneMatch(input -> input.isEmpty() || Inputs.CHANGING.contains(input.getFirst()));
    }

    private static List<String> path(Module module, Rule rule) {
        List<String> path = new ArrayList<>(module.packagePath());
        for (Term part : rule.path()) {
            path.add(part instanceof Term.Constant(var _, StringValue text) ? text.value() : References.ANY);
        }
        return path;
    }

    /** Whether one path begins with the other. */
    private static boolean meets(List<String> one, List<String> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            boolean any = one.get(i).equals(References.ANY) || other.get(i).equals(References.ANY);
            if (!any && !one.get(i).equals(other.get(i))) {
                return false;
            }
        }
        return true;
    }

    private List<Module> parsed() {
        List<Module> parsed = new ArrayList<>();
        new TreeMap<>(modules).forEach((file, text) -> parsed.add(Parser.module(file, text)));
        return parsed;
    }
}
