package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import io.maestro.rego.value.Yaml;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The Rego and the data that files and folders hold.
 *
 * @param modules text by file name, as the file was named
 * @param data what {@code data.json} and {@code data.yaml} say, each below the path of its folder
 */
record PolicySources(Map<String, String> modules, ObjectValue data) {
    private static final String REGO = ".rego";
    private static final List<String> DATA = List.of("data.json", "data.yaml", "data.yml");
    private static final List<String> DATA_ENDS = List.of(".json", ".yaml", ".yml");

    /** Reads what was named: Rego and data files themselves, of folders all that they hold. */
    static PolicySources read(List<Path> paths) throws IOException {
        Map<String, String> modules = new TreeMap<>();
        ObjectValue data = ObjectValue.EMPTY;
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                String name = String.valueOf(path.getFileName());
                if (name.endsWith(REGO)) {
                    modules.put(path.toString(), text(path));
                } else if (DATA_ENDS.stream().anyMatch(name::endsWith)) {
                    data = merged(data, document(path), path);
                } else {
                    throw Failure.usage(
                            path + " is neither Rego nor data", "Name folders, or files that end with .rego or .json.");
                }
                continue;
            }
            for (Path file : below(path, name -> name.endsWith(REGO) || DATA.contains(name))) {
                if (file.toString().endsWith(REGO)) {
                    modules.put(file.toString(), text(file));
                } else {
                    data = merged(data, mounted(document(file), path.relativize(file)), file);
                }
            }
        }
        return new PolicySources(modules, data);
    }

    /** As {@link #read}; refuses what holds no Rego. */
    static PolicySources policies(List<Path> paths) throws IOException {
        PolicySources sources = read(paths);
        if (sources.modules.isEmpty()) {
            throw Failure.usage("there is no file that ends with .rego", "Name such files, or folders that hold them.");
        }
        return sources;
    }

    /** The Rego files among what was named, in order. */
    static List<Path> modules(List<Path> paths) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                below(path, name -> name.endsWith(REGO)).forEach(file -> files.put(file.toString(), file));
            } else {
                files.put(path.toString(), path);
            }
        }
        if (files.isEmpty()) {
            throw Failure.usage("there is no file that ends with .rego", "Name such files, or folders that hold them.");
        }
        return List.copyOf(files.values());
    }

    /** A JSON or YAML document. */
    static Value document(Path file) throws IOException {
        String text = text(file);
        try {
            return file.toString().endsWith(".json") ? Json.read(text) : Yaml.read(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(file + ": " + e.getMessage(), "Check quotes, commas and braces.");
        }
    }

    static String text(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw Failure.usage(file + " is no file", "Check the path.");
        }
        try {
            return Files.readString(file, UTF_8);
        } catch (CharacterCodingException e) {
            throw Failure.file(file + " is no text in UTF-8", e);
        }
    }

    /** Hidden folders, as that of a version control, are left out; links are not followed. */
    private static List<Path> below(Path folder, Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> wanted.test(String.valueOf(file.getFileName())))
                    .filter(file -> Stream.iterate(folder.relativize(file), part -> part != null, Path::getParent)
                            .noneMatch(
                                    part -> String.valueOf(part.getFileName()).startsWith(".")))
                    .sorted()
                    .toList();
        }
    }

    private static Value mounted(Value document, Path file) {
        Value below = document;
        Path folder = file.getParent();
        while (folder != null) {
            below = ObjectValue.of(String.valueOf(folder.getFileName()), below);
            folder = folder.getParent();
        }
        return below;
    }

    private static ObjectValue merged(ObjectValue data, Value more, Path file) {
        if (!(more instanceof ObjectValue object)) {
            throw Failure.usage(file + " holds no object", "Data is an object: write { \"key\": value }.");
        }
        Map<Value, Value> members = new HashMap<>(data.members());
        object.members().forEach((key, value) -> {
            Value there = members.get(key);
            if (there == null || there.equals(value)) {
                members.put(key, value);
            } else if (there instanceof ObjectValue one && value instanceof ObjectValue) {
                members.put(key, merged(one, value, file));
            } else {
                String name = key instanceof StringValue text ? text.value() : key.toString();
                throw Failure.usage(
                        file + " says something else of \"" + Output.clean(name) + "\" than another file",
                        "Say it in one file.");
            }
        });
        return ObjectValue.keeping(members);
    }
}
