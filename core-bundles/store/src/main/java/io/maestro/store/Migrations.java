package io.maestro.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The scripts of one engine's schema, in order. Passed explicitly, never scanned for. A script that ran anywhere is never
 * edited.
 *
 * @param schema the PostgreSQL schema, which is the engine's alone
 * @param scripts in the order to run
 */
public record Migrations(String schema, List<Script> scripts) {
    /** Copies the list. */
    public Migrations {
        scripts = List.copyOf(scripts);
    }

    /**
     * One script.
     *
     * @param name {@code V###__what.sql}
     * @param sql its text
     */
    public record Script(String name, String sql) {}

    /** Reads the scripts {@code /db/NAME} from the bundle of {@code anchor}. */
    public static Migrations of(String schema, Class<?> anchor, String... names) {
        List<Script> scripts = new ArrayList<>(names.length);
        for (String name : names) {
            try (InputStream in = anchor.getResourceAsStream("/db/" + name)) {
                if (in == null) {
                    throw new IllegalStateException("no such migration in the bundle: " + name);
                }
                scripts.add(new Script(name, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Migrations(schema, scripts);
    }
}
