package io.maestro.e2e.docs;

import io.maestro.e2e.docs.Page.Block;
import io.maestro.e2e.docs.Page.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Compares answers with those that a page shows, but for what differs from one time to the next. */
final class Answers {
    /** In this order; each is replaced by its name. */
    private static final Map<String, Pattern> CHANGING = new LinkedHashMap<>();

    static {
        CHANGING.put("TIME", Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z"));
        CHANGING.put("DIGEST", Pattern.compile("(sha256:)?[0-9a-f]{64}"));
        CHANGING.put("UUID", Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"));
        CHANGING.put("TOKEN", Pattern.compile("mst_\\w+"));
        CHANGING.put("TOKEN ID", Pattern.compile("(?<=token:|Token )[A-Za-z0-9_-]{8,}"));
        CHANGING.put("PROVIDER ID", Pattern.compile("(?<=/login/callback/)[0-9a-f]{16}"));
        CHANGING.put("CORRELATION", Pattern.compile("(?<=Request: |\"correlationId\":\")[A-Za-z0-9_-]+"));
        CHANGING.put("NUMBER", Pattern.compile("(?<![\\w.:])\\d{5,}(?![\\w.])|(?<=\"id\":)\\d+"));
        CHANGING.put(" ", Pattern.compile(" +"));
        CHANGING.put("", Pattern.compile("(?m) +$"));
    }

    private Answers() {}

    /** What is left when all that changes has become a name. */
    static String lasting(String text) {
        String result = text;
        for (Map.Entry<String, Pattern> changing : CHANGING.entrySet()) {
            result = changing.getValue().matcher(result).replaceAll(changing.getKey());
        }
        return result.strip();
    }

    /** Writes the answers into the page. */
    static void write(Page page, Map<Integer, String> answers) throws IOException {
        List<String> lines = new ArrayList<>(page.lines());
        for (Step step : page.steps().reversed()) {
            Optional<Block> shown = step instanceof Step.Type type ? type.answer() : Optional.empty();
            String answer = answers.getOrDefault(step.line(), "");
            if (shown.isPresent() && !lasting(shown.get().text()).equals(lasting(answer))) {
                Block block = shown.get();
                List<String> place = lines.subList(block.line(), block.end());
                place.clear();
                answer.stripTrailing()
                        .lines()
                        .map(line -> (block.indent() + line).stripTrailing())
                        .forEach(place::add);
            }
        }
        Files.write(page.file(), lines);
    }
}
