package io.maestro.policy;

import io.maestro.api.policy.Mode;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The modes that rules have other than their packs say.
 *
 * @param packs by the name of the pack
 * @param rules by the id of the rule
 */
record Modes(Map<String, Mode> packs, Map<String, Mode> rules) {
    /** As the packs say. */
    static final Modes NONE = new Modes(Map.of(), Map.of());

    /** Copies the maps. */
    Modes {
        packs = Map.copyOf(packs);
        rules = Map.copyOf(rules);
    }

    /** Reads the document that {@link io.maestro.api.policy.PolicySettings#modes} describes; null when it is none. */
    static @Nullable Modes of(Value document) {
        if (!(document instanceof ObjectValue object)) {
            return null;
        }
        Map<String, Mode> packs = new HashMap<>();
        Map<String, Mode> rules = new HashMap<>();
        for (Value key : object.keys()) {
            boolean read = key.equals(StringValue.of("packs"))
                    ? read(object.at(key), packs)
                    : key.equals(StringValue.of("rules")) && read(object.at(key), rules);
            if (!read) {
                return null;
            }
        }
        return new Modes(packs, rules);
    }

    private static boolean read(Value value, Map<String, Mode> modes) {
        if (!(value instanceof ObjectValue object)) {
            return false;
        }
        for (Value key : object.keys()) {
            Optional<Mode> mode = mode(object.at(key));
            if (mode.isEmpty() || !(key instanceof StringValue name)) {
                return false;
            }
            modes.put(name.value(), mode.get());
        }
        return true;
    }

    /** A mode by its word. */
    static Optional<Mode> mode(@Nullable Value word) {
        return word instanceof StringValue text
                ? switch (text.value()) {
                    case "shadow" -> Optional.of(Mode.SHADOW);
                    case "warn" -> Optional.of(Mode.WARN);
                    case "enforce" -> Optional.of(Mode.ENFORCE);
                    default -> Optional.empty();
                }
                : Optional.empty();
    }

    /** The mode of a rule of a pack that says {@code own} itself. */
    Mode of(String pack, String rule, Mode own) {
        Mode forRule = rules.get(rule);
        return forRule != null ? forRule : packs.getOrDefault(pack, own);
    }
}
