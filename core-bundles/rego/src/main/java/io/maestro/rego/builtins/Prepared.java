package io.maestro.rego.builtins;

import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be computed once for a policy instead of once for each evaluation: the patterns that it writes as constants. Filled
 * while the policy is compiled, by one thread, and only read afterwards.
 */
public final class Prepared {
    /** Longer patterns are compiled when they are needed, on the account of the evaluation that needs them. */
    private static final int MOST_PATTERN = 200;

    /** How large all programs of one policy may become together. */
    private static final int MOST_SIZE = 40_000;

    /** What {@link Evaluation#cached} is asked for. */
    public record Key(String kind, Object of) {}

    private final Map<Key, Object> made = new HashMap<>();
    private int size;

    /** What was prepared; null when nothing was. */
    public @Nullable Object get(Key key) {
        return made.get(key);
    }

    /**
     * Looks at a call.
     *
     * @param constants the arguments that are constants; null in the place of others
     */
    public void of(Builtin builtin, List<@Nullable Value> constants) {
        switch (builtin.name()) {
            case "regex.match", "regex.find_n", "regex.find_all_string_submatch_n", "regex.split" ->
                pattern(constants.get(0));
            case "regex.replace" -> pattern(constants.get(1));
            case "glob.match" -> glob(constants.get(0), constants.get(1));
            default -> {}
        }
    }

    private void pattern(@Nullable Value pattern) {
        if (pattern instanceof StringValue text) {
            regex(text.value());
        }
    }

    private void glob(@Nullable Value pattern, @Nullable Value delimiters) {
        if (pattern instanceof StringValue text
                && delimiters != null
                && text.value().length() <= MOST_PATTERN) {
            try {
                String regex = GlobBuiltins.regex(text, delimiters);
                made.put(new Key("glob", List.of(text, delimiters)), regex);
                regex(regex);
            } catch (BuiltinException | ClassCastException e) {
                // the call says so, each time that it is made
                return;
            }
        }
    }

    private void regex(String pattern) {
        Key key = new Key("regex", pattern);
        if (pattern.length() <= MOST_PATTERN && size < MOST_SIZE && !made.containsKey(key)) {
            RegexBuiltins.Compiled compiled = RegexBuiltins.compile(pattern);
            size += compiled.size();
            made.put(key, compiled);
        }
    }
}
