package io.maestro.conformance.run;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.AdapterManifest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * An adapter as it is in its jar, loaded as a server loads it: the contract and the platform come from outside, everything else
 * has to be in the jar. Whether a server would take it (signature, structure) is asked by {@code maestro adapter verify}.
 */
final class PackedAdapter implements AutoCloseable {
    private static final long LARGEST_DESCRIPTION = 1 << 20;
    private static final String FACTORY = "io.maestro.adapter.spi.AdapterFactory";

    private final Loader loader;
    private final URL manifestAddress;
    private final AdapterManifest manifest;
    private final Constructor<? extends AdapterFactory> constructor;

    private PackedAdapter(
            Loader loader,
            URL manifestAddress,
            AdapterManifest manifest,
            Constructor<? extends AdapterFactory> constructor) {
        this.loader = loader;
        this.manifestAddress = manifestAddress;
        this.manifest = manifest;
        this.constructor = constructor;
    }

    /**
     * Loads the adapter.
     *
     * @param folder where jars within the jar are unpacked; the caller's to delete, after closing
     * @throws RunProblem when there is no adapter in the jar, with what is missing
     */
    static PackedAdapter open(Path jar, Path folder) throws IOException {
        List<URL> path = new ArrayList<>();
        String factory;
        try (JarFile file = new JarFile(jar.toFile())) {
            for (String entry : header(file, "Bundle-ClassPath", ".").split(",", -1)) {
                String name = entry.split(";", -1)[0].strip();
                if (name.equals(".")) {
                    path.add(jar.toUri().toURL());
                } else {
                    path.add(unpack(file, name, folder.resolve(path.size() + ".jar"))
                            .toUri()
                            .toURL());
                }
            }
            factory = factory(file);
        } catch (ZipException e) {
            throw new RunProblem(jar.getFileName() + " is not a jar");
        }
        Loader loader = new Loader(path.toArray(URL[]::new));
        URL manifest = loader.findResource(AdapterManifest.ENTRY);
        if (manifest == null) {
            throw new RunProblem("there is no " + AdapterManifest.ENTRY + " in " + jar.getFileName());
        }
        return new PackedAdapter(loader, manifest, AdapterManifest.read(manifest), constructor(loader, factory));
    }

    AdapterManifest manifest() {
        return manifest;
    }

    URL manifestAddress() {
        return manifestAddress;
    }

    /** Another factory at each call. */
    AdapterFactory factory() {
        try {
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the component of the adapter cannot be made", e);
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }

    private static Constructor<? extends AdapterFactory> constructor(Loader loader, String name) {
        try {
            var constructor =
                    loader.loadClass(name).asSubclass(AdapterFactory.class).getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor;
        } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
            throw new RunProblem("the component " + name + " of the adapter cannot be loaded from its jar: " + e);
        }
    }

    /** The class of the declarative-services component that is an adapter factory. */
    private static String factory(JarFile jar) throws IOException {
        for (String entry : header(jar, "Service-Component", "").split(",", -1)) {
            ZipEntry description = jar.getEntry(entry.strip());
            if (description != null && description.getSize() <= LARGEST_DESCRIPTION) {
                String name = implementation(jar, description);
                if (name != null) {
                    return name;
                }
            }
        }
        throw new RunProblem("no Service-Component of the jar provides " + FACTORY);
    }

    private static @Nullable String implementation(JarFile jar, ZipEntry description) throws IOException {
        try (InputStream xml = jar.getInputStream(description)) {
            DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
            parsers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            parsers.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            Document component = parsers.newDocumentBuilder().parse(xml);
            NodeList provided = component.getElementsByTagName("provide");
            for (int i = 0; i < provided.getLength(); i++) {
                if (((Element) provided.item(i)).getAttribute("interface").equals(FACTORY)
                        && component.getElementsByTagName("implementation").item(0) instanceof Element made) {
                    return made.getAttribute("class");
                }
            }
            return null;
        } catch (ParserConfigurationException | SAXException e) {
            throw new RunProblem(description.getName() + " of the jar is not readable: " + e.getMessage());
        }
    }

    private static String header(JarFile jar, String name, String absent) throws IOException {
        String value = jar.getManifest() == null
                ? null
                : jar.getManifest().getMainAttributes().getValue(name);
        return value == null ? absent : value;
    }

    private static Path unpack(JarFile jar, String name, Path target) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        if (entry == null) {
            throw new RunProblem("the Bundle-ClassPath names " + name + ", which is not in the jar");
        }
        try (InputStream content = jar.getInputStream(entry)) {
            Files.copy(content, target);
        }
        return target;
    }

    private static final class Loader extends URLClassLoader {
        Loader(URL... path) {
            super(path, new ContractAndPlatform());
        }
    }

    private static final class ContractAndPlatform extends ClassLoader {
        ContractAndPlatform() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("io.maestro.adapter.spi.") || name.startsWith("io.maestro.model.")) {
                return PackedAdapter.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
