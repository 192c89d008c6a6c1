package io.maestro.rego.builtins;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.NumberValue;
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

/** JSON Patch (RFC 6902), extended to sets, where a member is its own key. */
final class JsonPatch {
    private static final String NAME = "json.patch";

    private final Evaluation evaluation;

    JsonPatch(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    Value apply(Value document, ArrayValue operations) {
        Value value = document;
        for (Value operation : operations) {
            if (!(operation instanceof ObjectValue object)) {
                throw BuiltinException.type(NAME, "operand 2 must be array of objects but got " + operation.type());
            }
            value = apply(value, object);
        }
        return value;
    }

    private Value apply(Value document, ObjectValue operation) {
        Value given = operation.get("op");
        if (!(given instanceof StringValue name)) {
            throw BuiltinException.of(NAME, "missing or invalid 'op' in operation");
        }
        List<Value> path = path(operation, "path");
        return switch (name.value()) {
            case "add" -> add(document, path, 0, value(operation));
            case "remove" -> remove(document, path, 0);
            case "replace" -> {
                Value value = value(operation);
                find(document, path);
                yield path.isEmpty() ? value : add(remove(document, path, 0), path, 0, value);
            }
            case "move" -> {
                List<Value> from = path(operation, "from");
                Value moved = find(document, from);
                yield add(remove(document, from, 0), path, 0, moved);
            }
            case "copy" -> add(document, path, 0, find(document, path(operation, "from")));
            case "test" -> {
                if (!find(document, path).equals(value(operation))) {
                    throw BuiltinException.of(NAME, "value from EditTree != expected value");
                }
                yield document;
            }
            default -> throw BuiltinException.of(NAME, "unrecognized op: '" + name.value() + "'");
        };
    }

    private static List<Value> path(ObjectValue operation, String member) {
        Value path = operation.get(member);
        if (path == null) {
            throw BuiltinException.of(NAME, "missing '" + member + "' in operation");
        }
        return JsonBuiltins.path(NAME, path);
    }

    private static Value value(ObjectValue operation) {
        Value value = operation.get("value");
        if (value == null) {
            throw BuiltinException.of(NAME, "missing 'value' in operation");
        }
        return value;
    }

    private static Value find(Value document, List<Value> path) {
        Value value = document;
        for (Value part : path) {
            value = member(value, part);
            if (value == null) {
                throw missing(part);
            }
        }
        return value;
    }

    private static @Nullable Value member(Value value, Value part) {
        return value instanceof ArrayValue array
                ? array.get(NumberValue.of(index(part, array.size(), false)))
                : value.get(part);
    }

    private static BuiltinException missing(Value part) {
        return BuiltinException.of(NAME, "path " + Registry.shown(part) + " does not exist in object");
    }

    private static int index(Value part, int size, boolean end) {
        if (part instanceof NumberValue number && number.index() >= 0) {
            return number.index();
        }
        if (part instanceof StringValue text) {
            if (text.value().equals("-") && end) {
                return size;
            }
            String digits = text.value();
            boolean plain = !digits.isEmpty()
                    && digits.length() < 9
                    && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                    && (digits.length() == 1 || digits.charAt(0) != '0');
            if (plain) {
                return Integer.parseInt(digits);
            }
        }
        throw BuiltinException.of(NAME, "invalid index " + Registry.shown(part));
    }

    private Value add(Value document, List<Value> path, int depth, Value value) {
        if (depth == path.size()) {
            return value;
        }
        evaluation.meter().cells(document.weight());
        Value part = path.get(depth);
        boolean last = depth == path.size() - 1;
        return switch (document) {
            case ObjectValue object -> {
                Map<Value, Value> members = new HashMap<>(object.members());
                members.put(part, last ? value : add(child(object, part), path, depth + 1, value));
                yield ObjectValue.keeping(members);
            }
            case ArrayValue array -> {
                List<Value> members = new ArrayList<>(array.members());
                int index = index(part, array.size(), last);
                if (index > (last ? array.size() : array.size() - 1)) {
                    throw missing(part);
                }
                if (last) {
                    members.add(index, value);
                } else {
                    members.set(index, add(array.at(index), path, depth + 1, value));
                }
                yield ArrayValue.keeping(members);
            }
            case SetValue set -> {
                Set<Value> members = new HashSet<>(set.members());
                if (last) {
                    if (!part.equals(value)) {
                        throw BuiltinException.of(
                                NAME,
                                "set key " + Registry.shown(part) + " does not equal value " + Registry.shown(value));
                    }
                    members.add(value);
                } else {
                    members.remove(part);
                    members.add(add(child(set, part), path, depth + 1, value));
                }
                yield SetValue.keeping(members);
            }
            default -> throw missing(part);
        };
    }

    private static Value child(Value value, Value part) {
        Value child = value.get(part);
        if (child == null) {
            throw missing(part);
        }
        return child;
    }

    private Value remove(Value document, List<Value> path, int depth) {
        if (depth == path.size()) {
            throw BuiltinException.of(NAME, "the whole document cannot be removed");
        }
        evaluation.meter().cells(document.weight());
        Value part = path.get(depth);
        boolean last = depth == path.size() - 1;
        Value child = member(document, part);
        if (child == null) {
            throw missing(part);
        }
        Value rest = last ? null : remove(child, path, depth + 1);
        return switch (document) {
            case ObjectValue object -> {
                Map<Value, Value> members = new HashMap<>(object.members());
                members.remove(part);
                if (rest != null) {
                    members.put(part, rest);
                }
                yield ObjectValue.keeping(members);
            }
            case ArrayValue array -> {
                List<Value> members = new ArrayList<>(array.members());
                int index = index(part, array.size(), false);
                members.remove(index);
                if (rest != null) {
                    members.add(index, rest);
                }
                yield ArrayValue.keeping(members);
            }
            case SetValue set -> {
                Set<Value> members = new HashSet<>(set.members());
                members.remove(part);
                if (rest != null) {
                    members.add(rest);
                }
                yield SetValue.keeping(members);
            }
            default -> throw missing(part);
        };
    }
}
