package io.maestro.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The build program. Arguments: the version and the module's folder. */
public final class Assemble {
    private Assemble() {}

    /** Builds {@code target/maestro}; ends with 1 and one line when that is not possible. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            assemble(arguments[0], Path.of(arguments[1]));
        } catch (BuildFailure failure) {
            System.err.println("distribution: " + failure.getMessage());
            System.exit(1);
        }
    }

    private static void assemble(String version, Path module) throws IOException, InterruptedException {
        Path target = module.resolve("target");
        Path staging = target.resolve("staging");
        Path home = target.resolve("maestro");
        Tree tree = new Tree();
        Layout layout = Layout.of(Tree.jars(staging.resolve("libraries")));
        tree.replace(home.resolve("lib"), layout.libraries());
        tree.replace(home.resolve("lib/kit"), Tree.jars(staging.resolve("kit")));
        for (int level : layout.levels()) {
            tree.replace(home.resolve("bundles/" + level), layout.bundles(level));
        }
        tree.copyScripts(module.resolve("src/main/distribution"), home);
        tree.copyScripts(module.resolve("../profiles"), home.resolve("etc/profiles"));
        tree.copyScripts(module.resolve("../find-jdk.sh"), home.resolve("bin/find-jdk.sh"));
        List<String> packages = new SystemPackages(layout.bundles(), layout.libraries()).lines();
        tree.write(home.resolve("etc/system.packages"), String.join("\n", packages) + "\n");
        int postgres = PostgresBinaries.onClassPath().unpack(home.resolve("postgres"));
        Publisher publisher = Publisher.in(target.resolve("publisher"));
        tree.write(home.resolve("etc/publishers/maestro.pem"), publisher.certificate());
        List<Path> signed = new ArrayList<>();
        for (Path adapter : Tree.jars(staging.resolve("adapters"))) {
            signed.add(publisher.sign(adapter));
        }
        tree.replace(home.resolve("adapters"), Tree.jars(staging.resolve("adapters")));
        tree.replace(home.resolve("adapters/signed"), signed);
        String identity = Tree.identity(home);
        tree.write(
                home.resolve("etc/distribution.properties"),
                "version=" + version + "\nidentity=" + identity + "\npostgres=" + postgres + "\n");
        new Training(home, target.resolve("training"), identity).run();
        Tree.delete(staging);
        Files.writeString(target.resolve("stamp"), identity + "\n");
    }
}
