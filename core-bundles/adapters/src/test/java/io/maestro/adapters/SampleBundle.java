package io.maestro.adapters;

import io.maestro.adapters.samples.WorkingFactory;
import io.maestro.adapters.samples.WorkingStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes an adapter bundle from classes of the tests. */
final class SampleBundle {
    private static final String CONTRACT = "io.maestro.adapter.spi;version=\"[1.0,2)\","
            + "io.maestro.adapter.spi.storage;version=\"[1.0,2)\",io.maestro.model;version=\"[1.0,2)\"";

    private final List<Class<?>> classes = new ArrayList<>();
    private final Map<String, String> headers = new TreeMap<>();
    private final Map<String, String> files = new TreeMap<>();
    private final List<String> components = new ArrayList<>();

    SampleBundle(String name, String version) {
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", name);
        headers.put("Bundle-Version", version);
        headers.put("Import-Package", CONTRACT);
    }

    /** One whose instances answer with the label; behind a space in it stands the flaw that they have. */
    static SampleBundle working(String version, String label) {
        return working("echo", version, label);
    }

    /** The same, by another name. */
    static SampleBundle working(String name, String version, String label) {
        return new SampleBundle(name, version)
                .factory(WorkingFactory.class)
                .with(WorkingFactory.Settings.class, WorkingStorage.class, streamOfWorkingStorage())
                .file(WorkingFactory.LABEL, label);
    }

    private static Class<?> streamOfWorkingStorage() {
        try {
            return Class.forName(WorkingStorage.class.getName() + "$1");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    SampleBundle header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** A file in the bundle. */
    SampleBundle file(String name, String text) {
        files.put(name, text);
        return this;
    }

    SampleBundle with(Class<?>... more) {
        classes.addAll(List.of(more));
        return this;
    }

    SampleBundle factory(Class<?> implementation) {
        return factory(implementation, "", "");
    }

    SampleBundle factory(Class<?> implementation, String attributes, String children) {
        classes.add(implementation);
        components.add("""
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%s" %s>
                  <implementation class="%s"/>
                  <service><provide interface="io.maestro.adapter.spi.AdapterFactory"/></service>
                  %s
                </scr:component>
                """.formatted("factory" + components.size(), attributes, implementation.getName(), children));
        return this;
    }

    /** Writes the jar. */
    Path write(Path target) throws IOException {
        Files.createDirectories(target.getParent());
        List<String> descriptions = new ArrayList<>();
        for (int i = 0; i < components.size(); i++) {
            descriptions.add("OSGI-INF/factory" + i + ".xml");
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(manifest.getMainAttributes()::putValue);
        if (!descriptions.isEmpty()) {
            manifest.getMainAttributes().putValue("Service-Component", String.join(",", descriptions));
        }
        try (OutputStream out = Files.newOutputStream(target);
                ZipOutputStream jar = new ZipOutputStream(out)) {
            ByteArrayOutputStream main = new ByteArrayOutputStream();
            manifest.write(main);
            entry(jar, JarFile.MANIFEST_NAME, main.toByteArray());
            for (int i = 0; i < components.size(); i++) {
                entry(jar, descriptions.get(i), components.get(i).getBytes(StandardCharsets.UTF_8));
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                entry(jar, file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
            }
            for (Class<?> type : classes) {
                String name = type.getName().replace('.', '/') + ".class";
                try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
                    if (in == null) {
                        throw new IllegalStateException(name);
                    }
                    entry(jar, name, in.readAllBytes());
                }
            }
        }
        return target;
    }

    private static void entry(ZipOutputStream jar, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        // the same bundle is the same bytes
        entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
        jar.putNextEntry(entry);
        jar.write(bytes);
        jar.closeEntry();
    }
}
