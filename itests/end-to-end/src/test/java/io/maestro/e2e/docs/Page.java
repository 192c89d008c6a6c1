package io.maestro.e2e.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation as its reader follows it. A {@code bash} block is typed in, the {@code text} block right below
 * it is what it answers, and a block below a line that ends in {@code `path`:} is a file to write.
 *
 * @param file where it stands
 * @param lines all of it
 * @param steps what there is to do, in order
 */
record Page(Path file, List<String> lines, List<Step> steps) {
    private static final Pattern FENCE = Pattern.compile("(\\s*)```(\\w*)");
    private static final Pattern FILE_BELOW = Pattern.compile(".*`([\\w./-]+)`:");

    /** Something for the reader to do; {@code line} is where it stands. */
    sealed interface Step {
        int line();

        /**
         * Commands.
         *
         * @param answer the block that shows what they answer
         */
        record Type(int line, String commands, Optional<Block> answer) implements Step {}

        /** A file to write, relative to where the reader is then. */
        record Write(int line, String path, String content) implements Step {}

        /** Statements for a database's superuser. */
        record Query(int line, String statements) implements Step {}
    }

    /**
     * A fenced block.
     *
     * @param line index of its first line within the fences
     * @param end index of the closing fence
     */
    record Block(int line, int end, String indent, String language, String text) {}

    static Page read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return new Page(file, lines, steps(lines, blocks(lines)));
    }

    /** The root of the repository. */
    static Path repository() {
        Path path = Path.of("").toAbsolutePath();
        while (!Files.exists(path.resolve("README.md"))) {
            path = Optional.ofNullable(path.getParent()).orElseThrow();
        }
        return path;
    }

    private static List<Block> blocks(List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (!fence.matches()) {
                continue;
            }
            int begin = i + 1;
            String indent = fence.group(1);
            StringBuilder text = new StringBuilder();
            for (i = begin; !lines.get(i).equals(indent + "```"); i++) {
                String line = lines.get(i);
                text.append(line.startsWith(indent) ? line.substring(indent.length()) : line)
                        .append('\n');
            }
            blocks.add(new Block(begin, i, indent, fence.group(2), text.toString()));
        }
        return blocks;
    }

    private static List<Step> steps(List<String> lines, List<Block> blocks) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            Matcher named = FILE_BELOW.matcher(above(lines, block));
            if (block.language().equals("bash")) {
                Optional<Block> next = blocks.stream().skip(i + 1L).findFirst();
                steps.add(new Step.Type(block.line(), block.text(), next.filter(text -> answers(lines, block, text))));
            } else if (block.language().equals("sql")) {
                steps.add(new Step.Query(block.line(), block.text()));
            } else if (named.matches()) {
                steps.add(new Step.Write(block.line(), named.group(1), block.text()));
            }
        }
        return steps;
    }

    /** The last line of prose above a block. */
    private static String above(List<String> lines, Block block) {
        int at = block.line() - 2;
        while (at > 0 && lines.get(at).isBlank()) {
            at--;
        }
        return at < 0 ? "" : lines.get(at);
    }

    private static boolean answers(List<String> lines, Block commands, Block text) {
        return text.language().equals("text")
                && lines.subList(commands.end() + 1, text.line() - 1).stream().allMatch(String::isBlank);
    }
}
