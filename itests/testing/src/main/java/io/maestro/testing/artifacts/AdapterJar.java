package io.maestro.testing.artifacts;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The recipe of an adapter jar. Immutable: each change gives a new recipe. The jar has no signature until a {@link
 * TestPublisher} gives it one.
 */
public final class AdapterJar {
    private static final String DEMO = "io/maestro/testing/artifacts/demo/";
    private static final String MANIFEST_ENTRY = "META-INF/maestro/adapter.yaml";
    private static final String COMPONENT_ENTRY = "OSGI-INF/factory.xml";
    private static final long EPOCH_2026 = 1_767_225_600_000L;

    private final Map<String, String> headers;
    private final Map<String, byte[]> entries;

    private AdapterJar(Map<String, String> headers, Map<String, byte[]> entries) {
        this.headers = Collections.unmodifiableMap(headers);
        this.entries = Collections.unmodifiableMap(entries);
    }

    /** A storage adapter that works and keeps its objects in memory. */
    public static AdapterJar storage(String name, String version) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", "io.maestro.testing." + name.replace('-', '.'));
        headers.put("Bundle-Version", bundleVersion(version));
        headers.put(
                "Import-Package",
                "io.maestro.adapter.spi;version=\"[1.0,2)\",io.maestro.adapter.spi.storage;version=\"[1.0,2)\","
                        + "io.maestro.model;version=\"[1.0,2)\"");
        headers.put("Service-Component", COMPONENT_ENTRY);
        headers.put(
                "Require-Capability",
                "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.3.0)(!(version>=2.0.0)))\","
                        + "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=25))\"");
        headers.put(
                "Provide-Capability",
                "osgi.service;objectClass:List<String>=\"io.maestro.adapter.spi.AdapterFactory\"");
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(MANIFEST_ENTRY, yaml(name, version).getBytes(StandardCharsets.UTF_8));
        for (String type : new String[] {"DemoFactory", "DemoConfiguration", "DemoStorage", "DemoStorage$Held"}) {
            entries.put(DEMO + type + ".class", classFile(type));
        }
        return new AdapterJar(headers, entries).component("DemoFactory");
    }

    /** OSGi joins the qualifier by a dot and allows none within. */
    private static String bundleVersion(String version) {
        int dash = version.indexOf('-');
        return dash < 0
                ? version
                : version.substring(0, dash) + "." + version.substring(dash + 1).replace('.', '_');
    }

    /** The manifest of the demo adapter as text, to be changed and given to {@link #manifest}. */
    public static String yaml(String name, String version) {
        return """
                name: %s
                version: %s
                type: storage
                contractVersion: "1.0"
                description: Objects in memory, for tests.
                owner: Maestro tests
                licence: Apache-2.0
                risk: {adapter_risk_level: low, data_sensitivity: internal, requires_approval: false}
                configuration:
                  $schema: https://json-schema.org/draft/2020-12/schema
                  type: object
                  additionalProperties: false
                  required: [greeting]
                  properties:
                    greeting: {type: string, minLength: 1, maxLength: 100, title: Greeting}
                    password: {type: string, minLength: 8, maxLength: 100, writeOnly: true, title: Password}
                permissions:
                  network: []
                  files: false
                  packages: []
                runtime: {java: 25}
                """.formatted(name, version);
    }

    /** With its factory's constructor throwing. */
    public AdapterJar failingAtStart() {
        return entry(DEMO + "FailingFactory.class", classFile("FailingFactory")).component("FailingFactory");
    }

    /** With its factory's constructor waiting until it is interrupted. */
    public AdapterJar hangingAtStart() {
        return entry(DEMO + "HangingFactory.class", classFile("HangingFactory")).component("HangingFactory");
    }

    /** With every call failing, though it opens and says that it is well. */
    public AdapterJar failingAtCalls() {
        return entry(DEMO + "UnfitFactory.class", classFile("UnfitFactory"))
                .entry(DEMO + "UnfitStorage.class", classFile("UnfitStorage"))
                .component("UnfitFactory");
    }

    /** With another adapter manifest. */
    public AdapterJar manifest(String yaml) {
        return entry(MANIFEST_ENTRY, yaml.getBytes(StandardCharsets.UTF_8));
    }

    /** Without an adapter manifest. */
    public AdapterJar withoutManifest() {
        return without(MANIFEST_ENTRY);
    }

    /** With this text as the declarative-services document. */
    public AdapterJar componentDocument(String xml) {
        return entry(COMPONENT_ENTRY, xml.getBytes(StandardCharsets.UTF_8));
    }

    /** With this header in the bundle's manifest. */
    public AdapterJar header(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(name, value);
        return new AdapterJar(changed, new LinkedHashMap<>(entries));
    }

    /** Without this header. */
    public AdapterJar withoutHeader(String name) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.remove(name);
        return new AdapterJar(changed, new LinkedHashMap<>(entries));
    }

    /** With one import more. */
    public AdapterJar importing(String clause) {
        return header("Import-Package", headers.get("Import-Package") + "," + clause);
    }

    /** With this entry; a name that ends with a slash makes a folder. */
    public AdapterJar entry(String name, byte[] content) {
        Map<String, byte[]> changed = new LinkedHashMap<>(entries);
        changed.put(name, content.clone());
        return new AdapterJar(new LinkedHashMap<>(headers), changed);
    }

    /** Without this entry. */
    public AdapterJar without(String name) {
        Map<String, byte[]> changed = new LinkedHashMap<>(entries);
        changed.remove(name);
        return new AdapterJar(new LinkedHashMap<>(headers), changed);
    }

    /** The jar's bytes, unsigned; the same recipe gives the same bytes. */
    public byte[] unsigned() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        ByteArrayOutputStream main = new ByteArrayOutputStream();
        Map<String, byte[]> all = new LinkedHashMap<>();
        try {
            manifest.write(main);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        all.put("META-INF/MANIFEST.MF", main.toByteArray());
        all.putAll(entries);
        return zip(all);
    }

    /** The jar's bytes, signed. */
    public byte[] signedBy(TestPublisher publisher) {
        return publisher.sign(unsigned());
    }

    /** A jar with one entry added or replaced and all others as they are, as one who tampers would do it. */
    public static byte[] tamper(byte[] jar, String name, byte[] content) {
        Map<String, byte[]> all = unzip(jar);
        all.put(name, content.clone());
        return zip(all);
    }

    /** A jar with one entry removed and all others as they are. */
    public static byte[] tamperAway(byte[] jar, String name) {
        Map<String, byte[]> all = unzip(jar);
        if (all.remove(name) == null) {
            throw new IllegalArgumentException("no entry " + name);
        }
        return zip(all);
    }

    /** The entries of a jar in their order. */
    public static Map<String, byte[]> unzip(byte[] jar) {
        Map<String, byte[]> all = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                all.put(entry.getName(), in.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** The entry that holds a class of the demo adapter. */
    public static String classEntry(String type) {
        return DEMO + type + ".class";
    }

    private static byte[] zip(Map<String, byte[]> all) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : all.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                header.setTime(EPOCH_2026);
                out.putNextEntry(header);
                out.write(entry.getValue());
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private AdapterJar component(String factory) {
        return componentDocument("""
                <?xml version="1.0" encoding="UTF-8"?>
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="factory">
                  <service>
                    <provide interface="io.maestro.adapter.spi.AdapterFactory"/>
                  </service>
                  <implementation class="io.maestro.testing.artifacts.demo.%s"/>
                </scr:component>
                """.formatted(factory));
    }

    private static byte[] classFile(String type) {
        try (InputStream in = AdapterJar.class.getResourceAsStream("demo/" + type + ".class")) {
            if (in == null) {
                throw new IllegalStateException("no class " + type);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
