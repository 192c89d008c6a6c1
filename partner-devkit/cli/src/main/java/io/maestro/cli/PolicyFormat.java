package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.rego.error.RegoError;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Formatter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings policies into the usual form, or tells which are not in it. */
final class PolicyFormat {
    private static final Path STANDARD_INPUT = Path.of("-");

    private final Session session;

    PolicyFormat(Session session) {
        this.session = session;
    }

    /** Rewrites files; writes none when one of them is no Rego. */
    int run(List<Path> paths, boolean check, boolean diff) throws IOException {
        if (paths.equals(List.of(STANDARD_INPUT))) {
            return standardInput(check, diff);
        }
        Map<Path, String> before = new LinkedHashMap<>();
        for (Path file : PolicySources.modules(paths)) {
            before.put(file, PolicySources.text(file));
        }
        Map<Path, String> after = formatted(before);
        List<String> changed = new ArrayList<>();
        for (Map.Entry<Path, String> file : after.entrySet()) {
            String old = before.getOrDefault(file.getKey(), "");
            if (!old.equals(file.getValue())) {
                changed.add(file.getKey().toString());
                if (!check && !diff) {
                    Files.writeString(file.getKey(), file.getValue(), UTF_8);
                }
                if (diff && !session.json()) {
                    show(file.getKey().toString(), old, file.getValue());
                }
            }
        }
        return tell(changed, after.size(), check, diff);
    }

    private int tell(List<String> changed, int files, boolean check, boolean diff) {
        boolean kept = check || diff;
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("files", files);
        answer.put("written", !kept);
        answer.putArray("changed");
        changed.forEach(answer.withArray("changed")::add);
        if (session.json()) {
            session.output().document(answer);
        } else if (!diff) {
            changed.forEach(file -> session.terminal().out().println(Output.clean(file)));
        }
        session.output()
                .note(changed.size() + " of " + PolicyFailures.counted(files, "file")
                        + (kept ? " would be changed." : " changed."));
        return kept && !changed.isEmpty() ? Exit.REFUSED : Exit.OK;
    }

    private int standardInput(boolean check, boolean diff) throws IOException {
        String text = new String(session.terminal().in().readAllBytes(), UTF_8);
        String formatted = formatted(Map.of(STANDARD_INPUT, text)).getOrDefault(STANDARD_INPUT, text);
        if (diff) {
            show("-", text, formatted);
        } else if (!check) {
            session.terminal().out().print(formatted);
            session.terminal().out().flush();
        }
        return (check || diff) && !text.equals(formatted) ? Exit.REFUSED : Exit.OK;
    }

    private static Map<Path, String> formatted(Map<Path, String> before) {
        Map<Path, String> after = new LinkedHashMap<>();
        List<RegoError> errors = new ArrayList<>();
        before.forEach((file, text) -> {
            try {
                after.put(file, Formatter.format(file.toString(), text));
            } catch (RegoException e) {
                errors.addAll(e.errors());
            }
        });
        if (!errors.isEmpty()) {
            throw PolicyFailures.wrong(new RegoException(errors));
        }
        return after;
    }

    private void show(String file, String before, String after) {
        for (String line : TextDifference.unified(file, before, after)) {
            // the tabs of the usual form are what a difference is often about
            session.terminal().out().println(line.replaceAll("[\\p{C}&&[^\\t]]", "?"));
        }
    }
}
