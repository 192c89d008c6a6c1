package io.maestro.packs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that forgets to tell the policy something is not allowed more for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IncompleteQuestionTest {
    /** What a question may lack, and what it then means: nothing is wanted there, or the principal is less confined. */
    private static final Pattern OPTIONAL =
            Pattern.compile("/configuration/.+|/data/region|/principal/(environment|tenant)|/configuration|/data");

    private final Packs packs = Packs.atWork();

    static List<Path> cases() {
        return Packs.files(DenialTest.FOLDER, ".json");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isNotAllowedMore(Path file) {
        JsonNode one = Packs.json(Packs.read(file));
        JsonNode input = one.required("input");

        assertThat(members("", input))
                .filteredOn(member -> !member.equals("/entryPoint"))
                .filteredOn(member -> !OPTIONAL.matcher(member).matches())
                .isNotEmpty()
                .allSatisfy(member -> {
                    Answer answer = packs.answer(without(input, member), one.required("settings"));
                    assertThat(answer.allowed() && !answer.waits()).as(member).isFalse();
                });
    }

    @Test
    void triesWhatMatters() {
        assertThat(members("", Tour.questions().getFirst().input()))
                .contains("/principal", "/principal/id", "/scope", "/subject/name", "/action");
    }

    private static List<String> members(String at, JsonNode node) {
        List<String> members = new ArrayList<>();
        node.properties().forEach(member -> {
            String path = at + "/" + member.getKey();
            members.add(path);
            members.addAll(members(path, member.getValue()));
        });
        return members;
    }

    private static JsonNode without(JsonNode input, String member) {
        JsonNode copy = input.deepCopy();
        JsonPointer pointer = JsonPointer.compile(member);
        ((ObjectNode) copy.at(pointer.head())).remove(pointer.last().getMatchingProperty());
        return copy;
    }
}
