package io.maestro.assembly;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;

/** What a jar says of itself. */
final class Jar {
    private static final Pattern NAME = Pattern.compile("(.+?)-(\\d[^/]*)\\.jar");
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?.*");

    private Jar() {}

    /** The artifact's name: the file's name without version. */
    static String artifact(Path jar) {
        Matcher matcher = NAME.matcher(String.valueOf(jar.getFileName()));
        if (!matcher.matches()) {
            throw new BuildFailure(jar.getFileName() + " has no version in its name");
        }
        return matcher.group(1);
    }

    private static Version version(Path jar) {
        Matcher name = NAME.matcher(String.valueOf(jar.getFileName()));
        Matcher numbers = NUMBERS.matcher(name.matches() ? name.group(2) : "0");
        if (!numbers.matches()) {
            return Version.emptyVersion;
        }
        return new Version(number(numbers.group(1)), number(numbers.group(2)), number(numbers.group(3)));
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** The packages it offers: what its manifest exports, else all it has, in the version of the artifact. */
    static NavigableMap<String, Version> exports(Path jar) throws IOException {
        NavigableMap<String, Version> exports = new TreeMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            String header = header(file, "Export-Package");
            if (header != null) {
                clauses(header)
                        .forEach((name, attributes) ->
                                exports.put(name, Version.parseVersion(attributes.getOrDefault("version", "0"))));
            } else {
                Version version = version(jar);
                file.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/") && name.contains("/"))
                        .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
                        .forEach(name -> exports.put(name, version));
            }
        }
        return exports;
    }

    /** The packages it imports, with the attributes and directives of each. */
    static Map<String, Map<String, String>> imports(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            String header = header(file, "Import-Package");
            return header == null ? Map.of() : clauses(header);
        }
    }

    private static @Nullable String header(JarFile file, String name) throws IOException {
        Manifest manifest = file.getManifest();
        return manifest == null ? null : manifest.getMainAttributes().getValue(name);
    }

    /** Reads {@code a;b;x=1,c;y:="2,3"}. */
    static Map<String, Map<String, String>> clauses(String header) {
        Map<String, Map<String, String>> clauses = new LinkedHashMap<>();
        for (String clause : split(header, ',')) {
            List<String> names = new ArrayList<>();
            Map<String, String> attributes = new LinkedHashMap<>();
            for (String part : split(clause, ';')) {
                int equals = part.indexOf('=');
                if (equals < 0) {
                    names.add(part);
                } else {
                    String name = part.substring(0, equals);
                    int colon = name.indexOf(':');
                    attributes.put(
                            (colon < 0 ? name : name.substring(0, colon)).strip(),
                            part.substring(equals + 1).strip().replace("\"", ""));
                }
            }
            names.forEach(name -> clauses.put(name, attributes));
        }
        return clauses;
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            if (c == separator && !quoted) {
                parts.add(part.toString().strip());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString().strip());
        return parts;
    }
}
