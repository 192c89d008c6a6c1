package io.maestro.rego.builtins;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parts of documents by path: keeping, removing, patching. */
final class JsonBuiltins {
    private JsonBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("json.filter", "O,AT", "O", (e, a) -> filter(e, a[0], tree(e, "json.filter", a[1])));
        registry.add("json.remove", "O,AT", "O", (e, a) -> remove(e, a[0], tree(e, "json.remove", a[1])));
        registry.add("json.patch", "X,A", "X", (e, a) -> new JsonPatch(e).apply(a[0], (ArrayValue) a[1]));
    }

    /** Paths that begin alike, together. One without branches ends here. */
    private record Paths(Map<Value, Paths> branches) {
        boolean ends() {
            return branches.isEmpty();
        }
    }

    private static Paths tree(Evaluation evaluation, String name, Value paths) {
        Paths root = new Paths(new HashMap<>());
        for (Value path : Registry.members(paths)) {
            List<Value> parts = path(name, path);
            evaluation.meter().cells(parts.size());
            Paths at = root;
            boolean covered = false;
            for (Value part : parts) {
                Paths known = at.branches().get(part);
                if (known != null && known.ends()) {
                    // a shorter path was given before
                    covered = true;
                    break;
                }
                at = at.branches().computeIfAbsent(part, _ -> new Paths(new HashMap<>()));
            }
            if (!covered) {
                at.branches().clear();
            }
        }
        return root;
    }

    /** A text with slashes, where {@code ~0} and {@code ~1} stand for what cannot be written, or an array of keys. */
    static List<Value> path(String name, Value path) {
        if (path instanceof ArrayValue array) {
            return array.members();
        }
        if (!(path instanceof StringValue text)) {
            throw BuiltinException.type(
                    name,
                    "operand 2 must be one of {set, array} containing string paths or array of path segments but got "
                            + path.type());
        }
        String plain = text.value();
        while (plain.startsWith("/")) {
            plain = plain.substring(1);
        }
        List<Value> parts = new ArrayList<>();
        for (String part : plain.split("/", -1)) {
            parts.add(StringValue.of(part.replace("~1", "/").replace("~0", "~")));
        }
        return plain.isEmpty() && parts.size() == 1 ? List.of() : parts;
    }

    private static @Nullable Paths branch(Paths paths, Value key, int index) {
        Paths branch = paths.branches().get(key);
        return branch == null && index >= 0 ? paths.branches().get(StringValue.of(Integer.toString(index))) : branch;
    }

    private static Value filter(Evaluation evaluation, Value value, Paths paths) {
        evaluation.meter().cells(value.weight());
        return switch (value) {
            case ObjectValue object -> {
                Map<Value, Value> kept = new HashMap<>();
                object.members().forEach((key, member) -> {
                    Paths branch = branch(paths, key, -1);
                    if (branch != null) {
                        kept.put(key, branch.ends() ? member : filter(evaluation, member, branch));
                    }
                });
                yield ObjectValue.keeping(kept);
            }
            case ArrayValue array -> {
                List<Value> kept = new ArrayList<>();
                for (int i = 0; i < array.size(); i++) {
                    Paths branch = branch(paths, io.maestro.rego.value.NumberValue.of(i), i);
                    if (branch != null) {
                        kept.add(branch.ends() ? array.at(i) : filter(evaluation, array.at(i), branch));
                    }
                }
                yield ArrayValue.keeping(kept);
            }
            case SetValue set -> {
                Set<Value> kept = new HashSet<>();
                for (Value member : set.members()) {
                    Paths branch = branch(paths, member, -1);
                    if (branch != null) {
                        kept.add(branch.ends() ? member : filter(evaluation, member, branch));
                    }
                }
                yield SetValue.keeping(kept);
            }
            default -> value;
        };
    }

    private static Value remove(Evaluation evaluation, Value value, Paths paths) {
        if (paths.ends()) {
            return value;
        }
        evaluation.meter().cells(value.weight());
        return switch (value) {
            case ObjectValue object -> {
                Map<Value, Value> kept = new HashMap<>();
                object.members().forEach((key, member) -> {
                    Paths branch = branch(paths, key, -1);
                    if (branch == null) {
                        kept.put(key, member);
                    } else if (!branch.ends()) {
                        kept.put(key, remove(evaluation, member, branch));
                    }
                });
                yield ObjectValue.keeping(kept);
            }
            case ArrayValue array -> {
                List<Value> kept = new ArrayList<>();
                for (int i = 0; i < array.size(); i++) {
                    Paths branch = branch(paths, io.maestro.rego.value.NumberValue.of(i), i);
                    if (branch == null) {
                        kept.add(array.at(i));
                    } else if (!branch.ends()) {
                        kept.add(remove(evaluation, array.at(i), branch));
                    }
                }
                yield ArrayValue.keeping(kept);
            }
            case SetValue set -> {
                Set<Value> kept = new HashSet<>();
                for (Value member : set.members()) {
                    Paths branch = branch(paths, member, -1);
                    if (branch == null) {
                        kept.add(member);
                    } else if (!branch.ends()) {
                        kept.add(remove(evaluation, member, branch));
                    }
                }
                yield SetValue.keeping(kept);
            }
            default -> value;
        };
    }
}
