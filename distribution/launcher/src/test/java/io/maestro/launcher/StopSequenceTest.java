package io.maestro.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class StopSequenceTest {
    private final StopSequence sequence = new StopSequence();
    private final List<String> stopped = new CopyOnWriteArrayList<>();

    @Test
    void stopsTheLastStartedFirstAndTheGroundLast() {
        sequence.add("framework", () -> stopped.add("framework"));
        sequence.addBeneath("database", () -> stopped.add("database"));
        sequence.add("http", () -> stopped.add("http"));

        assertThat(sequence.stop()).isTrue();
        assertThat(stopped).containsExactly("http", "framework", "database");
    }

    @Test
    void goesOnAfterAFailure() {
        sequence.add("database", () -> stopped.add("database"));
        sequence.add("framework", () -> {
            throw new IOException("stuck");
        });

        assertThat(sequence.stop()).isFalse();
        assertThat(stopped).containsExactly("database");
    }

    @Test
    void stopsNothingTwice() {
        sequence.add("database", () -> stopped.add("database"));
        sequence.stop();
        sequence.stop();

        assertThat(stopped).containsExactly("database");
    }

    @Test
    void stopsWhatTurnsUpWhileStopping() {
        sequence.add("starter", () -> sequence.addBeneath("database", () -> stopped.add("database")));
        assertThat(sequence.stopping()).isFalse();
        sequence.stop();

        assertThat(sequence.stopping()).isTrue();
        assertThat(stopped).containsExactly("database");
    }

    @Test
    void stopsAtOnceWhatTurnsUpAfterwards() {
        sequence.stop();
        sequence.add("framework", () -> stopped.add("framework"));

        assertThat(stopped).containsExactly("framework");
    }
}
