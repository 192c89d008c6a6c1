package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes answers and problems: one line of JSON for programs, tables and sentences for people. */
final class Output {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int WIDEST = 60;

    private final Terminal terminal;
    private final boolean json;

    Output(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    /** Whether it writes for programs. */
    boolean json() {
        return json;
    }

    /**
     * A column of a table, or a line of a single answer.
     *
     * @param title for people
     * @param pointer where the value stands in the answer
     */
    record Column(String title, String pointer) {
        static Column of(String title, String pointer) {
            return new Column(title, pointer);
        }
    }

    /** Shows a list. */
    void table(JsonNode answer, Column... columns) {
        if (json) {
            line(answer);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(Arrays.stream(columns).map(Column::title).toList());
        for (JsonNode item : answer.path("items")) {
            List<String> row = new ArrayList<>();
            for (int i = 0; i < columns.length; i++) {
                // the last column runs on: nothing is pushed aside by it
                row.add(cell(item, columns[i].pointer(), i == columns.length - 1 ? Integer.MAX_VALUE : WIDEST));
            }
            rows.add(row);
        }
        if (rows.size() == 1) {
            terminal.out().println("none");
        } else {
            print(rows);
        }
        if (answer.path("next").isTextual()) {
            terminal.out().println("… and more: use --limit");
        }
    }

    /** Shows a list that people see in another form than programs. */
    void tableOf(JsonNode forPrograms, JsonNode forPeople, Column... columns) {
        table(json ? forPrograms : forPeople, columns);
    }

    /** Shows one thing. */
    void fields(JsonNode answer, Column... columns) {
        if (json) {
            line(answer);
            return;
        }
        int width = Arrays.stream(columns)
                .filter(column -> !text(answer.at(column.pointer())).isEmpty())
                .mapToInt(column -> column.title().length())
                .max()
                .orElse(0);
        for (Column column : columns) {
            String value = text(answer.at(column.pointer()));
            if (!value.isEmpty()) {
                terminal.out().println(padded(column.title(), width) + "  " + value);
            }
        }
    }

    /** Shows that something is done: the answer for programs, a sentence for people. */
    void done(JsonNode answer, String sentence) {
        if (json) {
            line(answer);
        } else {
            terminal.out().println(clean(sentence));
        }
    }

    /** Shows an answer as it is, for people with line breaks. */
    void document(JsonNode answer) {
        if (json) {
            line(answer);
        } else {
            terminal.out().println(answer.toPrettyString());
        }
    }

    /** Tells people something beside the answer; programs are not told. */
    void note(String sentence) {
        if (!json) {
            terminal.err().println(clean(sentence));
        }
    }

    /** Shows a problem on standard error. */
    void problem(JsonNode problem) {
        PrintStream err = terminal.err();
        if (json) {
            err.println(compact(problem));
            return;
        }
        err.println(clean(problem.path("title").asText("Failed") + " ["
                + problem.path("code").asText("unknown") + "]"));
        indented("  ", problem.path("detail").asText());
        for (JsonNode violation : problem.path("violations")) {
            String pointer = violation.path("pointer").asText();
            indented(
                    "  at ",
                    (pointer.isEmpty() ? "the whole" : pointer) + ": "
                            + violation.path("detail").asText());
        }
        // the first reason of a policy stands in the detail
        for (int i = 1; i < problem.path("reasons").size(); i++) {
            JsonNode reason = problem.path("reasons").path(i);
            indented(
                    "  also ",
                    reason.path("message").asText() + " (rule "
                            + reason.path("rule").asText() + ")");
        }
        indented("  To mend it: ", problem.path("fix").asText());
        indented("  Approval: ", problem.path("approvalId").asText());
        indented("  Decision: ", problem.path("decisionId").asText());
        indented("  Request: ", problem.path("correlationId").asText());
    }

    private void indented(String lead, String text) {
        if (!text.isEmpty() && !text.equals("null")) {
            terminal.err().println(lead + clean(text));
        }
    }

    private void line(JsonNode answer) {
        terminal.out().println(compact(answer));
    }

    private static String compact(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(i == columns - 1 ? row.get(i) : padded(row.get(i), widths[i]) + "  ");
            }
            terminal.out().println(line.toString().stripTrailing());
        }
    }

    private static String cell(JsonNode item, String pointer, int widest) {
        String text = text(item.at(pointer));
        return text.isEmpty() ? "-" : text.length() <= widest ? text : text.substring(0, widest) + "…";
    }

    /** A value for people; empty when there is none. */
    static String text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (value.isArray()) {
            List<String> parts = new ArrayList<>();
            value.forEach(part -> parts.add(text(part)));
            return String.join(", ", parts);
        }
        return clean(value.isValueNode() ? value.asText() : value.toString());
    }

    /** What comes from outside must not steer the terminal. */
    static String clean(String text) {
        return text.replaceAll("\\p{C}", "?");
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
