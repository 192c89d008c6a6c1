package io.maestro.api.node;

import java.util.Arrays;
import java.util.List;

/**
 * What holds on this node, and who said so. The launcher registers it as a service before {@link NodeSettings}; it never
 * changes while the node runs.
 *
 * @param all every {@link Setting}, and what else the node was started with; secrets are masked
 */
public record Values(List<Value> all) {
    /** Stands for a secret. */
    public static final String MASKED = "***";

    private static final String DEFAULT = "default";

    /** Copies the list; a setting that is missing has its default. */
    public Values {
        all = List.copyOf(all);
    }

    /**
     * What holds.
     *
     * @param key section and name, with a dot between
     * @param value what holds
     * @param origin who said so: {@code default}, a file with its line, or {@code command line}
     * @param meaning what it is
     */
    public record Value(String key, String value, String origin, String meaning) {
        /** The default of a setting. */
        public static Value usual(Setting setting) {
            return new Value(setting.key(), setting.usual(), DEFAULT, setting.meaning());
        }
    }

    /** All defaults. */
    public static Values usual() {
        return new Values(Arrays.stream(Setting.values()).map(Value::usual).toList());
    }

    /** What a setting is. */
    public String text(Setting setting) {
        return all.stream()
                .filter(value -> value.key().equals(setting.key()))
                .findFirst()
                .map(Value::value)
                .orElseGet(setting::usual);
    }

    /** What a setting is that is a number. */
    public int number(Setting setting) {
        return Integer.parseInt(text(setting));
    }
}
