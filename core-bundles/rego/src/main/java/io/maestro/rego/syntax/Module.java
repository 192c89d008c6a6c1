package io.maestro.rego.syntax;

import io.maestro.rego.error.Location;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One source file. */
public record Module(
        String file,
        Location at,
        List<String> packagePath,
        List<Import> imports,
        List<Rule> rules,
        List<Annotation> annotations,
        List<Comment> comments) {
    /**
     * {@code import data.a.b as c}.
     *
     * @param alias null when none is written
     */
    public record Import(
            Location at, List<String> path, @Nullable String alias) {
        /** The name that it brings. */
        public String name() {
            return alias != null ? alias : path.getLast();
        }
    }

    /** A comment with its place, without the sign. */
    public record Comment(Location at, String text) {}
}
