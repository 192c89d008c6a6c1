package io.maestro.rego;

import io.maestro.rego.builtins.Builtins;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a policy may use of the language.
 *
 * @param builtins the names of the built-in functions it may call, operators included
 */
public record Capabilities(Set<String> builtins) {
    /** A token that is verified today has expired tomorrow. */
    private static final List<String> CHANGING =
            List.of("rand.intn", "time.now_ns", "uuid.rfc4122", "opa.runtime", "io.jwt.decode_verify");

    /** Refuses names that no built-in function has. */
    public Capabilities {
        builtins = Set.copyOf(builtins);
        for (String name : builtins) {
            if (!Builtins.standard().containsKey(name)) {
                throw new IllegalArgumentException("no such built-in function: " + name);
            }
        }
    }

    /** Everything there is. */
    public static Capabilities standard() {
        return new Capabilities(Builtins.standard().keySet());
    }

    /** Only what gives the same answer to the same question at any time. */
    public static Capabilities deterministic() {
        return standard().without(CHANGING);
    }

    /** The same without some functions. */
    public Capabilities without(List<String> names) {
        Set<String> rest = new HashSet<>(builtins);
        names.forEach(rest::remove);
        return new Capabilities(rest);
    }
}
