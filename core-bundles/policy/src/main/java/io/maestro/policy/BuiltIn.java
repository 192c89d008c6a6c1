package io.maestro.policy;

import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pack that travels in this bundle, and so is what the bundle is: whoever could change it could change the code as
 * well. Read when it is first needed.
 */
final class BuiltIn {
    private static final String FOLDER = "/packs/maestro/";
    private static final String DATA = "data.json";
    private static final String MANIFEST = ".manifest";

    private BuiltIn() {}

    /** Reads the pack from the places of its files. */
    static PackText read(List<URL> files) {
        Map<String, String> texts = new HashMap<>();
        for (URL file : files) {
            String path = file.getPath();
            texts.put(path.substring(path.indexOf(FOLDER) + FOLDER.length()), text(file));
        }
        return of(texts);
    }

    /** A pack of files by their names. */
    static PackText of(Map<String, String> texts) {
        Map<String, String> modules = new HashMap<>();
        ObjectValue data = ObjectValue.EMPTY;
        String revision = "built-in";
        for (Map.Entry<String, String> file : texts.entrySet()) {
            String name = file.getKey();
            if (name.endsWith(".rego")) {
                modules.put(name, file.getValue());
            } else if (name.equals(DATA) || name.endsWith("/" + DATA)) {
                data = RegoEngine.merge(data, at(name, Json.read(file.getValue())));
            } else if (name.equals(MANIFEST)
                    && Json.read(file.getValue()) instanceof ObjectValue manifest
                    && manifest.get("revision") instanceof StringValue text) {
                revision = text.value();
            }
        }
        return new PackText(ActivePolicies.MAIN, revision, modules, data);
    }

    /** A document below the path of its folder. */
    private static ObjectValue at(String file, io.maestro.rego.value.Value value) {
        io.maestro.rego.value.Value placed = value;
        List<String> folders = List.of(file.split("/", -1));
        for (int i = folders.size() - 2; i >= 0; i--) {
            placed = ObjectValue.of(folders.get(i), placed);
        }
        if (placed instanceof ObjectValue object) {
            return object;
        }
        throw new IllegalStateException("the data of a pack is an object: " + file);
    }

    private static String text(URL file) {
        try (InputStream in = file.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
