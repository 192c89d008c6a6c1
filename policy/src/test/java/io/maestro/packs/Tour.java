package io.maestro.packs;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** What the server asks while somebody follows the README, from the first start on. */
final class Tour {
    private Tour() {}

    /** One question. */
    record Step(String what, JsonNode input) {
        @Override
        public String toString() {
            return what;
        }
    }

    static List<Step> questions() {
        JsonNode steps = Packs.json(Packs.read(Path.of("src/test/resources/tour.json")));
        return StreamSupport.stream(steps.spliterator(), false)
                .map(step -> new Step(step.required("what").textValue(), step.required("input")))
                .toList();
    }
}
