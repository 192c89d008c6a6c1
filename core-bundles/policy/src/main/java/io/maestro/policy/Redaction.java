package io.maestro.policy;

import io.maestro.model.Json;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Takes out of an input what may not be kept. Secrets do not stand in inputs at all; this is for those who write one into
 * a property that nobody has marked as secret.
 *
 * @param input without it
 * @param erased where something was taken out, as JSON pointers
 */
record Redaction(ObjectValue input, List<String> erased) {
    /** What stands in place of what was taken out. */
    static final Value REDACTED = StringValue.of("**REDACTED**");

    private static final Set<String> SUSPICIOUS = Set.of(
            "password",
            "passwd",
            "secret",
            "token",
            "apikey",
            "privatekey",
            "credential",
            "credentials",
            "authorization");
    private static final int LONGEST_TEXT = 4_096;
    private static final Set<String> LOOKED_INTO =
            Set.of("configuration", "current", "principal", "request", HeldApprovals.CONTENT);

    /** Redacts a document. */
    static Redaction of(ObjectValue input) {
        List<String> erased = new ArrayList<>();
        Map<Value, Value> members = new HashMap<>();
        input.members()
                .forEach((key, value) -> members.put(
                        key,
                        key instanceof StringValue name && LOOKED_INTO.contains(name.value())
                                ? redacted(value, "/" + name.value(), erased)
                                : value));
        return new Redaction(ObjectValue.keeping(members), List.copyOf(erased));
    }

    /** As it is kept and shown. */
    Json json() {
        return new Json(input.json());
    }

    private static Value redacted(Value value, String pointer, List<String> erased) {
        return switch (value) {
            case ObjectValue object -> {
                Map<Value, Value> members = new HashMap<>();
                object.members().forEach((key, member) -> {
                    String name = key instanceof StringValue text ? text.value() : key.json();
                    String place = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
                    if (isSuspicious(name)) {
                        erased.add(place);
                        members.put(key, REDACTED);
                    } else {
                        members.put(key, redacted(member, place, erased));
                    }
                });
                yield ObjectValue.keeping(members);
            }
            case ArrayValue array -> {
                List<Value> members = new ArrayList<>();
                for (Value member : array) {
                    members.add(redacted(member, pointer + "/" + members.size(), erased));
                }
                yield ArrayValue.keeping(members);
            }
            case StringValue text
            when text.value().length() > LONGEST_TEXT -> {
                erased.add(pointer);
                yield REDACTED;
            }
            default -> value;
        };
    }

    private static boolean isSuspicious(String name) {
        String plain = name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
        return SUSPICIOUS.stream().anyMatch(plain::endsWith);
    }
}
