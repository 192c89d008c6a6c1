package io.maestro.rego.syntax;

import io.maestro.rego.error.Location;
import io.maestro.rego.value.ObjectValue;
import java.util.List;

/**
 * One {@code # METADATA} block.
 *
 * @param path of what it tells about, with {@code data} first
 * @param row of the rule that it stands above; 0 when it tells about a package
 * @param content what is written, with its scope
 */
public record Annotation(Location at, Scope scope, List<String> path, int row, ObjectValue content) {
    /** What a block tells about. */
    public enum Scope {
        RULE,
        DOCUMENT,
        PACKAGE,
        SUBPACKAGES
    }
}
