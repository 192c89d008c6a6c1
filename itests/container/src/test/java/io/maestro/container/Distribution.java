package io.maestro.container;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.systemPackage;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.workingDirectory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Constants;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Version;

/**
 * Sets the framework up as the distribution does: its bundles at its start levels, and its list of packages that the system
 * bundle lends from the class path. Beside them only what runs the tests.
 */
final class Distribution {
    private static final Path HOME = Path.of(property("maestro.home"));
    private static final Path WORK = Path.of(property("maestro.work"));

    /** Bundles of the test driver; all else that a test needs is lent by the system bundle. */
    private static final Set<String> DRIVER =
            Set.of("pax-exam-invoker-junit", "pax-exam-extender-service", "pax-exam-inject");

    /** Jars whose packages the tests and their driver import. */
    private static final Pattern LENT = Pattern.compile("junit|hamcrest-core|assertj-core|awaitility|javax.inject"
            + "|pax-swissbox-\\w+|ops4j-base-(?:lang|spi)|slf4j-api|maestro-testing");

    private static final Pattern EXPORT = Pattern.compile("([\\w.]+)((?:;[\\w:.-]+=(?:\"[^\"]*\"|[^\",;]*))*)(?:,|$)");
    private static final Pattern VERSION = Pattern.compile(";version=\"?([\\w.-]+)\"?");

    private Distribution() {}

    /**
     * The framework of one test class, with the distribution's bundles up to a start level.
     *
     * @param level 1 for declarative services only, 2 for the store as well, 3 for the engines
     */
    static Option[] upTo(int level, Class<?> test) {
        try {
            List<Option> options = new ArrayList<>();
            options.add(cleanCaches());
            options.add(workingDirectory(
                    WORK.resolve(test.getSimpleName() + "-" + UUID.randomUUID()).toString()));
            options.add(systemProperty("pax.exam.invoker").value("junit"));
            options.add(frameworkStartLevel(Constants.START_LEVEL_TEST_BUNDLE));
            options.add(frameworkProperty("felix.bootdelegation.implicit").value("false"));
            options.add(frameworkProperty("org.osgi.framework.bootdelegation").value(""));
            for (String line : Files.readAllLines(HOME.resolve("etc/system.packages"))) {
                options.add(systemPackage(line));
            }
            lentPackages().forEach((name, version) -> options.add(systemPackage(name + ";version=" + version)));
            for (Path jar : bundles(level)) {
                options.add(bundle("reference:" + jar.toUri()).startLevel(startLevel(jar)));
            }
            for (Path jar : classPath()) {
                if (DRIVER.contains(artifact(jar))) {
                    options.add(bundle(jar.toUri().toString()).startLevel(Constants.START_LEVEL_TEST_BUNDLE));
                }
            }
            return options.toArray(Option[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> bundles(int level) throws IOException {
        try (Stream<Path> files = Files.walk(HOME.resolve("bundles"))) {
            return files.filter(file -> file.toString().endsWith(".jar") && startLevel(file) <= level)
                    .sorted()
                    .toList();
        }
    }

    private static int startLevel(Path jar) {
        return Integer.parseInt(
                String.valueOf(Objects.requireNonNull(jar.getParent()).getFileName()));
    }

    private static Map<String, String> lentPackages() throws IOException {
        Map<String, String> packages = new TreeMap<>();
        for (Path jar : classPath()) {
            if (LENT.matcher(artifact(jar)).matches()) {
                packages.putAll(jarPackages(jar));
            }
        }
        return packages;
    }

    private static Map<String, String> jarPackages(Path jar) throws IOException {
        Map<String, String> packages = new TreeMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            String exports = file.getManifest() == null
                    ? null
                    : file.getManifest().getMainAttributes().getValue("Export-Package");
            if (exports == null) {
                file.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.endsWith(".class") && name.contains("/") && !name.startsWith("META-INF/"))
                        .forEach(name -> packages.put(
                                name.substring(0, name.lastIndexOf('/')).replace('/', '.'), "1.0.0"));
            } else {
                for (Matcher export = EXPORT.matcher(exports); export.find(); ) {
                    Matcher version = VERSION.matcher(export.group(2));
                    packages.put(
                            export.group(1),
                            version.find()
                                    ? Version.parseVersion(version.group(1)).toString()
                                    : "0.0.0");
                }
            }
        }
        return packages;
    }

    private static List<Path> classPath() {
        return Arrays.stream(property("java.class.path").split(java.io.File.pathSeparator, -1))
                .map(Path::of)
                .toList();
    }

    /** The artifact's id: the file's name without its version. */
    private static String artifact(Path jar) {
        return String.valueOf(jar.getFileName()).replaceFirst("-\\d.*", "");
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }
}
