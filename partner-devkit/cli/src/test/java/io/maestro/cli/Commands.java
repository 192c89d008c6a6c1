package io.maestro.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** All commands that there are. */
final class Commands {
    private Commands() {}

    static List<List<String>> all() {
        List<List<String>> found = new ArrayList<>();
        collect(Maestro.commandLine(new Session(Terminal.system())), List.of(), found);
        return found;
    }

    private static void collect(CommandLine line, List<String> path, List<List<String>> found) {
        if (line.getSubcommands().isEmpty()) {
            found.add(path);
        }
        line.getSubcommands().forEach((name, sub) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            collect(sub, longer, found);
        });
    }
}
