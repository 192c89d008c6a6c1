package io.maestro.launcher;

import io.maestro.api.node.Setting;
import io.maestro.api.node.Values;
import io.maestro.api.node.Values.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what holds on a node: defaults, over them the file of its profile, over that {@code values.yaml} in its data
 * folder, and beside them what the command line said.
 */
final class ValueFiles {
    /** Selects the profile when the command line does not. */
    static final String PROFILE_VARIABLE = "MAESTRO_PROFILE";

    private static final String OWN = "values.yaml";
    private static final String GIVEN = "command line";
    private static final Map<String, String> FILES = Map.of(
            "internal-edition", "values.conductor.internal.yaml",
            "white-label-edition", "values.conductor.white-label.yaml",
            "hosted-saas", "values.conductor.saas.yaml");

    private ValueFiles() {}

    /** The arguments, with the profile of the environment where they name none. */
    static List<String> withProfile(List<String> arguments, Map<String, String> environment) {
        String profile = environment.get(PROFILE_VARIABLE);
        boolean named = arguments.stream().anyMatch(one -> one.equals("--profile") || one.startsWith("--profile="));
        return profile == null || profile.isBlank() || named
                ? arguments
                : Stream.concat(Stream.of("--profile=" + profile), arguments.stream())
                        .toList();
    }

    /** What holds. */
    static Values read(Path profiles, Options options) throws LaunchFailure {
        Map<String, Value> values = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            values.put(setting.key(), Value.usual(setting));
        }
        String file = FILES.get(options.profile());
        if (file != null) {
            values.putAll(ValueFile.read(profiles.resolve(file), options.profile()));
        }
        Path own = options.data().resolve(OWN);
        if (Files.exists(own)) {
            values.putAll(ValueFile.read(own, null));
        }
        List<Value> all = new ArrayList<>(values.values());
        all.addAll(given(options));
        return new Values(all);
    }

    private static List<Value> given(Options options) {
        Options.ExternalDatabase database = options.database();
        List<Value> given = new ArrayList<>(List.of(
                new Value("server.profile", options.profile(), GIVEN + " or " + PROFILE_VARIABLE, "the profile"),
                new Value("server.host", options.host(), GIVEN, "the address listened on"),
                new Value("server.port", Integer.toString(options.port()), GIVEN, "the port listened on"),
                new Value("server.publicUrl", text(options.publicUrl()), GIVEN, "the address that browsers know"),
                new Value("server.data", options.data().toString(), GIVEN, "the folder of this node's files"),
                new Value(
                        "database.url",
                        database == null ? "embedded" : database.url().toString(),
                        GIVEN,
                        "where the data is")));
        if (database != null) {
            given.add(new Value("database.user", database.user(), GIVEN, "the owner of the schemas"));
            given.add(new Value("database.password", Values.MASKED, "file or environment", "its password"));
        }
        return given;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
