package io.maestro.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The repository as it lies on disk: modules, what was built of them, and the files under version control. */
final class Reactor {
    /** Libraries that travel in an adapter; bnd unpacks them into the folder of the classes. */
    private static final Pattern EMBEDDED =
            Pattern.compile(".*/adapter-bundles/[^/]+/target/classes/(?!io/maestro/).*");

    private static final Pattern GENERATED = Pattern.compile(".*/io/maestro/(\\w+/tables|signer/v1)/.*");

    private final Path root;

    private Reactor(Path root) {
        this.root = root;
    }

    static Reactor here() {
        return new Reactor(Path.of(Objects.requireNonNull(System.getProperty("maestro.root"), "maestro.root")));
    }

    Path file(String relative) {
        return root.resolve(relative);
    }

    /** The folders of the modules, relative to the root, in the order of the build. */
    List<String> modules() throws IOException {
        List<String> modules = texts(document(root.resolve("pom.xml")), "module");
        if (modules.size() < 10) {
            throw new IllegalStateException("the root pom names only the modules " + modules);
        }
        return modules;
    }

    /** The modules whose main classes were compiled and that make up the product: all but the tests. */
    List<String> productModules() throws IOException {
        return modules().stream()
                .filter(module -> !module.startsWith("itests/"))
                .filter(module -> Files.isDirectory(file(module + "/src/main/java")))
                .toList();
    }

    /** The compiled main classes of the product, without generated tables and embedded libraries. Fails when a module has sources but was not built. */
    JavaClasses productClasses() throws IOException {
        List<Path> folders = new ArrayList<>();
        for (String module : productModules()) {
            Path classes = file(module + "/target/classes");
            if (!Files.isDirectory(classes)) {
                throw new IllegalStateException(module + " has sources but was not built");
            }
            folders.add(classes);
        }
        return new ClassFileImporter()
                .withImportOption(location -> !location.matches(GENERATED) && !location.matches(EMBEDDED))
                .importPaths(folders);
    }

    /** The headers of the bundle that was built of this module. */
    Attributes headers(String module) throws IOException {
        try (InputStream in = Files.newInputStream(file(module + "/target/classes/META-INF/MANIFEST.MF"))) {
            return new Manifest(in).getMainAttributes();
        }
    }

    /** The text files under version control by their path relative to the root. */
    Map<String, String> trackedFiles() throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "-C", root.toString(), "ls-files", "-z")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (git.waitFor() != 0) {
            throw new IllegalStateException("git ls-files failed in " + root);
        }
        Map<String, String> files = new TreeMap<>();
        for (String name : names.split("\0", -1)) {
            Path file = root.resolve(name);
            // deleted but not yet committed files are listed too; links to folders are not files
            if (!name.isEmpty() && Files.isRegularFile(file)) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                if (text.indexOf('\0') < 0) {
                    files.put(name, text);
                }
            }
        }
        return files;
    }

    static Document document(Path xml) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(xml.toFile());
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(xml + ": " + e.getMessage(), e);
        }
    }

    static Stream<Element> elements(Document document, String name) {
        NodeList nodes = document.getElementsByTagName(name);
        return Stream.iterate(0, i -> i < nodes.getLength(), i -> i + 1).map(i -> (Element) nodes.item(i));
    }

    private static List<String> texts(Document document, String name) {
        return elements(document, name)
                .map(element -> element.getTextContent().strip())
                .toList();
    }
}
