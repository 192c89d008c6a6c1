package io.maestro.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The distribution as it lies on the disk; nothing in it is ever written by a node.
 *
 * @param folder the folder with {@code bin}, {@code lib}, {@code bundles}, {@code etc}, {@code adapters}, {@code postgres}
 * @param version of the product
 * @param identity changes whenever a bundle or a library changes
 * @param postgres major version of the embedded database's binaries
 */
record Home(Path folder, String version, String identity, int postgres) {
    /** The system property that the start script sets. */
    static final String PROPERTY = "maestro.home";

    static Home at(Path folder) throws LaunchFailure {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve("etc/distribution.properties"))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new LaunchFailure(folder + " is not a distribution of Maestro: " + e.getMessage(), e);
        }
        return new Home(
                folder,
                properties.getProperty("version", "unknown"),
                properties.getProperty("identity", ""),
                Integer.parseInt(properties.getProperty("postgres", "0")));
    }

    /** The bundles to start, by start level. */
    SortedMap<Integer, List<Path>> bundles() throws IOException {
        SortedMap<Integer, List<Path>> levels = new TreeMap<>();
        try (Stream<Path> folders = Files.list(folder.resolve("bundles"))) {
            for (Path level : folders.toList()) {
                try (Stream<Path> jars = Files.list(level)) {
                    levels.put(
                            Integer.valueOf(String.valueOf(level.getFileName())),
                            jars.filter(jar -> jar.toString().endsWith(".jar"))
                                    .sorted()
                                    .toList());
                }
            }
        }
        return levels;
    }

    /** The packages that the libraries on the class path offer to the bundles, as the framework wants them. */
    String systemPackages() throws IOException {
        return String.join(",", Files.readAllLines(folder.resolve("etc/system.packages")));
    }

    Path postgresBinaries() {
        return folder.resolve("postgres/bin");
    }

    /** The files of values, one for each profile. */
    Path profiles() {
        return folder.resolve("etc/profiles");
    }

    /** Certificate of who signed the shipped adapters. */
    Path publisher() {
        return folder.resolve("etc/publishers/maestro.pem");
    }

    /** The shipped adapters, signed. */
    Path signedAdapters() {
        return folder.resolve("adapters/signed");
    }
}
