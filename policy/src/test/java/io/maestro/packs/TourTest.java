package io.maestro.packs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A fresh installation, in which nobody has set anything, lets people follow the README. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TourTest {
    private final Packs packs = Packs.atWork();

    static List<Tour.Step> steps() {
        return Tour.questions();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void isAllowedWithoutAnySettings(Tour.Step step) {
        Answer answer = packs.answer(step.input(), JsonNodeFactory.instance.objectNode());

        assertThat(new Schemas().ofInput(step.input())).isEmpty();
        assertThat(answer.allowed()).as(answer.shown()).isTrue();
        assertThat(answer.waits()).as(answer.shown()).isFalse();
        // nor is anybody bothered with warnings
        assertThat(answer.reasons())
                .allSatisfy(
                        reason -> assertThat(reason.path("mode").textValue()).isEqualTo("shadow"));
    }

    @Test
    void visitsWhatTheTourVisits() {
        assertThat(steps())
                .extracting(step -> step.input().path("entryPoint").textValue())
                .contains("act", "adapter/submit", "adapter/install", "adapter/start", "secret/read", "adapter/call");
    }
}
