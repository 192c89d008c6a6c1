package io.maestro.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where two texts differ, line by line, in the form that {@code patch} reads. */
final class TextDifference {
    private static final int CONTEXT = 3;

    /** With more than this in between, all lines in between are taken for changed. */
    private static final long MOST_WORK = 16_000_000;

    /** What is done to one line. */
    private enum Edit {
        KEEP(' '),
        DELETE('-'),
        INSERT('+');

        private final char sign;

        Edit(char sign) {
            this.sign = sign;
        }
    }

    /** One line of the way from the one text to the other; its number in each, from 0. */
    private record Step(Edit edit, String line, int before, int after) {}

    private final List<String> before;
    private final List<String> after;
    private final List<Step> steps = new ArrayList<>();

    private TextDifference(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
    }

    /** No lines when there is no difference. */
    static List<String> unified(String file, String before, String after) {
        if (before.equals(after)) {
            return List.of();
        }
        TextDifference difference = new TextDifference(lines(before), lines(after));
        difference.find();
        List<String> out = new ArrayList<>(List.of("--- " + file, "+++ " + file));
        difference.hunks(out);
        return out;
    }

    /** The last line break ends a line and begins none. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        } else {
            lines.add(lines.removeLast() + "\n\\ No newline at end of file");
        }
        return lines;
    }

    private void find() {
        int begin = 0;
        int most = Math.min(before.size(), after.size());
        while (begin < most && before.get(begin).equals(after.get(begin))) {
            step(Edit.KEEP, begin, begin++);
        }
        int end = 0;
        while (end < most - begin && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
            end++;
        }
        between(begin, before.size() - end, after.size() - end);
        for (int i = end; i > 0; i--) {
            step(Edit.KEEP, before.size() - i, after.size() - i);
        }
    }

    /** By the longest common subsequence. */
    private void between(int begin, int beforeEnd, int afterEnd) {
        int rows = beforeEnd - begin;
        int columns = afterEnd - begin;
        boolean small = (long) rows * columns <= MOST_WORK;
        int[][] common = new int[small ? rows + 1 : 0][small ? columns + 1 : 0];
        for (int row = rows - 1; small && row >= 0; row--) {
            for (int column = columns - 1; column >= 0; column--) {
                common[row][column] = before.get(begin + row).equals(after.get(begin + column))
                        ? common[row + 1][column + 1] + 1
                        : Math.max(common[row + 1][column], common[row][column + 1]);
            }
        }
        int row = 0;
        int column = 0;
        while (row < rows || column < columns) {
            boolean both = row < rows && column < columns;
            if (small && both && before.get(begin + row).equals(after.get(begin + column))) {
                step(Edit.KEEP, begin + row++, begin + column++);
            } else if (row < rows && (!both || !small || common[row + 1][column] >= common[row][column + 1])) {
                step(Edit.DELETE, begin + row++, begin + column);
            } else {
                step(Edit.INSERT, begin + row, begin + column++);
            }
        }
    }

    private void step(Edit edit, int row, int column) {
        steps.add(new Step(edit, edit == Edit.INSERT ? after.get(column) : before.get(row), row, column));
    }

    private void hunks(List<String> out) {
        int at = 0;
        while (at < steps.size()) {
            if (steps.get(at).edit() == Edit.KEEP) {
                at++;
                continue;
            }
            int begin = Math.max(0, at - CONTEXT);
            int last = at;
            for (int i = at; i < steps.size() && i <= last + 2 * CONTEXT; i++) {
                last = steps.get(i).edit() == Edit.KEEP ? last : i;
            }
            int end = Math.min(steps.size(), last + 1 + CONTEXT);
            hunk(steps.subList(begin, end), out);
            at = end;
        }
    }

    private static void hunk(List<Step> steps, List<String> out) {
        long deleted = steps.stream().filter(step -> step.edit() != Edit.INSERT).count();
        long inserted =
                steps.stream().filter(step -> step.edit() != Edit.DELETE).count();
        Step first = steps.getFirst();
        out.add("@@ -" + range(first.before(), deleted) + " +" + range(first.after(), inserted) + " @@");
        steps.forEach(step -> out.addAll(List.of((step.edit().sign + step.line()).split("\n", -1))));
    }

    /** Where nothing is, the line before it is named. */
    private static String range(int from, long count) {
        return (count == 0 ? from : from + 1) + "," + count;
    }
}
