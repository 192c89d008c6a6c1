package io.maestro.rego.builtins;

import java.util.Map;

/** All built-in functions by name. */
public final class Builtins {
    private static final Map<String, Builtin> ALL = all();

    private Builtins() {}

    /** Those of the language's operators too, under the names the original gives them. */
    public static Map<String, Builtin> standard() {
        return ALL;
    }

    private static Map<String, Builtin> all() {
        Registry registry = new Registry();
        NumberBuiltins.addTo(registry);
        AggregateBuiltins.addTo(registry);
        ObjectBuiltins.addTo(registry);
        JsonBuiltins.addTo(registry);
        StringBuiltins.addTo(registry);
        RegexBuiltins.addTo(registry);
        GlobBuiltins.addTo(registry);
        TypeBuiltins.addTo(registry);
        UnitBuiltins.addTo(registry);
        EncodingBuiltins.addTo(registry);
        CryptoBuiltins.addTo(registry);
        IdentifierBuiltins.addTo(registry);
        TokenBuiltins.addTo(registry);
        TimeBuiltins.addTo(registry);
        NetBuiltins.addTo(registry);
        GraphBuiltins.addTo(registry);
        return Map.copyOf(registry.builtins());
    }
}
